"""The guide for operators names every command and every variable, and no variable that does not exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from jags.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operating.md").read_text("utf-8")
VARIABLE = re.compile(r"JAGS_[A-Z]+(?:_[A-Z]+)*")


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _row(path: str) -> str:
    return next((line for line in GUIDE.splitlines() if re.match(rf"\| `{path}[ `]", line)), "")


def test_every_command_has_a_row() -> None:
    assert [path for path, _ in _commands(main, "jags") if not _row(path)] == []


def test_every_option_stands_in_the_row_of_its_command() -> None:
    missing = [
        f"{path} {option}"
        for path, command in _commands(main, "jags")
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option not in _row(path)
    ]

    assert missing == []


def test_the_table_of_variables_is_that_of_the_configuration() -> None:
    read = set(VARIABLE.findall((ROOT / "config.py").read_text("utf-8")))
    rows = [line.split("|")[1] for line in GUIDE.splitlines() if line.startswith("| `JAGS_")]

    assert set(VARIABLE.findall(" ".join(rows))) == read
