"""A dry run tells what an import would do, and leaves every table, and the file of SQLite, as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from conftest import Store, WorkOn
from factories.held_before import WHOLE, session_row
from factories.import_files import FORM, SAMPLE, TRACKER, write_xlsx
from jags.cli.importing import import_group
from jags.importing.rules.held import SessionColumn
from jags.schema import METADATA


def rows(work_on: WorkOn) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with work_on(write=False) as work:
        return {
            name: sorted(map(repr, work.session.execute(select(table)).all()))
            for name, table in METADATA.tables.items()
        }


def run(*arguments: object) -> dict[str, Any]:
    result = CliRunner().invoke(import_group, [str(argument) for argument in arguments])
    assert (result.exit_code, result.exception) == (0, None), result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("kind", ["agencies", "facilitators", "requests", "sessions"])
def test_a_dry_run_says_what_the_import_then_does_and_writes_nothing(
    app: Flask, store: Store, work_on: WorkOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("jags.cli.context.application", lambda: app)
    sessions = write_xlsx(tmp_path / "s.xlsx", list(SessionColumn), session_row(**WHOLE))
    arguments: dict[str, tuple[object, ...]] = {
        "agencies": (SAMPLE / "agencies.csv",),
        "facilitators": (SAMPLE / "facilitators.csv",),
        "requests": (FORM, "--tracker", TRACKER),
        "sessions": (sessions,),
    }
    file = Path(store.url.removeprefix("sqlite:///"))
    before, content = rows(work_on), file.read_bytes() if file.is_file() else b""

    tried = run(kind, *arguments[kind], "--dry-run", "--json")

    assert rows(work_on) == before
    assert (file.read_bytes() if file.is_file() else b"") == content
    done = run(kind, *arguments[kind], "--json")
    assert (tried.pop("dry_run"), done.pop("dry_run")) == (True, False)
    assert tried == done
    assert done["imported"] > 0
    assert rows(work_on) != before


def test_the_page_of_text_says_that_nothing_was_written(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jags.cli.context.application", lambda: app)
    result = CliRunner().invoke(import_group, ["requests", str(FORM), "--dry-run"])
    assert result.stdout.splitlines()[:2] == [
        "Nothing was written: this is what an import would do.",
        "   24  Imported",
    ]


def test_the_template_is_written_once_and_never_over_a_file(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jags.cli.context.application", lambda: app)
    arguments = ["template", "sessions", "-o", str(tmp_path / "t.xlsx")]
    first, again = (CliRunner().invoke(import_group, arguments) for _ in range(2))
    assert (first.exit_code, first.output) == (0, "")
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")
    assert (again.exit_code, again.stderr) == (
        2,
        "t.xlsx: there is such a file already; choose another name.\n",
    )
