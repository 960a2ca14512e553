"""What the Business Unit sees at a glance: requests as they stand now, and opinions of blocks that are closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jags.evaluation.rules.counting import Feedback, Funnel, Period, year_of
from jags.evaluation.rules.practised import OverTime
from jags.requests.rules import State

_LEAP_DAY = (2, 29)


@dataclass(frozen=True)
class Waiting:
    """Requests in an open state, and the London date on which the oldest of them was received."""

    requests: int
    oldest_on: date


@dataclass(frozen=True)
class Dashboard:
    """The year so far beside the same days of the year before, what is open now, and the last twelve months over time."""

    partnership: str
    today: date
    so_far: Period
    before: Period
    this_year: Funnel
    last_year: Funnel
    open_now: Mapping[State, Waiting]
    lately: Period
    over_time: OverTime
    feedback: Feedback


def so_far(today: date) -> tuple[Period, Period]:
    """Return the year of accounts up to today, and the same days of the year before."""
    this = year_of(today)
    day = today - timedelta(days=1) if (today.month, today.day) == _LEAP_DAY else today
    before = year_of(this.from_on - timedelta(days=1))
    return Period(this.from_on, today), Period(before.from_on, day.replace(year=day.year - 1))


def last_twelve_months(today: date) -> Period:
    """Return this month so far and the eleven before it."""
    month = today.year * 12 + today.month - 12
    return Period(date(month // 12, month % 12 + 1, 1), today)
