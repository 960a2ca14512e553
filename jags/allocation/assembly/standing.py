"""Say what keeps people of the pool from a request on whatever day: how they stand, and what connects them to it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jags.accounts.model import Person
from jags.accounts.rules import spelling
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import NOTHING_CLEARED, cleared_doubts, waits_for_talk
from jags.allocation.rules import Doubt, IndependenceAnswer, OfferState, Rule
from jags.allocation.rules.independence import Around, Place, Somebody, compare
from jags.facilitators.queries import PoolMember
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.work import Work
from jags.requests import queries as requests
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import LeadKnows, NetworkContact, Tie

_NO_AGENCY = "not recorded"


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
) -> dict[uuid.UUID, tuple[frozenset[Rule], frozenset[Doubt]]]:
    """Return by person the rules that keep them from a request on whatever day, and the doubts not yet cleared."""
    around = people_around(work, request, organisations)
    earlier = _earlier_answers(work, request)
    cleared = cleared_doubts(work, request.id)
    # Somebody of the Business Unit who stood aside is no more independent as a facilitator.
    stood_aside = requests.involved_in(work, request.id)
    found = {}
    for member in members:
        person = member.facilitator.person
        known = Somebody(
            name=member.name,
            address=person.email_index,
            manager=person.line_manager_email_index,
            agency=organisations[person.agency.id] if person.agency else "",
            team=person.team,
        )
        rules, doubts = compare(known, around)
        settled = cleared.get(person.id, NOTHING_CLEARED)
        answered, talk = _from_answers(request, earlier.get(person.id, []), settled)
        doubts = (doubts - settled.keys()) | talk
        if doubts:
            rules |= {Rule.UNRESOLVED_DOUBT}
        if member.facilitator.status is not FacilitatorStatus.ACTIVE:
            rules |= {Rule.NOT_ACTIVE}
        if person.agency is None:
            rules |= {Rule.NO_AGENCY}
        if person.id in stood_aside:
            rules |= {Rule.INVOLVED}
        found[person.id] = (rules | answered, doubts)
    return found


def people_around(work: Work, request: Request, organisations: Mapping[uuid.UUID, str]) -> list[Around]:
    """Return everybody around the child, and who should not facilitate, as far as they can be compared."""
    asks = requests.contact_of(work, request)
    people = [
        (Place(tie.value), member, contact)
        for tie in Tie
        for member, contact in requests.members(work, request, tie=tie)
    ]
    indexes = {m.email_index for _, m, _ in people} | {request.requester_email_index}
    managers = dict(
        work.session.execute(
            select(Person.email_index, Person.line_manager_email_index).where(
                Person.email_index.in_(indexes - {None}), Person.line_manager_email_index.is_not(None)
            )
        ).all()
    )
    is_lead = request.lead_knows is LeadKnows.IT_IS_ME
    place_of_requester = Place.LEAD_PROFESSIONAL if is_lead else Place.REQUESTER
    requester = Somebody(
        name=asks.name,
        address=request.requester_email_index,
        manager=managers.get(request.requester_email_index),
        agency=organisations[request.agency_id] if request.agency_id else "",
        team=asks.team,
    )
    return [
        Around(place_of_requester, requester),
        *(Around(place, _somebody(m, c, managers, organisations)) for place, m, c in people),
    ]


def _somebody(
    member: NetworkMember,
    contact: NetworkContact,
    managers: Mapping[bytes | None, bytes | None],
    organisations: Mapping[uuid.UUID, str],
) -> Somebody:
    return Somebody(
        name=contact.called,
        address=member.email_index,
        manager=managers.get(member.email_index),
        agency=organisations[member.agency_id] if member.agency_id else "",
        team=contact.team,
    )


def _earlier_answers(work: Work, request: Request) -> dict[uuid.UUID, list[Offer]]:
    """Return what people of the pool answered for this request, and for the one that it repeats."""
    about = [request.id, *([request.previous_request_id] if request.previous_request_id else [])]
    offers = work.session.scalars(
        select(Offer)
        .join(Offer.pair)
        .where(OfferedPair.request_id.in_(about))
        .options(selectinload(Offer.declaration), selectinload(Offer.pair))
        .order_by(OfferedPair.made_at, Offer.id)
    )
    found: dict[uuid.UUID, list[Offer]] = {}
    for offer in offers:
        found.setdefault(offer.person_id, []).append(offer)
    return found


def _from_answers(
    request: Request, offers: Sequence[Offer], cleared: Mapping[Doubt, datetime]
) -> tuple[frozenset[Rule], frozenset[Doubt]]:
    """Say what earlier answers mean: a conflict and a step back stay for a repeat, a mere decline does not."""
    rules: set[Rule] = set()
    doubts: set[Doubt] = set()
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
            doubts.add(Doubt.TALK_IT_THROUGH)
    return frozenset(rules), frozenset(doubts)
