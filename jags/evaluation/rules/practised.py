"""What a report tells of practice: how it kept to the approach, what was observed and audited, and what it took."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from jags.evaluation.rules.blocks import Span
from jags.evaluation.rules.counting import Period
from jags.quality.rules.approach import NO_APPROACH, Approach
from jags.quality.rules.auditing import PlanArea, PlanGroup, PlanState

QUOTES_MOST = 12
ACCOUNTS_MOST = 12
# So many columns has a table over time at most, so that it has room on a page.
_SPANS_MOST = 13
_MONTHS = 12


@dataclass(frozen=True)
class Effort:
    """What a period took, in numbers; None where nobody recorded it, which is not nothing.

    Costs are in pence, of `costed` training events; minutes are of `timed` sessions whose length was recorded here.
    """

    trainings: int = 0
    trained: int = 0
    costed: int = 0
    pence: int | None = None
    meetings: int = 0
    met: int = 0
    promoted: int = 0
    reached: int | None = None
    timed: int = 0
    facilitator_minutes: int | None = None
    people_minutes: int | None = None


@dataclass(frozen=True)
class Siblings:
    """Requests by whether they are about a sibling group."""

    several: int = 0
    one: int = 0
    not_recorded: int = 0


@dataclass(frozen=True)
class RecommendationTold:
    """A recommendation of an audit, and how it stands in the partnership's plan."""

    text: str
    group: PlanGroup
    area: PlanArea
    state: PlanState
    reference: str


@dataclass(frozen=True)
class AuditsTold:
    """The audits drawn in a period: sessions in their samples, returns asked of agencies and given, recommendations."""

    audits: int = 0
    sessions: int = 0
    asked: int = 0
    returned: int = 0
    recommendations: tuple[RecommendationTold, ...] = ()


@dataclass(frozen=True)
class Practised:
    """Practice of a period. `quotable` comments are of the blocks of answers that count in it; `accounts` are of requesters whose session was held in the period."""

    approach: Approach
    audits: AuditsTold
    quotable: int
    accounts: int


# Practice belongs to no locality.
NOTHING_PRACTISED = Practised(NO_APPROACH, AuditsTold(), 0, 0)


@dataclass(frozen=True)
class Stretch:
    """Some days of a period, from the first to the last: a month, a quarter or a year of it, or those of a block."""

    words: str
    first_on: date
    last_on: date


@dataclass(frozen=True)
class OverTime:
    """Requests received and sessions held in each span of a period, and at how many sessions of each span an agency was."""

    spans: tuple[Stretch, ...]
    received: tuple[int, ...]
    held: tuple[int, ...]
    agencies: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def spans_of(period: Period) -> tuple[Stretch, ...]:
    """Return the calendar months that a period touches; quarters where these are too many for a page, then years."""
    cut, words = tuple(_cut(period, 1)), _month
    if len(cut) > _SPANS_MOST:
        cut, words = tuple(_cut(period, 3)), _quarter
    if len(cut) > _SPANS_MOST:
        cut, words = tuple(_cut(period, _MONTHS)), _year
    return tuple(Stretch(words(first), first, last) for first, last in cut)


def stretch_of(span: Span) -> Stretch:
    """Return the days of a block, in words."""
    first, last = span.first_on, span.last_on
    words = f"{first.day} {first:%b} {first.year} to {last.day} {last:%b} {last.year}"
    return Stretch(words, first, last)


def _cut(period: Period, months: int) -> Iterator[tuple[date, date]]:
    first = period.from_on
    while first <= period.to_on:
        begun = (first.month - 1) // months * months
        ahead = first.year * _MONTHS + begun + months
        following = date(ahead // _MONTHS, ahead % _MONTHS + 1, 1)
        yield first, min(following - timedelta(days=1), period.to_on)
        first = following


def _month(first: date) -> str:
    return f"{first:%b %Y}"


def _quarter(first: date) -> str:
    return f"{first.year} Q{(first.month - 1) // 3 + 1}"


def _year(first: date) -> str:
    return str(first.year)
