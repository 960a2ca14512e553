"""The public figures of releases as rows for a program: a row for each cell of each table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jags.evaluation.rules.document import Document, sections_of, tables_of


@dataclass(frozen=True)
class ReleaseRow:
    """A report that is released: its number, its London dates, both inclusive, and when it was released.

    `locality` is the only one that it tells of; empty for all.
    """

    report: str
    period_from: date
    period_to: date
    transitional: bool
    released_on: date
    locality: str


@dataclass(frozen=True)
class FigureRow:
    """A cell of a table of a released report.

    `transitional` and `locality` say of which requests the whole report tells, as in `ReleaseRow`: rows of reports that tell of
    others do not add up.
    `shown` is what its readers see: a number, a band, `c` (hidden), `z` (not applicable) or `:` (not recorded). `number` is there
    where it can be counted with.
    """

    report: str
    period_from: date
    period_to: date
    transitional: bool
    locality: str
    released_on: date
    section: str
    table_key: str
    table: str
    row: str
    column_key: str
    column: str
    shown: str
    number: float | None
    note: str


def figure_rows(document: Document, *, transitional: bool, locality: str) -> Iterator[FigureRow]:
    """Return the cells of a document that is released, and tells of these requests; raises `ValueError` for a draft."""
    if document.released is None:
        raise ValueError("a draft has no figures for everybody")
    sections = {block: section.title for _, section in sections_of(document) for block in section.blocks}
    for table in tables_of(document):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                yield FigureRow(
                    report=document.released.release_id,
                    period_from=document.period.from_on,
                    period_to=document.period.to_on,
                    transitional=transitional,
                    locality=locality,
                    released_on=document.released.on,
                    section=sections[table],
                    table_key=table.key,
                    table=table.title,
                    row=row.title,
                    column_key=column.key,
                    column=column.title,
                    shown=cell.shown,
                    number=cell.value,
                    note=table.note,
                )
