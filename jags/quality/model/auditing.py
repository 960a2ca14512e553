"""Multi-agency audits: a sample of sessions, what agencies return about each, and recommendations for the partnership's plan."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.model import Agency
from jags.kernel.base import Base, Sealable, Versioned, enum_type
from jags.quality.rules.auditing import AuditMethod, PlanArea, PlanGroup, PlanState
from jags.scheduling.model import JagsSession


class PracticeAudit(Versioned, Sealable, Base):
    """An audit under a key of its own; of a random sample the seed is kept, so that it can be drawn again."""

    __tablename__ = "practice_audit"

    method: Mapped[AuditMethod] = mapped_column(enum_type(AuditMethod))
    held_from: Mapped[date]
    held_to: Mapped[date]
    drawn_at: Mapped[datetime]
    seed: Mapped[int | None]
    closed_on: Mapped[date | None]
    purposes_sealed: Mapped[bytes | None]
    cases: Mapped[list["AuditedSession"]] = relationship(
        back_populates="audit", cascade="all, delete-orphan", order_by="AuditedSession.position"
    )
    recommendations: Mapped[list["AuditRecommendation"]] = relationship(
        cascade="all, delete-orphan", order_by="AuditRecommendation.number"
    )


class AuditedSession(Versioned, Sealable, Base):
    """A session of the sample, under its own key, with what the panel says of it."""

    __tablename__ = "audited_session"
    __table_args__ = (UniqueConstraint("audit_id", "session_id"),)

    audit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("practice_audit.id"))
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jags_session.id"))
    position: Mapped[int]
    moderated_on: Mapped[date | None]
    panel_sealed: Mapped[bytes | None]
    audit: Mapped[PracticeAudit] = relationship(back_populates="cases")
    session: Mapped[JagsSession] = relationship()
    returns: Mapped[list["AgencyReturn"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="AgencyReturn.id"
    )


class AgencyReturn(Versioned, Sealable, Base):
    """An agency is asked about a session, and returns what it found; under the session's key."""

    __tablename__ = "agency_return"
    __table_args__ = (UniqueConstraint("case_id", "agency_id"),)

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audited_session.id"))
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    asked_at: Mapped[datetime]
    returned_on: Mapped[date | None]
    # Who of the Business Unit wrote it down, where it was told by telephone.
    taken_down_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_of_sealed: Mapped[bytes | None]
    return_sealed: Mapped[bytes | None]
    case: Mapped[AuditedSession] = relationship(back_populates="returns")
    agency: Mapped[Agency] = relationship()


class AuditRecommendation(Versioned, Sealable, Base):
    """A recommendation, with where the partnership's Composite Action Plan keeps it and how it stands there; no plan of our own."""

    __tablename__ = "audit_recommendation"
    __table_args__ = (UniqueConstraint("audit_id", "number"),)

    audit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("practice_audit.id"))
    number: Mapped[int]
    group: Mapped[PlanGroup] = mapped_column(enum_type(PlanGroup))
    area: Mapped[PlanArea] = mapped_column(enum_type(PlanArea))
    plan_reference: Mapped[str] = mapped_column(default="")
    state: Mapped[PlanState] = mapped_column(enum_type(PlanState), default=PlanState.PROPOSED)
    text_sealed: Mapped[bytes | None]
