"""Turn rows into the engine's problem for one request: status, training, capacity, availability and independence."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jags.accounts.model import Person
from jags.accounts.queries import organisations_of
from jags.accounts.rules import spelling
from jags.allocation.engine import problem as engine
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import (
    NOTHING_CLEARED,
    cleared_doubts,
    kept_offer,
    promised,
    waits_for_talk,
)
from jags.allocation.rules import Doubt, IndependenceAnswer, OfferState, Rule, in_checking_order
from jags.allocation.rules.independence import Around, Place, Somebody, compare
from jags.facilitators.queries import PoolMember, free_time, pool
from jags.facilitators.rules import FacilitatorStatus, slot_count, slot_day
from jags.kernel.work import Work
from jags.requests import queries as requests
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import (
    LeadKnows,
    NetworkContact,
    Priority,
    State,
    Tie,
    closed_while,
    is_working_day,
    working_day_after,
)
from jags.settings.queries import partnership

# An overdue request still needs dates to look at: at least so many calendar days ahead.
LEAST_DAYS_AHEAD = 28
WEIGHTS: Mapping[Priority, int] = {Priority.ROUTINE: 1, Priority.SOONER: 3}
_NO_AGENCY = "not recorded"


@dataclass(frozen=True)
class Assembled:
    """The problem for one request, with what the engine does not know: people, their doubts, and who is kept."""

    request: Request
    problem: engine.Problem
    members: Mapping[str, PoolMember]
    doubts: Mapping[str, frozenset[Doubt]]
    kept: uuid.UUID | None
    first_day: date
    last_day: date

    @property
    def names(self) -> dict[str, str]:
        """Return the names by the ids that the engine uses."""
        return {key: member.name for key, member in self.members.items()}


def assemble(work: Work, request: Request) -> Assembled:
    """Return the problem for one request, by a constant number of queries.

    Half-days run from tomorrow to the local target for the session (docs/glossary.md), capacity is what is left in that
    day's quarter after sessions that are booked or promised, and independence is settled as far as known.
    """
    first_day, last_day = work.today + timedelta(days=1), _target(work, request)
    members = pool(work, in_quarter_of=last_day)
    kept = _kept(work, request, members)
    settings = partnership(work)
    time = free_time(
        work,
        [m.person_id for m in members],
        first_day=first_day,
        last_day=last_day,
        minutes=settings.preparation_minutes + settings.session_minutes + settings.debrief_minutes,
        is_working_day=is_working_day,
    )
    organisations = organisations_of(work)
    standing_offers = promised(work, apart_from=request.id)
    standing = standing_of(work, request, members, organisations)
    people, blocked, doubts = [], {}, {}
    for member in members:
        key = str(member.person_id)
        free, lapsed = time[member.person_id], _days_without_training(member, first_day, last_day)
        open_offers, agreed = standing_offers.get(member.person_id, (0, 0))
        capacity = max(0, member.load.left_in_quarter - open_offers)
        people.append(
            engine.Facilitator(
                id=key,
                agency=organisation(member, organisations),
                # Who has accepted this request has kept a session for it.
                capacity=max(1, capacity) if kept == member.person_id else capacity,
                load=member.load.last_twelve_months + agreed,
                slots=free.slots - lapsed,
                transitional=member.facilitator.transitional_training,
                recorded=free.recorded,
            )
        )
        rules, doubts[key] = standing[member.person_id]
        if not _is_ever_current(member, first_day, last_day):
            rules |= {Rule.NOT_CURRENT}
        # Who has accepted this request was asked before the session that was heavy.
        if member.load.rests_until is not None and kept != member.person_id:
            rules |= {Rule.RESTING}
        if rules:
            blocked[key] = in_checking_order(rules)
    asked = engine.Request(
        id=str(request.id),
        agency=_requesting(request, organisations),
        weight=WEIGHTS[request.priority],
        # Dates are agreed with the network after the facilitators; none are asked for as half-days.
        slots=None,
        blocked=blocked,
        transitional=bool(request.transitional_confirmed),
        travel=_travel(request, members),
    )
    return Assembled(
        request,
        engine.Problem(tuple(people), (asked,)),
        {str(m.person_id): m for m in members},
        doubts,
        kept,
        first_day,
        last_day,
    )


def _kept(work: Work, request: Request, members: Sequence[PoolMember]) -> uuid.UUID | None:
    kept = kept_offer(work, request.id)
    return kept.person_id if kept and kept.person_id in {m.person_id for m in members} else None


def _target(work: Work, request: Request) -> date:
    received = request.received_on or work.today
    targets, school = partnership(work), requests.asked_by_school(request)
    closed = closed_while(State.FACILITATORS_AGREED, targets=targets, school=school)
    target = working_day_after(received, targets.held_days, closed)
    return max(target, work.today + timedelta(days=LEAST_DAYS_AHEAD))


def _is_ever_current(member: PoolMember, first_day: date, last_day: date) -> bool:
    span = (last_day - first_day).days + 1
    return any(member.current_on(first_day + timedelta(days=n)) for n in range(span))


def _days_without_training(member: PoolMember, first_day: date, last_day: date) -> frozenset[int]:
    """Return the half-days on which the training is not valid; none where it never is, which is a rule of its own."""
    count = slot_count(first_day, last_day)
    lapsed = frozenset(n for n in range(count) if not member.current_on(slot_day(first_day, n)))
    return frozenset() if len(lapsed) == count else lapsed


def _travel(request: Request, members: Sequence[PoolMember]) -> dict[str, int]:
    """Return 1 for everybody who works in localities, but not in the request's."""
    places = {str(m.person_id): {one.locality for one in m.facilitator.localities} for m in members}
    return {
        key: 1
        for key, names in places.items()
        if request.locality and names and request.locality not in names
    }


def organisation(member: PoolMember, organisations: Mapping[uuid.UUID, str]) -> str:
    """Return what the two-agency rule compares of somebody; an agency that is not recorded is a rule of its own."""
    agency = member.facilitator.person.agency
    return organisations[agency.id] if agency else _NO_AGENCY


def _requesting(request: Request, organisations: Mapping[uuid.UUID, str]) -> str:
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
        elif offer.state is OfferState.STEPPED_BACK:
            rules.add(Rule.BLOCKED)
        elif offer.state is OfferState.DECLINED and offer.pair.request_id == request.id:
            rules.add(Rule.DECLINED)
        if waits_for_talk(offer, cleared):
            doubts.add(Doubt.TALK_IT_THROUGH)
    return frozenset(rules), frozenset(doubts)
