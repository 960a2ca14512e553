"""Write a report as an Excel workbook: what it is, a sheet for each table, its words and what the figures mean; no formula, nothing hidden."""

import io
import re
from typing import TYPE_CHECKING, Any

from jags.evaluation.render.packed import packed_again
from jags.evaluation.render.wording import (
    DEFINITIONS,
    METHOD,
    SIGNS,
    front,
    notes,
    owner_in_words,
)
from jags.evaluation.rules.document import (
    Bullets,
    CopyFor,
    Document,
    Number,
    Paragraph,
    Quote,
    Recommendation,
    Table,
    sections_of,
    tables_of,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT, WORDS = "About this report", "Words"
# What the name of a sheet cannot hold, and how long it may be.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_NAME_MOST = 31
_WIDE, _NARROW = 42, 16


def workbook_file(document: Document, copy: CopyFor | None = None) -> bytes:
    """Return a report as an XLSX file; numbers are numbers, and everything else is text, whatever it begins with."""
    from openpyxl import Workbook  # noqa: PLC0415 - It loads slowly, and little else needs it.

    book = Workbook()
    about: Any = book.active
    about.title = ABOUT
    _write_about(about, document, copy)
    taken = {ABOUT.casefold(), WORDS.casefold(), DEFINITIONS.casefold()}
    for table in tables_of(document):
        _write_table(book.create_sheet(_name(table.title, taken)), table)
    _write_words(book.create_sheet(WORDS), document)
    _write_definitions(book.create_sheet(DEFINITIONS), document)
    written = io.BytesIO()
    book.save(written)
    return packed_again(
        written.getvalue(),
        title=document.title,
        language=document.language,
        dated_on=document.file_dated_on,
    )


def _name(title: str, taken: set[str]) -> str:
    """Return a name for a sheet that no other has, and note it."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", title).split()) or "Table"
    name, again = plain[:_NAME_MOST].strip(), 1
    while name.casefold() in taken:
        again += 1
        name = f"{plain[: _NAME_MOST - len(f' {again}')].strip()} {again}"
    taken.add(name.casefold())
    return name


def _write_about(sheet: "Worksheet", document: Document, copy: CopyFor | None) -> None:
    _row(sheet, 1, document.title, bold=True)
    row = 1
    for label, told in front(document, copy):
        row += 1
        _row(sheet, row, label, told)
    for caution in document.cautions:
        row += 1
        _row(sheet, row, caution, bold=True)
    row += 1
    for sign, means in SIGNS:
        row += 1
        _row(sheet, row, sign, means)
    _widths(sheet, _WIDE, _WIDE * 2)


def _write_table(sheet: Any, table: Table) -> None:
    """Write the headings in the first row, so that programs know them; title and notes stand beneath."""
    _row(sheet, 1, table.corner or "What", *(column.title for column in table.columns), bold=True)
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    row = 1
    for line in table.rows:
        row += 1
        _put(sheet, row, 1, line.title)
        for number, cell in enumerate(line.cells, 2):
            # "11 of 12" stays as it is shown; what is only a number is one.
            value = cell.value
            plain = value is not None and cell.shown.replace(",", "") == f"{value:.12g}"
            _put(sheet, row, number, value if plain and value is not None else cell.shown)
    row += 1
    for told in (table.title, *notes(table)):
        row += 1
        _put(sheet, row, 1, told)
    _widths(sheet, _WIDE, *[_NARROW] * len(table.columns))


def _write_words(sheet: "Worksheet", document: Document) -> None:
    _row(sheet, 1, "Section", "Words", bold=True)
    row = 1
    for _, section in sections_of(document):
        for block in section.blocks:
            for told in _told(block):
                row += 1
                _row(sheet, row, section.title, told)
    for told in document.method:
        row += 1
        _row(sheet, row, METHOD, told)
    sheet.freeze_panes = "A2"
    _widths(sheet, _WIDE, _WIDE * 2)


def _told(block: object) -> tuple[str, ...]:
    match block:
        case Paragraph():
            return (block.text,)
        case Bullets():
            return block.items
        case Quote():
            return (f"“{block.text}” {block.said_by}".strip(),)
        case Recommendation():
            return (f"{block.text} {owner_in_words(block)}",)
        case _:
            return ()


def _write_definitions(sheet: "Worksheet", document: Document) -> None:
    _row(sheet, 1, "Figure", "What it means", "Source", bold=True)
    for row, definition in enumerate(document.definitions, 2):
        _row(sheet, row, definition.term, definition.text, definition.source)
    sheet.freeze_panes = "A2"
    _widths(sheet, _WIDE, _WIDE * 2, _WIDE)


def _row(sheet: "Worksheet", row: int, *values: str, bold: bool = False) -> None:
    for number, value in enumerate(values, 1):
        _put(sheet, row, number, value, bold=bold)


def _put(sheet: "Worksheet", row: int, column: int, value: Number | str, *, bold: bool = False) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - As above.

    cell: Any = sheet.cell(row, column)
    cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        # Said after the value, because a value decides what it is taken for: this is text, even if it begins with “=”.
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = True
    else:
        cell.number_format = "#,##0" if float(value).is_integer() else "General"
    if bold:
        cell.font = Font(bold=True)


def _widths(sheet: "Worksheet", *widths: int) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - As above.

    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
