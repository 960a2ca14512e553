"""Network meetings and training events with who is invited, and the documents of the toolbox."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.facilitators.model import Facilitator
from jags.kernel.base import Base, Identified, Sealable, Versioned, WallDateTime, enum_type
from jags.practice.rules import Audience, DocumentKind, GatheringKind, GatheringState, Reply
from jags.scheduling.rules import SessionFormat


class Gathering(Versioned, Sealable, Base):
    """A network meeting or a training event, under a key of its own. Wall time wins if the zone's rules change."""

    __tablename__ = "gathering"
    __table_args__ = (Index("ix_gathering_starts_at", "starts_at"),)

    kind: Mapped[GatheringKind] = mapped_column(enum_type(GatheringKind))
    state: Mapped[GatheringState] = mapped_column(enum_type(GatheringState), default=GatheringState.PLANNED)
    starts_at: Mapped[datetime]
    wall_start: Mapped[datetime] = mapped_column(WallDateTime())
    minutes: Mapped[int]
    format: Mapped[SessionFormat] = mapped_column(enum_type(SessionFormat))
    place_sealed: Mapped[bytes | None]
    # One of the places that are booked once at a time; what it is called is written out in the sealed place.
    venue_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("venue.id"))
    about_sealed: Mapped[bytes | None]
    agenda_sealed: Mapped[bytes | None]
    # Of a training event: how many can come, what it costs as far as known, and what whoever attends is trained for.
    places: Mapped[int | None]
    cost_pence: Mapped[int | None]
    transitional: Mapped[bool] = mapped_column(default=False)
    # One UID for its life; every update raises the sequence.
    calendar_uid: Mapped[str] = mapped_column(unique=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    times_invited: Mapped[int] = mapped_column(default=0)
    invitees: Mapped[list["Invitee"]] = relationship(
        back_populates="gathering", cascade="all, delete-orphan", order_by="Invitee.person_id"
    )

    @property
    def ends_at(self) -> datetime:
        """Return when it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Invitee(Base):
    """Somebody of the pool who is invited; their time is held by a booking with the gathering's id, if it was free."""

    __tablename__ = "gathering_invitee"
    __table_args__ = (Index("ix_gathering_invitee_person_id", "person_id"),)

    gathering_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gathering.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"), primary_key=True)
    reply: Mapped[Reply] = mapped_column(enum_type(Reply), default=Reply.INVITED)
    # Something else was booked at that time when they were invited.
    clashes: Mapped[bool] = mapped_column(default=False)
    # Whether it was by this attendance that they became trained for transitional safeguarding.
    trained_by_it: Mapped[bool] = mapped_column(default=False)
    gathering: Mapped[Gathering] = relationship(back_populates="invitees")
    facilitator: Mapped[Facilitator] = relationship()


class ToolboxDocument(Versioned, Identified, Base):
    """A document of the toolbox: what it is called and who may see it. Its title speaks of no case."""

    __tablename__ = "toolbox_document"

    title: Mapped[str]
    audience: Mapped[Audience] = mapped_column(enum_type(Audience))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    edition_count: Mapped[int] = mapped_column(default=1)
    editions: Mapped[list["ToolboxEdition"]] = relationship(
        back_populates="document", cascade="all, delete-orphan", order_by="ToolboxEdition.number"
    )


class ToolboxEdition(Identified, Base):
    """One version of a document, sealed under the key of the toolbox; the content is read when it is downloaded only."""

    __tablename__ = "toolbox_edition"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("toolbox_document.id"))
    number: Mapped[int]
    kind: Mapped[DocumentKind] = mapped_column(enum_type(DocumentKind))
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)
    document: Mapped[ToolboxDocument] = relationship(back_populates="editions")
