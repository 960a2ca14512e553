import os
import zipfile
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import pytest
from openpyxl import Workbook

from factories.import_files import FORM, read_form, read_tracker, write_xlsx
from jags.importing.readers import read_sheet
from jags.importing.readers.bounds import COMMAND
from jags.importing.rules.form import FormColumn
from jags.importing.rules.report import FileNotRead, Finding, Report
from jags.importing.rules.sheets import Layout, Sheet
from jags.importing.rules.tracker import TrackerColumn


class Column(StrEnum):
    KEY = "Key"
    NAME = "Full name"


def read(path: Path) -> Sheet:
    return read_sheet(path, Layout(Column, required=(Column.KEY,)))


def refused(path: Path) -> str:
    with pytest.raises(FileNotRead) as caught:
        read(path)
    return str(caught.value)


def test_the_sample_is_read_whole() -> None:
    form, tracker = read_form(), read_tracker()
    assert (form.name, len(form.rows), form.findings) == ("Form1", 24, ())
    assert (tracker.name, len(tracker.rows), tracker.findings) == ("JAGS tracker", 26, ())
    first = form.rows[0]
    assert first.number == 2
    assert first.cells[FormColumn.COMPLETED] == datetime.fromisoformat("2024-11-17T13:55:18")
    assert tracker.rows[25].number == 27
    assert tracker.rows[25].cells[TrackerColumn.HELD] == "08.01.25"


def test_csv_and_xlsx_with_the_same_rows_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeffkey,Full  Name?\n1,"Zoë, ""Zo"""\n\n2,"two\nlines"\n', encoding="utf-8")
    other = write_xlsx(
        tmp_path / "a.xlsx",
        ["key", "Full  Name?"],
        {"key": "1", "Full  Name?": 'Zoë, "Zo"'},
        {},
        {"key": "2", "Full  Name?": "two\nlines"},
    )
    expected = [(2, "1", 'Zoë, "Zo"'), (4, "2", "two\nlines")]
    for sheet in (read(path), read(other)):
        assert [(row.number, row.cells[Column.KEY], row.cells[Column.NAME]) for row in sheet.rows] == expected
        assert sheet.findings == ()


def test_headings_that_are_unknown_missing_or_there_twice_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Key,Colour,KEY\n1,red,2,more\n", encoding="utf-8")
    sheet = read(path)
    assert sheet.rows[0].cells == {"Key": "1"}
    assert [(f.row, f.column, f.problem) for f in sheet.findings] == [
        (1, "“Colour”", "This column is not known: not imported."),
        (1, "Key", "This column is there twice: the first counts."),
        (1, "Full name", "This column is not there: left empty."),
        (2, "", "There are more cells than headings: not imported."),
    ]


def test_a_formula_gives_its_stored_value_or_is_listed(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", ["Key", "Full name"], {"Key": 1, "Full name": '=HYPERLINK("http://x","y")'}
    )
    sheet = read(path)
    assert sheet.rows[0].cells == {"Key": 1, "Full name": None}
    assert [(f.row, f.column, f.problem) for f in sheet.findings] == [
        (2, "Full name", "A formula without a value: left empty.")
    ]


def test_escaped_characters_are_themselves(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ["Key", "Full name"], {"Key": 1, "Full name": "one_x000D_\ntwo"})
    assert read(path).rows[0].cells[Column.NAME] == "one\r\ntwo"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"%PDF-1.7 ...", "a.xlsx: this is not a spreadsheet: it is a PDF document."),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "a.xlsx: this is not a spreadsheet: it is an old .xls file, or locked with a password; save it as .xlsx.",
        ),
        ("a.csv", b"\x89PNG\r\n", "a.csv: this is not a spreadsheet: it is a picture."),
        ("a.xlsx", b"Key\n1\n", "a.xlsx: this is not a spreadsheet, whatever its name says."),
        ("a.xlsx", b"PK\x03\x04 and nothing else", "a.xlsx: this is not a spreadsheet, or it is damaged."),
        ("a.csv", b"Key\n\xe9\x01\n", "a.csv: this is not text; save it as “CSV UTF-8” or as .xlsx."),
        ("a.csv", b"", "a.csv: there is nothing in it."),
        ("a.csv", b"\n , \n", "a.csv: there is nothing in it."),
        ("a.csv", b"\nColour\nred\n", "a.csv, row 2: there is no column “Key”."),
        (
            "a.csv",
            b'Key\n1\n"' + b"x" * 200_000,
            "a.csv, row 3: this row cannot be read; is a quotation mark open?",
        ),
        ("a.csv", b"Key" + b",x" * 250, "a.csv, row 1: there are more than 200 columns."),
    ],
)
def test_a_foreign_or_broken_file_is_refused_with_one_line(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == sentence


def test_what_is_no_file_is_refused_with_one_line(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.xlsx") == "none.xlsx: there is no such file."
    assert refused(tmp_path) == f"{tmp_path.name}: there is no such file."


def test_another_kind_of_zip_is_refused_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refused(path) == "a.xlsx: this is not a spreadsheet that can be read."


def test_a_spreadsheet_with_a_torn_sheet_is_refused_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(FORM) as whole, zipfile.ZipFile(path, "w") as torn:
        for member in whole.namelist():
            content = whole.read(member)
            torn.writestr(member, content[: len(content) // 2] if "sheet1" in member else content)
    with pytest.raises(FileNotRead, match=r"^a\.xlsx: this is not a spreadsheet that can be read\.$"):
        read_form(path)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sheet.xml", "w") as member,
    ):
        for _ in range(41):
            member.write(os.urandom(100_000) + bytes(900_000))
    assert refused(path) == "bomb.xlsx: this unpacks to more than 40 MB."


def test_a_small_file_that_unpacks_a_hundredfold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet.xml", bytes(2_000_000))

    assert path.stat().st_size < 10_000
    assert refused(path) == "bomb.xlsx: this unpacks to more than 40 MB."


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(COMMAND.file_bytes + 1)
    assert refused(path) == "a.csv: this is larger than 20 MB."


def test_more_rows_than_a_partnership_can_have_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Key\n" + "1\n" * 20_001, encoding="utf-8")
    assert refused(path) == "a.csv, row 20002: there are more than 20000 rows; import it in parts."


def test_a_row_far_down_in_a_sheet_is_still_found(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "Key"
    book.worksheets[0]["A500000"] = "far"
    book.save(tmp_path / "a.xlsx")
    assert [(row.number, row.cells[Column.KEY]) for row in read(tmp_path / "a.xlsx").rows] == [
        (500_000, "far")
    ]


def test_what_was_found_is_listed_in_the_order_of_the_file() -> None:
    places = [("Form", 2), ("Form", 9), ("Tracker", 3), ("Form", 4), ("Tracker", 1), ("Form", 9)]
    report = Report(
        problems=[Finding("a.xlsx", sheet, row, "", str(n)) for n, (sheet, row) in enumerate(places)]
    )
    report.put_in_order()
    assert [one.problem for one in report.problems] == ["0", "3", "1", "5", "4", "2"]
