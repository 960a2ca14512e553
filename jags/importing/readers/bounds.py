"""Bounds against files that unpack to more than a machine holds, and rows without end."""

from collections.abc import Sequence
from dataclasses import dataclass

from jags.importing.rules.report import TooMuch
from jags.importing.rules.sheets import Cell

COLUMNS = 200


@dataclass(frozen=True)
class Bounds:
    """How much of a file is read; sizes in bytes. A sheet is read row by row, everything else of a file at once."""

    file_bytes: int
    sheet_bytes: int
    other_bytes: int
    rows: int


# A year of requests is about a hundred kilobytes. A sheet that somebody has coloured down to its last row has a million
# rows with nothing in them and unpacks to about a hundred megabytes, of which one row is held at a time.
COMMAND = Bounds(file_bytes=20_000_000, sheet_bytes=200_000_000, other_bytes=40_000_000, rows=20_000)
# Somebody waits for the page, and others for this worker.
PAGE = Bounds(file_bytes=1_000_000, sheet_bytes=20_000_000, other_bytes=5_000_000, rows=2_000)


def check_row(file: str, number: int, filled: int, cells: Sequence[Cell], bounds: Bounds) -> None:
    """Raise `FileNotRead` when there are more rows or columns than are read."""
    # The row of headings is no row.
    if filled > bounds.rows + 1:
        raise TooMuch(f"{file}, row {number}: there are more than {bounds.rows} rows; import it in parts.")
    if any(cell is not None and cell != "" for cell in cells[COLUMNS:]):
        raise TooMuch(f"{file}, row {number}: there are more than {COLUMNS} columns.")
