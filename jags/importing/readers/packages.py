"""Look through the parts of an XLSX file before they are read: how large they are, what they hide, rows without content."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from jags.importing.readers.bounds import Bounds
from jags.importing.rules.report import Finding, NoSpreadsheet, TooMuch

# What spreadsheet programs write unpacks ten- to thirtyfold.
_UNPACKED_TIMES = 100
_SMALL_BYTES = 1_000_000
_CHUNK = 1_000_000
_SHEETS = "xl/worksheets/"
# No tag holds a "<", so that what is no tag is left at the next one: nothing is looked through twice.
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*?hidden="(?:1|true)")[^<>]*?\br="(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
# A row that names its number, with no cell that has content: colours and borders only.
_BLANK = re.compile(rb'<row\s(?=[^<>]*\br=")[^<>]*?(?:/>|>(?:\s*<c\s[^<>]*?(?:/>|>\s*</c>))*\s*</row>)')
# So many hidden rows or merged cells are listed one by one.
_LISTED = 50


@dataclass
class Hidden:
    """What the text of a sheet tells that its cells do not."""

    formulas: bool = False
    merged: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def look(self, text: bytes) -> None:
        """Look through a piece of the sheet that ends between two tags."""
        self.formulas = self.formulas or _FORMULA.search(text) is not None
        # The plain search is quick, and nearly every piece has neither.
        if b"mergeCell" in text:
            self.merged += [cells.decode() for cells in _MERGED.findall(text)]
        if b"hidden=" in text:
            self.rows += [int(row) for row in _HIDDEN.findall(text)]

    def findings(self, file: str, sheet: str) -> list[Finding]:
        """Return what is to be said about it, each with its place."""
        said = [
            Finding(file, sheet, row, "", "This row is hidden: it was read.") for row in self.rows[:_LISTED]
        ]
        for cells in self.merged[:_LISTED]:
            row = int(re.sub(r"\D", "", cells.partition(":")[0]))
            problem = f"Merged cells ({cells}): the first is read, the others are empty."
            said.append(Finding(file, sheet, row, "", problem))
        more = max(len(self.rows) - _LISTED, 0) + max(len(self.merged) - _LISTED, 0)
        if more:
            said.append(Finding(file, sheet, 1, "", f"{more} more rows or cells are hidden or merged."))
        return said


def looked_through(file: str, content: bytes, bounds: Bounds) -> tuple[bytes, dict[str, Hidden]]:
    """Return the file without rows that have no content, and what is hidden in each sheet, by its path in the file.

    The library keeps something of each row that it has read, and a sheet that is coloured down to its last row has a
    million. Raises `FileNotRead` when the file unpacks to more than the bounds allow.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(file, archive.infolist(), bounds)
            return _slim(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise NoSpreadsheet(f"{file}: this is not a spreadsheet, or it is damaged.") from error


def _check_sizes(file: str, members: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    sheets = [m for m in members if m.filename.startswith(_SHEETS)]
    others = [m for m in members if not m.filename.startswith(_SHEETS)]
    for some, most in ((sheets, bounds.sheet_bytes), (others, bounds.other_bytes)):
        packed_oddly = any(
            m.file_size > _SMALL_BYTES and m.file_size > _UNPACKED_TIMES * m.compress_size for m in some
        )
        if packed_oddly or sum(m.file_size for m in some) > most:
            raise TooMuch(f"{file}: this unpacks to more than {most // 1_000_000} MB.")


def _slim(archive: zipfile.ZipFile) -> tuple[bytes, dict[str, Hidden]]:
    slim = io.BytesIO()
    found: dict[str, Hidden] = {}
    with zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for member in archive.infolist():
            if not member.filename.startswith(_SHEETS) or not member.filename.endswith(".xml"):
                copy.writestr(member.filename, archive.read(member))
                continue
            hidden = found[member.filename] = Hidden()
            with archive.open(member) as sheet, copy.open(member.filename, "w") as kept:
                for piece in _pieces(sheet):
                    # A text that is written as it is may look like a row.
                    text = piece if b"<![CDATA[" in piece else _BLANK.sub(b"", piece)
                    hidden.look(text)
                    kept.write(text)
    return slim.getvalue(), found


def _pieces(sheet: IO[bytes]) -> Iterator[bytes]:
    """Give a sheet in pieces that end before a row begins."""
    rest = b""
    while chunk := sheet.read(_CHUNK):
        whole, row, after = (rest + chunk).rpartition(b"<row ")
        if row:
            yield whole
        rest = row + after
    yield rest
