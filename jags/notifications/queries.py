"""Read messages that were given up."""

import uuid

from sqlalchemy import select

from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailState


def failed_messages(work: Work, *, about_ref: str = "", most: int) -> list[OutboxMessage]:
    """Return messages that failed for good, about one reference or about any; latest first."""
    wanted = select(OutboxMessage).where(OutboxMessage.state == MailState.FAILED)
    if about_ref:
        wanted = wanted.where(OutboxMessage.about_ref == about_ref)
    latest = wanted.order_by(OutboxMessage.due_at.desc(), OutboxMessage.id).limit(most)
    return list(work.session.scalars(latest))


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
