"""A hostile spreadsheet: everything that can be read is imported without loss, everything else is listed with its place."""

import codecs
import subprocess
import sys
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy import select

from conftest import WorkOn
from factories.import_files import FORM, form_row, read_form, write_xlsx
from jags.adapters.clock import FixedClock
from jags.importing.readers import read_sheet
from jags.importing.rules import form as form_rules
from jags.importing.rules.form import FormColumn
from jags.importing.rules.report import FileNotRead, Report
from jags.importing.service.requests import import_requests
from jags.kernel.base import Base
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import contact_of, detail_of
from jags.requests.rules import AgeBand, Priority
from jags.requests.service import set_priority

LONG = "Wörter " * 5_714 + "Z!"
STANDS_FOR_LONG = "The long text"
ROOT = Path(__file__).parents[3]


def rewritten(source: Path, target: Path, change: Any, *, part: str = "sheet1.xml") -> Path:
    """Copy a spreadsheet with the text of a part changed, its first sheet unless another is named."""
    with (
        zipfile.ZipFile(source) as whole,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        for member in whole.namelist():
            content = whole.read(member)
            copy.writestr(member, change(content) if member.endswith(part) else content)
    return target


def run(work: Work, path: Path) -> Report:
    return import_requests(work, read_form(path))


def said(report: Report) -> list[tuple[str, int, str, str]]:
    return [(f.sheet, f.row, f.column, f.problem) for f in report.problems]


def the_hostile_file(folder: Path) -> Path:
    """Make a workbook with everything in it that spoils an import."""
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = "Read me first"
    cover["A1"] = "Nothing to see"
    data = book.create_sheet("Data")
    columns = [*FormColumn, "ID", "Secret notes", None]
    data.append([])
    data.append([f"  {c.value.upper()} :" if isinstance(c, FormColumn) else c for c in columns])
    hostile = [
        form_row(
            ID=1.0,
            HOPES=STANDS_FOR_LONG,
            TRIED="=1+1",
            FAMILY_KNOWS="@SUM(A1)",
            OWN_REFERENCE="-2+3",
            NAME="+44",
            COMPLETED=datetime.fromisoformat("2026-03-02T10:30"),
            AGENCY="\u202eecilop\u202c_x0000_\u2066",
            SIBLINGS=True,
            AGE=16,
            ANYTHING_ELSE="one_x000B_two\ttabs\r\nlines",
        ),
        form_row(ID=2, COMPLETED="3rd March 2026", AGENCY="  Police  "),
        # A bare number: 46084 days after the last of 1899 is 3 March 2026.
        form_row(ID=3, COMPLETED=46084, ROLE="x" * 201),
        form_row(ID=4, COMPLETED=False),
        form_row(ID=5, AGENCY=None),
        form_row(ID=6, HOPES="merged", TRIED="lost?"),
        form_row(ID=None, COMPLETED="2026-03-04 09:00"),
        form_row(ID=8, HOPES="hidden row"),
    ]
    for row in hostile:
        data.append([row.get(c.value if isinstance(c, FormColumn) else "") for c in columns])
    tried = list(FormColumn).index(FormColumn.TRIED) + 1
    data.cell(3, tried).data_type = "s"
    data.cell(4, tried).value = "=CONCATENATE(A1,B1)"
    data.cell(5, tried).value = "#REF!"
    data.cell(3, len(columns) - 2).value = "the second ID"
    data.cell(3, len(columns) + 1).value = "beyond the headings"
    data.merge_cells(start_row=9, end_row=10, start_column=5, end_column=5)
    data.row_dimensions[10].hidden = True
    aside = book.create_sheet("Old copy")
    aside.append([c.value for c in FormColumn])
    aside.append([form_row(ID=99).get(c.value) for c in FormColumn])
    aside.sheet_state = "hidden"
    more = book.create_sheet("More")
    more.append([c.value for c in FormColumn])
    more.append([form_row(ID=20).get(c.value) for c in FormColumn])
    book.save(folder / "written.xlsx")
    # The library that writes the file cuts a text where one spreadsheet program would; another does not.
    return rewritten(
        folder / "written.xlsx",
        folder / "hostile.xlsx",
        lambda text: text.replace(STANDS_FOR_LONG.encode(), LONG.encode()),
        part=".xml",
    )


def test_a_hostile_workbook_is_imported_without_loss(work_on: WorkOn, tmp_path: Path) -> None:
    path = the_hostile_file(tmp_path)
    with work_on() as work:
        report = run(work, path)
        again = run(work, path)
    assert (report.imported, report.rejected) == (7, 2)
    assert (again.imported, again.unchanged, again.changed, again.rejected) == (0, 7, 0, 2)
    places = said(report)
    for expected in (
        ("Read me first", 1, "", "This sheet has other headings: not read."),
        ("Old copy", 1, "", "This sheet is hidden: not read."),
        ("Data", 2, "ID", "This column is there twice: the first counts."),
        ("Data", 2, "“Secret notes”", "This column is not known: not imported."),
        ("Data", 3, "", "There are more cells than headings: not imported."),
        ("Data", 3, "Your agency", "Hidden characters were taken out."),
        ("Data", 3, FormColumn.ANYTHING_ELSE, "Hidden characters were taken out."),
        ("Data", 4, FormColumn.TRIED, "A formula without a value: left empty."),
        ("Data", 5, FormColumn.TRIED, "An error, such as #REF!: left empty."),
        ("Data", 5, "Completion time", "A bare number: read as 3 March 2026."),
        ("Data", 6, "Completion time", "Rejected: there is no date that can be read and has passed."),
        ("Data", 7, "Your agency", "Rejected: the agency is missing."),
        ("Data", 9, "", "Merged cells (E9:E10): the first is read, the others are empty."),
        ("Data", 9, "ID", "There is no ID; the completion time stands in for it."),
        ("Data", 10, "", "This row is hidden: it was read."),
    ):
        assert expected in places
    assert (5, "Your role") in [(row, column) for _, row, column, _ in places]
    with work_on() as work:
        found = {r.legacy_number: r for r in work.session.scalars(select(Request))}
        assert set(found) == {"1", "2", "3", "6", "8", "20", "completed 2026-03-04T09:00:00"}
        first = found["1"]
        detail = detail_of(work, first)
        assert detail.hopes == LONG.strip()
        assert (detail.tried, detail.family_knows, detail.own_reference) == ("=1+1", "@SUM(A1)", "-2+3")
        assert (contact_of(work, first).name, first.agency_typed) == ("+44", "ecilop")
        assert detail.anything_else == "onetwo\ttabs\nlines"
        assert (first.sibling_group, first.age_bands) == (True, {AgeBand.SIXTEEN_SEVENTEEN})
        assert detail_of(work, found["3"]).anything_else == f"Your role: {'x' * 201}"
        assert {found[n].received_on for n in ("2", "3")} == {date(2026, 3, 3)}
        assert detail_of(work, found["8"]).hopes == "hidden row"


def everything(work: Work) -> dict[str, list[str]]:
    """Return every row of every table as text; that the import was run again is noted in the trail alone."""
    kept = [table for table in Base.metadata.sorted_tables if not table.name.startswith("audit_")]
    return {
        table.name: sorted(repr(tuple(row)) for row in work.session.execute(select(table))) for table in kept
    }


def test_a_hostile_workbook_imported_again_adds_nothing_and_overwrites_nothing(
    work_on: WorkOn, tmp_path: Path, clock: FixedClock
) -> None:
    path = the_hostile_file(tmp_path)
    with work_on() as work:
        first = run(work, path)
    with work_on() as work:
        # What was decided here since stands, byte for byte.
        (decided,) = work.session.scalars(select(Request).where(Request.legacy_number == "2"))
        set_priority(
            work, decided.id, priority=Priority.SOONER, reason="A move is near", version=decided.version
        )
    with work_on(write=False) as work:
        before = everything(work)
    assert len(before["request"]) == 7
    clock.instant += timedelta(days=1)
    with work_on() as work:
        again = run(work, path)
    assert (again.imported, again.linked, again.changed, again.unchanged, again.rejected) == (0, 0, 0, 7, 2)
    # Nothing of the file is told as new: the same places are listed as the first time, and no cell as another than before.
    assert said(again) == said(first)
    assert again.disagreements == first.disagreements == []
    with work_on(write=False) as work:
        assert everything(work) == before


def test_forty_thousand_characters_arrive_whole(work_on: WorkOn, tmp_path: Path) -> None:
    long = LONG.strip()
    assert len(long) == 40_000
    path = tmp_path / "long.csv"
    path.write_text(
        f"ID,Completion time,Your agency,{FormColumn.HOPES}\n1,2026-03-02,Police,{long}\n", encoding="utf-8"
    )
    with work_on() as work:
        assert run(work, path).imported == 1
    with work_on() as work:
        assert detail_of(work, work.session.scalars(select(Request)).one()).hopes == long


def test_days_that_count_from_1904_are_the_same_days(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.append(["ID", "Completion time", "Your agency"])
    sheet.append([1, datetime.fromisoformat("2026-03-03"), "Police"])
    # The same day as a bare number, which is 1,462 less than where days count from 1900.
    sheet.append([2, 46084 - 1462, "Police"])
    book.save(tmp_path / "mac.xlsx")
    rows = read_form(tmp_path / "mac.xlsx").rows
    assert [row.cells[FormColumn.COMPLETED] for row in rows] == [datetime.fromisoformat("2026-03-03")] * 2


CSV = "ID;Completion time;Your agency;Your role\r\n1;02/03/2026;Café;Zoë’s; \r\n"


@pytest.mark.parametrize(
    ("content", "guessed"),
    [
        (CSV.encode("utf-8"), False),
        (CSV.encode("utf-8-sig"), False),
        (CSV.encode("cp1252"), True),
        (CSV.encode("utf-16"), False),
        (codecs.BOM_UTF16_BE + CSV.encode("utf-16-be"), False),
        (CSV.encode("utf-16-le"), False),
        (CSV.replace(";", "\t").encode("utf-16"), False),
        (CSV.replace(";", ",").encode(), False),
        (b"sep=;\r\n" + CSV.encode(), False),
    ],
)
def test_csv_files_of_every_program_are_read_the_same(
    work_on: WorkOn, tmp_path: Path, content: bytes, *, guessed: bool
) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes(content)
    with work_on() as work:
        report = run(work, path)
        told = ("", 1, "", "This is not UTF-8: read as Windows text (1252). Look at the accents.")
        assert (report.imported, told in said(report)) == (1, guessed)
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        assert (request.agency_typed, contact_of(work, request).role) == ("Café", "Zoë’s")
        assert request.received_at is not None
        assert london_date(request.received_at) == date(2026, 3, 2)


def test_nul_in_a_csv_is_taken_out_and_listed(work_on: WorkOn, tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes(b"ID,Completion time,Your agency\n1,2026-03-02,Pol\x00ice\n")
    with work_on() as work:
        report = run(work, path)
        assert ("", 2, "Your agency", "Hidden characters were taken out.") in said(report)
        assert work.session.scalars(select(Request)).one().agency_typed == "Police"


def test_a_workbook_with_macros_is_read_and_nothing_in_it_runs(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "form.xlsm", list(FormColumn), form_row())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()")
    assert len(read_form(path).rows) == 1


def test_a_wrong_size_of_the_sheet_hides_no_row(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", list(FormColumn), form_row(ID=1), form_row(ID=2))
    wrong = rewritten(
        path,
        tmp_path / "b.xlsx",
        lambda text: text.replace(b'<dimension ref="A1:X3"', b'<dimension ref="A1:B2"'),
    )
    assert wrong.read_bytes() != path.read_bytes()
    assert [row.number for row in read_form(wrong).rows] == [2, 3]


def test_a_date_that_no_calendar_holds_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Form1")
    cell = WriteOnlyCell(sheet, value=99_999_999)
    cell.number_format = "dd/mm/yyyy"
    sheet.append(["ID", "Completion time", "Your agency"])
    sheet.append([1, cell, "Police"])
    sheet.append([2, "2026-03-02", "Police"])
    book.save(tmp_path / "a.xlsx")
    found = read_form(tmp_path / "a.xlsx")
    assert [row.cells[FormColumn.ID] for row in found.rows] == [1, 2]
    assert (2, FormColumn.COMPLETED) in [(f.row, f.column) for f in found.findings]


@pytest.mark.parametrize("blank", [b'<row r="%d" s="1"/>', b'<row r="%d"><c r="A%d" s="1"/></row>'])
def test_a_sheet_coloured_to_its_last_row_takes_little_memory(tmp_path: Path, blank: bytes) -> None:
    def coloured(text: bytes) -> bytes:
        before, after = text.split(b"</sheetData>")
        places = blank.count(b"%d")
        rows = (blank % ((number,) * places) for number in range(26, 1_048_577))
        return before + b"".join(rows) + b"</sheetData>" + after

    path = rewritten(FORM, tmp_path / "coloured.xlsx", coloured)
    # A process of its own tells its highest use of memory, and nothing else's.
    script = (
        "import resource, sys; from pathlib import Path; from jags.importing.readers import read_sheet;"
        "from jags.importing.rules.form import FORM;"
        "read_sheet(Path(sys.argv[1]), FORM); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "sheet = read_sheet(Path(sys.argv[2]), FORM);"
        "print(len(sheet.rows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, FORM, path], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    rows, kilobytes = map(int, told)
    assert rows == 24
    assert kilobytes < 60_000


def test_only_a_hidden_sheet_with_the_headings_is_no_reason_to_guess(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", list(FormColumn), form_row())
    book = load_workbook(path)
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("Front")["A1"] = "Hello"
    book.save(path)
    with pytest.raises(
        FileNotRead, match=r"the sheet “Sheet” is hidden; show it, save the file, and try again\."
    ):
        read_sheet(path, form_rules.FORM)
