"""Deal with e-mails that were given up: send them again, or keep that somebody was rung instead."""

import uuid

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.work import Work
from jags.notifications import service as notifications
from jags.notifications.queries import get_message
from jags.requests.policy import request_for


def send_mail_again(work: Work, message_id: uuid.UUID) -> uuid.UUID | None:
    """Send an e-mail again that was given up, and return the request that it is about, if any.

    Raises `MoveNotPossible` when somebody has dealt with it already.
    """
    about = _checked(work, message_id)
    notifications.send_again(work, message_id)
    return about


def note_rung(work: Work, message_id: uuid.UUID) -> uuid.UUID | None:
    """Keep that the recipient of an e-mail that was given up was rung, so that it is not sent; the rest as above."""
    about = _checked(work, message_id)
    notifications.set_aside(work, message_id)
    return about


def _checked(work: Work, message_id: uuid.UUID) -> uuid.UUID | None:
    require(work.actor, Permission.REQUEST_TRIAGE)
    about_ref = get_message(work, message_id).about_ref
    return request_for(work, uuid.UUID(about_ref), Permission.REQUEST_TRIAGE).id if about_ref else None
