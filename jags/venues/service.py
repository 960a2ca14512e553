"""Verbs on places: add, change, retire, and take one for a span of time."""

import uuid

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from jags.accounts.rules import spelling
from jags.kernel.errors import Invalid
from jags.kernel.time import span_in_words
from jags.kernel.work import Work
from jags.settings.queries import partnership
from jags.venues.model import Venue, VenueBooking
from jags.venues.policy import require_venues
from jags.venues.queries import details_of, get_venue
from jags.venues.rules import VenueAlreadyBooked, VenueDetails, VenueTime

SEATS_MOST = 1000


def add_venue(
    work: Work,
    *,
    details: VenueDetails,
    locality: str | None = None,
    seats: int | None = None,
    step_free: bool | None = None,
) -> Venue:
    """Add a place; raises `Invalid` without a name, for a name that is known already, or an odd number of seats."""
    require_venues(work.actor)
    venue = Venue(key_id=work.vault.new_key(), version=1)
    _describe(work, venue, details=details, locality=locality, seats=seats, step_free=step_free)
    work.session.add(venue)
    work.session.flush()
    work.record("venue:added", venue.id)
    return venue


def change_venue(
    work: Work,
    venue_id: uuid.UUID,
    *,
    details: VenueDetails,
    locality: str | None = None,
    seats: int | None = None,
    step_free: bool | None = None,
    retired: bool = False,
    version: int,
) -> Venue:
    """Change what is known of a place, or offer it no longer; what is booked there stays. Raises as `add_venue`, or `Stale`."""
    require_venues(work.actor)
    venue = get_venue(work, venue_id)
    venue.expect(version)
    _describe(work, venue, details=details, locality=locality, seats=seats, step_free=step_free)
    if retired != (venue.retired_at is not None):
        venue.retired_at = work.now if retired else None
    work.record("venue:changed", venue.id, retired=retired)
    return venue


def occupy_venue(work: Work, ref: uuid.UUID, time: VenueTime) -> None:
    """Take a place for what `ref` stands for; the caller has checked whether the actor may.

    The database refuses overlaps, also between two that book at once. Raises `VenueAlreadyBooked`, `NotFound`.
    """
    venue = get_venue(work, time.venue_id)
    booking = VenueBooking(venue_id=venue.id, starts_at=time.starts_at, ends_at=time.ends_at, ref=ref)
    try:
        with work.session.begin_nested():
            work.session.add(booking)
            work.session.flush()
    except IntegrityError:
        taken = work.session.scalar(
            select(VenueBooking)
            .where(
                VenueBooking.venue_id == venue.id,
                VenueBooking.starts_at < time.ends_at,
                VenueBooking.ends_at > time.starts_at,
            )
            .order_by(VenueBooking.starts_at)
            .limit(1)
        )
        if taken is None:
            raise
        name = details_of(work, venue).name
        raise VenueAlreadyBooked(
            f"{name} is booked already, {span_in_words(taken.starts_at, taken.ends_at)}. "
            "Choose another time or another place."
        ) from None


def release_venue(work: Work, ref: uuid.UUID) -> int:
    """Give back the places that were taken for `ref`; return how many."""
    result = work.session.execute(delete(VenueBooking).where(VenueBooking.ref == ref))
    return int(result.rowcount)  # type: ignore[attr-defined] # A DELETE gives a cursor result.


def _describe(
    work: Work,
    venue: Venue,
    *,
    details: VenueDetails,
    locality: str | None,
    seats: int | None,
    step_free: bool | None,
) -> None:
    if not details.name:
        raise Invalid("Enter the name of the place.", field="name")
    if seats is not None and not 1 <= seats <= SEATS_MOST:
        raise Invalid(f"Enter a number of seats from 1 to {SEATS_MOST}.", field="seats")
    if locality is not None and locality not in partnership(work).localities:
        raise Invalid("Select a locality of the list.", field="locality")
    index = work.vault.blind_index("venue", spelling(details.name))
    with work.session.no_autoflush:
        same = work.session.scalar(
            select(Venue.id).where(Venue.name_index == index, Venue.id != venue.id).limit(1)
        )
    if same is not None:
        raise Invalid("There is a place of this name already. Name the room, too.", field="name")
    venue.name_index, venue.locality, venue.seats, venue.step_free = index, locality, seats, step_free
    work.vault.seal(venue, "details", details)
