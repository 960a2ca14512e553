"""Sessions, who holds and who attends them, and what was recorded by agency."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, and_, false, true
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.model import Agency
from jags.kernel.base import Base, Identified, Sealable, Versioned, WallDateTime, enum_type
from jags.requests.model import NetworkMember, Request
from jags.scheduling.rules import (
    ApologyReason,
    Attendance,
    CalendarReply,
    KeptToApproach,
    SessionFormat,
    SessionState,
)


class JagsSession(Versioned, Sealable, Base):
    """A date of a request. Instant, wall time and zone are all kept: wall time wins if the zone's rules change."""

    __tablename__ = "jags_session"
    __table_args__ = (
        Index("ix_jags_session_request_id", "request_id"),
        Index("ix_jags_session_state_starts_at", "state", "starts_at"),
    )

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    state: Mapped[SessionState] = mapped_column(enum_type(SessionState), default=SessionState.SCHEDULED)
    starts_at: Mapped[datetime]
    wall_start: Mapped[datetime] = mapped_column(WallDateTime())
    zone: Mapped[str] = mapped_column(default="Europe/London")
    # Where the clocks go back, one hour happens twice: this tells the second one from the first.
    second_hour: Mapped[bool] = mapped_column(default=False, server_default=false())
    minutes: Mapped[int]
    # An imported session has a day but no recorded hour.
    hour_known: Mapped[bool] = mapped_column(default=True)
    # The length of an imported session may not be recorded: the usual one stands in.
    minutes_known: Mapped[bool] = mapped_column(default=True, server_default=true())
    format: Mapped[SessionFormat | None] = mapped_column(enum_type(SessionFormat))
    place_sealed: Mapped[bytes | None]
    # The place among those that are booked once at a time; None for any other, which stands in the sealed place alone.
    venue_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("venue.id"))
    # One UID for the life of the session; every update raises the sequence.
    calendar_uid: Mapped[str] = mapped_column(unique=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    # Who was present, sealed to the jobs process: it serves to address feedback mail and nothing else.
    presence_sealed: Mapped[bytes | None]
    # Facts of an import: counts, without names. Empty means not recorded, never zero.
    imported: Mapped[bool] = mapped_column(default=False)
    imported_agencies: Mapped[int | None]
    imported_forms: Mapped[int | None]
    # Facilitators of an imported session who are not in the pool, as typed.
    named_sealed: Mapped[bytes | None]

    request: Mapped[Request] = relationship()
    facilitators: Mapped[list["SessionFacilitator"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="SessionFacilitator.position"
    )
    attendees: Mapped[list["Attendee"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="Attendee.position"
    )
    record: Mapped["SessionRecord | None"] = relationship(
        back_populates="session", cascade="all, delete-orphan"
    )
    attendance: Mapped[list["AgencyAttendance"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="AgencyAttendance.position"
    )


class SessionFacilitator(Base):
    """A facilitator of a session."""

    __tablename__ = "session_facilitator"

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), primary_key=True)
    position: Mapped[int]
    session: Mapped[JagsSession] = relationship(back_populates="facilitators")


class Attendee(Base):
    """Somebody of the network who is invited to a session."""

    __tablename__ = "attendee"

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("network_member.id"), primary_key=True)
    position: Mapped[int]
    invited_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    # They have said that they cannot come, and why.
    apologised_at: Mapped[datetime | None]
    apology_reason: Mapped[ApologyReason | None] = mapped_column(enum_type(ApologyReason))
    # Somebody who comes instead of another, and, until a coordinator has looked at their ties to a facilitator, since when
    # they wait to be invited.
    stands_in_for: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("network_member.id"))
    waits_since: Mapped[datetime | None]
    session: Mapped[JagsSession] = relationship(back_populates="attendees")
    member: Mapped[NetworkMember] = relationship(foreign_keys=[member_id])

    @hybrid_property
    def expected(self) -> bool:
        """Tell whether they are invited and expected now."""
        return self.removed_at is None and self.apologised_at is None and self.waits_since is None

    @expected.inplace.expression
    @classmethod
    def _expected(cls) -> ColumnElement[bool]:
        return and_(cls.removed_at.is_(None), cls.apologised_at.is_(None), cls.waits_since.is_(None))


class AccessNeed(Sealable, Base):
    """What somebody needs so that they can take part; sealed under the request's key, for those who arrange the room only."""

    __tablename__ = "access_need"

    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("network_member.id"), unique=True)
    need_sealed: Mapped[bytes | None]
    noted_at: Mapped[datetime]


class CalendarFeed(Base):
    """The secret address at which a facilitator's calendar reads their sessions; only its hash is stored."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    issued_at: Mapped[datetime]


class CalendarAnswer(Base):
    """What somebody's calendar answered to the entry of a session, for the date that it has now."""

    __tablename__ = "calendar_answer"

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"), primary_key=True)
    # A person of the pool or a member of the network.
    invitee_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    answer: Mapped[CalendarReply] = mapped_column(enum_type(CalendarReply))
    # The sequence of the entry that was answered: a date that was moved since is not answered yet.
    sequence: Mapped[int]
    answered_at: Mapped[datetime]


class SessionRecord(Versioned, Sealable, Base):
    """What was recorded after a session, by either facilitator."""

    __tablename__ = "session_record"
    __table_args__ = (UniqueConstraint("session_id"),)

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"))
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    minutes: Mapped[int]
    kept_to_approach: Mapped[KeptToApproach] = mapped_column(enum_type(KeptToApproach))
    # How many people were present; who they were is not kept.
    people_present: Mapped[int]
    learning_sealed: Mapped[bytes | None]
    session: Mapped[JagsSession] = relationship(back_populates="record")


class AgencyAttendance(Identified, Base):
    """An agency that took part in a session, or sent apologies."""

    __tablename__ = "agency_attendance"
    __table_args__ = (Index("ix_agency_attendance_session_id", "session_id"),)

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"))
    position: Mapped[int]
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    agency_typed: Mapped[str] = mapped_column(default="")
    attendance: Mapped[Attendance] = mapped_column(enum_type(Attendance))
    apology_reason: Mapped[ApologyReason | None] = mapped_column(enum_type(ApologyReason))
    session: Mapped[JagsSession] = relationship(back_populates="attendance")
    agency: Mapped[Agency | None] = relationship()
