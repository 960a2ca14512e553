"""Words and rules of the pool: status, bookings, quarters, half-days and training that is valid on a day."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from jags.kernel.errors import DomainError
from jags.kernel.time import from_wall, overlaps


class FacilitatorStatus(StrEnum):
    """Whether a facilitator is asked."""

    ACTIVE = "active"
    PAUSED = "paused"
    NOT_AT_THE_MOMENT = "not_at_the_moment"
    LEFT = "left"


class BookingKind(StrEnum):
    """What a person's time is taken by."""

    SESSION = "session"
    NETWORK_MEETING = "network_meeting"
    TRAINING = "training"
    LEAVE = "leave"


class FacilitatorAlreadyBooked(DomainError):
    """One of the facilitators is booked at that time already. Choose another time."""


@dataclass(frozen=True)
class Themes:
    """What somebody would rather not facilitate for now, in their own words; sealed."""

    text: str = ""


@dataclass(frozen=True)
class TrainingRecord:
    """One course of a facilitator."""

    trained_on: date
    refresher_due_on: date | None


@dataclass(frozen=True)
class TrainingTerms:
    """What a partnership asks of training: days of grace after a refresher is due, and months until it is (0: none)."""

    grace_days: int = 0
    refresher_months: int = 0


DEFAULT_TERMS = TrainingTerms()


@dataclass(frozen=True)
class Pattern:
    """Half-days that repeat: `halves` are numbered from 0 on the morning of `begins_on`, two a day, within the cycle."""

    cycle_days: int
    begins_on: date
    halves: frozenset[int]
    term_time_only: bool = False


@dataclass(frozen=True, order=True)
class Span:
    """A half-open span of time between two aware instants."""

    starts_at: datetime
    ends_at: datetime


# From so many sessions given on, nobody is a newcomer any more.
NEWCOMER_UNTIL = 2
# So many weeks ahead facilitators say when they are free.
WEEKS_AHEAD = 8
# A pattern of availability repeats after so many days at most.
CYCLE_MOST = 56
# A half-day is offered as a whole; the wall times are London's.
HALF_DAYS = ((time(9), time(13)), (time(13), time(17)))


def refresher_due(record: TrainingRecord, terms: TrainingTerms) -> date | None:
    """Return when a refresher is due after a course: the date that is recorded, or by the partnership's interval."""
    if record.refresher_due_on is not None or not terms.refresher_months:
        return record.refresher_due_on
    years, month = divmod(record.trained_on.month - 1 + terms.refresher_months, 12)
    year = record.trained_on.year + years
    # A day that the month does not have is its last one.
    return date(year, month + 1, min(record.trained_on.day, monthrange(year, month + 1)[1]))


def counts_since(on: date, terms: TrainingTerms) -> date | None:
    """Return the earliest day of a course without a recorded refresher date that is valid on a day; None: however old.

    It is `refresher_due` the other way round, for a question to the database about a whole pool.
    """
    if not terms.refresher_months:
        return None
    due = on - timedelta(days=terms.grace_days)
    years, month = divmod(due.month - 1 - terms.refresher_months, 12)
    year = due.year + years
    if due.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, due.day)
    # A course of the last day of so short a month was due earlier: only the next month's count.
    return date(year, month + 1, monthrange(year, month + 1)[1]) + timedelta(days=1)


def is_current(records: Iterable[TrainingRecord], on: date, terms: TrainingTerms = DEFAULT_TERMS) -> bool:
    """Tell whether training is valid on a day (docs/glossary.md, "current").

    Without a training date a person is not current; without a refresher date training does not lapse.
    """
    return any(r.trained_on <= on <= _last_day(r, terms) for r in records)


def last_valid_day(records: Iterable[TrainingRecord], terms: TrainingTerms = DEFAULT_TERMS) -> date | None:
    """Return the last day on which any of the training is valid; None where it does not lapse, or there is none."""
    last = max((_last_day(r, terms) for r in records), default=date.max)
    return None if last == date.max else last


def _last_day(record: TrainingRecord, terms: TrainingTerms) -> date:
    due = refresher_due(record, terms)
    return date.max if due is None else due + timedelta(days=terms.grace_days)


def quarter_of(day: date) -> tuple[date, date]:
    """Return the first day of a date's calendar quarter and the first day of the next."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    following = date(first.year + 1, 1, 1) if first.month == 10 else date(first.year, first.month + 3, 1)  # noqa: PLR2004 - October opens the last quarter.
    return first, following


def quarter_in_words(day: date) -> str:
    """Say the calendar quarter of a date, such as "January to March 2026"."""
    first, following = quarter_of(day)
    return f"{first:%B} to {following - timedelta(days=1):%B} {first.year}"


def entitlement(can_give: int, *, given: int, newcomers: int) -> int:
    """Return for how many sessions a quarter somebody may be asked.

    `can_give` is what they can give. Who has given fewer than two sessions is a newcomer, and is asked for `newcomers` at
    most, where that is not 0.
    """
    is_newcomer = newcomers > 0 and given < NEWCOMER_UNTIL
    return min(can_give, newcomers) if is_newcomer else can_give


def slot_number(first_day: date, day: date) -> int:
    """Return the number of the first half-day of a date; below 0 for dates before `first_day`."""
    return (day - first_day).days * len(HALF_DAYS)


def slot_day(first_day: date, number: int) -> date:
    """Return the date of a half-day, numbered from 0 on the morning of `first_day`, two a day."""
    return first_day + timedelta(days=number // len(HALF_DAYS))


def slot_span(first_day: date, number: int) -> Span:
    """Return when a numbered half-day begins and ends."""
    day = slot_day(first_day, number)
    starts, ends = HALF_DAYS[number % len(HALF_DAYS)]
    return Span(from_wall(datetime.combine(day, starts)), from_wall(datetime.combine(day, ends)))


def slot_count(first_day: date, last_day: date) -> int:
    """Return how many half-days lie between two dates, both included."""
    return max(0, (last_day - first_day).days + 1) * len(HALF_DAYS)


def pattern_spans(
    pattern: Pattern,
    first_day: date,
    last_day: date,
    *,
    is_working_day: Callable[[date], bool],
    holidays: Iterable[tuple[date, date]],
) -> list[Span]:
    """Return the half-days of a pattern between two dates, both included.

    Nobody is asked on what is no working day, so it is left out; so are school `holidays` (first and last day) where the
    pattern is for term time only.
    """
    closed = list(holidays) if pattern.term_time_only else []
    spans = []
    for n in range(slot_count(first_day, last_day)):
        day = slot_day(first_day, n)
        in_cycle = (day - pattern.begins_on).days % pattern.cycle_days * len(HALF_DAYS) + n % len(HALF_DAYS)
        if in_cycle in pattern.halves and is_working_day(day) and not any(a <= day <= b for a, b in closed):
            spans.append(slot_span(first_day, n))
    return spans


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, with those that touch or overlap joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.starts_at <= joined[-1].ends_at:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].ends_at, span.ends_at))
        else:
            joined.append(span)
    return joined


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return what is left of the spans when other spans are taken out of them."""
    left = merged(spans)
    for gap in taken:
        rest: list[Span] = []
        for span in left:
            if not overlaps(span.starts_at, span.ends_at, gap.starts_at, gap.ends_at):
                rest.append(span)
                continue
            if span.starts_at < gap.starts_at:
                rest.append(Span(span.starts_at, gap.starts_at))
            if gap.ends_at < span.ends_at:
                rest.append(Span(gap.ends_at, span.ends_at))
        left = rest
    return left


def free_in(window: Span, free: Iterable[Span], *, length: timedelta) -> bool:
    """Tell whether some free span leaves an unbroken stretch of a length inside a window."""
    return any(
        min(span.ends_at, window.ends_at) - max(span.starts_at, window.starts_at) >= length for span in free
    )
