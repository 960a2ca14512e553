"""Read when facilitators are free, and what takes their time."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from jags.facilitators.model import Availability, AvailabilityPattern, Booking, Facilitator
from jags.facilitators.queries.calendar import busy_times_of
from jags.facilitators.rules import (
    HALF_DAYS,
    BookingKind,
    FacilitatorStatus,
    Span,
    free_in,
    merged,
    slot_count,
    slot_day,
    slot_number,
    slot_span,
    without,
)
from jags.kernel.time import london_date, overlaps, start_of_day
from jags.kernel.work import Work

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Booked:
    """A span of somebody's time that is taken; leave is whole London days."""

    kind: BookingKind
    ref: uuid.UUID
    span: Span

    @property
    def from_on(self) -> date:
        """Return the first day."""
        return london_date(self.span.starts_at)

    @property
    def to_on(self) -> date:
        """Return the last day."""
        return london_date(self.span.ends_at - timedelta(microseconds=1))


@dataclass(frozen=True)
class FreeTime:
    """The half-days in which somebody is free, numbered from 0 on the morning of a first day.

    Who has `recorded` no availability from now on counts as free on every working day on which nothing is known to take
    their time, and is asked first.
    """

    slots: frozenset[int]
    recorded: bool


def free_time(
    work: Work,
    person_ids: Collection[uuid.UUID],
    *,
    first_day: date,
    last_day: date,
    minutes: int,
    is_working_day: Callable[[date], bool],
) -> dict[uuid.UUID, FreeTime]:
    """Return the half-days between two dates in which each person has so many unbroken minutes free, by three queries.

    Offered are the half-days that they have given. Where they have given none, their calendar offers every half-day of a
    working day as far as it was read; without a calendar, nothing is recorded. What is booked, and what the calendar says
    is taken, is free in no case.
    """
    offered = _offered(work, person_ids)
    booked = coming_bookings(work, person_ids)
    busy = busy_times_of(work, person_ids)
    windows = [slot_span(first_day, n) for n in range(slot_count(first_day, last_day))]
    working = [n for n in range(len(windows)) if is_working_day(slot_day(first_day, n))]
    found: dict[uuid.UUID, FreeTime] = {}
    for person_id in person_ids:
        given, calendar = offered[person_id], busy.get(person_id)
        # A calendar that was read no further than before these days says nothing of them.
        reaches = calendar is not None and calendar.until >= first_day
        if not given:
            last = slot_number(first_day, calendar.until + _DAY) if calendar and reaches else len(windows)
            given = [windows[n] for n in working if n < last]
        taken = [*(one.span for one in booked[person_id]), *(calendar.spans if calendar else ())]
        slots = _slots_in(without(given, taken), first_day, windows, minutes)
        found[person_id] = FreeTime(slots, recorded=bool(offered[person_id]) or reaches)
    return found


@dataclass(frozen=True)
class KnownTime:
    """What is known of one person's time to come: what they offer, what takes it, and how far their calendar was read."""

    offered: tuple[Span, ...]
    taken: tuple[Span, ...]
    read_until: date | None = None

    def is_free(self, span: Span) -> bool | None:
        """Tell whether they are free in a span of time; None where they have recorded no availability and nothing else then."""
        if self.is_taken(span):
            return False
        if self.offered:
            return free_in(span, self.offered, length=span.ends_at - span.starts_at)
        return True if self.read_until and london_date(span.starts_at) <= self.read_until else None

    def is_taken(self, span: Span) -> bool:
        """Tell whether something is known to take some of a span of time."""
        return any(overlaps(span.starts_at, span.ends_at, one.starts_at, one.ends_at) for one in self.taken)

    def near(self, day: date) -> "KnownTime":
        """Return the same of a London date alone, so that many questions about one day are cheap."""
        first, last = start_of_day(day - _DAY), start_of_day(day + 2 * _DAY)
        offered = tuple(s for s in self.offered if overlaps(s.starts_at, s.ends_at, first, last))
        return KnownTime(
            # Whoever offers something, and nothing near that day, is not free on it.
            offered or self.offered[:1],
            tuple(s for s in self.taken if overlaps(s.starts_at, s.ends_at, first, last)),
            self.read_until,
        )


def known_time(work: Work, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, KnownTime]:
    """Return what is known of people's time to come, by three queries."""
    offered, booked = _offered(work, person_ids), coming_bookings(work, person_ids)
    busy = busy_times_of(work, person_ids)
    return {
        person_id: KnownTime(
            tuple(merged(offered[person_id])),
            (*(one.span for one in booked[person_id]), *(busy[person_id].spans if person_id in busy else ())),
            busy[person_id].until if person_id in busy else None,
        )
        for person_id in person_ids
    }


def free_at(work: Work, person_ids: Collection[uuid.UUID], span: Span) -> dict[uuid.UUID, bool | None]:
    """Tell who is free in a span of time, by three queries; None for who has recorded no availability and nothing else then."""
    return {person_id: known.is_free(span) for person_id, known in known_time(work, person_ids).items()}


def coming_bookings(
    work: Work, person_ids: Collection[uuid.UUID] | None = None, *, within: Span | None = None
) -> defaultdict[uuid.UUID, list[Booked]]:
    """Return what is booked and has not ended, in order, by person, by one query.

    Of some people or of everybody; where a span is given, only what takes some of it.
    """
    wanted = (
        select(Booking.person_id, Booking.kind, Booking.ref, Booking.starts_at, Booking.ends_at)
        .where(Booking.ends_at > work.now)
        .order_by(Booking.starts_at, Booking.id)
    )
    if person_ids is not None:
        wanted = wanted.where(Booking.person_id.in_(person_ids))
    if within is not None:
        wanted = wanted.where(Booking.ends_at > within.starts_at, Booking.starts_at < within.ends_at)
    found: defaultdict[uuid.UUID, list[Booked]] = defaultdict(list)
    for person_id, kind, ref, starts_at, ends_at in work.session.execute(wanted):
        found[person_id].append(Booked(kind, ref, Span(starts_at, ends_at)))
    return found


def find_pattern(work: Work, person_id: uuid.UUID) -> AvailabilityPattern | None:
    """Return the pattern by which somebody offers half-days, if there is one."""
    return work.session.get(AvailabilityPattern, person_id)


def patterns_to_extend(work: Work, *, last_day: date) -> Sequence[AvailabilityPattern]:
    """Return the patterns of who is in the pool that are not filled up to a day."""
    return work.session.scalars(
        select(AvailabilityPattern)
        .join(Facilitator, Facilitator.person_id == AvailabilityPattern.person_id)
        .where(Facilitator.status != FacilitatorStatus.LEFT, AvailabilityPattern.filled_until < last_day)
        .order_by(AvailabilityPattern.person_id)
    ).all()


def heavy_marks(work: Work, ref: uuid.UUID) -> dict[uuid.UUID, bool]:
    """Return for everybody who has booked a session whether it was marked as heavy for them."""
    return dict(
        work.session.execute(
            select(Booking.person_id, Booking.heavy)
            .where(Booking.ref == ref, Booking.kind == BookingKind.SESSION)
            .order_by(Booking.person_id)
        ).all()
    )


def availability_of(work: Work, person_id: uuid.UUID) -> list[Span]:
    """Return the spans that a person has offered and that have not ended, in order."""
    return _offered(work, [person_id])[person_id]


def _offered(work: Work, person_ids: Collection[uuid.UUID]) -> defaultdict[uuid.UUID, list[Span]]:
    rows = work.session.execute(
        select(Availability.person_id, Availability.starts_at, Availability.ends_at)
        .where(Availability.person_id.in_(person_ids), Availability.ends_at > work.now)
        .order_by(Availability.starts_at, Availability.id)
    )
    found: defaultdict[uuid.UUID, list[Span]] = defaultdict(list)
    for person_id, starts_at, ends_at in rows:
        found[person_id].append(Span(starts_at, ends_at))
    return found


def _slots_in(free: Iterable[Span], first_day: date, windows: Sequence[Span], minutes: int) -> frozenset[int]:
    length = timedelta(minutes=minutes)
    slots: set[int] = set()
    for span in free:
        # Only the half-days of the days that a span touches are looked at.
        first = slot_number(first_day, london_date(span.starts_at))
        last = slot_number(first_day, london_date(span.ends_at)) + len(HALF_DAYS)
        for number in range(max(0, first), min(last, len(windows))):
            if free_in(windows[number], [span], length=length):
                slots.add(number)
    return frozenset(slots)
