"""What a report is before it has a format: one frozen document of words, tables, charts and definitions.

Every format is drawn from it and nothing else, so that all of them say the same. A number stands in a cell only as it is shown:
a hidden cell holds nothing, in no format. `canonical` writes a document as the text that a release keeps.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from itertools import chain

from jags.evaluation.rules.counting import Period

# Conventions of the Department for Education: hidden, not applicable, not recorded.
HIDDEN = "c"
NOT_APPLICABLE = "z"
NOT_RECORDED = ":"

Number = int | float
_NUMBERS = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
# A band, such as "6–10" or "4 to 7", is words: whichever number stood behind it would say more than it does.
_BAND = re.compile(r"\d\s?(?:[–-]|to)\s?\d")
_KEY = re.compile(r"[a-z][a-z0-9-]*")
# What XML, and with it Word and spreadsheets, cannot hold: control characters, halves of a pair, and what is no character.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Edition(StrEnum):
    """Whom a document is for: the Business Unit while it works on it, named readers, or everybody."""

    # A draft with every figure; it is never released.
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    PUBLIC = "public"


class Format(StrEnum):
    """What a document is handed out as; each is also how the name of its file ends."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


class ChartKind(StrEnum):
    """How a table is drawn."""

    BARS = "bars"
    # Rows are moments in order, each column is a line.
    LINES = "lines"
    DOTS = "dots"
    # Rows are steps, the widest first; one column.
    FUNNEL = "funnel"
    HEAT_MAP = "heat_map"


class _Said:
    """Takes out of every text what no format can write, once, so that each format has the same words."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type] # Every heir is a dataclass.
            value = getattr(self, field.name)
            # Exactly a text: a member of an enum stays what it is.
            if type(value) is str:
                object.__setattr__(self, field.name, _writable(value))
            elif isinstance(value, tuple):
                clean = tuple(_writable(one) if isinstance(one, str) else one for one in value)
                object.__setattr__(self, field.name, clean)


@dataclass(frozen=True)
class Cell(_Said):
    """What stands in a table: the words shown, and the number among them that a spreadsheet may count with.

    `why` says to those inside why nothing is shown. Raises `ValueError` when the number is not in the words, so that no file
    can hold more than its readers see.
    """

    shown: str
    value: Number | None = None
    why: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.shown.strip():
            raise ValueError("a cell shows something: a colon where nothing was recorded")
        if self.value is None:
            return
        if self.why or _BAND.search(self.shown) or self.value not in _numbers_in(self.shown):
            raise ValueError(f"a cell that shows {self.shown!r} cannot hold {self.value!r}")


@dataclass(frozen=True)
class Column(_Said):
    """A column of a table; `definition` is the key of what it counts."""

    key: str
    title: str
    definition: str = ""


@dataclass(frozen=True)
class Row(_Said):
    """A row of a table: its heading, and a cell for each column."""

    title: str
    cells: tuple[Cell, ...]
    definition: str = ""


@dataclass(frozen=True)
class Table(_Said):
    """Cells under headings; `corner` heads the headings of the rows. Raises `ValueError` when a row has too few or too many cells."""

    key: str
    title: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    definition: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.columns or any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"every row of {self.key} needs a cell for each of its columns")
        if len({column.key for column in self.columns}) < len(self.columns):
            raise ValueError(f"two columns of {self.key} have the same key")


@dataclass(frozen=True)
class Chart(_Said):
    """A drawing of a table that stands in the same document, of all its columns or of some (by key).

    `description` says in a sentence what it shows, for who cannot see it.
    """

    key: str
    kind: ChartKind
    title: str
    description: str
    table: str
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.description.strip():
            raise ValueError(f"say in a sentence what {self.key} shows")


@dataclass(frozen=True)
class Paragraph(_Said):
    """Plain words."""

    text: str


@dataclass(frozen=True)
class Bullets(_Said):
    """A list of plain words."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Quote(_Said):
    """What somebody wrote and lets us quote; `said_by` never says who they are."""

    text: str
    said_by: str = ""


@dataclass(frozen=True)
class Recommendation(_Said):
    """What should be done, by whom (a role or an agency) and by when."""

    text: str
    owner: str = ""
    due_on: date | None = None


Block = Paragraph | Bullets | Table | Chart | Quote | Recommendation


@dataclass(frozen=True)
class Section(_Said):
    """A heading, what stands under it, and sections one level down."""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True)
class Definition(_Said):
    """What a figure means and where it comes from."""

    key: str
    term: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class Released(_Said):
    """Under which number a document was released, and on which London date."""

    release_id: str
    on: date


@dataclass(frozen=True)
class Document(_Said):
    """A report: a draft until it has `released`.

    `dated_on` is the London date of the figures; it is the only date that a file of a draft carries. `cautions` are sentences
    that stand before everything else, such as why a draft cannot be released. `standing` says what it is where it is neither a
    draft nor a release; `one_page` asks for little room. Raises `ValueError` when it does not hold together.
    """

    title: str
    partnership: str
    edition: Edition
    period: Period
    dated_on: date
    sections: tuple[Section, ...]
    method: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    compared_with: Period | None = None
    released: Released | None = None
    language: str = "en-GB"
    standing: str = ""
    one_page: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_keys(self)
        _check_charts(self)
        _check_definitions(self)
        if self.edition is Edition.INTERNAL and self.released:
            raise ValueError("an internal draft is not released")
        if self.edition is Edition.PUBLIC and any(cell.why for cell in cells_of(self)):
            raise ValueError("a public edition does not say why a cell is hidden")

    @property
    def file_dated_on(self) -> date:
        """Return the one date that files of this document carry."""
        return self.released.on if self.released else self.dated_on


@dataclass(frozen=True)
class CopyFor(_Said):
    """Whose copy of a restricted document this is, and since when (an aware instant); never part of the document itself."""

    name: str
    at: datetime


def number(value: Number) -> Cell:
    """Return a cell that shows a whole number, or one with up to three decimals."""
    if isinstance(value, int):
        return Cell(f"{value:,}", value)
    shown = f"{value:,.3f}".rstrip("0").rstrip(".")
    return Cell(shown, float(shown.replace(",", "")))


def out_of(value: int, whole: int) -> Cell:
    """Return a cell that shows "11 of 12", which counts as 11."""
    return Cell(f"{value:,} of {whole:,}", value)


def words(text: str) -> Cell:
    """Return a cell of words."""
    return Cell(text)


def hidden(why: str = "") -> Cell:
    """Return a cell that shows nothing, so that nobody is found; `why` is for those inside."""
    return Cell(HIDDEN, why=why)


def not_recorded() -> Cell:
    """Return a cell of which nothing was recorded, which is not zero."""
    return Cell(NOT_RECORDED)


def not_applicable() -> Cell:
    """Return a cell to which the question does not apply."""
    return Cell(NOT_APPLICABLE)


def sections_of(document: Document) -> Iterator[tuple[int, Section]]:
    """Return every section in reading order, each with its level from 1."""

    def walk(sections: Iterable[Section], level: int) -> Iterator[tuple[int, Section]]:
        for section in sections:
            yield level, section
            yield from walk(section.sections, level + 1)

    return walk(document.sections, 1)


def blocks_of(document: Document) -> Iterator[Block]:
    """Return every block in reading order."""
    return chain.from_iterable(section.blocks for _, section in sections_of(document))


def tables_of(document: Document) -> Iterator[Table]:
    """Return every table in reading order."""
    return (block for block in blocks_of(document) if isinstance(block, Table))


def charts_of(document: Document) -> Iterator[Chart]:
    """Return every chart in reading order."""
    return (block for block in blocks_of(document) if isinstance(block, Chart))


def cells_of(document: Document) -> Iterator[Cell]:
    """Return every cell, by table, row and column."""
    return chain.from_iterable(row.cells for table in tables_of(document) for row in table.rows)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _numbers_in(text: str) -> set[float]:
    return {float(found.replace(",", "")) for found in _NUMBERS.findall(text)}


def _check_keys(document: Document) -> None:
    keys = [section.key for _, section in sections_of(document)]
    keys += [block.key for block in blocks_of(document) if isinstance(block, Table | Chart)]
    # What a figure means may be named as the table that shows it.
    defined = [definition.key for definition in document.definitions]
    for key in (*keys, *defined):
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key: small letters, digits and hyphens")
    if len(set(keys)) < len(keys) or len(set(defined)) < len(defined):
        raise ValueError("two parts of a document have the same key")


def _check_charts(document: Document) -> None:
    tables = {table.key: table for table in tables_of(document)}
    for chart in charts_of(document):
        if chart.table not in tables:
            raise ValueError(f"{chart.key} draws {chart.table!r}, which is no table of this document")
        if not set(chart.columns) <= {column.key for column in tables[chart.table].columns}:
            raise ValueError(f"{chart.key} draws a column that its table does not have")


def _check_definitions(document: Document) -> None:
    defined = {definition.key for definition in document.definitions}
    used: set[str] = set()
    for table in tables_of(document):
        used |= {table.definition}
        used |= {column.definition for column in table.columns}
        used |= {row.definition for row in table.rows}
    if missing := used - defined - {""}:
        raise ValueError(f"no definition of {', '.join(sorted(missing))}")
