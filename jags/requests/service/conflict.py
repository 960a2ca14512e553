"""Keep whoever is involved in a case out of it, and let the lead take over what no coordinator can act on."""

import uuid

from sqlalchemy import select

from jags.accounts.model import Account, Recusal, TakenRequest
from jags.accounts.policy import require
from jags.accounts.queries import accounts_with_role
from jags.accounts.rules import Permission, Role
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.work import Work
from jags.notifications.service import withdraw_mail
from jags.requests.model import Request
from jags.requests.policy import request_for
from jags.requests.queries import find_taken, involved_in, nobody_can_act, who_can_act
from jags.requests.rules import OPEN
from jags.requests.service.moves import note_owner
from jags.requests.service.ownership import give_to, tell_leads, tell_that_it_waits


def pass_on(
    work: Work, request_id: uuid.UUID, *, owner_id: uuid.UUID | None, reason: str = "", version: int
) -> Request:
    """Let the actor, who is involved in the case, pass a request on; from now on they neither see it nor act on it.

    A chosen colleague looks after it from now on. Without one, nobody does where the actor did, and the others are told; where
    nobody else can act on it, the leads are. Raises `Invalid` for a colleague who cannot act on it, or when nobody at all
    would be left; `Stale`.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    me = work.actor.person_id
    if me is None:
        raise NotFound
    others = [person for person in who_can_act(work, request.id) if person.id != me]
    heads = [] if others else _other_leads(work, request)
    if not others and not heads:
        raise Invalid(
            "Nobody else could act on this request. Have somebody given an account first, or ring your lead."
        )
    if owner_id is not None and owner_id not in {person.id for person in others}:
        raise Invalid("Select a colleague who can look after this request.", field="owner")
    work.session.add(Recusal(person_id=me, request_id=request.id, since=work.now))
    _end_taken(work, request)
    withdraw_mail(work, recipient_ref=str(me), about_ref=str(request.id))
    work.record("request:recused", request.id, reason=reason.strip(), person=str(me))
    work.session.flush()
    if owner_id is not None:
        give_to(work, request, owner_id)
    elif request.owner_id == me:
        note_owner(work, request, None)
        if others:
            tell_that_it_waits(work, request)
    if heads:
        tell_leads(work, request, [account.person for account in heads])
    return request


def lift_recusal(
    work: Work, request_id: uuid.UUID, *, person_id: uuid.UUID, reason: str, version: int
) -> Request:
    """Let a colleague see a request again, because they are not involved after all; whoever passed it on cannot do that.

    Raises `Invalid` without a reason, `NotFound`, `Stale`.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    recusal = work.session.scalar(
        select(Recusal).where(Recusal.request_id == request.id, Recusal.person_id == person_id)
    )
    if recusal is None:
        raise NotFound("This colleague has not passed the request on.")
    if not reason.strip():
        raise Invalid("Enter the reason.", field="reason")
    work.session.delete(recusal)
    work.record("request:recusal_lifted", request.id, reason=reason.strip(), person=str(person_id))
    return request


def find_stuck(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request that the actor, as the lead, may take over; raises `NotFound` for every other, and `NotAllowed`."""
    require(work.actor, Permission.REQUEST_TAKE)
    found = work.session.scalar(
        select(Request).where(Request.id == request_id, Request.state.in_(sorted(OPEN)), nobody_can_act())
    )
    if found is None or work.actor.person_id in involved_in(work, request_id):
        raise NotFound("There is no such request.")
    return found


def take_over(work: Work, request_id: uuid.UUID, *, reason: str, version: int) -> Request:
    """Let the lead work on one request on which no coordinator can act, until they give it back; the reason is kept.

    Raises `Invalid` without a reason, `NotFound` for a request on which somebody can act, `NotAllowed`, `Stale`.
    """
    request = find_stuck(work, request_id)
    request.expect(version)
    me = work.actor.person_id
    if me is None:
        raise NotFound
    if not reason.strip():
        raise Invalid("Enter the reason.", field="reason")
    earlier = work.session.scalar(
        select(TakenRequest).where(TakenRequest.person_id == me, TakenRequest.request_id == request.id)
    )
    if earlier is None:
        work.session.add(TakenRequest(person_id=me, request_id=request.id, since=work.now))
    else:
        earlier.since, earlier.ended_at = work.now, None
    work.record("request:taken_over", request.id, reason=reason.strip())
    note_owner(work, request, me)
    return request


def give_back(work: Work, request_id: uuid.UUID, *, owner_id: uuid.UUID | None, version: int) -> Request:
    """Let the lead give a request back that they have taken over, to a coordinator or to whoever takes it.

    Raises `MoveNotPossible` for one that they have not taken, `Invalid` for a colleague who cannot act on it, `Stale`.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    if owner_id is not None and owner_id not in {person.id for person in who_can_act(work, request.id)}:
        raise Invalid("Select a colleague who can look after this request.", field="owner")
    if not _end_taken(work, request):
        raise MoveNotPossible("You have not taken this request over.")
    work.record("request:given_back", request.id)
    give_to(work, request, owner_id)
    return request


def _end_taken(work: Work, request: Request) -> bool:
    taken = find_taken(work, request.id)
    if taken is None or taken.person_id != work.actor.person_id:
        return False
    taken.ended_at = work.now
    return True


def _other_leads(work: Work, request: Request) -> list[Account]:
    involved = involved_in(work, request.id) | {work.actor.person_id}
    return [a for a in accounts_with_role(work, Role.ADMINISTRATOR) if a.person_id not in involved]
