"""What is counted, and how it is told: funnels, cohorts, waits, and opinions in bands (docs/glossary.md, "counting")."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from jags.feedback.rules.bands import Opinion
from jags.kernel.errors import Invalid
from jags.requests.rules import NOT_PROCEEDED, PROCEEDED, RECEIVED, UNDECIDED, State

REACH_MOST = 1_000_000
AUDIENCE_MOST = 200
NOTE_MOST = 2000
_APRIL = 4


class By(StrEnum):
    """Which requests a period selects."""

    RECEIVED = "received"
    HELD = "held"


class Stage(StrEnum):
    """The waits that are told, each from one date to another."""

    DECIDED = "decided"
    FACILITATORS_AGREED = "facilitators_agreed"
    HELD_AFTER_AGREED = "held_after_agreed"
    HELD_AFTER_RECEIVED = "held_after_received"


@dataclass(frozen=True)
class Period:
    """London dates, both inclusive; raises `Invalid` when they are reversed."""

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.to_on < self.from_on:
            raise Invalid("The last day of the period is before its first day.", field="to_on")

    @property
    def is_account_of_a_year(self) -> bool:
        """Tell whether this is a whole year from 1 April to 31 March, of which an account is given."""
        return self == year_from(self.from_on.year)


@dataclass(frozen=True)
class Which:
    """Which requests are told of: all, or those that the Business Unit confirmed as transitional; of all localities, or of one by its name."""

    transitional: bool = False
    locality: str = ""


ALL = Which()


def year_from(year: int) -> Period:
    """Return the year of accounts that begins on 1 April of a calendar year."""
    return Period(date(year, _APRIL, 1), date(year + 1, _APRIL, 1) - timedelta(days=1))


def year_of(day: date) -> Period:
    """Return the year of accounts in which a London date lies."""
    return year_from(day.year if day.month >= _APRIL else day.year - 1)


@dataclass(frozen=True)
class Funnel:
    """Requests by present state: received = proceeded + not proceeded + undecided."""

    received: int
    proceeded: int
    not_proceeded: int
    undecided: int
    held: int


@dataclass(frozen=True)
class Count:
    """A number with its label."""

    label: str
    number: int


@dataclass(frozen=True)
class Wait:
    """How long a stage took: the median in days over `n` requests; None where nothing is recorded."""

    stage: Stage
    n: int
    median: float | None


@dataclass(frozen=True)
class Cohorts:
    """Transitional safeguarding in two cohorts side by side, of all requests of the period.

    `unconfirmed` are requests whose age band or requester suggests it and on which the Business Unit has not yet said.
    """

    age_band: Funnel
    confirmed: Funnel
    overlap: Funnel
    unconfirmed: int


@dataclass(frozen=True)
class TakingPart:
    """The agencies that were present at the sessions of the selected requests.

    Imported sessions carry a number of agencies and no names; what was not recorded is None, never zero.
    """

    sessions: int
    sessions_named: int
    agencies: tuple[Count, ...]
    # Entries whose agency was typed and has not been settled yet.
    unsettled: int
    sessions_counted: int
    counted_least: int | None
    counted_most: int | None
    # Feedback forms of imported sessions, as the earlier tracker counted them.
    earlier_forms: int | None


@dataclass(frozen=True)
class Pairs:
    """The pairs of facilitators that agreed: how many, how many of two agencies, and the rules that were set aside, each with how often."""

    agreed: int
    two_agencies: int
    exceptions: tuple[Count, ...]


@dataclass(frozen=True)
class Feedback:
    """Anonymous feedback of the sessions held in the period; `hidden` says why nothing is shown.

    `least` is the number of answers from which opinions are shown to this reader; outside the Business Unit, only whole
    blocks of so many answers count.
    """

    answers: int
    invited: int
    sessions: int
    # Answers of what began with a session before the period, and of what began in it and is counted later.
    moved_in: int
    moved_out: int
    still_open: int
    waiting: int
    least: int
    in_blocks: bool
    opinions: tuple[Opinion, ...]
    hidden: str

    @classmethod
    def not_told(cls, why: str, *, least: int, in_blocks: bool) -> "Feedback":
        """Return feedback of which nothing is told, and why."""
        return cls(0, 0, 0, 0, 0, 0, 0, least, in_blocks, (), why)


@dataclass(frozen=True)
class LaterLine:
    """One thing of the survey some weeks later: a band of people, or a median; empty where too few answered it."""

    item: str
    words: str
    n: int
    told: str


@dataclass(frozen=True)
class Later:
    """What those who were at sessions of the period say has followed; `hidden` says why nothing is shown."""

    answers: int
    invited: int
    sessions: int
    least: int
    lines: tuple[LaterLine, ...]
    hidden: str


@dataclass(frozen=True)
class Figures:
    """The internal figures of a period."""

    period: Period
    by: By
    transitional: bool
    funnel: Funnel
    not_proceeded_by: tuple[Count, ...]
    waits: tuple[Wait, ...]
    requesting: tuple[Count, ...]
    requesting_unsettled: int
    pairs: Pairs
    taking_part: TakingPart
    feedback: Feedback
    later: Later
    cohorts: Cohorts
    # The only locality whose requests are counted; empty for all.
    locality: str = ""


@dataclass(frozen=True)
class PromotionEntry:
    """One thing done to make JAGS known, as it is entered; `channel` is a code, and no reach is not recorded."""

    on: date
    audience: str
    channel: str
    reach: int | None = None
    note: str = ""


@dataclass(frozen=True)
class ChannelTotal:
    """What was done by one channel: entries, whom they reached where somebody counted, and where nobody did."""

    label: str
    entries: int
    # None where no entry has a number.
    reach: int | None
    not_counted: int


@dataclass(frozen=True)
class TypeAsking:
    """The agencies of one type: how many there were in the period, how many of them asked, and which never have."""

    agency_type: str
    agencies: int
    asked: int
    requests: int
    # Names, in order.
    never: tuple[str, ...]


@dataclass(frozen=True)
class LocalityAsking:
    """A locality: requests received in the period, and the London date of the last one ever."""

    locality: str
    requests: int
    last_on: date | None


@dataclass(frozen=True)
class WhoAsks:
    """Who asks for a JAGS, who never does, and how those who ask heard of it."""

    period: Period
    # The London date for which "never" is said: the last day of the period, or today.
    never_until: date
    received: int
    heard_of: tuple[Count, ...]
    heard_of_not_recorded: int
    types: tuple[TypeAsking, ...]
    # Requests whose agency was typed, or not recorded, and has not been settled yet.
    agency_unsettled: int
    localities: tuple[LocalityAsking, ...]
    locality_not_recorded: int


def funnel_of(states: Iterable[tuple[State, int]]) -> Funnel:
    """Return the funnel of states with their numbers; drafts and duplicates are not received."""
    counted: dict[State, int] = {}
    for state, number in states:
        counted[state] = counted.get(state, 0) + number

    def total(wanted: frozenset[State]) -> int:
        return sum(number for state, number in counted.items() if state in wanted)

    return Funnel(
        received=total(RECEIVED),
        proceeded=total(PROCEEDED),
        not_proceeded=total(NOT_PROCEEDED),
        undecided=total(UNDECIDED),
        held=total(frozenset({State.HELD, State.CLOSED})),
    )


def median(histogram: Mapping[int, int]) -> float | None:
    """Return the median of values with their numbers; None when there are none."""
    values = sorted(histogram)
    upto = list(accumulate(histogram[value] for value in values))
    if not upto:
        return None
    low, high = (values[bisect_right(upto, position)] for position in ((upto[-1] - 1) // 2, upto[-1] // 2))
    return (low + high) / 2
