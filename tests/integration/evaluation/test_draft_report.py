"""A draft of a report: the sample's figures in every format, what each edition shows, and what bad input gives."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from openpyxl import load_workbook

from conftest import WorkOn
from factories.import_files import import_sample
from factories.released_reports import QUARTER, add_requests, person, released
from jags.accounts.rules import Role
from jags.cli import context
from jags.cli.report import report
from jags.evaluation.render.formats import write_document
from jags.evaluation.render.reading import check_file
from jags.evaluation.rules import Period
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.document import Document, Edition, Format, Paragraph, Table, blocks_of, tables_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.views import View, view_of
from jags.evaluation.service import draft_report
from jags.settings.queries import partnership

SAMPLE = Period(date(2024, 11, 1), date(2025, 3, 31))
BEFORE = Period(date(2024, 5, 1), date(2024, 10, 31))


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    # The command would make its application from the environment; the test has one already.
    monkeypatch.setattr(context, "application", lambda: app)

    def run(*arguments: str, kind: str = "json") -> tuple[Result, Path]:
        file = tmp_path / f"report.{kind}"
        given = ["evaluation", *arguments, "--format", kind, "-o", str(file)]
        return CliRunner().invoke(report, given), file

    return run


def draft(work_on: WorkOn, asked: Asked, edition: Edition = Edition.INTERNAL) -> Document:
    with work_on(write=False) as work:
        return draft_report(work, asked, edition)


def table(document: Document, key: str) -> dict[str, list[str]]:
    found: Table = next(one for one in tables_of(document) if one.key == key)
    return {row.title: [cell.shown for cell in row.cells] for row in found.rows}


def told(document: Document) -> str:
    return " ".join(block.text for block in blocks_of(document) if isinstance(block, Paragraph))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_figures_of_the_sample_stand_in_every_format(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    document = draft(work_on, Asked(SAMPLE, compared_with=BEFORE))

    written = {kind: write_document(document, kind) for kind in Format}

    for kind, file in written.items():
        check_file(document, kind, file)
    assert table(document, "funnel") == {
        "Received": ["24", "0"],
        "Proceeded": ["20", "0"],
        "Proceeded and held": ["20", "0"],
    }
    assert table(document, "others")["Not proceeded"] == ["4", "0"]
    sheet = load_workbook(io.BytesIO(written[Format.XLSX]))["From received to held"]
    assert [[cell.value for cell in row] for row in sheet["A1:B4"]] == [
        ["Step", "Requests"], ["Received", 24], ["Proceeded", 20], ["Proceeded and held", 20],
    ]  # fmt: skip
    assert "Of 24 requests received, 20 proceeded" in written[Format.HTML].decode()
    with pikepdf.open(io.BytesIO(written[Format.PDF])) as pdf:
        assert (pdf.docinfo["/Title"], pdf.Root.Lang) == ("Evaluation of JAGS", "en-GB")


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_figures_of_the_sample_stand_in_every_format_of_the_public_edition(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    document = draft(work_on, Asked(SAMPLE), Edition.PUBLIC)

    written = {kind: write_document(document, kind) for kind in Format}

    # Requests and sessions are exact for everybody; children and agencies are not.
    assert table(document, "funnel")["Received"] == ["24"]
    assert table(document, "funnel")["Proceeded"] == ["20"]
    assert table(document, "others")["Not proceeded"] == ["4"]
    for kind, file in written.items():
        check_file(document, kind, file)
    for about in (one for one in tables_of(document) if one.key.startswith("children-")):
        small = [cell.shown for row in about.rows for cell in row.cells if cell.value in range(1, 6)]
        assert small == [], about.title


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_page_for_a_group_is_one_page(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    document = draft(work_on, Asked(SAMPLE, compared_with=BEFORE), Edition.RESTRICTED)

    for view in View:
        with pikepdf.open(io.BytesIO(write_document(view_of(document, view), Format.PDF))) as pdf:
            assert len(pdf.pages) == 1, view


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_public_edition_tells_agencies_in_bands_and_by_name(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)

    inside, named, public = (draft(work_on, Asked(SAMPLE), edition) for edition in Edition)

    asked = table(inside, "agencies-requesting")
    assert table(named, "agencies-requesting") == asked
    shown = table(public, "agencies-requesting")
    assert list(shown) == sorted(asked, key=str.casefold)
    assert {cell for cells in shown.values() for cell in cells} <= {"1–5", "6–10", "11–20", "more than 20"}
    assert list(table(public, "others")) == ["Not proceeded", "of these: Another route", "Undecided"]
    assert list(table(named, "others")) == list(table(inside, "others"))


def test_empty_period_gives_a_report_that_says_so(work_on: WorkOn) -> None:
    asked = Asked(Period(date(2020, 1, 1), date(2020, 1, 1)), compared_with=BEFORE)
    for edition in Edition:
        document = draft(work_on, asked, edition)
        assert "No request was received and no session was held in this period" in told(document)
        assert write_document(document, Format.HTML)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_command_writes_a_draft_that_says_that_it_is_one(work_on: WorkOn, command) -> None:
    with work_on() as work:
        import_sample(work)

    result, file = command("--from", "2024-11-01", "--to", "2025-03-31", "--transitional")

    assert (result.exit_code, result.stdout) == (
        0,
        f"{file}: Evaluation of JAGS that feature transitional safeguarding, a draft, internal edition\n",
    )
    assert json.loads(file.read_text())["draft"] is True
    assert from_json(file.read_text()).edition is Edition.INTERNAL


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_command_shows_what_it_is_doing_and_how_far_it_is(command) -> None:
    result, _ = command("--from", "2024-11-01", "--to", "2025-03-31")

    assert re.findall(r"^(Written) ━+", result.stderr, re.MULTILINE) == ["Written"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_command_writes_a_draft_of_a_locality_of_the_list_alone(work_on: WorkOn, command) -> None:
    with work_on() as work:
        name = next(iter(partnership(work).localities))
    period = ("--from", "2024-11-01", "--to", "2025-03-31")

    result, file = command(*period, "--locality", name)
    assert result.stdout == f"{file}: Evaluation of JAGS, {name}, a draft, internal edition\n"
    file.unlink()
    result, file = command(*period, "--locality", "Atlantis")
    assert (result.exit_code, file.exists()) == (2, False)
    assert "--locality: 'Atlantis' is not on the list. Write one of: " in result.stderr


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_command_with_reversed_dates_writes_nothing(command) -> None:
    result, file = command("--from", "2025-03-31", "--to", "2024-11-01")

    line = "The last day of the period is before its first day.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", line)
    assert not file.exists()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_command_writes_what_was_released(work_on: WorkOn, command) -> None:
    with work_on() as work:
        add_requests(work, QUARTER, 12)
    writer, scrutineer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER)
    released(work_on, writer, scrutineer, Asked(QUARTER))

    result, file = command("--release", "JAGS-R-2026-1")
    named, _ = command("--release", "JAGS-R-2026-1", "--edition", "restricted")

    assert (result.exit_code, result.stdout) == (
        0,
        f"{file}: Evaluation of JAGS, JAGS-R-2026-1, public edition\n",
    )
    assert named.stdout.endswith("JAGS-R-2026-1, restricted edition\n")


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Say which period with --from and --to, or which release with --release.\n"),
        (
            ("--release", "JAGS-R-1999-1"),
            "There is no released report with this number. It may have been withdrawn.\n",
        ),
        (
            ("--release", "JAGS-R-2026-1", "--to", "2026-09-30"),
            "--release: a release has its own period; leave out --from, --to, --transitional and --locality.\n",
        ),
        (
            ("--release", "JAGS-R-2026-1", "--edition", "internal"),
            "--edition: a release has a restricted and a public edition.\n",
        ),
    ],
)
def test_command_says_what_it_lacks(command, arguments: tuple[str, ...], says: str) -> None:
    result, file = command(*arguments)

    assert (result.exit_code, result.stderr.splitlines(keepends=True)[0]) == (2, says)
    assert not file.exists()
