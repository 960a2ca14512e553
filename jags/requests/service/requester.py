"""Pass a request on to another requester, let them say that it is them, and take the answer to a nudge."""

import uuid

from jags.accounts.rules import Permission, Purpose
from jags.accounts.service import revoke_links
from jags.kernel.actor import ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail, withdraw_mail
from jags.requests.model import Request, RequesterChange
from jags.requests.policy import request_by_link, request_for
from jags.requests.queries import contact_of
from jags.requests.rules import CHANGES_REQUESTER, ChangeWhy, NudgeAnswer, RequesterContact, State
from jags.requests.service.answers import AboutYou, keep_answers
from jags.requests.service.moves import tell_requester

# Every link that a requester may hold.
_LINKS = (
    Purpose.CONFIRM_REQUEST,
    Purpose.CONFIRM_REQUESTER,
    Purpose.REQUEST_DRAFT,
    Purpose.REQUEST_STATUS,
)


def change_requester(
    work: Work, request_id: uuid.UUID, *, you: AboutYou, why: ChangeWhy, version: int
) -> Request:
    """Name who asks from now on, by the requester's own link or as a coordinator; no earlier link works any more.

    The new person gets a link with which they say that it is them; nothing that was written opens before that. A coordinator
    may name somebody without an e-mail address, who is told by telephone; the earlier requester is told by mail then.

    Raises `Invalid` where something of the person is missing, and `MoveNotPossible` before the request is confirmed or once it
    has ended.
    """
    by_link = work.actor.kind is ActorKind.LINK
    if by_link:
        request = request_by_link(work, request_id, Purpose.REQUEST_STATUS)
    else:
        request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    if request.state not in CHANGES_REQUESTER:
        raise MoveNotPossible(
            "Somebody else can be named while the request is open. Ring us to talk it through."
        )
    _check(you, reachable=not by_link)
    former, proved = contact_of(work, request), request.requester_to_confirm_since is None
    change = _note(work, request, former, why)
    # First the mail, then the links: a mail that is being sent has minted its link by the time that we may go on.
    withdraw_mail(work, about_ref=str(request.id), recipient_ref=f"requester:{request.id}")
    for purpose in _LINKS:
        revoke_links(work, purpose=purpose, subject_id=request.id)
    keep_answers(work, request, you)
    request.requester_to_confirm_since = work.now if you.contact.email else None
    tell_requester(work, request, kind=MailKind.REQUESTER_NAMED, cause=f"change:{change.id}")
    if proved and not by_link and former.email:
        _tell_former(work, request, change, former)
    return request


def confirm_requester(work: Work, request_id: uuid.UUID) -> Request:
    """Keep that whoever was named as the requester says that it is them; saying so twice has one effect.

    Raises `LinkNotValid` without the link of the mail that named them.
    """
    request = request_by_link(work, request_id, Purpose.CONFIRM_REQUESTER)
    if request.requester_to_confirm_since is not None:
        request.requester_to_confirm_since = None
        for change in request.requester_changes[-1:]:
            change.confirmed_at = work.now
        work.record("request:requester_confirmed", request.id)
    return request


def answer_nudge(work: Work, request_id: uuid.UUID, *, answer: NudgeAnswer, version: int) -> Request:
    """Take what a requester who was signposted says, so that nobody chases them.

    Who has been in touch is followed up; who would like to talk is rung, and followed up when somebody has rung. Raises
    `MoveNotPossible` for a request that is not signposted.
    """
    request = request_by_link(work, request_id, Purpose.REQUEST_STATUS)
    request.expect(version)
    if request.state is not State.SIGNPOSTED:
        raise MoveNotPossible
    if answer is NudgeAnswer.IN_TOUCH:
        request.followed_up_at = work.now
    else:
        request.talk_wished_at, request.followed_up_at = work.now, None
    work.record("request:nudge_answered", request.id, answer=answer)
    return request


def _check(you: AboutYou, *, reachable: bool) -> None:
    """Raise unless the person is named as the form names a requester; `reachable` without an address, by telephone."""
    contact = you.contact
    needed = (
        ("name", contact.name, "Enter their name."),
        ("role", contact.role, "Enter their role, for instance family support worker."),
        ("agency", you.agency, "Enter the name of their agency."),
        ("phone", contact.phone, "Enter their telephone number, so that we can ring them."),
        ("email", contact.email or reachable, "Enter their work e-mail address."),
    )
    for field, value, message in needed:
        if not value:
            raise Invalid(message, field=field)


def _note(work: Work, request: Request, former: RequesterContact, why: ChangeWhy) -> RequesterChange:
    change = RequesterChange(key_id=request.key_id, at=work.now, actor_ref=work.actor.ref, why=why)
    work.vault.seal(change, "former", former)
    request.requester_changes.append(change)
    work.record("request:requester_changed", request.id, change=str(change.id), why=why)
    return change


def _tell_former(work: Work, request: Request, change: RequesterChange, former: RequesterContact) -> None:
    queue_mail(
        work,
        kind=MailKind.REQUEST_PASSED_ON,
        cause_ref=f"request:{request.id}:change:{change.id}",
        recipient_ref=str(change.id),
        to=Recipient(former.name, former.email),
        params={"reference": request.reference or ""},
        about_ref=str(request.id),
    )
