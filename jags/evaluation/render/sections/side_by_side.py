"""Two periods side by side: the columns of a table, and the cells of a row in each."""

from collections.abc import Callable, Iterable, Mapping

from jags.evaluation.rules import Count, Figures
from jags.evaluation.rules.document import Column
from jags.evaluation.rules.gathered import Gathered, OfPeriod
from jags.evaluation.rules.measured import Counted, Raw, RawRow

BEFORE = "before"


def columns(gathered: Gathered, title: str, *, key: str = "now", definition: str = "") -> tuple[Column, ...]:
    """Return a column for the period, and one for the period that it is compared with."""
    now = Column(key, title, definition)
    return (now, Column(BEFORE, f"{title}, other period")) if gathered.before else (now,)


def cells(gathered: Gathered, of: Callable[[OfPeriod], Raw]) -> tuple[Raw, ...]:
    """Return a cell for the period, and one for the period that it is compared with."""
    return (of(gathered.now), of(gathered.before)) if gathered.before else (of(gathered.now),)


def count_rows(gathered: Gathered, of: Callable[[OfPeriod], Iterable[Count]]) -> tuple[RawRow, ...]:
    """Return a row for each label that either period counts, the largest of the period first; what was not there is none."""
    counted = [
        {one.label: one.number for one in of(part)} for part in (gathered.now, gathered.before) if part
    ]
    labels = dict.fromkeys(label for one in counted for label in one)
    return tuple(RawRow(label, tuple(Counted(one.get(label, 0)) for one in counted)) for label in labels)


def labelled(counts: Iterable[Count]) -> Mapping[str, int]:
    """Return counts by their label."""
    return {one.label: one.number for one in counts}


def requests_in_words(found: Figures) -> str:
    """Return "1 request" or "24 requests"."""
    return plural(found.funnel.received, "request")


def plural(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
