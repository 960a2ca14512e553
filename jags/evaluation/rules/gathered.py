"""All that a report is made of, read once; nothing in it has words, classes or editions yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jags.evaluation.rules.blocks import Span
from jags.evaluation.rules.children import Children
from jags.evaluation.rules.counting import Figures, Period, Which, WhoAsks
from jags.evaluation.rules.networks import Network
from jags.evaluation.rules.practised import Effort, OverTime, Practised, Siblings
from jags.quality.rules.approach import Approach
from jags.quality.rules.said import Tallies
from jags.themes.rules.counted import ThemesCounted


@dataclass(frozen=True)
class Asked:
    """Which report is wanted: a period, perhaps another to compare it with, of all requests or of some."""

    period: Period
    transitional: bool = False
    compared_with: Period | None = None
    locality: str = ""

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return every period of which it tells."""
        return (self.period, self.compared_with) if self.compared_with else (self.period,)

    @property
    def which(self) -> Which:
        """Return of which requests it tells."""
        return Which(self.transitional, self.locality)


@dataclass(frozen=True)
class OfPeriod:
    """The figures of a period: of requests received in it, and of those held in it; how many received are repeats.

    `families` is about how many children, sibling groups or families the sessions held were.
    """

    received: Figures
    held: Figures
    repeats: int
    families: int
    siblings: Siblings
    effort: Effort


@dataclass(frozen=True)
class Written:
    """What people wrote beside the figures; recommendations are what, who and by when. `statement` is the scrutineer's.

    `quotes` are comments that may be quoted, and `accounts` are of requesters, as somebody has chosen them for this report.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    recommendations: tuple[tuple[str, str, str], ...] = ()
    statement: str = ""
    quotes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToldInBlocks:
    """What a release tells of whole blocks: children (None of one locality), themes, what was said of sessions, and the dates of the blocks."""

    children: Children | None
    themes: ThemesCounted
    said: Tallies
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Gathered:
    """What a report tells: `outside` are the opinions, and `themes_outside` the themes, as readers outside the Business Unit see them.

    Practice and themes belong to no locality: a report of one tells nothing of them.
    """

    asked: Asked
    partnership: str
    today: date
    now: OfPeriod
    before: OfPeriod | None
    outside: Figures
    children: Children
    networks: tuple[Network, ...]
    asking: WhoAsks
    themes: ThemesCounted
    themes_outside: ThemesCounted
    practised: Practised
    over_time: OverTime
    # Practice, and what happened when, as readers outside the Business Unit see it: of whole blocks.
    approach_outside: Approach
    over_time_outside: OverTime
    written: Written = field(default_factory=Written)
