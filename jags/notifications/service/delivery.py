"""Take messages through delivery: claim what is due, look once more right before it goes, and keep what became of it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from jags.kernel.errors import SetupIncomplete
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import CLAIM_LEASE, RETRY_AFTER, TOO_LATE, MailState, SealedTo
from jags.notifications.service.envelopes import render
from jags.notifications.service.outbox import withdraw
from jags.settings.queries import partnership


@dataclass(frozen=True)
class Claimed:
    """A message that this process may deliver now."""

    id: uuid.UUID
    message: EmailMessage
    # Where the mail servers report that it did not arrive.
    return_to: str


def claim_next(work: Work, *, holder: str, paused: Collection[str]) -> Claimed | None:
    """Claim the message that has been due longest, mint its link and render it; None when nothing is due.

    Messages about a reference in `paused` stay queued. One whose time has passed is withdrawn, and one that cannot be
    rendered is failed; neither stops the others. A second sender skips what the first has locked.
    """
    due = (
        select(OutboxMessage)
        .where(
            OutboxMessage.state.in_([MailState.QUEUED, MailState.CLAIMED]),
            OutboxMessage.due_at <= work.now,
            (OutboxMessage.lease_until.is_(None)) | (OutboxMessage.lease_until < work.now),
            OutboxMessage.sent_when_paused | OutboxMessage.about_ref.not_in(sorted(paused)),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    while (row := work.session.scalar(due)) is not None:
        if row.not_after is not None and row.not_after <= work.now:
            row.last_problem = TOO_LATE
            withdraw(work, row)
            continue
        message = _rendered_or_failed(work, row)
        if message is None:
            continue
        row.state, row.claimed_by, row.lease_until = MailState.CLAIMED, holder, work.now + CLAIM_LEASE
        row.attempts += 1
        house = partnership(work)
        return Claimed(row.id, message, house.return_email or house.email)
    return None


def still_wanted(work: Work, message_id: uuid.UUID, *, paused: Collection[str]) -> bool:
    """Tell, right before a claimed message goes, whether it has been withdrawn or paused since."""
    row = work.session.get(OutboxMessage, message_id, populate_existing=True)
    return (
        row is not None
        and row.state is MailState.CLAIMED
        and (row.sent_when_paused or row.about_ref not in paused)
    )


def note_sent(work: Work, message_id: uuid.UUID) -> None:
    """Keep that a message was accepted by the mail server, and blank its envelope."""
    row = work.session.get_one(OutboxMessage, message_id)
    row.state, row.sent_at, row.envelope_sealed, row.lease_until = MailState.SENT, work.now, None, None
    if row.sealed_to is SealedTo.VAULT:
        work.record("mail:sent", row.about_ref or row.id, kind=row.kind)


def note_not_sent(work: Work, message_id: uuid.UUID, *, problem: str) -> None:
    """Keep that an attempt failed and when to try again; after the last pause the message is failed.

    `problem` is the kind of the problem, never a server's text, which may quote an address.
    """
    row = work.session.get_one(OutboxMessage, message_id)
    row.lease_until, row.last_problem = None, problem
    if row.state is not MailState.CLAIMED:
        return
    if row.attempts > len(RETRY_AFTER):
        row.state = MailState.FAILED
        work.record("mail:failed", row.about_ref or row.id, kind=row.kind, attempts=row.attempts)
        return
    row.state, row.due_at = MailState.QUEUED, work.now + RETRY_AFTER[row.attempts - 1]


def give_back(work: Work, message_id: uuid.UUID) -> None:
    """Give a claimed message back unsent, because it may not leave now."""
    row = work.session.get_one(OutboxMessage, message_id)
    row.lease_until = None
    if row.state is MailState.CLAIMED:
        row.state, row.attempts = MailState.QUEUED, row.attempts - 1


def _rendered_or_failed(work: Work, row: OutboxMessage) -> EmailMessage | None:
    try:
        return render(work, row)
    except (SQLAlchemyError, SetupIncomplete):
        # The database or a key is away: that is no fault of this message, which waits.
        raise
    except Exception as error:  # noqa: BLE001 - Whatever is wrong with one message must not stop the others.
        row.state, row.last_problem = MailState.FAILED, type(error).__name__
        work.record("mail:failed", row.about_ref or row.id, kind=row.kind, attempts=row.attempts)
        return None
