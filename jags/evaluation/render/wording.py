"""The sentences that every format of a report says alike: what it is, whose copy, and why a cell shows nothing."""

from collections.abc import Iterator

from jags.evaluation.rules import Period
from jags.evaluation.rules.document import (
    HIDDEN,
    NOT_APPLICABLE,
    NOT_RECORDED,
    CopyFor,
    Document,
    Edition,
    Recommendation,
    Table,
)
from jags.kernel.time import date_in_words, day_in_words, london_date, time_in_words

EDITIONS = {
    Edition.INTERNAL: "Internal draft, for the Business Unit and the independent scrutineer",
    Edition.RESTRICTED: "Restricted edition, for named readers",
    Edition.PUBLIC: "Public edition",
}
SIGNS = (
    (HIDDEN, "hidden, so that nobody can be found"),
    (NOT_APPLICABLE, "not applicable"),
    (NOT_RECORDED, "not recorded, which is not zero"),
)
DEFINITIONS = "What the figures mean"
CONTENTS = "In this report"
SLIDE = "Slide the chart sideways to see all of it."
METHOD = "How this was counted"
NOTHING_TO_DRAW = "There is nothing to draw here: no number of this table is shown."


def period_in_words(period: Period) -> str:
    """Return a period as "13 January 2026 to 12 July 2026"."""
    return f"{date_in_words(period.from_on)} to {date_in_words(period.to_on)}"


def standing(document: Document) -> str:
    """Say whether a document is a draft, under which number it was released, or what else it is."""
    if document.standing:
        return document.standing
    if document.released is None:
        return f"Draft of {date_in_words(document.dated_on)}, not for release"
    return f"Released on {date_in_words(document.released.on)} as {document.released.release_id}"


def front(document: Document, copy: CopyFor | None) -> list[tuple[str, str]]:
    """Return what stands before everything else, each with its label."""
    told = [
        ("Partnership", document.partnership),
        ("Edition", EDITIONS[document.edition]),
        ("Standing", standing(document)),
        ("Period", period_in_words(document.period)),
    ]
    if document.compared_with:
        told.append(("Compared with", period_in_words(document.compared_with)))
    if copy:
        told.append(("Copy", copy_in_words(copy)))
    return told


def copy_in_words(copy: CopyFor) -> str:
    """Say whose copy this is, and since when."""
    return f"For {copy.name}, {day_in_words(london_date(copy.at))}, {time_in_words(copy.at)}"


def why_hidden(table: Table) -> Iterator[str]:
    """Say for each reason which rows, or cells of a row, of a table show nothing; only editions for those inside have reasons."""
    cells: dict[str, list[str]] = {}
    for row in table.rows:
        whys = {cell.why for cell in row.cells}
        if len(whys) == 1 and "" not in whys:
            cells.setdefault(whys.pop(), []).append(row.title)
            continue
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.why:
                cells.setdefault(cell.why, []).append(f"{row.title}, {column.title}")
    for why, where in cells.items():
        yield f"{why}: {'; '.join(where)}"


def notes(table: Table) -> list[str]:
    """Return what stands beneath a table."""
    return [*([table.note] if table.note else []), *why_hidden(table)]


def owner_in_words(recommendation: Recommendation) -> str:
    """Say who does what is recommended, and by when."""
    due = recommendation.due_on
    owner = f"Owner: {recommendation.owner}." if recommendation.owner else "Nobody is named to do this."
    return f"{owner} By {date_in_words(due)}." if due else f"{owner} No date is set."
