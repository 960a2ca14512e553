"""The outbox: one row an event, recipient and kind, written in the same transaction as its cause."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Identified, enum_type
from jags.notifications.rules import MailKind, MailState, SealedTo


class OutboxMessage(Identified, Base):
    """A message with opaque references; address and values are sealed, and blanked on delivery."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("cause_ref", "recipient_ref", "kind"),
        Index("ix_outbox_message_state_due_at", "state", "due_at"),
        Index("ix_outbox_message_about_ref", "about_ref"),
    )

    kind: Mapped[MailKind] = mapped_column(enum_type(MailKind))
    cause_ref: Mapped[str]
    recipient_ref: Mapped[str]
    # The request that it is about, so that a pause stops it; empty when it is about none.
    about_ref: Mapped[str] = mapped_column(default="")
    # A pause does not stop the note about the pause.
    sent_when_paused: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MailState] = mapped_column(enum_type(MailState), default=MailState.QUEUED)
    sealed_to: Mapped[SealedTo] = mapped_column(enum_type(SealedTo), default=SealedTo.VAULT)
    envelope_sealed: Mapped[bytes | None]
    # Found again when the message comes back.
    message_id: Mapped[str] = mapped_column(index=True)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    # From this instant it is not true any more, and is withdrawn instead of sent.
    not_after: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_problem: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]


class MailTemplate(Base):
    """An edited version of a template, with named placeholders only; the default lies in a file."""

    __tablename__ = "mail_template"

    kind: Mapped[MailKind] = mapped_column(enum_type(MailKind), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime]
