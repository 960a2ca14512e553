"""Kinds of mail, what an e-mail may say, and what may be read out of one that comes back (docs/adr/0002-outbox.md)."""

from jags.notifications.rules.outbox import (
    CLAIM_LEASE,
    RETRY_AFTER,
    TOO_LATE,
    CalendarPart,
    Envelope,
    Letter,
    MailKind,
    MailState,
    Recipient,
    SealedTo,
)
from jags.notifications.rules.received import RECEIVED_MOST, Received, read_received
from jags.notifications.rules.wording import (
    PURPOSES,
    Purpose,
    Wording,
    allowed_placeholders,
    check_wording,
    example_values,
)

__all__ = [
    "CLAIM_LEASE",
    "PURPOSES",
    "RECEIVED_MOST",
    "RETRY_AFTER",
    "TOO_LATE",
    "CalendarPart",
    "Envelope",
    "Letter",
    "MailKind",
    "MailState",
    "Purpose",
    "Received",
    "Recipient",
    "SealedTo",
    "Wording",
    "allowed_placeholders",
    "check_wording",
    "example_values",
    "read_received",
]
