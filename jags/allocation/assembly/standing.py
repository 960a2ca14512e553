"""Say what keeps people of the pool from a request on whatever day: how they stand, and what connects them to it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from jags.accounts.rules import spelling
from jags.allocation.assembly.around import people_around_each
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import NOTHING_CLEARED, settled_of_each, talk_of, waits_for_talk
from jags.allocation.rules import IndependenceAnswer, OfferState, PossibleConnection, Rule
from jags.allocation.rules.independence import Somebody, compare
from jags.facilitators.queries import PoolMember
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.work import Work
from jags.requests.model import Request

_NO_AGENCY = "not recorded"
Stands = tuple[frozenset[Rule], frozenset[PossibleConnection]]


def organisation(member: PoolMember, organisations: Mapping[uuid.UUID, str]) -> str:
    """Return what the two-agency rule compares of somebody; an agency that is not recorded is a rule of its own."""
    agency = member.facilitator.person.agency
    return organisations[agency.id] if agency else _NO_AGENCY


def requesting(request: Request, organisations: Mapping[uuid.UUID, str]) -> str:
    """Return what the soft rule on the requester's own agency compares of a request."""
    if request.agency_id is not None:
        return organisations[request.agency_id]
    return f"typed: {spelling(request.agency_typed)}"


def standing_of(
    work: Work,
    request: Request,
    members: Sequence[PoolMember],
    organisations: Mapping[uuid.UUID, str],
) -> dict[uuid.UUID, Stands]:
    """Return by person the rules that keep them from a request on whatever day, and the doubts not yet cleared."""
    return standing_of_each(work, [(request, members)], organisations)[request.id]


def standing_of_each(
    work: Work,
    asked: Sequence[tuple[Request, Sequence[PoolMember]]],
    organisations: Mapping[uuid.UUID, str],
    *,
    answers: Iterable[Offer] | None = None,
) -> dict[uuid.UUID, dict[uuid.UUID, Stands]]:
    """Return the same of several requests, each with people of its own, by as many queries as of one.

    One fewer with `answers`: the offers of these requests and of those that they repeat, the earliest first.
    """
    about = [request for request, _ in asked]
    ids = [request.id for request in about]
    around = people_around_each(work, about, organisations)
    earlier = _by_request(about, _earlier_answers(work, about) if answers is None else answers)
    # Somebody of the Business Unit who stood aside is no more independent as a facilitator.
    known = settled_of_each(work, ids)
    found: dict[uuid.UUID, dict[uuid.UUID, Stands]] = {}
    for request, members in asked:
        answered_for = earlier[request.id]
        if request.previous_request_id is not None:
            answered_for = [*earlier[request.previous_request_id], *answered_for]
        found[request.id] = {}
        for member in members:
            settled = known[request.id].cleared.get(member.person_id, NOTHING_CLEARED)
            rules, doubts = compare(_known(member, organisations), around[request.id])
            answered, talk = _from_answers(
                request, [offer for offer in answered_for if offer.person_id == member.person_id], settled
            )
            kept = frozenset(_digest(work, request, member, one) for one in doubts)
            doubts = (kept - settled.keys()) | talk
            rules |= answered | _of_the_pool(member)
            if doubts:
                rules |= {Rule.UNRESOLVED_DOUBT}
            if member.person_id in known[request.id].stood_aside:
                rules |= {Rule.INVOLVED}
            found[request.id][member.person_id] = (rules, doubts)
    return found


def _known(member: PoolMember, organisations: Mapping[uuid.UUID, str]) -> Somebody:
    person = member.facilitator.person
    return Somebody(
        name=member.name,
        address=person.email_index,
        manager=person.line_manager_email_index,
        agency=organisations[person.agency.id] if person.agency else "",
        team=person.team,
    )


def _of_the_pool(member: PoolMember) -> frozenset[Rule]:
    rules = set()
    if member.facilitator.status is not FacilitatorStatus.ACTIVE:
        rules.add(Rule.NOT_ACTIVE)
    if member.facilitator.person.agency is None:
        rules.add(Rule.NO_AGENCY)
    return frozenset(rules)


def _digest(
    work: Work, request: Request, member: PoolMember, written: PossibleConnection
) -> PossibleConnection:
    """Return a doubt as it is kept: what it is about may hold a name, so only a keyed digest leaves this place."""
    text = "\n".join((str(request.id), str(member.person_id), written.about))
    return PossibleConnection(written.doubt, work.vault.blind_index(f"doubt {written.doubt}", text).hex())


def _earlier_answers(work: Work, asked: Sequence[Request]) -> Iterable[Offer]:
    """Return what people of the pool answered for some requests, and for those that they repeat, the earliest first."""
    return work.session.scalars(
        select(Offer)
        .join(Offer.pair)
        .where(OfferedPair.request_id.in_(_with_repeated(asked)))
        .options(joinedload(Offer.declaration), contains_eager(Offer.pair))
        .order_by(OfferedPair.made_at, Offer.id)
    ).unique()


def _by_request(asked: Sequence[Request], offers: Iterable[Offer]) -> dict[uuid.UUID, list[Offer]]:
    found: dict[uuid.UUID, list[Offer]] = {request_id: [] for request_id in _with_repeated(asked)}
    for offer in dict.fromkeys(offers):
        found[offer.pair.request_id].append(offer)
    return found


def _with_repeated(asked: Sequence[Request]) -> set[uuid.UUID]:
    repeated = {one.previous_request_id for one in asked if one.previous_request_id is not None}
    return repeated | {one.id for one in asked}


def _from_answers(
    request: Request, offers: Sequence[Offer], cleared: Mapping[PossibleConnection, datetime]
) -> Stands:
    """Say what earlier answers mean: a conflict and a step back stay for a repeat, a mere decline does not."""
    rules: set[Rule] = set()
    doubts: set[PossibleConnection] = set()
    for offer in offers:
        if IndependenceAnswer.SHOULD_NOT in offer.answers:
            rules.add(Rule.DECLARED_CONNECTION)
        elif offer.identity_known:
            # Said on the telephone, when the family was named.
            rules.add(Rule.INVOLVED)
        elif offer.state is OfferState.STEPPED_BACK:
            rules.add(Rule.BLOCKED)
        elif offer.state is OfferState.DECLINED and offer.pair.request_id == request.id:
            rules.add(Rule.DECLINED)
        if waits_for_talk(offer, cleared):
            doubts.add(talk_of(offer))
    return frozenset(rules), frozenset(doubts)
