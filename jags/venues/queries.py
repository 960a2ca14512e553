"""Read the places in which people meet, and when they are taken."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from jags.kernel.errors import NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work
from jags.venues.model import Venue, VenueBooking
from jags.venues.rules import VenueDetails, VenueTime


@dataclass(frozen=True)
class VenueLine:
    """A place as a list shows it."""

    venue: Venue
    details: VenueDetails


def venues(work: Work, *, with_retired: bool = False) -> list[VenueLine]:
    """Return the places in the order of their names, by one query; without those that are not offered any more."""
    wanted = select(Venue, *KEY).join(DataKey, DataKey.id == Venue.key_id).order_by(Venue.id)
    if not with_retired:
        wanted = wanted.where(Venue.retired_at.is_(None))
    lines = []
    for row in work.session.execute(wanted):
        work.vault.remember(row)
        lines.append(VenueLine(row[0], details_of(work, row[0])))
    return sorted(lines, key=lambda line: (line.details.name.casefold(), line.venue.id))


def get_venue(work: Work, venue_id: uuid.UUID) -> Venue:
    """Return a place; raises `NotFound`."""
    venue = work.session.get(Venue, venue_id)
    if venue is None:
        raise NotFound("There is no such place.")
    return venue


def details_of(work: Work, venue: Venue) -> VenueDetails:
    """Open what is known of a place."""
    return work.vault.open(venue, "details", VenueDetails)


def coming_venue_bookings(work: Work, venue_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, VenueTime]]:
    """Return what is booked at places and has not ended, each with the reference of what it stands for, in order."""
    rows = work.session.execute(
        select(VenueBooking.ref, VenueBooking.venue_id, VenueBooking.starts_at, VenueBooking.ends_at)
        .where(VenueBooking.venue_id.in_(venue_ids), VenueBooking.ends_at > work.now)
        .order_by(VenueBooking.starts_at, VenueBooking.id)
    )
    return [(ref, VenueTime(venue_id, starts_at, ends_at)) for ref, venue_id, starts_at, ends_at in rows]
