"""Kinds of mail, what an e-mail may say, and what may be read out of one that comes back (docs/adr/0002-outbox.md)."""

from jags.notifications.rules.outbox import (
    CLAIM_LEASE,
    RETRY_AFTER,
    CalendarPart,
    Envelope,
    Letter,
    MailKind,
    MailState,
    Recipient,
    SealedTo,
)
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
    "RETRY_AFTER",
    "CalendarPart",
    "Envelope",
    "Letter",
    "MailKind",
    "MailState",
    "Purpose",
    "Recipient",
    "SealedTo",
    "Wording",
    "allowed_placeholders",
    "check_wording",
    "example_values",
]
