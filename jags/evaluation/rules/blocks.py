"""Blocks: every request, every session and every text read for themes belongs for good to one, and a release is a union of whole blocks (docs/adr/0018-disclosure-control.md)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jags.evaluation.rules.counting import Period

# A block has at least so many records, whatever a setting says: two releases differ by nobody or by so many.
LEAST_RECORDS = 10
_DAY = timedelta(days=1)


class BlockKind(StrEnum):
    """What a block holds; texts and sessions about confirmed transitional safeguarding make blocks of their own, as their answers do."""

    REQUESTS = "requests"
    TEXTS = "texts"
    TEXTS_CONFIRMED = "texts_confirmed"
    SESSIONS = "sessions"
    SESSIONS_CONFIRMED = "sessions_confirmed"


# Blocks of texts, and of sessions: those that are not about confirmed transitional safeguarding, and those that are.
OF_TEXTS = frozenset({BlockKind.TEXTS, BlockKind.TEXTS_CONFIRMED})
OF_SESSIONS = frozenset({BlockKind.SESSIONS, BlockKind.SESSIONS_CONFIRMED})
NOT_CONFIRMED = frozenset({BlockKind.TEXTS, BlockKind.SESSIONS})


@dataclass(frozen=True, order=True)
class Span:
    """The London dates of a block, both inclusive."""

    first_on: date
    last_on: date

    def cut_by(self, day: date) -> bool:
        """Tell whether a period that begins on a day would divide the block."""
        return self.first_on < day <= self.last_on


@dataclass(frozen=True)
class NewBlock:
    """A block to be formed: its dates, its records, and how many of these are dated before it."""

    span: Span
    records: tuple[str, ...]
    moved: int


@dataclass(frozen=True)
class Formed:
    """What becomes of the records of a period: new blocks, and how many are too few to make one and wait."""

    blocks: tuple[NewBlock, ...]
    waiting: int


def is_cut(day: date, cuts: Collection[str]) -> bool:
    """Tell whether a period may begin on a day; cuts are months and days, as 04-01."""
    return f"{day:%m-%d}" in cuts


def is_listed(period: Period, cuts: Collection[str]) -> bool:
    """Tell whether a period begins on a listed date and ends on the day before one."""
    return is_cut(period.from_on, cuts) and is_cut(period.to_on + _DAY, cuts)


def segment_of(day: date, cuts: Collection[str]) -> date:
    """Return the listed date with which the days begin to which a day belongs; raises `ValueError` without listed dates."""
    begins = (date(year, int(cut[:2]), int(cut[3:])) for year in (day.year, day.year - 1) for cut in cuts)
    return max(begin for begin in begins if begin <= day)


def why_not_releasable(period: Period, *, cuts: Collection[str], closed: Iterable[Span], today: date) -> str:
    """Return why a report of a period stays a draft; empty when it can be released."""
    after = period.to_on + _DAY
    if not is_listed(period, cuts):
        return (
            "This is a draft that cannot be released: its dates are not on the list. A report that is released begins on "
            "a listed date and ends on the day before one."
        )
    if period.to_on >= today:
        return "This is a draft that cannot be released yet: its period has not ended."
    if any(span.cut_by(period.from_on) or span.cut_by(after) for span in closed):
        return (
            "This is a draft that cannot be released: requests of few weeks were told together before, and these dates would "
            "divide them."
        )
    return ""


def form_blocks(
    records: Iterable[tuple[str, date]],
    *,
    period: Period,
    cuts: Collection[str],
    closed: Sequence[Span],
    least: int,
) -> Formed:
    """Return the blocks of records, each with its London date, that belong to none yet; later ones than the period wait.

    Segments between two cuts become blocks; small ones merge with the next in the same period, and the last with the one
    before. What came too late for its own block, or was too little before the period, goes into the first block formed. A block
    never spans the beginning of the period.
    """
    least = max(least, LEAST_RECORDS)
    until = [one for one in sorted(records, key=lambda one: (one[1], one[0])) if one[1] <= period.to_on]
    starts = _segments(period, cuts)
    # Whatever is dated in a block that is closed already, or before the period, is carried into the next that is formed.
    carried: list[str] = []
    inside: Mapping[date, list[str]] = defaultdict(list)
    for name, on in until:
        if on < period.from_on or _in_any(on, closed):
            carried.append(name)
        else:
            inside[starts[bisect_right(starts, on) - 1]].append(name)
    made: list[NewBlock] = []
    for run in _runs(starts, period, closed):
        new, carried = _merged(run, inside, carried, least)
        made += new
    return Formed(tuple(made), len(carried))


def _in_any(day: date, spans: Iterable[Span]) -> bool:
    return any(span.first_on <= day <= span.last_on for span in spans)


def _segments(period: Period, cuts: Collection[str]) -> list[date]:
    """Return the first days of the segments of a period."""
    days = (period.to_on - period.from_on).days
    all_days = (period.from_on + timedelta(days=number) for number in range(days + 1))
    return [day for day in all_days if day == period.from_on or is_cut(day, cuts)]


def _runs(starts: Sequence[date], period: Period, closed: Sequence[Span]) -> Iterator[list[Span]]:
    """Return the segments that no block has yet, those that follow each other together."""
    ends = [*(start - _DAY for start in starts[1:]), period.to_on]
    run: list[Span] = []
    for start, end in zip(starts, ends, strict=True):
        if not _in_any(start, closed):
            run.append(Span(start, end))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _merged(
    run: Sequence[Span], inside: Mapping[date, list[str]], carried: list[str], least: int
) -> tuple[list[NewBlock], list[str]]:
    """Return the blocks of segments that follow each other, and the records that are still carried on."""
    made: list[NewBlock] = []
    begun, gathered = run[0].first_on, list(carried)
    moved = len(carried)
    for span in run:
        gathered += inside.get(span.first_on, [])
        if len(gathered) >= least:
            made.append(NewBlock(Span(begun, span.last_on), tuple(sorted(gathered)), moved))
            begun, gathered, moved = span.last_on + _DAY, [], 0
    if not made:
        return [], gathered
    # What is left is too little to stand alone, or nothing at all: it goes with the block before it.
    last = made[-1]
    whole = Span(last.span.first_on, run[-1].last_on)
    made[-1] = NewBlock(whole, tuple(sorted((*last.records, *gathered))), last.moved)
    return made, []
