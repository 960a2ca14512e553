"""Read an XLSX file: the sheets that have the headings, row by row, with what spreadsheet programs hide in them."""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from jags.importing.readers.bounds import COLUMNS, Bounds, check_row
from jags.importing.readers.packages import Hidden, looked_through
from jags.importing.rules.report import FileNotRead, Finding, NoSpreadsheet, TooMuch
from jags.importing.rules.sheets import Cell, Layout, Sheet, fits, headed, heading, holds
from jags.importing.rules.words import as_text, clean, excerpt

# No spreadsheet program writes more rows; a file that says so is broken.
_ROWS_AT_ALL = 1_048_576
# Days of the spreadsheet programs' count that can be meant as a date: 2000 to 2099.
_FIRST_YEAR, _LAST_YEAR = 2000, 2099

_Numbered = Iterator[tuple[int, Sequence[Cell]]]


def read_workbook(file: str, content: bytes, layout: Layout, bounds: Bounds) -> Sheet:
    """Read every visible sheet that has the headings; hidden ones and others are listed. Raises `FileNotRead`."""
    slim, hidden = looked_through(file, content, bounds)
    try:
        with warnings.catch_warnings():
            # Forms exports lack a default style, and validation lists are no matter to us.
            warnings.simplefilter("ignore")
            return _read(file, slim, hidden, layout, bounds)
    except FileNotRead:
        raise
    except (
        Exception
    ) as error:  # A broken file can fail anywhere inside the library; the person gets one line.
        raise NoSpreadsheet(f"{file}: this is not a spreadsheet that can be read.") from error


def _read(file: str, content: bytes, hidden: Mapping[str, Hidden], layout: Layout, bounds: Bounds) -> Sheet:
    from openpyxl import load_workbook  # noqa: PLC0415 - It loads slowly, and no other command needs it.

    stored, written = (
        load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
        for data_only in (True, False)
    )
    read: list[Sheet] = []
    aside: list[Finding] = []
    not_read: Sheet | None = None
    for sheet in stored.worksheets:
        lost: list[Finding] = []
        # The library has no other word for where a sheet lies.
        beneath = hidden.get(sheet._worksheet_path, Hidden(formulas=True))  # type: ignore[attr-defined] # noqa: SLF001
        rows = _rows(file, sheet, written[sheet.title] if beneath.formulas else None, lost, layout, bounds)
        first = next(((number, cells) for number, cells in rows if holds(cells)), None)
        if first is None or not fits(first[1], layout):
            not_read = not_read or Sheet(file, sheet.title, (), ())
            if first is not None and sheet.title not in layout.beside:
                aside.append(Finding(file, sheet.title, 1, "", "This sheet has other headings: not read."))
        elif sheet.sheet_state != "visible":
            aside.append(Finding(file, sheet.title, 1, "", "This sheet is hidden: not read."))
        else:
            found = headed(
                chain([first], rows), layout, file=file, sheet=sheet.title, day_of_number=_days(stored.epoch)
            )
            findings = (*found.findings, *beneath.findings(file, sheet.title), *lost)
            read.append(Sheet(file, sheet.title, found.rows, findings))
    if not read:
        _refuse(file, stored, layout, bounds, aside)
    return Sheet(
        file,
        read[0].name,
        tuple(row for sheet in read for row in sheet.rows),
        (*(finding for sheet in read for finding in sheet.findings), *aside),
    )


def _refuse(file: str, stored: Any, layout: Layout, bounds: Bounds, aside: list[Finding]) -> None:
    """Say what is wrong with a file of which no sheet can be read."""
    hidden = next((f.sheet for f in aside if "hidden" in f.problem), None)
    if hidden:
        raise FileNotRead(f"{file}: the sheet “{hidden}” is hidden; show it, save the file, and try again.")
    for sheet in stored.worksheets:
        if sheet.sheet_state == "visible":
            headed(_rows(file, sheet, None, [], layout, bounds), layout, file=file, sheet=sheet.title)
    raise FileNotRead(f"{file}: there is nothing in it.")


def _rows(
    file: str, stored: Any, written: Any, lost: list[Finding], layout: Layout, bounds: Bounds
) -> _Numbered:
    from openpyxl.cell.read_only import EMPTY_CELL  # noqa: PLC0415 - As above.

    filled = 0
    blank: object = None
    titles: list[Cell] = []
    for number, (values, formulas) in enumerate(_pairs(stored, written), 1):
        if number > _ROWS_AT_ALL:
            raise TooMuch(f"{file}, row {number}: there are more rows than a spreadsheet can have.")
        # The library gives one and the same empty row for each row of a gap, which may be a million rows long.
        if values is blank:
            continue
        places = [
            place for place, cell in enumerate(formulas) if cell is not EMPTY_CELL and cell.value is not None
        ]
        if not places:
            blank = values
            continue
        cells = [_value(cell) for cell in values[: places[-1] + 1]]
        lost += [
            Finding(
                file, stored.title, number, _column(layout, titles, place), _lost(formulas[place].data_type)
            )
            for place in places
            if cells[place] is None
        ]
        # The first row that holds anything is the row of headings.
        titles = titles or (cells if holds(cells) else [])
        if any(cell is not None for cell in cells):
            filled += 1
            check_row(file, number, filled, cells, bounds)
            yield number, cells


def _pairs(stored: Any, written: Any) -> Iterator[tuple[Any, Any]]:
    """Give each row twice: with the values that were stored, and as it was written; formulas are rare."""
    values = _all_rows(stored)
    if written is None:
        return ((row, row) for row in values)
    return zip(values, _all_rows(written), strict=False)


def _all_rows(sheet: Any) -> Any:
    # Some programs write a wrong size of the sheet, and what lies outside would be lost without a word.
    sheet.reset_dimensions()
    return sheet.iter_rows(max_col=COLUMNS + 1)


def _column(layout: Layout, titles: Sequence[Cell], place: int) -> str:
    """Return the column of a cell as the rest of the report calls it; without a heading the letters that the spreadsheet program shows."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - As above.

    title = clean(as_text(titles[place])) if place < len(titles) else ""
    if not title:
        return f"column {get_column_letter(place + 1)}"
    return next((c.value for c in layout.columns if heading(c) == heading(title)), excerpt(title))


def _lost(kind: str) -> str:
    what = "A formula without a value" if kind == "f" else "An error, such as #REF!"
    return f"{what}: left empty."


def _value(cell: Any) -> Cell:
    """Return the value of a cell; an error such as #REF! is none, and escaped characters are themselves."""
    value: Cell = None if cell.data_type == "e" else cell.value
    if isinstance(value, str) and "_x" in value:
        from openpyxl.utils.escape import unescape  # noqa: PLC0415 - As above.

        return str(unescape(value))
    return value


def _days(epoch: datetime) -> Any:
    """Return what gives the day that a workbook means by a bare number, or None: its days count from 1900 or 1904."""
    from openpyxl.utils.datetime import from_excel  # noqa: PLC0415 - As above.

    def day_of_number(number: float) -> datetime | None:
        try:
            day = from_excel(number, epoch)
        except (OverflowError, ValueError):
            return None
        return day if isinstance(day, datetime) and _FIRST_YEAR <= day.year <= _LAST_YEAR else None

    return day_of_number
