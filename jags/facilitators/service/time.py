"""Keep what a facilitator offers, and take their time for what is booked."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from jags.accounts.queries import names_of
from jags.facilitators.model import Availability, Booking, Facilitator
from jags.facilitators.policy import require_own_time
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked, Span, merged, without
from jags.kernel.errors import NotFound
from jags.kernel.time import day_in_words, london_date, span_in_words
from jags.kernel.work import Work
from jags.venues.rules import VenueTime
from jags.venues.service import occupy_venue, release_venue


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


def occupy(
    work: Work,
    ref: uuid.UUID,
    *,
    kind: BookingKind,
    time: Span,
    person_ids: Iterable[uuid.UUID],
    venue: VenueTime | None = None,
) -> None:
    """Take people's time, and a place, for what `ref` stands for, instead of what was taken for it before.

    For sessions, network meetings and training alike; the caller has checked whether the actor may. What is taken includes
    everything around the meeting that keeps people from being elsewhere. The database refuses overlaps, also between two
    that book at once: raises `FacilitatorAlreadyBooked` or `VenueAlreadyBooked`, each naming who or what is taken and when.
    """
    people = sorted(set(person_ids))
    heavy = set(
        work.session.scalars(
            select(Booking.person_id).where(Booking.ref == ref, Booking.heavy.is_(True))
        ).all()
    )
    hold_people(work, people)
    release(work, ref)
    for person_id in people:
        booking = book(work, person_id, time.starts_at, time.ends_at, kind, ref)
        booking.heavy = person_id in heavy
    if venue is not None:
        occupy_venue(work, ref, venue)


def release(work: Work, ref: uuid.UUID, *, person_id: uuid.UUID | None = None) -> int:
    """Give back what was taken for `ref`: the time of everybody and the place, or one person's time alone.

    Return how many people's time it was.
    """
    gone = delete(Booking).where(Booking.ref == ref)
    if person_id is not None:
        gone = gone.where(Booking.person_id == person_id)
    else:
        release_venue(work, ref)
    result = work.session.execute(gone)
    return int(result.rowcount)  # type: ignore[attr-defined] # A DELETE gives a cursor result.


def hold_people(work: Work, person_ids: Iterable[uuid.UUID]) -> None:
    """Let nobody else book these people until this unit of work has ended.

    Who releases and takes several spans holds everybody first, in one order, so that two bookers never wait for each other.
    """
    work.session.execute(
        select(Facilitator.person_id)
        .where(Facilitator.person_id.in_(list(person_ids)))
        .order_by(Facilitator.person_id)
        .with_for_update(key_share=True)
    ).all()


def book(
    work: Work,
    person_id: uuid.UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: BookingKind,
    ref: uuid.UUID,
) -> Booking:
    """Take one span of one person's time for what `ref` stands for; the caller has checked whether the actor may.

    Raises `FacilitatorAlreadyBooked`, with the name and the span that is in the way.
    """
    booking = Booking(person_id=person_id, starts_at=starts_at, ends_at=ends_at, kind=kind, ref=ref)
    try:
        with work.session.begin_nested():
            work.session.add(booking)
            work.session.flush()
    except IntegrityError:
        taken = _in_the_way(work, person_id, Span(starts_at, ends_at))
        if taken is None:
            raise
        raise FacilitatorAlreadyBooked(_already_booked(work, taken)) from None
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


def _in_the_way(work: Work, person_id: uuid.UUID, span: Span) -> Booking | None:
    return work.session.scalar(
        select(Booking)
        .where(
            Booking.person_id == person_id,
            Booking.starts_at < span.ends_at,
            Booking.ends_at > span.starts_at,
        )
        .order_by(Booking.starts_at)
        .limit(1)
    )


def _already_booked(work: Work, taken: Booking) -> str:
    """Say who is taken and when, but not by what: a coordinator may not see every request."""
    name = names_of(work, [taken.person_id])[taken.person_id]
    if taken.kind is BookingKind.LEAVE:
        last = london_date(taken.ends_at - timedelta(microseconds=1))
        return f"{name} is away until {day_in_words(last)}. Choose another time, or ask them."
    return f"{name} is booked already, {span_in_words(taken.starts_at, taken.ends_at)}. Choose another time."
