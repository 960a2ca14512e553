"""The tables of the audit trail; they have no foreign keys, because the trail outlives what it describes."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from jags.audit.rules import Stream
from jags.kernel.base import Base, enum_type


class AuditHead(Base):
    """The end of each chain; locked as the last step before a commit."""

    __tablename__ = "audit_head"

    stream: Mapped[Stream] = mapped_column(enum_type(Stream), primary_key=True)
    seq: Mapped[int]
    mac: Mapped[bytes]


class AuditEvent(Base):
    """One link of a chain; the database refuses to change or delete it."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject_ref", "subject_ref"),)

    stream: Mapped[Stream] = mapped_column(enum_type(Stream), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The unique previous mac refuses forks.
    prev_mac: Mapped[bytes] = mapped_column(unique=True)
    at: Mapped[datetime]
    tag: Mapped[str]
    actor_ref: Mapped[str]
    subject_ref: Mapped[str]
    payload: Mapped[str]
    detail_digest: Mapped[bytes | None]
    mac: Mapped[bytes]


class AuditDetail(Base):
    """What a person typed as a reason; erasable, while its salted digest stays in the event."""

    __tablename__ = "audit_detail"

    stream: Mapped[Stream] = mapped_column(enum_type(Stream), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes]
    sealed: Mapped[bytes]


class AuditCheckpoint(Base):
    """A signed place in a chain, at which it may be cut; once it was, the chain begins after it."""

    __tablename__ = "audit_checkpoint"

    stream: Mapped[Stream] = mapped_column(enum_type(Stream), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mac: Mapped[bytes]
    at: Mapped[datetime]
    signature: Mapped[bytes]
    cut_at: Mapped[datetime | None]
    cut_signature: Mapped[bytes | None]
