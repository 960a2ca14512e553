"""Open a spreadsheet or CSV file, whoever made it, and give its rows under known headings."""

from pathlib import Path

from jags.importing.readers.bounds import COMMAND, Bounds
from jags.importing.readers.csv_files import read_csv
from jags.importing.readers.workbooks import read_workbook
from jags.importing.rules.report import FileNotRead, NoSpreadsheet, TooMuch
from jags.importing.rules.sheets import Layout, Sheet

_ZIP = b"PK\x03\x04"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "it is a PDF document"),
    (b"\xd0\xcf\x11\xe0", "it is an old .xls file, or locked with a password; save it as .xlsx"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"{\\rtf", "it is a text document"),
)


def read_sheet(path: Path, layout: Layout) -> Sheet:
    """Read the sheets of an XLSX file that have the headings, or a CSV file, by what the file holds and not by its name.

    Of formulas only the value that the spreadsheet program stored is read. Under a heading for dates a bare number
    is the day that a spreadsheet program means by it. Raises `FileNotRead` with one line.
    """
    return read_content(path.name, _content(path), layout)


def read_content(name: str, content: bytes, layout: Layout, *, bounds: Bounds = COMMAND) -> Sheet:
    """Read a file that is at hand as bytes; `name` is what it is called in findings. Raises `FileNotRead`."""
    if len(content) > bounds.file_bytes:
        raise TooMuch(f"{name}: this is larger than {bounds.file_bytes // 1_000_000} MB.")
    if content.startswith(_ZIP):
        return read_workbook(name, content, layout, bounds)
    for beginning, what in _FOREIGN:
        if content.startswith(beginning):
            raise NoSpreadsheet(f"{name}: this is not a spreadsheet: {what}.")
    if Path(name).suffix.casefold() in {".xlsx", ".xlsm", ".xls"}:
        raise NoSpreadsheet(f"{name}: this is not a spreadsheet, whatever its name says.")
    return read_csv(name, content, layout, bounds)


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise FileNotRead(f"{path.name or path}: there is no such file.")
    try:
        # What is larger is refused by its size, and not read whole to find out.
        with path.open("rb") as file:
            return file.read(COMMAND.file_bytes + 1)
    except OSError as error:
        raise FileNotRead(f"{path.name}: this file cannot be opened ({error.strerror}).") from error
