"""Complaints, and concerns about a facilitator."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Sealable, Versioned, enum_type
from jags.rights.rules import ComplaintOutcome
from jags.rights.rules.documents import Document


class Complaint(Versioned, Sealable, Base):
    """A complaint, apart from feedback: who answers it by when, and what came of it. While it is open nothing about it is erased."""

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_closed_on", "closed_on"),)

    received_on: Mapped[date]
    # The request or the facilitator that it is about, if it is about one.
    request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("request.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    answer_by: Mapped[date]
    acknowledged_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[ComplaintOutcome | None] = mapped_column(enum_type(ComplaintOutcome))
    text_sealed: Mapped[bytes | None]


class FacilitatorConcern(Versioned, Sealable, Base):
    """Why a coordinator paused a facilitator; others in the pool see neither it nor that there is one."""

    __tablename__ = "facilitator_concern"
    __table_args__ = (Index("ix_facilitator_concern_person_id", "person_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"))
    noted_at: Mapped[datetime]
    noted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    text_sealed: Mapped[bytes | None]


class DocumentText(Versioned, Base):
    """What the partnership wrote in a part of a document; it is meant to be read."""

    __tablename__ = "document_text"

    document: Mapped[Document] = mapped_column(enum_type(Document), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    changed_on: Mapped[date]
