"""Read messages that were given up, or that wait."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState


def failed_messages(work: Work, *, about_ref: str = "", most: int) -> list[OutboxMessage]:
    """Return messages that failed for good, about one reference or about any; latest first."""
    wanted = select(OutboxMessage).where(OutboxMessage.state == MailState.FAILED)
    if about_ref:
        wanted = wanted.where(OutboxMessage.about_ref == about_ref)
    latest = wanted.order_by(OutboxMessage.due_at.desc(), OutboxMessage.id).limit(most)
    return list(work.session.scalars(latest))


def waiting_messages(work: Work, *, about_ref: str) -> list[OutboxMessage]:
    """Return messages about a reference that wait to be sent and that a pause stops; longest waiting first."""
    return list(
        work.session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.about_ref == about_ref,
                OutboxMessage.state.in_([MailState.QUEUED, MailState.CLAIMED]),
                OutboxMessage.sent_when_paused.is_(False),
            )
            .order_by(OutboxMessage.queued_at, OutboxMessage.id)
        )
    )


def kinds_since(
    work: Work, kinds: Collection[MailKind], *, about_ref: str, since: datetime
) -> frozenset[MailKind]:
    """Return those of some kinds of which a message about a reference was queued at an instant or later."""
    return frozenset(
        work.session.scalars(
            select(OutboxMessage.kind).where(
                OutboxMessage.about_ref == about_ref,
                OutboxMessage.kind.in_(sorted(kinds)),
                OutboxMessage.queued_at >= since,
                OutboxMessage.state != MailState.WITHDRAWN,
            )
        )
    )


def get_message(work: Work, message_id: uuid.UUID) -> OutboxMessage:
    """Return a message as the database has it now, held until the end of this unit of work; raises `NotFound`."""
    found = work.session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
