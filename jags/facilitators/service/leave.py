"""Note the days on which a facilitator is away, and cancel them."""

import uuid
from datetime import date, timedelta

from sqlalchemy import select

from jags.facilitators.model import Booking
from jags.facilitators.policy import require_own_time
from jags.facilitators.queries import Booked, coming_bookings, get_facilitator
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked, Span
from jags.facilitators.service.time import book
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.ids import new_id
from jags.kernel.time import date_in_words, overlaps, start_of_day
from jags.kernel.work import Work

LONGEST_LEAVE = timedelta(days=730)


def note_leave(work: Work, person_id: uuid.UUID, *, from_on: date, to_on: date) -> Booking:
    """Note that somebody is away on London dates, both included: they are not asked for a session on these days.

    What is booked stays: raises `Invalid` with its day when a session or other leave lies in these days, for dates that are
    reversed or past, and for more than two years. Raises `NotAllowed` for somebody else's time.
    """
    require_own_time(work.actor, person_id)
    get_facilitator(work, person_id)
    if to_on < from_on:
        raise Invalid("Enter a last day that is on or after the first day.", field="to_on")
    if to_on < work.today:
        raise Invalid("Enter a last day that is today or to come.", field="to_on")
    if to_on - from_on > LONGEST_LEAVE:
        raise Invalid("Enter two years at most. Whoever is away for longer can be paused.", field="to_on")
    away = Span(start_of_day(from_on), start_of_day(to_on + timedelta(days=1)))
    try:
        booking = book(work, person_id, away.starts_at, away.ends_at, BookingKind.LEAVE, new_id())
    except FacilitatorAlreadyBooked:
        raise Invalid(_in_the_way(work, person_id, away), field="from_on") from None
    work.record("facilitator:leave_noted", person_id, days=(to_on - from_on).days + 1)
    return booking


def cancel_leave(work: Work, person_id: uuid.UUID, ref: uuid.UUID) -> None:
    """Cancel leave that was noted; raises `NotFound` when there is none, `NotAllowed` for somebody else's time."""
    require_own_time(work.actor, person_id)
    booking = work.session.scalar(
        select(Booking).where(
            Booking.person_id == person_id, Booking.ref == ref, Booking.kind == BookingKind.LEAVE
        )
    )
    if booking is None:
        raise NotFound("There is no such leave.")
    work.session.delete(booking)
    work.record("facilitator:leave_cancelled", person_id)


def _in_the_way(work: Work, person_id: uuid.UUID, away: Span) -> str:
    taken: list[Booked] = [
        one
        for one in coming_bookings(work, [person_id])[person_id]
        if overlaps(one.span.starts_at, one.span.ends_at, away.starts_at, away.ends_at)
    ]
    one = next((one for one in taken if one.kind is not BookingKind.LEAVE), None)
    if one is None:
        return "Leave is noted for some of these days already. Cancel it first, or enter other days."
    return f"Something is booked on {date_in_words(one.from_on)}. It stays: step back from it first, or enter other days."
