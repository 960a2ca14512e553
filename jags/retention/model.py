"""The partnership's rules, lists of what is due, the record of what was erased, and files of the audit trail."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.audit.rules import Stream
from jags.kernel.base import Base, Identified, Versioned, enum_type
from jags.retention.rules import Action, FilePurpose, FileState, ListState, Outcome, RecordKind, Trigger


class RetentionRule(Versioned, Base):
    """A rule that the partnership set itself; without a row the default stands."""

    __tablename__ = "retention_rule"

    kind: Mapped[RecordKind] = mapped_column(enum_type(RecordKind), primary_key=True)
    trigger: Mapped[Trigger] = mapped_column(enum_type(Trigger))
    months: Mapped[int]
    action: Mapped[Action] = mapped_column(enum_type(Action))
    owner: Mapped[str]


class RetentionList(Versioned, Identified, Base):
    """A list of what is due, frozen when it was made; one person puts it forward, another approves it."""

    __tablename__ = "retention_list"

    state: Mapped[ListState] = mapped_column(enum_type(ListState), default=ListState.LISTED)
    made_at: Mapped[datetime]
    # One request that somebody asked to have erased before its time; its reason is in the audit trail.
    early: Mapped[bool]
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    items: Mapped[list["RetentionItem"]] = relationship(
        back_populates="list", cascade="all, delete-orphan", order_by="RetentionItem.position"
    )


class RetentionItem(Identified, Base):
    """One entry of a list: a thing, or so many rows of a technical kind."""

    __tablename__ = "retention_item"
    __table_args__ = (Index("ix_retention_item_list_id", "list_id"),)

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("retention_list.id"))
    position: Mapped[int]
    kind: Mapped[RecordKind] = mapped_column(enum_type(RecordKind))
    action: Mapped[Action] = mapped_column(enum_type(Action))
    # Opaque: what it is lives in capabilities below, and may be gone.
    subject_id: Mapped[uuid.UUID | None]
    label: Mapped[str]
    since_on: Mapped[date]
    until_at: Mapped[datetime | None]
    number: Mapped[int]
    held: Mapped[bool]
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))
    list: Mapped[RetentionList] = relationship(back_populates="items")


class Erasure(Identified, Base):
    """Something was erased; noted outside the database too, so that it is erased again in a restored copy."""

    __tablename__ = "erasure"

    kind: Mapped[RecordKind] = mapped_column(enum_type(RecordKind))
    subject_id: Mapped[uuid.UUID | None]
    until_at: Mapped[datetime | None]
    erased_at: Mapped[datetime] = mapped_column(index=True)


class TrailFile(Versioned, Identified, Base):
    """A file of the audit trail that one person asked for: what goes into it is settled then, and another person approves that."""

    __tablename__ = "trail_file"
    __table_args__ = (CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name="two_people"),)

    state: Mapped[FileState] = mapped_column(enum_type(FileState), default=FileState.ASKED)
    purpose: Mapped[FilePurpose] = mapped_column(enum_type(FilePurpose))
    stream: Mapped[Stream] = mapped_column(enum_type(Stream))
    request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("request.id"))
    # The part of a tag before the colon, and the reference of whoever acted; empty where it is not narrowed.
    about: Mapped[str]
    who: Mapped[str]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    # What happened after it was asked for is not in it.
    until_seq: Mapped[int]
    events: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
