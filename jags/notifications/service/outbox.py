"""Queue mail with its cause, change or withdraw what became untrue, and deal with what was given up.

See docs/adr/0002-outbox.md: at least once, one fixed Message-ID a message, unique per cause, recipient and kind.
"""

import base64
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from jags.kernel.errors import MoveNotPossible
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.queries import get_message
from jags.notifications.render import subject_line
from jags.notifications.rules import (
    CalendarPart,
    Envelope,
    Letter,
    MailKind,
    MailState,
    Recipient,
    SealedTo,
)
from jags.notifications.service.envelopes import filled, open_envelope, seal
from jags.notifications.service.wording import wording_in_force
from jags.settings.queries import partnership

# What may leave yet: it waits, is on its way, or was given up and may be sent again.
_UNSENT = [MailState.QUEUED, MailState.CLAIMED, MailState.FAILED]
# What this unit of work has queued, so that a page can show it before anything of it is kept.
_QUEUED = "notifications.queued"


@dataclass(frozen=True)
class LinkWanted:
    """A purpose-bound link that is minted when the message is delivered."""

    purpose: str
    subject_id: uuid.UUID
    lifetime: timedelta


def queue_mail(
    work: Work,
    *,
    kind: MailKind,
    cause_ref: str,
    recipient_ref: str,
    to: Recipient,
    params: Mapping[str, str],
    about_ref: str = "",
    link: LinkWanted | str | None = None,
    calendar: CalendarPart | None = None,
    attached: bytes = b"",
    reply_to: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    only_for_jobs: bool = False,
    sent_when_paused: bool = False,
) -> OutboxMessage | None:
    """Queue one message; return None when this cause, recipient and kind has one already.

    `link` is minted at delivery (`LinkWanted`) or complete already (a text). A message that has not gone by `not_after`
    is withdrawn. `reply_to` is the Message-ID of a message to which it is a reply. `only_for_jobs` seals the envelope so that only the scheduler process can open it; whoever queues such
    mail gives a `recipient_ref` that leads back to nobody.
    """
    known = select(OutboxMessage.id).where(
        OutboxMessage.cause_ref == cause_ref,
        OutboxMessage.recipient_ref == recipient_ref,
        OutboxMessage.kind == kind,
    )
    if work.session.scalar(known) is not None:
        return None
    wanted = link if isinstance(link, LinkWanted) else None
    envelope = Envelope(
        name=to.name,
        email=to.email,
        params=dict(params),
        link=link if isinstance(link, str) else "",
        link_purpose=wanted.purpose if wanted else "",
        link_subject=str(wanted.subject_id) if wanted else "",
        link_seconds=int(wanted.lifetime.total_seconds()) if wanted else 0,
        calendar_method=calendar.method if calendar else "",
        calendar_text=calendar.text if calendar else "",
        attached=base64.b64encode(attached).decode() if attached else "",
        reply_to=reply_to,
    )
    row = OutboxMessage(
        kind=kind,
        cause_ref=cause_ref,
        recipient_ref=recipient_ref,
        about_ref=about_ref,
        sent_when_paused=sent_when_paused,
        sealed_to=SealedTo.JOBS if only_for_jobs else SealedTo.VAULT,
        queued_at=work.now,
        due_at=due_at or work.now,
        not_after=not_after,
    )
    row.message_id = f"<{uuid.uuid4()}@{partnership(work).email.rpartition('@')[2]}>"
    seal(work, row, envelope)
    if not only_for_jobs:
        work.record("mail:queued", about_ref or row.id, kind=kind, message=str(row.id))
        work.memo.setdefault(_QUEUED, []).append(row)
    work.session.add(row)
    return row


def subject_of(work: Work, kind: MailKind, *, params: Mapping[str, str]) -> str:
    """Return the subject that a message of a kind has with these values, in the wording that is in force."""
    envelope = Envelope("", "", params=dict(params))
    return subject_line(envelope, wording=wording_in_force(work, kind), partnership=partnership(work))


def letters(work: Work, *, link: str) -> list[Letter]:
    """Return what this unit of work has queued and not withdrawn, rendered as it will be delivered, in the order of queueing.

    Nothing is minted: `link` stands where each reader's own address will be. What only the scheduler process can open is
    left out.
    """
    rows: list[OutboxMessage] = work.memo.get(_QUEUED, [])
    return [_letter(work, row, link) for row in rows if row.state is not MailState.WITHDRAWN]


def has_mail(
    work: Work, *, kind: MailKind, about_ref: str, queued_since: datetime, cause_prefix: str = ""
) -> bool:
    """Tell whether mail about something, of such a cause, still waits to be sent, or was sent and had been queued since an instant."""
    waits = OutboxMessage.state.in_([MailState.QUEUED, MailState.CLAIMED])
    sent_lately = (OutboxMessage.state == MailState.SENT) & (OutboxMessage.queued_at > queued_since)
    found = select(OutboxMessage.id).where(
        OutboxMessage.kind == kind,
        OutboxMessage.about_ref == about_ref,
        OutboxMessage.cause_ref.startswith(cause_prefix, autoescape=True),
        waits | sent_lately,
    )
    return work.session.scalar(found.limit(1)) is not None


def count_mail(work: Work, *, kind: MailKind, queued_since: datetime, cause_part: str) -> int:
    """Return how much mail of a kind was queued since an instant, with a piece of its cause, whatever became of it."""
    found = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.kind == kind,
            OutboxMessage.queued_at > queued_since,
            OutboxMessage.cause_ref.contains(cause_part, autoescape=True),
        )
    )
    return work.session.scalar(found) or 0


def withdraw_mail(
    work: Work,
    *,
    cause_prefix: str = "",
    recipient_ref: str = "",
    about_ref: str = "",
    kind: MailKind | None = None,
) -> int:
    """Withdraw what has not been sent, or was given up, and is no longer true; return how many.

    At least one of `cause_prefix`, `recipient_ref` and `about_ref` is given; all that are given must match.
    """
    if not (cause_prefix or recipient_ref or about_ref):
        raise ValueError("say which messages to withdraw")
    waiting = select(OutboxMessage).where(OutboxMessage.state.in_(_UNSENT))
    if cause_prefix:
        waiting = waiting.where(OutboxMessage.cause_ref.startswith(cause_prefix, autoescape=True))
    if recipient_ref:
        waiting = waiting.where(OutboxMessage.recipient_ref == recipient_ref)
    if about_ref:
        waiting = waiting.where(OutboxMessage.about_ref == about_ref)
    if kind is not None:
        waiting = waiting.where(OutboxMessage.kind == kind)
    rows = work.session.scalars(waiting.order_by(OutboxMessage.id).with_for_update()).all()
    for row in rows:
        withdraw(work, row)
    return len(rows)


def change_waiting(work: Work, *, cause_prefix: str, params: Mapping[str, str]) -> int:
    """Put other words into what waits to be sent for a cause, because they became untrue; return how many messages.

    Mail that only the scheduler process can open is changed by it alone.
    """
    waiting = select(OutboxMessage).where(
        OutboxMessage.state.in_(_UNSENT),
        OutboxMessage.cause_ref.startswith(cause_prefix, autoescape=True),
    )
    rows = work.session.scalars(waiting.order_by(OutboxMessage.id).with_for_update()).all()
    for row in rows:
        envelope = open_envelope(work, row)
        seal(work, row, replace(envelope, params={**envelope.params, **params}))
    return len(rows)


def send_again(work: Work, message_id: uuid.UUID) -> None:
    """Queue a message again that was given up, with all its attempts before it.

    The caller has checked whether the actor may. Raises `MoveNotPossible` for one that was not given up.
    """
    row = _given_up(work, message_id)
    row.state, row.attempts, row.due_at, row.last_problem = MailState.QUEUED, 0, work.now, ""
    work.record("mail:queued_again", row.about_ref or row.id, kind=row.kind)


def set_aside(work: Work, message_id: uuid.UUID) -> None:
    """Withdraw a message that was given up or came back, because its recipient was told otherwise; checks and errors as above."""
    withdraw(work, _given_up(work, message_id, MailState.FAILED, MailState.CAME_BACK))


def note_report(work: Work, message_ids: Collection[str], *, failed: bool, status: str) -> int:
    """Keep what another server reports on messages, by Message-ID; return how many of them are ours.

    One that was sent and `failed` came back: `status` is the code of the other server, as 5.1.1. A report that it is only late,
    or that comes twice, changes nothing.
    """
    rows = work.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.message_id.in_(message_ids))
        .order_by(OutboxMessage.id)
        .with_for_update()
    ).all()
    for row in rows:
        if failed and row.state is MailState.SENT:
            row.state, row.last_problem = MailState.CAME_BACK, f"came back {status}".strip()
            work.record("mail:came_back", row.about_ref or row.id, kind=row.kind)
    return len(rows)


def _given_up(work: Work, message_id: uuid.UUID, *states: MailState) -> OutboxMessage:
    row = get_message(work, message_id)
    if row.state not in (states or (MailState.FAILED,)):
        raise MoveNotPossible("Somebody has dealt with this e-mail already.")
    return row


def _letter(work: Work, row: OutboxMessage, link: str) -> Letter:
    envelope = open_envelope(work, row)
    letter = Letter(
        row.kind,
        row.recipient_ref,
        row.about_ref,
        envelope.name,
        envelope.email,
        sent_when_paused=row.sent_when_paused,
    )
    try:
        message = filled(work, row, envelope, link)
    except (KeyError, ValueError):
        # An address or a text that cannot be used: delivery gives it up, and shows it.
        return replace(letter, problem=True)
    body = message.get_body(("plain",))
    return replace(
        letter,
        subject=str(message["Subject"]),
        text=body.get_content().strip() if body else "",
        calendar=bool(envelope.calendar_method),
    )


def withdraw(work: Work, row: OutboxMessage) -> None:
    """Withdraw one message: it will not leave, and its address is gone."""
    row.state, row.envelope_sealed = MailState.WITHDRAWN, None
    work.record("mail:withdrawn", row.about_ref or row.id, kind=row.kind)
