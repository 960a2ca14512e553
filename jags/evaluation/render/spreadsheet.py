"""Write a table as a CSV file that opens in any spreadsheet and in which no text is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

Value = str | int | float | date | None
# Spreadsheets that do not know the encoding of a file take this as UTF-8.
MARK = "\ufeff"
# What begins a formula, also in full width, and what a spreadsheet drops before it looks for one.
_FORMULA = frozenset("=+-@＝＋－＠")
_DROPPED = frozenset("\t\r\n\0")


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Value]], *, nothing: str) -> bytes:
    """Return a table as the bytes of a CSV file: UTF-8 with its mark, a comma between values, dates as 2026-03-03.

    `nothing` stands where a value is None. A text that a spreadsheet could take for a formula is written as text, with
    an apostrophe before it.
    """
    written = io.StringIO()
    written.write(MARK)
    writer = csv.writer(written)
    writer.writerow([safe_text(title) for title in head])
    for row in rows:
        writer.writerow([_cell(value, nothing) for value in row])
    return written.getvalue().encode()


def _cell(value: Value, nothing: str) -> str | int | float:
    if value is None:
        return nothing
    if isinstance(value, date):
        return value.isoformat()
    return safe_text(value) if isinstance(value, str) else value


def safe_text(value: str) -> str:
    """Return a text as it is written, with an apostrophe before what could be taken for a formula."""
    first, shown = value[:1], value.replace("\0", "").lstrip()[:1]
    return f"'{value}" if shown in _FORMULA or first in _DROPPED else value
