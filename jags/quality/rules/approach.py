"""Keeping to the approach, seen from several sides: what is said of a quarter, and when there is too little to say it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from jags.feedback.rules.bands import band, coarse_band
from jags.quality.rules.elements import Element, Principle

# A side is told from so many sessions and answers, so that nobody's session can be seen in it (docs/glossary.md).
SESSIONS_LEAST = 5
ANSWERS_LEAST = 5
_QUARTER_MONTHS = 3


class Told(StrEnum):
    """Whether something can be said."""

    SHOWN = "shown"
    TOO_FEW = "too_few"
    # Nobody recorded anything, which is not none.
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class Share:
    """How many of `n` said so, as a band, and as one of four for who is outside; told only where `told` is shown."""

    told: Told
    band: str = ""
    n: int = 0
    coarse: str = field(default="", compare=False)


@dataclass(frozen=True)
class ElementLine:
    """One element from three sides."""

    element: Element
    participants: Share
    facilitators: Share
    observers: Share


@dataclass(frozen=True)
class Fact:
    """A fact about the sessions of a period: in how many of them; None where there are too few sessions to say."""

    words: str
    number: int | None


@dataclass(frozen=True)
class Approach:
    """How the sessions of a period kept to the approach; `observed` of them were observed, and that was shared."""

    sessions: int
    observed: int
    elements: tuple[ElementLine, ...]
    recorded: Share
    # In how many reflections a line manager was there, and of those, how often it was held well.
    line_managers: Share
    held_well: Share
    toolbox: Share
    principles: tuple[tuple[Principle, Share], ...]
    facts: tuple[Fact, ...]


_NOTHING = Share(Told.NOT_RECORDED)
NO_APPROACH = Approach(0, 0, (), _NOTHING, _NOTHING, _NOTHING, _NOTHING, (), ())


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a calendar year, as London counts its days."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Return the first day."""
        return date(self.year, _QUARTER_MONTHS * (self.number - 1) + 1, 1)

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """Return the quarter before."""
        return quarter_of(self.first - timedelta(days=1))

    @property
    def after(self) -> "Quarter":
        """Return the quarter after."""
        return quarter_of(self.first + timedelta(days=100))

    @property
    def words(self) -> str:
        """Return it as January to March 2026."""
        return f"{self.first:%B} to {self.last:%B %Y}"


def quarter_of(day: date) -> Quarter:
    """Return the quarter in which a day lies."""
    return Quarter(day.year, (day.month - 1) // _QUARTER_MONTHS + 1)


def ended_quarters(today: date, *, number: int) -> list[Quarter]:
    """Return the last quarters that have ended, the latest first: one that goes on would change with each session."""
    found = [quarter_of(today).before]
    while len(found) < number:
        found.append(found[-1].before)
    return found


def share_of_answers(*, sessions: int, agreed: int, n: int) -> Share:
    """Return how many answers agreed, over a number of sessions."""
    return told(sessions=sessions, agreed=agreed, n=n) if n else Share(Told.NOT_RECORDED)


def told(*, sessions: int, agreed: int, n: int) -> Share:
    """Return how many said so, where enough sessions and answers are behind it."""
    if sessions < SESSIONS_LEAST or n < ANSWERS_LEAST:
        return Share(Told.TOO_FEW)
    return Share(Told.SHOWN, band(agreed, n), n, coarse_band(agreed, n))
