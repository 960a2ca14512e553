"""Reflections, what may follow a session, observations of practice, and development logs."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type
from jags.quality.rules.afterwards import ConcernRoute
from jags.quality.rules.observation import ObservationState
from jags.scheduling.model import JagsSession


class FacilitatorReflection(Versioned, Sealable, Base):
    """A facilitator's reflection on a session: one sealed column for each circle of people who can open it."""

    __tablename__ = "facilitator_reflection"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    # The mark of the page that saved it last, and how often that page had been sent.
    page: Mapped[str] = mapped_column(default="", server_default="")
    reflection_sealed: Mapped[bytes | None]
    both_sealed: Mapped[bytes | None]
    unit_sealed: Mapped[bytes | None]
    pooled_sealed: Mapped[bytes | None]


_OPEN_CALL = text("made_on IS NULL")


class WishedCall(Versioned, Identified, Base):
    """A facilitator would like somebody to ring them: who does, by when, and that it was done. Never what about."""

    __tablename__ = "wished_call"
    __table_args__ = (
        Index(
            "ix_wished_call_session_id_person_id",
            "session_id",
            "person_id",
            unique=True,
            sqlite_where=_OPEN_CALL,
            postgresql_where=_OPEN_CALL,
        ),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    wished_at: Mapped[datetime]
    due_on: Mapped[date]
    caller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date | None]
    session: Mapped[JagsSession] = relationship()


class SurfacedConcern(Versioned, Sealable, Base):
    """A concern came up in a session: who takes it where and when, and that it was taken. Never what it is."""

    __tablename__ = "surfaced_concern"
    __table_args__ = (Index("ix_surfaced_concern_session_id", "session_id"),)

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"))
    noted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]
    route: Mapped[ConcernRoute] = mapped_column(enum_type(ConcernRoute))
    # By which London date it is to be taken there.
    taken_on: Mapped[date]
    taken_by_sealed: Mapped[bytes | None]
    confirmed_on: Mapped[date | None]
    session: Mapped[JagsSession] = relationship()


_LIVE = text("state <> 'called_off'")


class Observation(Versioned, Sealable, Base):
    """Somebody independent observes how a session is held; under the session's key. One that is not called off a session."""

    __tablename__ = "observation"
    __table_args__ = (
        Index(
            "ix_observation_session_id", "session_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index("ix_observation_observer_id", "observer_id"),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"))
    observer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ObservationState] = mapped_column(
        enum_type(ObservationState), default=ObservationState.PLANNED
    )
    planned_at: Mapped[datetime]
    shared_on: Mapped[date | None]
    notes_sealed: Mapped[bytes | None]
    session: Mapped[JagsSession] = relationship()
    agreements: Mapped[list["ObservationAgreement"]] = relationship(
        cascade="all, delete-orphan", order_by="ObservationAgreement.person_id"
    )
    told: Mapped[list["ObservationTold"]] = relationship(
        cascade="all, delete-orphan", order_by="ObservationTold.member_id"
    )

    @property
    def waits_for(self) -> frozenset[uuid.UUID]:
        """Return the facilitators of the session who have not agreed yet."""
        holding = {one.person_id for one in self.session.facilitators}
        return frozenset(holding - {one.person_id for one in self.agreements})

    @property
    def agreed(self) -> bool:
        """Tell whether both facilitators, as they are now, have agreed."""
        return bool(self.session.facilitators) and not self.waits_for


class ObservationAgreement(Base):
    """A facilitator agrees to be observed."""

    __tablename__ = "observation_agreement"

    observation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    agreed_on: Mapped[date]


class ObservationTold(Base):
    """Somebody without an e-mail address was told of an observation by telephone."""

    __tablename__ = "observation_told"

    observation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("network_member.id"), primary_key=True)
    told_on: Mapped[date]


class DevelopmentEntry(Versioned, Sealable, Base):
    """An entry of a facilitator's development log, sealed under the person's own key; it is theirs alone."""

    __tablename__ = "development_entry"
    __table_args__ = (Index("ix_development_entry_person_id", "person_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"))
    on: Mapped[date]
    entry_sealed: Mapped[bytes | None]
