"""Places, and when each is taken."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Identified, Sealable, Versioned


class Venue(Versioned, Sealable, Base):
    """A place in which one group can meet at a time: a room rather than a building; sealed under a key of its own."""

    __tablename__ = "venue"

    details_sealed: Mapped[bytes | None]
    # One name is one place, by keyed index.
    name_index: Mapped[bytes] = mapped_column(unique=True)
    locality: Mapped[str | None]
    # How many people it holds; None where nobody has said.
    seats: Mapped[int | None]
    step_free: Mapped[bool | None]
    # Since when it is not offered any more; what is booked there stays.
    retired_at: Mapped[datetime | None]


class VenueBooking(Identified, Base):
    """A span in which a place is taken; the database refuses two that overlap (migration 0012).

    `ref` is opaque, as that of a person's booking: the session or meeting that it stands for.
    """

    __tablename__ = "venue_booking"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_venue_booking_venue_id_starts_at", "venue_id", "starts_at"),
        Index("ix_venue_booking_ref", "ref"),
    )

    venue_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("venue.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ref: Mapped[uuid.UUID]
