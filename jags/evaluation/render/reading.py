"""Read the tables of a written report back, so that a file is compared with the document before anybody is given it."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from jags.evaluation.render.reading_pdf import pdf_tables
from jags.evaluation.render.spreadsheet import MARK, safe_text
from jags.evaluation.render.wording import DEFINITIONS
from jags.evaluation.render.workbook import ABOUT, WORDS
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.document import Document, Format, Table, sections_of, tables_of
from jags.kernel.errors import DomainError

# The columns of the CSV file that say which cell it is and what it shows.
_CSV_NAMED = 5


class FileSaysOtherwise(DomainError):
    """A file does not show the same figures as its report, so it was not handed out. Please tell who runs this site."""


@dataclass(frozen=True)
class Grid:
    """What a file shows of a table: its headings, and each row with its heading first."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def check_file(document: Document, kind: Format, written: bytes) -> None:
    """Raise `FileSaysOtherwise` unless a file shows the same tables, in the same order, as the document."""
    if kind is Format.CSV:
        same = _csv_cells(written) == _told_cells(document)
    else:
        wanted = [_told(table) for table in tables_of(document)]
        found = list(_READERS[kind](written))
        if kind is Format.PDF:
            found, wanted = list(map(_close, found)), list(map(_close, wanted))
        same = found == wanted
    if not same:
        raise FileSaysOtherwise


def _told(table: Table) -> Grid:
    return Grid(
        _plain((table.corner or "What", *(column.title for column in table.columns))),
        tuple(_plain((row.title, *(cell.shown for cell in row.cells))) for row in table.rows),
    )


def _plain(texts: Any) -> tuple[str, ...]:
    return tuple(" ".join(str(text).split()) for text in texts)


def _close(grid: Grid) -> Grid:
    return Grid(tuple(map(_together, grid.head)), tuple(tuple(map(_together, row)) for row in grid.rows))


def _together(text: str) -> str:
    """Return a text as a PDF gives it back: without spaces, and without an order where it is written from the right."""
    close = unicodedata.normalize("NFKC", text).replace(" ", "")
    from_right = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in close)
    return "".join(sorted(close)) if from_right else close


def _grids(tables: list[list[list[str]]]) -> Iterator[Grid]:
    """Return tables whose first row is their head, without the one that says what the report is."""
    for table in tables[1:]:
        yield Grid(_plain(table[0]), tuple(_plain(row) for row in table[1:]))


class _Tables(HTMLParser):
    """Collects the texts of the cells of all tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1][-1] += data


def _html_grids(written: bytes) -> Iterator[Grid]:
    reader = _Tables()
    reader.feed(written.decode())
    return _grids(reader.tables)


def _word_grids(written: bytes) -> Iterator[Grid]:
    import docx  # noqa: PLC0415 - It loads slowly, and little else needs it.

    word = docx.Document(io.BytesIO(written))
    return _grids([[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables])


def _workbook_grids(written: bytes) -> Iterator[Grid]:
    from openpyxl import load_workbook  # noqa: PLC0415 - As above.

    book = load_workbook(io.BytesIO(written))
    for sheet in book.worksheets:
        if sheet.title in {ABOUT, WORDS, DEFINITIONS}:
            continue
        lines = list(sheet.iter_rows())
        # An empty row ends the table; beneath it stand its title and notes.
        end = next(
            (n for n, line in enumerate(lines) if all(cell.value is None for cell in line)), len(lines)
        )
        yield Grid(
            _plain(map(_cell_text, lines[0])),
            tuple(_plain(map(_cell_text, line)) for line in lines[1:end]),
        )


def _cell_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.12g}"
    return "" if value is None else str(value)


def _csv_cells(written: bytes) -> list[list[str]]:
    lines = csv.reader(io.StringIO(written.decode().removeprefix(MARK), newline=""))
    next(lines)
    return [line[:_CSV_NAMED] for line in lines]


def _told_cells(document: Document) -> list[list[str]]:
    """Return what the first columns of the CSV file should be, cell by cell."""
    return [
        [safe_text(text) for text in (section.title, table.title, row.title, column.title, cell.shown)]
        for _, section in sections_of(document)
        for table in section.blocks
        if isinstance(table, Table)
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]


def _json_grids(written: bytes) -> Iterator[Grid]:
    return map(_told, tables_of(from_json(written.decode())))


def _pdf_grids(written: bytes) -> Iterator[Grid]:
    return _grids(pdf_tables(written))


_READERS: Mapping[Format, Callable[[bytes], Iterator[Grid]]] = {
    Format.HTML: _html_grids,
    Format.PDF: _pdf_grids,
    Format.DOCX: _word_grids,
    Format.XLSX: _workbook_grids,
    Format.JSON: _json_grids,
}
