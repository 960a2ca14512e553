"""Every format of a report says the same, is the same bytes each time, and tells nothing about who made it where."""

import getpass
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook

from factories.reports import RELEASED, WHY, by_month_table, funnel_table, report
from jags.evaluation.render.formats import MIMETYPES, write_document
from jags.evaluation.render.reading import FileSaysOtherwise, check_file
from jags.evaluation.render.reading_pdf import pdf_tables
from jags.evaluation.render.wording import DEFINITIONS
from jags.evaluation.render.workbook import ABOUT, WORDS
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.document import (
    Cell,
    Chart,
    ChartKind,
    Column,
    CopyFor,
    Document,
    Format,
    Paragraph,
    Row,
    Section,
    Table,
    number,
)

COPY = CopyFor("Amina Okoro", datetime(2026, 8, 4, 9, 30, tzinfo=UTC))
EVERY = pytest.mark.parametrize("kind", list(Format))


def text_of(kind: Format, written: bytes) -> str:
    """Return all that a file holds, unpacked, as text."""
    if kind in {Format.DOCX, Format.XLSX}:
        with zipfile.ZipFile(io.BytesIO(written)) as parts:
            return "\n".join(name + parts.read(name).decode(errors="replace") for name in parts.namelist())
    if kind is Format.PDF:
        with pikepdf.open(io.BytesIO(written)) as pdf:
            return "\n".join(
                (one.read_bytes().decode("latin-1") if isinstance(one, pikepdf.Stream) else repr(one))
                for one in pdf.objects
            )
    return written.decode()


@EVERY
def test_every_format_shows_the_tables_of_the_document(kind: Format) -> None:
    # Writing compares; here the sample is compared once more, with a document that came out of its frozen text.
    document = report(released=RELEASED)
    check_file(
        from_json(write_document(document, Format.JSON).decode()), kind, write_document(document, kind)
    )
    assert kind in MIMETYPES


@EVERY
@pytest.mark.parametrize(
    "change",
    [
        lambda t: replace(t, rows=(*t.rows[:2], replace(t.rows[2], cells=(number(5), t.rows[2].cells[1])))),
        lambda t: replace(t, rows=(t.rows[1], t.rows[0], t.rows[2])),
        lambda t: replace(t, rows=t.rows[:2]),
        lambda t: replace(t, rows=(replace(t.rows[0], title="Wanted"), *t.rows[1:])),
        lambda t: replace(t, columns=(Column("requests", "Sessions"), t.columns[1])),
    ],
    ids=["a number", "the order", "a row fewer", "a row's heading", "a column's heading"],
)
def test_file_that_says_otherwise_is_not_handed_out(kind: Format, change) -> None:
    written = write_document(alone(funnel_table()), kind)
    with pytest.raises(FileSaysOtherwise):
        check_file(alone(change(funnel_table())), kind, written)


def alone(table: Table) -> Document:
    plain = tuple(replace(column, definition="") for column in table.columns)
    rows = tuple(replace(row, definition="") for row in table.rows)
    section = Section("s", "S", (replace(table, columns=plain, rows=rows),))
    return replace(report(), sections=(section,), definitions=())


@EVERY
def test_nothing_to_tell_is_told(kind: Format) -> None:
    empty = Table("t", "Nobody", "", (Column("a", "A"),), ())
    chart = Chart("c", ChartKind.BARS, "Nobody", "There was no session.", "t")
    document = replace(
        report(),
        sections=(Section("s", "Empty", (Paragraph("No session was held."), empty, chart)),),
        definitions=(),
    )
    assert "No session was held." in text_of(kind, write_document(document, kind)) or kind in {
        Format.CSV,
        Format.PDF,
    }
    bare = replace(document, sections=(), method=(), cautions=(), compared_with=None)
    assert write_document(bare, kind)


@EVERY
def test_words_of_every_kind_survive(kind: Format) -> None:
    rows = (
        Row("Ünïted Ågency – “quoted” & <b>bold</b>", (Cell("a  b\nc"),)),
        Row("مدرسة 12", (Cell("=1+1"),)),
        Row("😀 漢字 \U0001b890", (Cell("@SUM(A1)"),)),
        Row("", (Cell("' apostrophe"),)),
        Row("A very long heading of a row " * 12, (number(1234567.5),)),
    )
    table = Table("t", "[What]: is/this? *", "", (Column("a", ""),), rows)
    assert write_document(report(table, replace(table, key="u")), kind)


def test_table_over_many_pages_is_read_back_as_one() -> None:
    rows = tuple(Row(f"Row {n}", (number(n), number(n * n))) for n in range(400))
    table = Table("t", "Long", "Row", (Column("a", "A"), Column("b", "B")), rows)
    written = write_document(report(table), Format.PDF)
    with pikepdf.open(io.BytesIO(written)) as pdf:
        assert len(pdf.pages) > 8


PROGRAM = """
import hashlib, sys
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.document import Format
document = from_json(sys.stdin.read())
print({kind.value: hashlib.sha256(write_document(document, kind)).hexdigest() for kind in Format})
"""


def test_same_frozen_document_is_the_same_bytes_in_another_process() -> None:
    frozen = write_document(report(released=RELEASED), Format.JSON).decode()
    told = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=frozen.encode(),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": ".", "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    ]
    here = {
        kind.value: hashlib.sha256(write_document(from_json(frozen), kind)).hexdigest() for kind in Format
    }
    assert told == [f"{here}\n".encode()] * 2


@EVERY
def test_copy_names_its_reader_and_the_master_nobody(kind: Format) -> None:
    copy = text_of(kind, write_document(report(), kind, COPY))
    master = text_of(kind, write_document(report(), kind))
    if kind is Format.PDF:
        # What its pages show lies in codes of glyphs; its tables are read back.
        copy, master = (str(pdf_tables(write_document(report(), kind, one))) for one in (COPY, None))
    assert ("For Amina Okoro, Tuesday 4 August 2026, 10:30am" in copy, "Amina" in master) == (True, False)


@EVERY
def test_file_tells_nothing_of_who_made_it_where_and_when(kind: Format) -> None:
    text = text_of(kind, write_document(report(), kind))
    told = {
        str(Path.cwd()),
        str(Path.home()) + "/",
        f">{getpass.getuser()}<",
        "python-docx",
        f"{datetime.now(tz=UTC):%Y-%m-%d}",
    }
    assert {one for one in told if one in text} == set()
    assert "dc:creator" not in text
    assert "lastModifiedBy" not in text


@EVERY
def test_draft_says_so_and_a_release_says_its_number(kind: Format) -> None:
    if kind is Format.PDF:
        return
    draft, released = (
        text_of(kind, write_document(one, kind)) for one in (report(), report(released=RELEASED))
    )
    marks = (
        ('"draft":true', '"draft":false')
        if kind is Format.JSON
        else ("Draft of 20 July 2026", "as JAGS-R-2026-2")
    )
    assert (marks[0] in draft, marks[1] in draft) == (True, False)
    assert (marks[0] in released, marks[1] in released) == (False, True)


class TestWorkbook:
    def test_there_is_a_sheet_for_each_table_and_one_of_definitions(self) -> None:
        table = replace(by_month_table(), key="again", title="from RECEIVED to held")
        long = replace(by_month_table(), key="long", title="x" * 40)
        longer = replace(by_month_table(), key="longer", title="x" * 40 + "y")
        book = load_workbook(io.BytesIO(write_document(report(table, long, longer), Format.XLSX)))
        assert book.sheetnames == [
            ABOUT,
            "From received to held",
            "Agencies by month",
            "from RECEIVED to held 2",
            "x" * 31,
            "x" * 29 + " 2",
            WORDS,
            DEFINITIONS,
        ]
        assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)

    def test_numbers_are_numbers_and_all_else_is_text(self) -> None:
        book = load_workbook(io.BytesIO(write_document(report(), Format.XLSX)))
        cells = {
            (cell.value, cell.data_type) for row in book["Agencies by month"]["A2:D3"] for cell in row
        } | {(cell.value, cell.data_type) for row in book["From received to held"]["B2:C4"] for cell in row}
        assert cells == {
            ("Riverside School", "s"),
            (2, "n"),
            (0, "n"),
            (":", "s"),
            ('=HYPERLINK("https://example.org") & <b>', "s"),
            (3.5, "n"),
            ("c", "s"),
            ("z", "s"),
            (24, "n"),
            (1180, "n"),
            ("20 of 24", "s"),
            ("4 of 24", "s"),
            ("6–10", "s"),
        }

    def test_no_cell_row_or_column_is_hidden_and_nothing_is_noted_out_of_sight(self) -> None:
        book = load_workbook(io.BytesIO(write_document(report(), Format.XLSX)))
        for sheet in book.worksheets:
            assert not any(line.hidden for line in sheet.row_dimensions.values())
            assert not any(line.hidden for line in sheet.column_dimensions.values())
            assert not any(cell.comment for row in sheet.iter_rows() for cell in row)
        assert dict(book.defined_names) == {}

    def test_why_a_cell_is_hidden_stands_beneath_the_table(self) -> None:
        book = load_workbook(io.BytesIO(write_document(report(), Format.XLSX)))
        told = [cell.value for cell in book["Agencies by month"]["A"]]
        assert told[-2:] == [
            "Agencies by month",
            f'{WHY}: =HYPERLINK("https://example.org") & <b>, February 2026',
        ]


def test_office_files_carry_the_date_of_the_document_alone() -> None:
    for kind in (Format.DOCX, Format.XLSX):
        with zipfile.ZipFile(io.BytesIO(write_document(report(released=RELEASED), kind))) as parts:
            assert {entry.date_time for entry in parts.infolist()} == {(2026, 8, 3, 0, 0, 0)}
            core = parts.read("docProps/core.xml").decode()
        assert core.count("2026-08-03T00:00:00Z") == 2
        assert "<dc:title>Evaluation of transitional JAGS</dc:title>" in core


def test_csv_has_no_cell_that_is_taken_for_a_formula() -> None:
    lines = write_document(report(), Format.CSV).decode().splitlines()
    assert any(",\"'=HYPERLINK(" in line for line in lines)
    assert not any(
        value.startswith(("=", "+", "@")) for line in lines for value in line.replace('"', "").split(",")
    )
