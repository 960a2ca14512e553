"""The pool's tables, and a person's time in one place: availability and bookings."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.model import Person
from jags.facilitators.rules import (
    BookingKind,
    FacilitatorStatus,
    Pattern,
    TrainingRecord,
    TrainingTerms,
    is_current,
)
from jags.facilitators.rules.calendar import CalendarProblem
from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type


class Facilitator(Versioned, Base):
    """A trained practitioner in the pool; the person carries name, agency and team."""

    __tablename__ = "facilitator"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    status: Mapped[FacilitatorStatus] = mapped_column(
        enum_type(FacilitatorStatus), default=FacilitatorStatus.ACTIVE
    )
    sessions_per_quarter: Mapped[int] = mapped_column(default=1)
    transitional_training: Mapped[bool] = mapped_column(default=False)
    last_observed_on: Mapped[date | None]
    joined_on: Mapped[date]
    # The last valid day of training of which they were told by mail that it comes near.
    lapse_told_for: Mapped[date | None]
    person: Mapped[Person] = relationship()
    training: Mapped[list["Training"]] = relationship(
        back_populates="facilitator", cascade="all, delete-orphan", order_by="Training.trained_on"
    )
    localities: Mapped[list["FacilitatorLocality"]] = relationship(
        cascade="all, delete-orphan", order_by="FacilitatorLocality.locality"
    )

    @property
    def records(self) -> tuple[TrainingRecord, ...]:
        """Return the courses as the rules judge them."""
        return tuple(one.record for one in self.training)

    def current_on(self, day: date, terms: TrainingTerms) -> bool:
        """Tell whether the training is valid on a day."""
        return is_current(self.records, day, terms)


class Training(Identified, Base):
    """A course that a facilitator has done."""

    __tablename__ = "training"

    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), index=True)
    course: Mapped[str] = mapped_column(default="")
    trained_on: Mapped[date]
    refresher_due_on: Mapped[date | None]
    # Opaque: the training event at which attendance was recorded.
    gathering_ref: Mapped[uuid.UUID | None]
    facilitator: Mapped[Facilitator] = relationship(back_populates="training")

    @property
    def record(self) -> TrainingRecord:
        """Return the course as the rules judge it."""
        return TrainingRecord(self.trained_on, self.refresher_due_on)


class FacilitatorLocality(Base):
    """A locality in which a facilitator works."""

    __tablename__ = "facilitator_locality"

    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), primary_key=True)
    locality: Mapped[str] = mapped_column(primary_key=True)


class ThemesToAvoid(Versioned, Sealable, Base):
    """What somebody would rather not facilitate for now; sealed under a key of its own, for the coordinator only."""

    __tablename__ = "themes_to_avoid"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), unique=True)
    themes_sealed: Mapped[bytes | None]
    noted_at: Mapped[datetime]


class Availability(Identified, Base):
    """A span that a facilitator has offered."""

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_availability_person_id_starts_at", "person_id", "starts_at"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class AvailabilityPattern(Versioned, Base):
    """Half-days that somebody offers again and again: a cycle of days that fills the coming weeks, each day once."""

    __tablename__ = "availability_pattern"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), primary_key=True)
    cycle_days: Mapped[int]
    # The first day of a cycle.
    begins_on: Mapped[date]
    # Half-days by their number in the cycle, two a day, with spaces between them.
    halves: Mapped[str]
    term_time_only: Mapped[bool]
    # The last day that was filled; what is changed by hand up to it stays.
    filled_until: Mapped[date]

    @property
    def pattern(self) -> Pattern:
        """Return the pattern as the rules read it."""
        numbers = frozenset(int(number) for number in self.halves.split())
        return Pattern(self.cycle_days, self.begins_on, numbers, self.term_time_only)


class CalendarAddress(Sealable, Base):
    """Where somebody's own calendar lies, sealed under the person's key, and how the last readings went."""

    __tablename__ = "calendar_address"
    __table_args__ = (Index("ix_calendar_address_due_at", "due_at"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), unique=True)
    address_sealed: Mapped[bytes | None]
    due_at: Mapped[datetime]
    # Who reads it now; what another reader brings back does not count.
    claim: Mapped[uuid.UUID | None]
    claimed_until: Mapped[datetime | None]
    # The last reading that went well, the last day that it covers, and how many entries it could not understand.
    read_at: Mapped[datetime | None]
    read_until: Mapped[date | None]
    left_out: Mapped[int] = mapped_column(default=0)
    # What was wrong with the last reading, and since when it is.
    problem: Mapped[CalendarProblem | None] = mapped_column(enum_type(CalendarProblem))
    problem_since: Mapped[datetime | None]


class BusyTime(Identified, Base):
    """A span in which somebody's own calendar says that they are busy, and nothing else of it."""

    __tablename__ = "busy_time"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_busy_time_person_id_ends_at", "person_id", "ends_at"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Booking(Identified, Base):
    """A span of a person's time that is taken; the database refuses two that overlap (migration 0001).

    `ref` is opaque: the session, meeting or leave that it stands for. A booking that no longer holds is deleted.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_booking_person_id_starts_at", "person_id", "starts_at"),
        Index("ix_booking_ref", "ref"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[BookingKind] = mapped_column(enum_type(BookingKind))
    ref: Mapped[uuid.UUID]
    # A session that was heavy for this person: they are left in peace for some days.
    heavy: Mapped[bool] = mapped_column(default=False, server_default=false())
