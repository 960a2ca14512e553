"""Read the e-mails that were given up."""

import uuid
from dataclasses import dataclass

from sqlalchemy import literal, select

from jags.facilitators.model import Facilitator
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.queries import failed_messages
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries.one import visible_to

_UNDELIVERED_MOST = 100
# What the outbox calls a requester, who has no account and is no member of the network.
_REQUESTER = "requester:"
_TO_COLLEAGUES = frozenset({MailKind.WORK_GIVEN, MailKind.WORK_WAITS})


@dataclass(frozen=True)
class About:
    """The request that an e-mail is about."""

    id: uuid.UUID
    reference: str


@dataclass(frozen=True)
class Undelivered:
    """An e-mail that was given up after all attempts: its kind, and whom it was for; `request` where it is about one."""

    message_id: uuid.UUID
    kind: MailKind
    role: str
    request: About | None


def undelivered(work: Work, request: Request | None = None) -> list[Undelivered]:
    """Return the e-mails that were given up, of one request or of all that the actor may see; latest first."""
    rows = failed_messages(work, about_ref=str(request.id) if request else "", most=_UNDELIVERED_MOST)
    if not rows:
        return []
    about = {uuid.UUID(row.about_ref) for row in rows if row.about_ref}
    people = {uuid.UUID(row.recipient_ref) for row in rows if not row.recipient_ref.startswith(_REQUESTER)}
    known = work.session.execute(
        select(Request.id, Request.reference, literal(True))
        .where(Request.id.in_(about), visible_to(work.actor))
        .union_all(
            select(Facilitator.person_id, literal(""), literal(False)).where(
                Facilitator.person_id.in_(people)
            )
        )
    ).all()
    seen = {key: About(key, reference or "") for key, reference, is_request in known if is_request}
    facilitators = {key for key, _, is_request in known if not is_request}
    return [
        Undelivered(
            row.id,
            row.kind,
            _role_of(row, facilitators),
            seen[uuid.UUID(row.about_ref)] if row.about_ref else None,
        )
        for row in rows
        if not row.about_ref or uuid.UUID(row.about_ref) in seen
    ]


def _role_of(row: OutboxMessage, facilitators: set[uuid.UUID]) -> str:
    """Return whom a message was for, without their name."""
    if row.recipient_ref.startswith(_REQUESTER):
        return "the requester"
    if row.kind in _TO_COLLEAGUES:
        return "a colleague"
    if not row.about_ref:
        return "somebody with an account"
    if row.kind is MailKind.FEEDBACK_INVITATION:
        return "somebody who was there"
    return "a facilitator" if uuid.UUID(row.recipient_ref) in facilitators else "a participant"
