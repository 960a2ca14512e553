"""Decide on a request: accept, ask, signpost, mark as duplicate, close, reopen, each with who is told of it."""

import uuid
from dataclasses import dataclass
from datetime import date

from jags.accounts.policy import require
from jags.accounts.rules import Permission, Purpose
from jags.kernel.actor import ActorKind
from jags.kernel.errors import Invalid
from jags.kernel.time import date_in_words
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.policy import request_by_link, request_for
from jags.requests.queries import legal_card
from jags.requests.rules import LeadKnows, MoveNote, State, Verb, lead_may_not_know, somebody_else_leads
from jags.requests.service.checks import (
    need_telling,
    needed,
    needed_reason,
    open_to_writing,
    other_request,
    past_day,
    problems_of,
    telling_problems,
    told_by_telephone,
)
from jags.requests.service.moves import move_request, tell_requester
from jags.requests.service.similar import join_to, part_from
from jags.settings.queries import partnership


@dataclass(frozen=True)
class Considered:
    """What was thought of before accepting, where it needs thought: the lead professional, and live legal work."""

    lead_spoken_on: date | None = None
    lead_anyway: str = ""
    legal_anyway: str = ""


NOTHING_ELSE = Considered()


def accept_request(
    work: Work,
    request_id: uuid.UUID,
    *,
    version: int,
    reason: str,
    told: str = "",
    told_on: date | None = None,
    considered: Considered = NOTHING_ELSE,
) -> Request:
    """Accept a request; `told` is added to the mail to the requester.

    `told_on` is the London date on which a requester without an address was told by telephone. Where the lead professional may not
    know of it, somebody has spoken to them, or says why it is accepted all the same. Where court, police or review work is
    live and nobody has said to go ahead, the same. Raises `Invalid` without these.
    """
    request = open_to_writing(work, request_id, version)
    need_telling(request, told_on)
    note = MoveNote(
        reason=needed_reason(reason),
        told=told,
        by_telephone=told_by_telephone(work, request, told_on),
        lead=_lead(work, request, considered),
        legal=_legal(work, request, considered),
    )
    if considered.lead_spoken_on is not None and lead_may_not_know(request.lead_knows):
        # Whoever was spoken to knows.
        request.lead_knows = LeadKnows.YES
    move = move_request(work, request, Verb.ACCEPT, note=note)
    tell_requester(work, request, kind=MailKind.REQUEST_ACCEPTED, cause=move, params={"told": told})
    return request


def accept_problems(
    work: Work, request: Request, *, told_on: date | None = None, considered: Considered = NOTHING_ELSE
) -> tuple[Invalid, ...]:
    """Return everything for which `accept_request` would refuse a request, beside its reason."""
    return (
        *problems_of(
            lambda: _lead(work, request, considered),
            lambda: _legal(work, request, considered),
        ),
        *telling_problems(work, request, told_on, must=True),
    )


def ask_requester(
    work: Work, request_id: uuid.UUID, *, question: str, version: int, reason: str = ""
) -> Request:
    """Ask the requester something; our clock stands still until they answer. Why we ask is for us alone."""
    request = open_to_writing(work, request_id, version)
    asked = needed(question, "question", "Enter the question.")
    move = move_request(work, request, Verb.ASK, note=MoveNote(reason=asked, internal=reason.strip()))
    tell_requester(work, request, kind=MailKind.REQUEST_QUESTION, cause=move, params={"question": asked})
    return request


def answer_question(work: Work, request_id: uuid.UUID, *, answer: str, version: int) -> Request:
    """Take the answer of a requester who came by the status link, or whom the coordinator rang."""
    if work.actor.kind is ActorKind.LINK:
        request = request_by_link(work, request_id, Purpose.REQUEST_STATUS)
    else:
        request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    note = MoveNote(reason=needed(answer, "answer", "Enter your answer."))
    move_request(work, request, Verb.ANSWER, note=note)
    return request


def close_without_answer(
    work: Work,
    request_id: uuid.UUID,
    *,
    reason: str,
    version: int,
    told: str = "",
    told_on: date | None = None,
) -> Request:
    """End a request whose requester did not answer."""
    request = open_to_writing(work, request_id, version)
    note = MoveNote(
        reason=needed_reason(reason), told=told, by_telephone=told_by_telephone(work, request, told_on)
    )
    end_with_mail(work, request, Verb.CLOSE_WITHOUT_ANSWER, note=note)
    return request


def signpost_request(
    work: Work,
    request: Request,
    *,
    route: str,
    reason: str,
    told: str = "",
    contact_given: str = "",
    told_on: date | None = None,
) -> None:
    """Signpost a request to another route of the partnership's list, and tell the requester whom to ring.

    `told_on` is the London date on which they were told by telephone; without it our mail tells them today. Offers and dates
    are not touched: `jags.scheduling.service.end_request` does that, and calls this. Raises `Invalid` for a route that is not in
    the list, a missing reason, or where there is no address and nobody has rung.
    """
    require(work.actor, Permission.REQUEST_TRIAGE)
    request.expect_unpaused()
    routes = partnership(work).routes
    if route not in routes:
        raise Invalid("Select the other route.", field="route")
    need_telling(request, told_on)
    note = MoveNote(
        reason=needed_reason(reason),
        told=told,
        contact_given=contact_given,
        by_telephone=told_by_telephone(work, request, told_on),
    )
    move = move_request(work, request, Verb.SIGNPOST, note=note)
    request.route, request.told_on = route, told_on or work.today
    tell_requester(
        work,
        request,
        kind=MailKind.REQUEST_SIGNPOSTED,
        cause=move,
        params={
            "route": routes[route],
            "contact": f"You can turn to {contact_given}." if contact_given else "",
            "told": told,
        },
    )


def end_with_mail(work: Work, request: Request, verb: Verb, *, note: MoveNote) -> None:
    """End a request otherwise (withdraw, cancel, close without answer, duplicate) and confirm it to the requester.

    Offers and dates are not touched: `jags.scheduling.service.end_request` does that, and calls this. The caller has checked
    whether the actor may.
    """
    move = move_request(work, request, verb, note=note)
    tell_requester(
        work,
        request,
        kind=MailKind.REQUEST_CLOSED_OTHERWISE,
        cause=move,
        params={"happened": _HAPPENED[verb], "told": note.told},
    )


def mark_duplicate(
    work: Work,
    request_id: uuid.UUID,
    *,
    of_reference: str,
    reason: str,
    version: int,
    told: str = "",
    told_on: date | None = None,
    told_other: str | None = None,
) -> Request:
    """Mark a request as a duplicate of another, which it is linked to.

    With `told_other`, which may be empty, the requester of the other request is told too, if it is somebody else. Raises
    `Invalid` when the reference is not that of another request, or of one that is itself a duplicate.
    """
    request = open_to_writing(work, request_id, version)
    other = other_request(work, request, of_reference)
    if other.state is State.DUPLICATE:
        raise Invalid(
            f"{other.reference} is itself a duplicate. Enter the reference of the request that it was joined to.",
            field="of_reference",
        )
    join_to(work, request, other)
    note = MoveNote(
        reason=needed_reason(reason), told=told, by_telephone=told_by_telephone(work, request, told_on)
    )
    end_with_mail(work, request, Verb.MARK_DUPLICATE, note=note)
    if told_other is not None and other.requester_email_index != request.requester_email_index:
        tell_requester(
            work,
            other,
            kind=MailKind.REQUEST_JOINED,
            cause=f"joined:{request.id}:{request.version}",
            params={"told": told_other.strip()},
        )
    return request


def reopen_request(
    work: Work,
    request_id: uuid.UUID,
    *,
    reason: str,
    version: int,
    told: str = "",
    told_on: date | None = None,
) -> Request:
    """Take a request that ended otherwise back into triage, and tell the requester; a duplicate stands alone again."""
    request = open_to_writing(work, request_id, version)
    note = MoveNote(
        reason=needed_reason(reason), told=told, by_telephone=told_by_telephone(work, request, told_on)
    )
    if request.state is State.DUPLICATE:
        part_from(work, request)
    move = move_request(work, request, Verb.REOPEN, note=note)
    request.route, request.told_on = None, None
    tell_requester(work, request, kind=MailKind.REQUEST_REOPENED, cause=move, params={"told": told})
    return request


def _lead(work: Work, request: Request, considered: Considered) -> str:
    """Return how it stands with the lead professional, where that is to be kept."""
    if not somebody_else_leads(request.lead_knows):
        return ""
    if considered.lead_spoken_on is not None:
        on = past_day(work, request, considered.lead_spoken_on, field="lead_spoken_on")
        return f"Spoke to the lead professional on {date_in_words(on)}."
    if not lead_may_not_know(request.lead_knows):
        return ""
    anyway = needed(
        considered.lead_anyway,
        "lead_spoken_on",
        "Enter the day on which you spoke to the lead professional, or say below why you accept all the same.",
    )
    return f"The lead professional may not know yet: {anyway}"


def _legal(work: Work, request: Request, considered: Considered) -> str:
    card = legal_card(work, request)
    if card is None or card.go_ahead:
        return ""
    anyway = needed(
        considered.legal_anyway,
        "legal_anyway",
        "Court, police or review work is live and nobody has said to go ahead. Say why you accept all the same.",
    )
    return f"Nobody has said to go ahead with live court, police or review work: {anyway}"


_HAPPENED: dict[Verb, str] = {
    Verb.WITHDRAW: "Your request has been withdrawn.",
    Verb.CANCEL: "Your request has been cancelled by the Business Unit.",
    Verb.CLOSE_WITHOUT_ANSWER: "We have not heard from you, so we have closed your request.",
    Verb.MARK_DUPLICATE: "We have another request about the same work, so we have joined yours to it.",
}
