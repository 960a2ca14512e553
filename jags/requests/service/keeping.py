"""Keep what the Business Unit settles along the way: transitional safeguarding, how soon, preparation, the network."""

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import date

from jags.accounts.rules import spelling
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import detail_of, lead_professional
from jags.requests.rules import RUNG_WHEN_SOONER, Priority, Question, Tie, TransitionalFeature
from jags.requests.service.answers import SomebodyInvolved, describe_member, new_member
from jags.requests.service.checks import needed_reason, past_day, triaged


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
    request = triaged(work, request_id, version)
    chosen = frozenset(features) if confirmed else frozenset()
    if confirmed and not chosen:
        raise Invalid("Select what features.", field="features")
    request.transitional_confirmed = confirmed
    request.choose(Question.TRANSITIONAL_FEATURE, chosen)
    detail = dataclasses.replace(detail_of(work, request), transitional_reason=needed_reason(reason))
    work.vault.seal(request, "detail", detail)
    work.record("request:transitional_confirmed", request.id, reason=reason, features=len(chosen))
    return request


def set_priority(
    work: Work, request_id: uuid.UUID, *, priority: Priority, reason: str, version: int
) -> Request:
    """Set routine or sooner, with a reason. Who is to go sooner is rung again, whoever rang before."""
    request = triaged(work, request_id, version)
    if priority is Priority.SOONER and request.state in RUNG_WHEN_SOONER:
        request.followed_up_at = None
    request.priority = priority
    detail = dataclasses.replace(detail_of(work, request), priority_reason=needed_reason(reason))
    work.vault.seal(request, "detail", detail)
    work.record("request:changed", request.id, reason=reason, part="priority")
    return request


def note_preparation(work: Work, request_id: uuid.UUID, *, on: date, version: int) -> Request:
    """Note the date on which facilitators and requester prepared; there are no notes of it.

    Raises `Invalid` for a date in the future or before the request was received.
    """
    request = triaged(work, request_id, version)
    past_day(work, request, on, field="on")
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
    request = triaged(work, request_id, version)
    if not person.contact.name:
        raise Invalid("Enter a name.", field="name")
    if tie is Tie.LEAD_PROFESSIONAL:
        known = _lead_of_name(work, request, person)
        if known is not None:
            return known
    return bring_member(work, request, person, tie=tie)


def bring_member(
    work: Work, request: Request, person: SomebodyInvolved, *, tie: Tie = Tie.NETWORK
) -> NetworkMember:
    """Add somebody to the people around the child; the caller has checked whether the actor may.

    Raises `Invalid` for an address that is none.
    """
    position = 1 + max((m.position for m in request.network), default=-1)
    member = new_member(work, request, person, tie=tie, position=position)
    request.network.append(member)
    work.session.flush()
    work.record("network:changed", member.id, request=str(request.id), change="added")
    return member


def take_off_member(work: Work, request: Request, member_id: uuid.UUID) -> None:
    """Take somebody off the people around the child; the caller has checked whether the actor may."""
    for member in request.network:
        if member.id == member_id and member.removed_at is None:
            member.removed_at = work.now
            work.record("network:changed", member.id, request=str(request.id), change="removed")


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
