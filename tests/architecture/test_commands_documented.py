"""Every command and every setting of the environment is described for whoever runs the software."""

import re
from pathlib import Path

import click

from jags.cli.main import main

ROOT = Path(__file__).parents[2]
OPERATING = (ROOT / "docs" / "operating.md").read_text()


def commands(group, words=("jags",)):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def documented():
    """Return each command of the table with its row."""
    rows = re.findall(r"^\| `(jags .*)$", OPERATING, re.MULTILINE)
    return {re.match(r"jags(?: [a-z][a-z-]*)+", row)[0]: row for row in rows}


def test_every_command_is_documented_and_every_documented_command_is_there():
    assert sorted(documented()) == sorted(name for name, _command in commands(main))


def test_every_option_and_every_word_of_a_command_is_documented():
    missing = {}
    for name, command in commands(main):
        row = documented()[name]
        options = [p.opts[-1] for p in command.params if isinstance(p, click.Option)]
        wanted = [p.human_readable_name for p in command.params if isinstance(p, click.Argument)]
        lacking = [word for word in (*options, *wanted) if word not in row]
        if lacking:
            missing[name] = lacking
    assert missing == {}


def test_every_command_says_what_it_does():
    assert [name for name, command in commands(main) if not (command.help or "").strip()] == []


def test_every_setting_of_the_environment_is_documented():
    names = set(re.findall(r'"(JAGS_[A-Z_]+)"', (ROOT / "config.py").read_text()))
    assert sorted(name for name in names if f"`{name}`" not in OPERATING) == []
