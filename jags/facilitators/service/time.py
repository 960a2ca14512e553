"""Keep what a facilitator offers, and take their time for what is booked."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from jags.facilitators.model import Availability, Booking
from jags.facilitators.policy import require_own_time
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked, Span, merged, without
from jags.kernel.errors import NotFound
from jags.kernel.work import Work


def give_availability(
    work: Work, person_id: uuid.UUID, spans: Iterable[Span], *, replacing: Span | None = None
) -> None:
    """Keep the spans that a facilitator offers, in place of all that they offered inside `replacing`.

    Without `replacing`, everything from now on is replaced. Spans that touch become one; nothing is kept outside
    `replacing`. Raises `NotAllowed` for somebody else's time.
    """
    require_own_time(work.actor, person_id)
    facilitator = get_facilitator(work, person_id)
    window = replacing or Span(work.now, datetime.max.replace(tzinfo=work.now.tzinfo))
    rows = work.session.scalars(
        select(Availability)
        .where(
            Availability.person_id == facilitator.person_id,
            Availability.ends_at > window.starts_at,
            Availability.starts_at < window.ends_at,
        )
        .order_by(Availability.starts_at, Availability.id)
    ).all()
    outside = without([Span(row.starts_at, row.ends_at) for row in rows], [window])
    for row in rows:
        work.session.delete(row)
    inside = [
        Span(max(span.starts_at, window.starts_at), min(span.ends_at, window.ends_at))
        for span in spans
        if span.starts_at < window.ends_at and span.ends_at > window.starts_at
    ]
    for span in merged([*outside, *inside]):
        work.session.add(Availability(person_id=person_id, starts_at=span.starts_at, ends_at=span.ends_at))
    work.session.flush()
    work.record("facilitator:availability_given", person_id, slots=len(inside))


def book(
    work: Work,
    person_id: uuid.UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: BookingKind,
    ref: uuid.UUID,
) -> Booking:
    """Take a span of a facilitator's time for what `ref` stands for; the caller has checked whether the actor may.

    The database refuses overlaps, also between two that book at once. People of one session are booked in the order of
    their ids, so that two bookers never wait for each other. Raises `FacilitatorAlreadyBooked`.
    """
    booking = Booking(person_id=person_id, starts_at=starts_at, ends_at=ends_at, kind=kind, ref=ref)
    try:
        with work.session.begin_nested():
            work.session.add(booking)
            work.session.flush()
    except IntegrityError:
        if _is_taken(work, person_id, Span(starts_at, ends_at)):
            raise FacilitatorAlreadyBooked from None
        raise
    return booking


def mark_heavy(work: Work, person_id: uuid.UUID, ref: uuid.UUID, *, heavy: bool) -> None:
    """Say whether a session was heavy for a facilitator, who is then offered nothing new for some days.

    Raises `NotFound` when they have not booked it, `NotAllowed` unless it is their own or the actor looks after the pool.
    """
    require_own_time(work.actor, person_id)
    booking = work.session.scalar(
        select(Booking).where(
            Booking.person_id == person_id, Booking.ref == ref, Booking.kind == BookingKind.SESSION
        )
    )
    if booking is None:
        raise NotFound("This session is not booked for this facilitator.")
    if booking.heavy is not heavy:
        booking.heavy = heavy
        work.record("facilitator:heavy_marked", person_id, session=str(ref), heavy=heavy)


def unbook(work: Work, ref: uuid.UUID, *, person_id: uuid.UUID | None = None) -> int:
    """Give back the time that was taken for `ref`, of everybody or of one person; return how many bookings."""
    gone = delete(Booking).where(Booking.ref == ref)
    if person_id is not None:
        gone = gone.where(Booking.person_id == person_id)
    result = work.session.execute(gone)
    return int(result.rowcount)  # type: ignore[attr-defined] # A DELETE gives a cursor result.


def _is_taken(work: Work, person_id: uuid.UUID, span: Span) -> bool:
    return (
        work.session.scalar(
            select(Booking.id)
            .where(
                Booking.person_id == person_id,
                Booking.starts_at < span.ends_at,
                Booking.ends_at > span.starts_at,
            )
            .limit(1)
        )
        is not None
    )
