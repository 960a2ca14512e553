"""Read messages that were given up, or that wait, and the versions of a wording."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.notifications.model import MailTemplate, OutboxMessage
from jags.notifications.rules import TOO_LATE, MailKind, MailState


def failed_messages(work: Work, *, about_ref: str = "", most: int) -> list[OutboxMessage]:
    """Return messages that failed for good or came back, about one reference or about any; latest first."""
    wanted = select(OutboxMessage).where(OutboxMessage.state.in_([MailState.FAILED, MailState.CAME_BACK]))
    if about_ref:
        wanted = wanted.where(OutboxMessage.about_ref == about_ref)
    latest = wanted.order_by(OutboxMessage.due_at.desc(), OutboxMessage.id).limit(most)
    return list(work.session.scalars(latest))


def sent_of(work: Work, message_ids: Collection[str]) -> frozenset[str]:
    """Return those of some Message-IDs whose message was sent and has not come back."""
    return frozenset(
        work.session.scalars(
            select(OutboxMessage.message_id).where(
                OutboxMessage.message_id.in_(message_ids), OutboxMessage.state == MailState.SENT
            )
        )
    )


def late_messages(work: Work, *, since: datetime, most: int) -> Sequence[OutboxMessage]:
    """Return messages due since an instant that were withdrawn because their time had passed; latest first."""
    return work.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.state == MailState.WITHDRAWN,
            OutboxMessage.last_problem == TOO_LATE,
            OutboxMessage.due_at >= since,
        )
        .order_by(OutboxMessage.due_at.desc(), OutboxMessage.id)
        .limit(most)
    ).all()


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


def is_ours(work: Work, message_id: str) -> bool:
    """Tell whether a Message-ID is that of an e-mail of ours."""
    found = select(OutboxMessage.id).where(OutboxMessage.message_id == message_id)
    return bool(message_id) and work.session.scalar(found.limit(1)) is not None


def lies_unsent(work: Work, *, kind: MailKind, cause_prefix: str, recipient_ref: str) -> bool:
    """Tell whether a message to somebody lies unsent; one that was tried may have arrived, so it counts as sent."""
    found = select(OutboxMessage.id).where(
        OutboxMessage.cause_ref.startswith(cause_prefix, autoescape=True),
        OutboxMessage.recipient_ref == recipient_ref,
        OutboxMessage.kind == kind,
        OutboxMessage.state == MailState.QUEUED,
        OutboxMessage.attempts == 0,
    )
    return work.session.scalar(found.limit(1)) is not None


def never_left(work: Work, *, kinds: Collection[MailKind], cause_prefix: str, recipient_ref: str) -> bool:
    """Tell whether messages of these kinds were queued for somebody and none was tried: each waits, or was withdrawn first."""
    tried = (OutboxMessage.attempts > 0) | OutboxMessage.state.not_in([MailState.QUEUED, MailState.WITHDRAWN])
    rows = work.session.scalars(
        select(tried).where(
            OutboxMessage.cause_ref.startswith(cause_prefix, autoescape=True),
            OutboxMessage.recipient_ref == recipient_ref,
            OutboxMessage.kind.in_(kinds),
        )
    ).all()
    return bool(rows) and not any(rows)


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


def versions(work: Work, kind: MailKind) -> Sequence[MailTemplate]:
    """Return the versions of the Business Unit's wording of a kind, the newest first; one without text restored the software's."""
    return work.session.scalars(
        select(MailTemplate).where(MailTemplate.kind == kind).order_by(MailTemplate.version.desc())
    ).all()


def kinds_with_own_wording(work: Work) -> frozenset[MailKind]:
    """Return the kinds for which the Business Unit's own wording is in force."""
    rows = work.session.execute(select(MailTemplate.kind, MailTemplate.body).order_by(MailTemplate.version))
    newest = {row.kind: bool(row.body) for row in rows}
    return frozenset(kind for kind, own in newest.items() if own)
