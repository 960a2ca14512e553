"""Sheets as they were read: rows of cells under known headings, and the reading of one cell at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from jags.accounts.rules import spelling
from jags.importing.rules.guard import Guard, said_of, without_notes
from jags.importing.rules.report import FileNotRead, Finding, Report
from jags.importing.rules.words import as_text, clean, excerpt
from jags.kernel.time import date_in_words

Cell = str | int | float | bool | datetime | date | time | None

# One short field: a name, a role, a telephone number. Longer text in such a cell is in the wrong place.
SHORT = 200
# A list of agencies or people: about a hundred entries.
LIST = 5_000


@dataclass(frozen=True)
class Row:
    """One row, by heading; `number` is the row that the spreadsheet program shows."""

    file: str
    sheet: str
    number: int
    cells: Mapping[str, Cell]

    def finding(self, column: str, problem: str) -> Finding:
        """Return something that was found in a cell of this row."""
        return Finding(self.file, self.sheet, self.number, column, problem)


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet that hold anything, and what was found about its headings and formulas."""

    file: str
    name: str
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Layout:
    """The headings of a kind of file: all, those without which it is another file, and those that nobody misses.

    Under a heading of `dated` stand days. A sheet `beside` the rows is part of our own template and is not read.
    """

    columns: type[StrEnum]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class RowReading:
    """Reads the cells of one row; what cannot be read is left empty, listed, and kept as typed where it matters."""

    def __init__(self, row: Row, report: Report, guard: Guard | None = None) -> None:
        self.row = row
        self.report = report
        self._guard = guard
        self._listed: set[str] = set()
        # What found no field of its own, as "Heading: text"; it is kept sealed with the request.
        self.kept: list[str] = []

    def problem(self, column: str, sentence: str) -> None:
        """List something about a cell of this row."""
        self.report.problems.append(self.row.finding(column, sentence))

    def disagreement(self, column: str, sentence: str) -> None:
        """List that two sources differ about this row."""
        self.report.disagreements.append(self.row.finding(column, sentence))

    def keep(self, column: str, text: str) -> None:
        """Keep text that found no field of its own."""
        self.kept.append(f"{column}: {text}")

    def cell(self, column: str) -> Cell:
        """Return a cell as it was read; None when it is empty or the sheet has no such column."""
        return self.row.cells.get(column)

    def text(self, column: str) -> str:
        """Return a cell as clean text, without characters that nobody can see and without what identifies a child.

        What was taken out is listed once; what identified a child is listed apart, and only by its kind.
        """
        typed = as_text(self.cell(column))
        cleaned = clean(typed)
        kept, kinds = self._guard.without(column, cleaned) if self._guard else (cleaned, ())
        if column not in self._listed:
            self._listed.add(column)
            if cleaned != clean(typed, hidden=False):
                self.problem(column, "Hidden characters were taken out.")
            self.report.identifiers += [self.row.finding(column, said_of(kind)) for kind in kinds]
        return kept

    def short(self, column: str) -> str:
        """Return a short text on one line; a longer one is left empty, listed and kept."""
        text = self.text(column)
        if len(text) <= SHORT:
            return " ".join(text.split())
        self.problem(column, f"This is longer than {SHORT} characters and was left empty: {excerpt(text)}")
        self.keep(column, text)
        return ""

    def name(self, column: str) -> str:
        """Return somebody's name on one line; what identified a child beside it is listed, and leaves no note in the name."""
        return without_notes(self.short(column))

    def agency(self, column: str) -> str:
        """Return an agency's name on one line, likewise; where there was nothing else, the note stands for it."""
        text = self.text(column)
        return without_notes(text) or text


def headed(
    rows: Iterable[tuple[int, Sequence[Cell]]],
    layout: Layout,
    *,
    file: str,
    sheet: str,
    day_of_number: Callable[[float], datetime | None] | None = None,
) -> Sheet:
    """Put rows under the known headings; the first row that holds anything is the row of headings.

    Headings are compared without regard to case and spaces. One that is not there is listed unless it is optional.
    `day_of_number` gives the day that a bare number means under a heading for dates. Raises `FileNotRead` when a
    required heading is not there, or there is nothing.
    """
    iterator = iter(rows)
    first = next(((number, cells) for number, cells in iterator if holds(cells)), None)
    if first is None:
        raise FileNotRead(f"{file}: there is nothing in it.")
    header, titles = first
    place = Row(file, sheet, header, {})
    places, findings = _places(place, titles, layout.columns)
    for column in layout.columns:
        if column.value not in places.values():
            if column in layout.required:
                raise FileNotRead(f"{file}, row {header}: there is no column “{column.value}”.")
            if column not in layout.optional:
                findings.append(place.finding(column.value, "This column is not there: left empty."))
    found = []
    for number, cells in iterator:
        if holds(cells):
            row = Row(file, sheet, number, {c: cells[i] for i, c in places.items() if i < len(cells)})
            found.append(_with_days(row, layout.dated, day_of_number, findings) if day_of_number else row)
        if holds(cells[len(titles) :]):
            findings.append(found[-1].finding("", "There are more cells than headings: not imported."))
    return Sheet(file, sheet, tuple(found), tuple(findings))


def fits(titles: Sequence[Cell], layout: Layout) -> bool:
    """Tell whether a row of headings has all that are required."""
    there = {heading(as_text(cell)) for cell in titles}
    return all(heading(column) in there for column in layout.required)


def known_headings(titles: Sequence[Cell], layout: Layout) -> int:
    """Return how many known headings stand in a row."""
    return len({heading(column) for column in layout.columns} & {heading(as_text(cell)) for cell in titles})


def _with_days(
    row: Row,
    dated: Sequence[str],
    day_of_number: Callable[[float], datetime | None],
    findings: list[Finding],
) -> Row:
    """Read a bare number under a heading for dates as the day that it means; that is listed."""
    read = {}
    for column in dated:
        cell = row.cells.get(column)
        day = day_of_number(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None
        if day is not None:
            read[column] = day
            findings.append(row.finding(column, f"A bare number: read as {date_in_words(day.date())}."))
    return Row(row.file, row.sheet, row.number, {**row.cells, **read}) if read else row


def _places(
    place: Row, titles: Sequence[Cell], columns: type[StrEnum]
) -> tuple[dict[int, str], list[Finding]]:
    """Return where the known columns stand, and what is to be said about the other headings."""
    known = {heading(column): column.value for column in columns}
    places: dict[int, str] = {}
    findings = []
    for index, title in enumerate(clean(as_text(cell)) for cell in titles):
        column = known.get(heading(title))
        if column is None and title:
            findings.append(place.finding(excerpt(title), "This column is not known: not imported."))
        elif column in places.values():
            findings.append(place.finding(str(column), "This column is there twice: the first counts."))
        elif column is not None:
            places[index] = column
    return places, findings


def heading(text: str) -> str:
    """Return a heading as it is compared."""
    return spelling(clean(text)).rstrip(" ?:*")


def holds(cells: Sequence[Cell]) -> bool:
    """Tell whether anything stands in a row."""
    return any(cell is not None and as_text(cell).strip() for cell in cells)
