"""Decide on a request: accept, ask, signpost, mark as duplicate, close, reopen, and what is confirmed along the way."""

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import date

from jags.accounts.policy import require
from jags.accounts.rules import Permission, Purpose, spelling
from jags.kernel.actor import ActorKind
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.requests.model import NetworkMember, Request
from jags.requests.policy import request_by_link, request_for
from jags.requests.queries import detail_of, find_by_reference, lead_professional
from jags.requests.rules import (
    MoveNote,
    Priority,
    Question,
    Tie,
    TransitionalFeature,
    Verb,
)
from jags.requests.service.answers import SomebodyInvolved, describe_member, new_member
from jags.requests.service.moves import move_request, tell_requester
from jags.settings.queries import partnership


def accept_request(work: Work, request_id: uuid.UUID, *, version: int, told: str = "") -> Request:
    """Accept a request; `told` is added to the mail to the requester."""
    request = _for_triage(work, request_id, version)
    move = move_request(work, request, Verb.ACCEPT, note=MoveNote(told=told))
    tell_requester(work, request, kind=MailKind.REQUEST_ACCEPTED, cause=move, params={"told": told})
    return request


def ask_requester(work: Work, request_id: uuid.UUID, *, question: str, version: int) -> Request:
    """Ask the requester something; our clock stands still until they answer."""
    request = _for_triage(work, request_id, version)
    asked = _needed(question, "question", "Enter the question.")
    move = move_request(work, request, Verb.ASK, note=MoveNote(reason=asked))
    tell_requester(work, request, kind=MailKind.REQUEST_QUESTION, cause=move, params={"question": asked})
    return request


def answer_question(work: Work, request_id: uuid.UUID, *, answer: str, version: int) -> Request:
    """Take the answer of a requester who came by the status link, or whom the coordinator rang."""
    if work.actor.kind is ActorKind.LINK:
        request = request_by_link(work, request_id, Purpose.REQUEST_STATUS)
    else:
        request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    move_request(
        work, request, Verb.ANSWER, note=MoveNote(reason=_needed(answer, "answer", "Enter your answer."))
    )
    return request


def close_without_answer(
    work: Work, request_id: uuid.UUID, *, reason: str, version: int, told: str = ""
) -> Request:
    """End a request whose requester did not answer."""
    request = _for_triage(work, request_id, version)
    note = MoveNote(reason=_reason(reason), told=told)
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
) -> None:
    """Signpost a request to another route of the partnership's list, and tell the requester whom to ring.

    Offers and dates are not touched: `jags.scheduling.service.end_request` does that, and calls this. Raises `Invalid` for a
    route that is not in the list or a missing reason.
    """
    require(work.actor, Permission.REQUEST_TRIAGE)
    routes = partnership(work).routes
    if route not in routes:
        raise Invalid("Select the other route.", field="route")
    note = MoveNote(reason=_reason(reason), told=told, contact_given=contact_given)
    move = move_request(work, request, Verb.SIGNPOST, note=note)
    request.route = route
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
    work: Work, request_id: uuid.UUID, *, of_reference: str, reason: str, version: int
) -> Request:
    """Mark a request as a duplicate of another, which it is linked to.

    Raises `Invalid` when the reference is not that of another request.
    """
    request = _for_triage(work, request_id, version)
    other = find_by_reference(work, of_reference)
    if other is None or other.id == request.id:
        raise Invalid("Enter the reference of the other request, like JAGS-2026-0042.", field="of_reference")
    request.previous_request_id = other.id
    end_with_mail(work, request, Verb.MARK_DUPLICATE, note=MoveNote(reason=_reason(reason)))
    return request


def reopen_request(work: Work, request_id: uuid.UUID, *, reason: str, version: int) -> Request:
    """Take a request that ended otherwise back into triage."""
    request = _for_triage(work, request_id, version)
    move_request(work, request, Verb.REOPEN, note=MoveNote(reason=_reason(reason)))
    request.route = None
    return request


def confirm_transitional(
    work: Work,
    request_id: uuid.UUID,
    *,
    confirmed: bool,
    features: Iterable[TransitionalFeature] = (),
    reason: str,
    version: int,
) -> Request:
    """Keep the Business Unit's view whether transitional safeguarding features, with a reason and what features.

    Raises `Invalid` without a reason, or when it is confirmed without naming what features.
    """
    request = _for_triage(work, request_id, version)
    chosen = frozenset(features) if confirmed else frozenset()
    if confirmed and not chosen:
        raise Invalid("Select what features.", field="features")
    request.transitional_confirmed = confirmed
    request.choose(Question.TRANSITIONAL_FEATURE, chosen)
    detail = dataclasses.replace(detail_of(work, request), transitional_reason=_reason(reason))
    work.vault.seal(request, "detail", detail)
    work.record("request:transitional_confirmed", request.id, reason=reason, features=len(chosen))
    return request


def set_priority(
    work: Work, request_id: uuid.UUID, *, priority: Priority, reason: str, version: int
) -> Request:
    """Set routine or sooner, with a reason."""
    request = _for_triage(work, request_id, version)
    request.priority = priority
    detail = dataclasses.replace(detail_of(work, request), priority_reason=_reason(reason))
    work.vault.seal(request, "detail", detail)
    work.record("request:changed", request.id, reason=reason, part="priority")
    return request


def note_preparation(work: Work, request_id: uuid.UUID, *, on: date, version: int) -> Request:
    """Note the date on which facilitators and requester prepared; there are no notes of it.

    Raises `Invalid` for a date in the future or before the request was received.
    """
    request = _for_triage(work, request_id, version)
    if on > work.today:
        raise Invalid("Enter a date that is not in the future.", field="on")
    if request.received_on is not None and on < request.received_on:
        raise Invalid("Enter a date after the request was received.", field="on")
    request.prepared_on = on
    work.record("request:preparation_noted", request.id, on=on.isoformat())
    return request


def add_member(
    work: Work, request_id: uuid.UUID, *, person: SomebodyInvolved, version: int, tie: Tie = Tie.NETWORK
) -> NetworkMember:
    """Add somebody to the people around the child, or somebody who should not facilitate; an address is not needed.

    There is one lead professional: who is added as such replaces the earlier one, who stays in the network, or completes
    what is known of them when the name is the same.
    """
    request = _for_triage(work, request_id, version)
    if not person.contact.name:
        raise Invalid("Enter a name.", field="name")
    if tie is Tie.LEAD_PROFESSIONAL:
        known = _lead_of_name(work, request, person)
        if known is not None:
            return known
    position = 1 + max((m.position for m in request.network), default=-1)
    member = new_member(work, request, person, tie=tie, position=position)
    request.network.append(member)
    work.record("network:changed", member.id, request=str(request.id), change="added")
    return member


def _lead_of_name(work: Work, request: Request, person: SomebodyInvolved) -> NetworkMember | None:
    """Complete the lead professional of the same name, or let another one be of the network from now on."""
    lead = lead_professional(work, request)
    if lead is None:
        return None
    member, contact = lead
    same = spelling(contact.name) == spelling(person.contact.name)
    if same:
        describe_member(work, member, person, known=contact)
    else:
        member.tie = Tie.NETWORK
    work.record("network:changed", member.id, request=str(request.id), change="changed")
    return member if same else None


def _for_triage(work: Work, request_id: uuid.UUID, version: int) -> Request:
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    return request


def _reason(text: str) -> str:
    return _needed(text, "reason", "Enter the reason.")


def _needed(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise Invalid(message, field=field)
    return text.strip()


_HAPPENED: dict[Verb, str] = {
    Verb.WITHDRAW: "Your request has been withdrawn.",
    Verb.CANCEL: "Your request has been cancelled by the Business Unit.",
    Verb.CLOSE_WITHOUT_ANSWER: "We have not heard from you, so we have closed your request.",
    Verb.MARK_DUPLICATE: "We have another request about the same work, so we have joined yours to it.",
}
