"""Read a CSV file: which encoding, which separator, and its rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence

from jags.importing.readers.bounds import Bounds, check_row
from jags.importing.rules.report import FileNotRead, Finding, NoSpreadsheet
from jags.importing.rules.sheets import Cell, Layout, Sheet, headed, known_headings
from jags.importing.rules.words import is_hidden

_SEPARATORS = (",", ";", "\t")
# A first line by which one spreadsheet program tells another what separates the cells.
_TOLD = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)
_SAMPLE = 400
# So many of a hundred characters at even, or odd, places are NUL where a text has two bytes a letter.
_TWO_BYTES_A_LETTER = 30


def read_csv(name: str, content: bytes, layout: Layout, bounds: Bounds) -> Sheet:
    """Read a CSV file; raises `FileNotRead` with one line."""
    text, guessed = _text(name, content)
    told = _TOLD.match(text)
    separator = told[1] if told else _separator(text, layout)
    sheet = headed(_rows(name, text, separator, bounds, skip=1 if told else 0), layout, file=name, sheet="")
    if not guessed:
        return sheet
    said = Finding(name, "", 1, "", "This is not UTF-8: read as Windows text (1252). Look at the accents.")
    return Sheet(sheet.file, sheet.name, sheet.rows, (said, *sheet.findings))


def _text(name: str, content: bytes) -> tuple[str, bool]:
    """Return the text, and whether its encoding had to be guessed."""
    try:
        return content.decode(_encoding(content)), False
    except UnicodeDecodeError as error:
        refused = NoSpreadsheet(f"{name}: this is not text; save it as “CSV UTF-8” or as .xlsx.")
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise refused from error
        # Every byte is a letter of Windows, so what is no text at all shows by its control characters.
        if any(is_hidden(c) for c in text if c != "\r"):
            raise refused from error
        return text, True


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = content[:_SAMPLE]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[offset::2]
        if half and 100 * half.count(0) / len(half) > _TWO_BYTES_A_LETTER:
            return encoding
    return "utf-8-sig"


def _separator(text: str, layout: Layout) -> str:
    """Return the separator under which the first line that holds anything has the most headings that are known."""
    line = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")

    def found(separator: str) -> int:
        try:
            return known_headings(next(csv.reader([line], delimiter=separator), []), layout)
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=found)


def _rows(
    file: str, text: str, separator: str, bounds: Bounds, *, skip: int
) -> Iterator[tuple[int, Sequence[Cell]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            check_row(file, number, number - skip, cells, bounds)
            if number > skip:
                yield number, cells
    except csv.Error as error:
        raise FileNotRead(
            f"{file}, row {number + 1}: this row cannot be read; is a quotation mark open?"
        ) from error
