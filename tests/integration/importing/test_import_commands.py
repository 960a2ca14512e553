import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from conftest import WorkOn
from factories.import_files import FORM, SAMPLE, TRACKER
from jags.cli.importing import import_group
from jags.requests.model import Request


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setattr("jags.cli.context.application", lambda: app)
    return Run()


class Run:
    """Runs `jags import …` in this process, on the test's database."""

    def __call__(self, *arguments: object) -> Result:
        result = CliRunner().invoke(import_group, [str(argument) for argument in arguments])
        assert not isinstance(result.exception, Exception), result.exception
        return result

    def pool(self) -> None:
        self("agencies", SAMPLE / "agencies.csv")
        self("facilitators", SAMPLE / "facilitators.csv")


def test_the_four_files_are_imported_twice_by_command(run: Run) -> None:
    run.pool()
    first = run("requests", FORM, "--tracker", TRACKER, "--json")
    again = run("requests", FORM, "--tracker", TRACKER, "--json")
    assert (first.exit_code, again.exit_code) == (0, 0)
    report, second = json.loads(first.stdout), json.loads(again.stdout)
    counts = ("imported", "unchanged", "changed", "rejected")
    assert [report[key] for key in counts] == [24, 0, 0, 0]
    assert [second[key] for key in counts] == [0, 24, 0, 0]
    rows = [one["row"] for one in report["disagreements"]]
    assert rows == sorted(rows)
    assert report["disagreements"][0] == {
        "file": "tracker.xlsx",
        "sheet": "JAGS tracker",
        "row": 4,
        "column": "Date received",
        "problem": "The tracker says 3 January 2024, the form 19 November 2024: the form counts.",
    }
    assert (len(report["problems"]), len(second["problems"])) == (5, 5)


def test_the_report_reads_as_a_page_of_text(run: Run) -> None:
    run.pool()
    result = run("requests", FORM, "--tracker", TRACKER)
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[:5] == [
        "   24  Imported",
        "    0  Here in another way as well, so not imported",
        "    0  Here already, and the same",
        "    0  Here already, and something differs or was added",
        "    0  Rejected",
    ]
    assert "To look at (5)" in lines
    assert "Where form, tracker and what stands here differ (2)" in lines
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "form.xlsx: there is no such file."),
        (b"%PDF-1.7", "form.xlsx: this is not a spreadsheet: it is a PDF document."),
        (TRACKER.read_bytes(), "form.xlsx, row 1: there is no column “ID”."),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_one_line_and_changes_nothing(
    run: Run, work_on: WorkOn, tmp_path: Path, content: bytes | None, line: str
) -> None:
    path = tmp_path / "form.xlsx"
    if content is not None:
        path.write_bytes(content)
    result = run("requests", path)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{line}\n")
    with work_on() as work:
        assert work.session.scalar(select(func.count()).select_from(Request)) == 0


def test_a_tracker_that_cannot_be_read_imports_nothing(run: Run, work_on: WorkOn, tmp_path: Path) -> None:
    result = run("requests", FORM, "--tracker", tmp_path / "none.xlsx")
    assert (result.exit_code, result.stderr) == (2, "none.xlsx: there is no such file.\n")
    with work_on() as work:
        assert work.session.scalar(select(func.count()).select_from(Request)) == 0
