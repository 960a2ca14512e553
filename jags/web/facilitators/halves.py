"""The half-days of the coming weeks as a page offers them: working days, week by week, each with a name of its own."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from jags.facilitators.queries import Booked, availability_of, busy_times_of, coming_bookings
from jags.facilitators.rules import (
    HALF_DAYS,
    WEEKS_AHEAD,
    BookingKind,
    Span,
    free_in,
    slot_count,
    slot_day,
    slot_span,
    without,
)
from jags.kernel.time import overlaps
from jags.kernel.work import Work
from jags.requests.rules import is_working_day
from jags.settings.queries import partnership


@dataclass(frozen=True)
class Half:
    """One half-day: its value in a form, and whether the person's time is taken then."""

    value: str
    span: Span
    # What takes the time, as the page says it; empty when nothing does.
    taken: str


@dataclass(frozen=True)
class Day:
    """A working day with its half-days, morning first."""

    on: date
    halves: tuple[Half, ...]

    @property
    def name(self) -> str:
        """Return the day as the page calls it: Monday 30 November."""
        return f"{self.on:%A} {self.on.day} {self.on:%B}"


@dataclass(frozen=True)
class Week:
    """The working days of one week."""

    begins_on: date
    days: tuple[Day, ...]


def coming_weeks(work: Work, person_id: uuid.UUID) -> list[Week]:
    """Return the weeks from tomorrow on, with what is booked already; bank holidays are left out."""
    booked = coming_bookings(work, [person_id])[person_id]
    calendar = busy_times_of(work, [person_id]).get(person_id)
    settings = partnership(work)
    needed = timedelta(
        minutes=settings.preparation_minutes + settings.session_minutes + settings.debrief_minutes
    )
    busy = calendar.spans if calendar else []
    days = [
        Day(day, tuple(_half(_first(work), n, booked, busy, needed) for n in numbers))
        for day, numbers in _days(work)
        if is_working_day(day)
    ]
    return [
        Week(begins_on, tuple(in_week))
        for begins_on, in_week in groupby(days, key=lambda day: day.on - timedelta(days=day.on.weekday()))
    ]


def window(work: Work) -> Span:
    """Return the whole span that the page speaks of."""
    last = slot_count(_first(work), _last(work)) - 1
    return Span(slot_span(_first(work), 0).starts_at, slot_span(_first(work), last).ends_at)


def offered_values(work: Work, person_id: uuid.UUID, weeks: Iterable[Week]) -> list[str]:
    """Return the values of the half-days that somebody has offered as a whole."""
    spans = availability_of(work, person_id)
    halves = [half for week in weeks for day in week.days for half in day.halves]
    return [
        half.value
        for half in halves
        if free_in(half.span, spans, length=half.span.ends_at - half.span.starts_at)
    ]


def offered_count(work: Work, person_id: uuid.UUID) -> int:
    """Return how many half-days somebody has offered in the coming weeks."""
    return len(offered_values(work, person_id, coming_weeks(work, person_id)))


def _first(work: Work) -> date:
    return work.today + timedelta(days=1)


def _last(work: Work) -> date:
    return work.today + timedelta(weeks=WEEKS_AHEAD)


def _days(work: Work) -> list[tuple[date, list[int]]]:
    first = _first(work)
    numbers = range(slot_count(first, _last(work)))
    return [(day, list(of_day)) for day, of_day in groupby(numbers, key=lambda n: slot_day(first, n))]


def _half(
    first: date, number: int, booked: Iterable[Booked], busy: Iterable[Span], needed: timedelta
) -> Half:
    # The name does not depend on today, so that a page opened before midnight still means the same after it.
    span = slot_span(first, number)
    value = f"{slot_day(first, number).isoformat()}-{number % len(HALF_DAYS)}"
    kinds = {
        one.kind
        for one in booked
        if overlaps(span.starts_at, span.ends_at, one.span.starts_at, one.span.ends_at)
    }
    taken = "" if not kinds else "Away" if kinds == {BookingKind.LEAVE} else "Booked"
    if not taken and not free_in(span, without([span], busy), length=needed):
        taken = "Busy in your calendar"
    return Half(value, span, taken)
