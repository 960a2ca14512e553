"""About whom: the tables about children, whole inside and with cells hidden in editions that are released."""

from collections.abc import Iterator

from jags.evaluation.engine.releases import value
from jags.evaluation.engine.tables import MOST_HIDDEN
from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.rules.children import CHILD_TABLES, CROSS_BREAK, Children, ChildTable, Telling
from jags.evaluation.rules.document import Column, Paragraph
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import (
    INSIDE,
    OUTSIDE,
    Counted,
    Measure,
    Only,
    RawBlock,
    RawRow,
    RawSection,
    RawTable,
    only,
)

_FEW = "one to five children"
_GIVES_AWAY = "it would give another figure away"
_ALL = "All"
_OF_ALL = "Whom requests were about is told of all localities together, so that nobody is found."
_BOTH_COHORTS = "The cohort by age band is the sum of “16 to 25” and “16 to 25, and younger”; the confirmed cohort is a column of its own."

_BOTH_COHORTS_MERGED = "The cohort by age band is the row “16 to 25, with or without somebody younger”; the confirmed cohort is a column of its own where it is told."
_MERGED = "Rows are put together here, so that less has to be hidden."


def about_children(gathered: Gathered) -> RawSection:
    """Return the section about whom requests were made."""
    children = gathered.children
    blocks: list[RawBlock | Only] = []
    if not children.requests:
        blocks += only(
            INSIDE, Paragraph("No request was received in this period, so there is nobody to tell of.")
        )
        blocks += only(
            OUTSIDE,
            Paragraph(
                "There were too few requests to tell whom they were about without somebody being found."
            ),
        )
        return RawSection("about-whom", "About whom", tuple(blocks))
    narrowed = bool(gathered.asked.locality)
    blocks += only(OUTSIDE, Paragraph(_OF_ALL if narrowed else _of_how_many(children)))
    for table in CHILD_TABLES:
        blocks += only(INSIDE, _table(table, children, children.telling.get(table.key), whole=True))
        blocks += only(OUTSIDE, *(() if narrowed else _released(table, children)))
    return RawSection("about-whom", "About whom", tuple(blocks))


def _of_how_many(children: Children) -> str:
    told = f"These tables count {plural(children.requests, 'request')} in whole groups of at least ten."
    if children.moved:
        told += f" {plural(children.moved, 'request')} of them came earlier, too few to be told of then."
    return told


def _released(table: ChildTable, children: Children) -> Iterator[RawBlock]:
    telling = children.telling.get(table.key)
    if telling is None:
        yield Paragraph(f"“{table.title}” is left out: so few requests would show who somebody is.")
    else:
        yield _table(table, children, telling, whole=False)


def _table(table: ChildTable, children: Children, telling: Telling | None, *, whole: bool) -> RawTable:
    crossed = len(table.columns) > 1 and (whole or bool(telling and telling.crossed))
    counts = children.counts[table.key]
    columns = {code: CROSS_BREAK[code] for code in table.columns} if crossed else {}
    every = CROSS_BREAK[table.columns[0]] if table.of_confirmed else _ALL
    merged = not whole and telling is not None and telling.merged
    rows = []
    every_row = {"": "All requests" if table.partition else "All of these"}
    for row, title in {**table.rows_shown(merged=merged), **every_row}.items():
        cells = []
        for column in (*columns, ""):
            count = value(table, counts, (row, column))
            hidden = telling is not None and (row, column) in telling.hidden
            cells.append(Counted(count, hidden=_why(count) if hidden else ""))
        rows.append(RawRow(title, tuple(cells)))
    note = "" if table.partition else "A request can have several of these, so the rows do not add up."
    if table.key == "age":
        note = _BOTH_COHORTS_MERGED if merged else _BOTH_COHORTS
    if merged:
        note = f"{_MERGED} {note}".strip()
    return RawTable(
        f"children-{table.key}",
        table.title,
        table.corner,
        (*(Column(code, title) for code, title in columns.items()), Column("all", every)),
        tuple(rows),
        Measure.CHILDREN,
        note=note,
        definition=table.definition,
    )


def _why(count: int) -> str:
    return _FEW if count <= MOST_HIDDEN else _GIVES_AWAY
