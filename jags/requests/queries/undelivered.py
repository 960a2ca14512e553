"""Read the e-mails that were given up or held back by a pause, and whom an e-mail is for, by role."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import select

from jags.accounts.queries import names_of
from jags.facilitators.model import Facilitator
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.queries import failed_messages, kinds_since, late_messages, waiting_messages
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.requests.queries.network import members
from jags.requests.queries.one import visible_to

_UNDELIVERED_MOST = 100
_LATE_DAYS = 30
# What the outbox calls a requester, who has no account and is no member of the network.
_REQUESTER = "requester:"
_THE_LEAD, _COLLEAGUE = "the lead of the Business Unit", "a colleague"
_OWNER, _ADMINISTRATOR = "whose account it is", "an administrator"
_BY_KIND = {
    MailKind.ACCESS_RENEWED: _OWNER,
    MailKind.ACCESS_REVIEW: _ADMINISTRATOR,
    MailKind.ACCOUNT_CHANGED: _OWNER,
    MailKind.AUDIT_ANCHORS: _ADMINISTRATOR,
    MailKind.DATES_OVER: "a colleague or a facilitator",
    MailKind.DATE_CHOSEN: _COLLEAGUE,
    MailKind.DIGEST: _COLLEAGUE,
    MailKind.FEEDBACK_INVITATION: "somebody who was there",
    MailKind.FEEDBACK_LATER: "somebody who was there",
    MailKind.FEEDBACK_LINK_AGAIN: "somebody who was there",
    MailKind.FEEDBACK_REMINDER: "somebody who was there",
    MailKind.FORWARDED: "your own mailbox",
    MailKind.LEAD_ASKED: _THE_LEAD,
    MailKind.LEAD_TOLD_OF_PAUSE: _THE_LEAD,
    MailKind.REPORT_RELEASED: "a reader of a report",
    MailKind.NEW_DEVICE: _OWNER,
    MailKind.REQUEST_PASSED_ON: "whoever asked before",
    MailKind.STAND_IN_WAITS: _COLLEAGUE,
    MailKind.STILL_NEEDED: _OWNER,
    MailKind.WORK_GIVEN: _COLLEAGUE,
    MailKind.WORK_WAITS: _COLLEAGUE,
}


@dataclass(frozen=True)
class About:
    """The request that an e-mail is about."""

    id: uuid.UUID
    reference: str


_TELLS_OF_PAUSE = frozenset(
    {MailKind.LEAD_TOLD_OF_PAUSE, MailKind.PAUSE_NOTE, MailKind.PAUSE_NOTE_FACILITATOR}
)


class Addressed(Protocol):
    """What the role of a recipient is told from: the opaque references of an e-mail, and its kind."""

    @property
    def kind(self) -> MailKind:
        """Return the kind of the e-mail."""

    @property
    def recipient_ref(self) -> str:
        """Return the opaque reference of who gets it."""

    @property
    def about_ref(self) -> str:
        """Return the opaque reference of the request that it is about; empty when it is about none."""


@dataclass(frozen=True)
class Undelivered:
    """An e-mail that has not arrived: its kind, and whom it is for; `request` where it is about one."""

    message_id: uuid.UUID
    kind: MailKind
    role: str
    request: About | None
    # It was sent, and did not arrive: its text is gone, so that it cannot be sent again.
    came_back: bool = False


def undelivered(work: Work, request: Request | None = None) -> list[Undelivered]:
    """Return the e-mails that were given up or came back, of one request or of all that the actor may see; latest first."""
    rows = failed_messages(work, about_ref=str(request.id) if request else "", most=_UNDELIVERED_MOST)
    if not rows:
        return []
    named = {**_facilitators_named(work, rows), **_participants(work, request, rows)} if request else {}
    return _as_seen(work, rows, named)


def too_late(work: Work) -> list[Undelivered]:
    """Return the e-mails of the last thirty days that were not sent because their time had passed, as far as the actor may see."""
    rows = late_messages(work, since=work.now - timedelta(days=_LATE_DAYS), most=_UNDELIVERED_MOST)
    return _as_seen(work, rows, {}) if rows else []


def _as_seen(work: Work, rows: Sequence[OutboxMessage], named: Mapping[str, str]) -> list[Undelivered]:
    about = {uuid.UUID(row.about_ref) for row in rows if row.about_ref}
    found = work.session.execute(
        select(Request.id, Request.reference).where(Request.id.in_(about), visible_to(work.actor))
    )
    seen = {key: About(key, reference or "") for key, reference in found}
    return [
        Undelivered(
            row.id,
            row.kind,
            named.get(row.recipient_ref, role),
            seen[uuid.UUID(row.about_ref)] if row.about_ref else None,
            came_back=row.state is MailState.CAME_BACK,
        )
        for row, role in zip(rows, recipient_roles(work, rows), strict=True)
        if not row.about_ref or uuid.UUID(row.about_ref) in seen
    ]


def held_back(work: Work, request: Request) -> list[Undelivered]:
    """Return the e-mails about a paused request that wait for the pause to be lifted, longest waiting first."""
    if not request.paused:
        return []
    rows = waiting_messages(work, about_ref=str(request.id))
    roles = recipient_roles(work, rows)
    return [
        Undelivered(row.id, row.kind, role, About(request.id, request.reference or ""))
        for row, role in zip(rows, roles, strict=True)
    ]


def told_of_pause(work: Work, request: Request) -> frozenset[MailKind]:
    """Return by which kinds of mail people have been told of the present pause of a request: the two notes, and the lead's."""
    if request.paused_at is None:
        return frozenset()
    return kinds_since(work, _TELLS_OF_PAUSE, about_ref=str(request.id), since=request.paused_at)


def recipient_roles(work: Work, mails: Sequence[Addressed]) -> list[str]:
    """Return for each e-mail whom it is for, by role and without a name, in words that follow "to"."""
    refs = (mail.recipient_ref for mail in mails if not mail.recipient_ref.startswith(_REQUESTER))
    facilitators = _facilitators(work, map(uuid.UUID, refs))
    return [_role_of(mail, facilitators) for mail in mails]


def _participants(work: Work, request: Request, mails: Iterable[Addressed]) -> dict[str, str]:
    """Return by reference who of the network the mail was for, with role and agency, for the page of their request."""
    wanted = {mail.recipient_ref for mail in mails}
    return {
        str(member.id): f"{contact.name} ({contact.role})" if contact.role else contact.name
        for member, contact in members(work, request)
        if str(member.id) in wanted
    }


def _facilitators_named(work: Work, mails: Sequence[Addressed]) -> dict[str, str]:
    """Return by reference the names of facilitators whom mail was for, for the page of a request."""
    keys = [uuid.UUID(m.recipient_ref) for m in mails if not m.recipient_ref.startswith(_REQUESTER)]
    names = names_of(work, _facilitators(work, keys))
    return {str(key): f"{name} (facilitator)" for key, name in names.items()}


def _facilitators(work: Work, person_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    wanted = set(person_ids)
    if not wanted:
        return set()
    return set(work.session.scalars(select(Facilitator.person_id).where(Facilitator.person_id.in_(wanted))))


def _role_of(mail: Addressed, facilitators: set[uuid.UUID]) -> str:
    if mail.recipient_ref.startswith(_REQUESTER):
        return "the requester"
    if mail.kind in _BY_KIND:
        return _BY_KIND[mail.kind]
    if not mail.about_ref:
        return "somebody with an account"
    return "a facilitator" if uuid.UUID(mail.recipient_ref) in facilitators else "a participant"
