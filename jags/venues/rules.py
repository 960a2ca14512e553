"""Words and rules of places: what is known of one, and that it is booked once at a time."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from jags.kernel.errors import DomainError


class VenueAlreadyBooked(DomainError):
    """This place is booked at that time already. Choose another time or another place."""


@dataclass(frozen=True)
class VenueDetails:
    """What is known of a place; sealed. `notes` are for whoever goes there: parking, steps, whom to ask for."""

    name: str = ""
    address: str = ""
    notes: str = ""


@dataclass(frozen=True)
class VenueTime:
    """A place for a half-open span of time between two aware instants."""

    venue_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
