"""Read when facilitators are free, and what takes their time."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from jags.facilitators.model import Availability, Booking
from jags.facilitators.rules import (
    HALF_DAYS,
    Span,
    free_in,
    slot_count,
    slot_number,
    slot_span,
    without,
)
from jags.kernel.time import london_date
from jags.kernel.work import Work


def free_slots(
    work: Work, person_ids: Collection[uuid.UUID], *, first_day: date, last_day: date, minutes: int
) -> dict[uuid.UUID, frozenset[int] | None]:
    """Return the half-days between two dates in which each person has so many unbroken minutes free.

    Half-days are numbered from 0 on the morning of `first_day`. None stands for somebody who has recorded no
    availability from now on: they count as free, and are asked first.
    """
    offered = _spans(work, Availability, person_ids)
    taken = _spans(work, Booking, person_ids)
    windows = [slot_span(first_day, n) for n in range(slot_count(first_day, last_day))]
    found: dict[uuid.UUID, frozenset[int] | None] = {}
    for person_id in person_ids:
        free = without(offered[person_id], taken[person_id])
        found[person_id] = _slots_in(free, first_day, windows, minutes) if offered[person_id] else None
    return found


def availability_of(work: Work, person_id: uuid.UUID) -> list[Span]:
    """Return the spans that a person has offered and that have not ended, in order."""
    return _spans(work, Availability, [person_id])[person_id]


def bookings_of(work: Work, person_id: uuid.UUID) -> list[Span]:
    """Return the spans of a person's time that are taken and have not ended, in order."""
    return _spans(work, Booking, [person_id])[person_id]


def _spans(
    work: Work, table: type[Availability | Booking], person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Span]]:
    person: InstrumentedAttribute[uuid.UUID] = table.person_id
    rows = work.session.execute(
        select(person, table.starts_at, table.ends_at)
        .where(person.in_(person_ids), table.ends_at > work.now)
        .order_by(table.starts_at, table.id)
    )
    found: dict[uuid.UUID, list[Span]] = defaultdict(list)
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
