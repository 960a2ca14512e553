"""Open a spreadsheet or CSV file, whoever made it, and give its rows under known headings."""

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from jags.importing.rules.report import FileNotRead, Finding
from jags.importing.rules.sheets import Cell, Sheet, headed

# Bounds against files that unpack to more than a machine holds. A year of requests is about a hundred kilobytes.
FILE_BYTES = 20_000_000
UNPACKED_BYTES = 40_000_000
# What spreadsheet programs write unpacks ten- to thirtyfold.
UNPACKED_TIMES = 100
_SMALL_BYTES = 1_000_000
ROWS = 20_000
COLUMNS = 200
# No spreadsheet program writes more rows; a file that says so is broken.
_ROWS_AT_ALL = 1_048_576

_ZIP = b"PK\x03\x04"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "it is a PDF document"),
    (b"\xd0\xcf\x11\xe0", "it is an old .xls file, or locked with a password; save it as .xlsx"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"{\\rtf", "it is a text document"),
)

_Numbered = Iterator[tuple[int, Sequence[Cell]]]


def read_sheet(
    path: Path, *, columns: type[StrEnum], required: Sequence[str], optional: Sequence[str] = ()
) -> Sheet:
    """Read the first sheet of an XLSX file, or a CSV file, by what the file holds and not by its name.

    Of formulas only the value that the spreadsheet program stored is read. Raises `FileNotRead` with one line.
    """
    content = _content(path)
    under = partial(headed, file=path.name, columns=columns, required=required, optional=optional)
    if content.startswith(_ZIP):
        return _read_workbook(path.name, content, under)
    for beginning, what in _FOREIGN:
        if content.startswith(beginning):
            raise FileNotRead(f"{path.name}: this is not a spreadsheet: {what}.")
    if path.suffix.casefold() in {".xlsx", ".xlsm", ".xls"}:
        raise FileNotRead(f"{path.name}: this is not a spreadsheet, whatever its name says.")
    return under(_csv_rows(path.name, content), sheet="")


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise FileNotRead(f"{path.name or path}: there is no such file.")
    try:
        if path.stat().st_size > FILE_BYTES:
            raise FileNotRead(f"{path.name}: this is larger than {FILE_BYTES // 1_000_000} MB.")
        return path.read_bytes()
    except OSError as error:
        raise FileNotRead(f"{path.name}: this file cannot be opened ({error.strerror}).") from error


def _csv_rows(file: str, content: bytes) -> _Numbered:
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileNotRead(f"{file}: this is not text; save it as “CSV UTF-8” or as .xlsx.") from error
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
            _check_bounds(file, number, number, cells)
            yield number, cells
    except csv.Error as error:
        raise FileNotRead(
            f"{file}, row {number + 1}: this row cannot be read; is a quotation mark open?"
        ) from error


def _read_workbook(file: str, content: bytes, under: Callable[..., Sheet]) -> Sheet:
    from openpyxl import load_workbook  # noqa: PLC0415 - It loads slowly, and no other command needs it.

    _check_unpacked(file, content)
    try:
        with warnings.catch_warnings():
            # Forms exports lack a default style, which is no matter to anybody.
            warnings.simplefilter("ignore")
            stored, written = (
                load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
                for data_only in (True, False)
            )
            name = stored.sheetnames[0]
            lost: list[Finding] = []
            rows = _workbook_rows(file, stored[name], written[name], lost)
            sheet = under(rows, sheet=name)
    except FileNotRead:
        raise
    except (
        Exception
    ) as error:  # A broken file can fail anywhere inside the library; the person gets one line.
        raise FileNotRead(f"{file}: this is not a spreadsheet that can be read.") from error
    return Sheet(sheet.file, sheet.name, sheet.rows, (*sheet.findings, *lost))


def _workbook_rows(file: str, stored: Any, written: Any, lost: list[Finding]) -> _Numbered:
    from openpyxl.cell.read_only import EMPTY_CELL  # noqa: PLC0415 - As above.

    filled = 0
    blank: object = None
    pairs = zip(*(sheet.iter_rows(max_col=COLUMNS + 1) for sheet in (stored, written)), strict=False)
    for number, (values, formulas) in enumerate(pairs, 1):
        if number > _ROWS_AT_ALL:
            raise FileNotRead(f"{file}, row {number}: there are more rows than a spreadsheet can have.")
        # The library gives one and the same empty row for each row of a gap, which may be a million rows long.
        if values is blank:
            continue
        places = [place for place, cell in enumerate(formulas) if cell is not EMPTY_CELL]
        if not places:
            blank = values
            continue
        cells = [_value(cell) for cell in values[: places[-1] + 1]]
        for place in places:
            if cells[place] is None and formulas[place].data_type in {"e", "f"}:
                column = f"column {place + 1}"
                lost.append(
                    Finding(file, stored.title, number, column, "A formula without a value: left empty.")
                )
        if any(cell is not None for cell in cells):
            filled += 1
            _check_bounds(file, number, filled, cells)
            yield number, cells


def _value(cell: Any) -> Cell:
    """Return the value of a cell; an error such as #REF! is none, and escaped characters are themselves."""
    value: Cell = None if cell.data_type == "e" else cell.value
    if isinstance(value, str) and "_x" in value:
        from openpyxl.utils.escape import unescape  # noqa: PLC0415 - As above.

        return str(unescape(value))
    return value


def _check_bounds(file: str, number: int, filled: int, cells: Sequence[Cell]) -> None:
    if filled > ROWS + 1:
        raise FileNotRead(f"{file}, row {number}: there are more than {ROWS} rows; import it in parts.")
    if any(cell is not None and cell != "" for cell in cells[COLUMNS:]):
        raise FileNotRead(f"{file}, row {number}: there are more than {COLUMNS} columns.")


def _check_unpacked(file: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise FileNotRead(f"{file}: this is not a spreadsheet, or it is damaged.") from error
    packed_oddly = any(
        m.file_size > _SMALL_BYTES and m.file_size > UNPACKED_TIMES * m.compress_size for m in members
    )
    if packed_oddly or sum(m.file_size for m in members) > UNPACKED_BYTES:
        raise FileNotRead(f"{file}: this unpacks to more than {UNPACKED_BYTES // 1_000_000} MB.")
