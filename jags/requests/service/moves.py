"""Move a request by a named verb, keep the move, and tell the requester."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import text

from jags.accounts.rules import Permission, Purpose
from jags.kernel.actor import ActorKind
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import LinkWanted, queue_mail, withdraw_mail
from jags.requests.model import Request, RequestMove
from jags.requests.queries import contact_of
from jags.requests.rules import MoveNote, Verb, reference_of
from jags.settings.queries import partnership

NO_NOTE = MoveNote()
# Counts in the database, so that two requests received at once never get one number.
_NEXT = text(
    "INSERT INTO reference_counter (year, last) VALUES (:year, 1) "
    "ON CONFLICT (year) DO UPDATE SET last = reference_counter.last + 1 RETURNING last"
)


# Sent before it is known whose address it is.
_UNCONFIRMED = frozenset({MailKind.RETURN_LINK, MailKind.CONFIRM_REQUEST})


def move_request(
    work: Work, request: Request, verb: Verb, *, note: MoveNote = NO_NOTE, at: datetime | None = None
) -> RequestMove:
    """Move a request by a verb and keep who, when and why; every capability moves requests through this.

    The caller has checked whether the actor may. A coordinator who moves what nobody looks after looks after it from now
    on. What is taken over from before was done `at` an earlier instant; the audit trail says when it was entered. Raises `MoveNotPossible` from a state that the verb does not leave.
    """
    done_at = at or work.now
    if request.nudged_at is not None:
        # What was asked again, and has not left yet, is answered.
        withdraw_mail(work, cause_prefix=f"request:{request.id}:{nudge_cause(request)}")
    left = request.move(verb, at=done_at)
    move = RequestMove(
        key_id=request.key_id,
        number=1 + max((m.number for m in request.moves), default=0),
        verb=verb,
        left=left,
        reached=request.state,
        at=done_at,
        actor_ref=work.actor.ref,
    )
    if note != NO_NOTE:
        work.vault.seal(move, "note", note)
    request.moves.append(move)
    work.record(
        "request:moved", request.id, reason=note.reason, verb=verb, **{"from": left, "to": request.state}
    )
    actor = work.actor
    if request.owner_id is None and actor.kind is ActorKind.ACCOUNT and actor.can(Permission.REQUEST_TRIAGE):
        note_owner(work, request, actor.person_id)
    return move


def note_owner(work: Work, request: Request, owner_id: uuid.UUID | None) -> None:
    """Keep who looks after a request from now on; the caller has checked whether they can."""
    if owner_id != request.owner_id:
        request.owner_id = owner_id
        work.record("request:owner_changed", request.id, owner=str(owner_id) if owner_id else None)


def next_reference(work: Work, *, received_on: date) -> str:
    """Return the next free reference of a London year; a number is never given twice, and gaps are allowed."""
    number = work.session.execute(_NEXT, {"year": received_on.year}).scalar_one()
    return reference_of(received_on.year, number)


def tell_requester(
    work: Work,
    request: Request,
    *,
    kind: MailKind,
    cause: RequestMove | str,
    params: Mapping[str, str] | None = None,
    purpose: Purpose = Purpose.REQUEST_STATUS,
    lifetime: timedelta | None = None,
    due_at: datetime | None = None,
    sent_when_paused: bool = False,
) -> None:
    """Queue a mail to the requester with a link of their own; without an address, nothing is queued.

    `cause` is the move that it tells of, or a text that is unique for what happened. The link lasts as long as the
    partnership's setting says unless `lifetime` is given. To who has not yet said that the request is theirs, it leads to that question.
    """
    contact = contact_of(work, request)
    if not contact.email:
        return
    if purpose is Purpose.REQUEST_STATUS and request.requester_to_confirm_since is not None:
        purpose = Purpose.CONFIRM_REQUESTER
    said = cause if isinstance(cause, str) else f"move:{cause.number}"
    queue_mail(
        work,
        kind=kind,
        cause_ref=f"request:{request.id}:{said}",
        recipient_ref=f"requester:{request.id}",
        # A name that anybody may have typed stands in no mail to an address that nobody has confirmed.
        to=Recipient("" if kind in _UNCONFIRMED else contact.name, contact.email),
        params={"reference": request.reference or "", **(params or {})},
        about_ref=str(request.id),
        link=LinkWanted(purpose, request.id, lifetime or timedelta(days=partnership(work).link_days)),
        due_at=due_at,
        sent_when_paused=sent_when_paused,
    )


def nudge_cause(request: Request) -> str:
    """Return the cause of the one nudge in the present state of a request."""
    return f"nudge:{request.state_changed_at.isoformat()}"


def once() -> str:
    """Return a cause for something that a person may ask for again and again."""
    return f"asked:{uuid.uuid4()}"
