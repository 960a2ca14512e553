"""Read offers and agreements, and what each person sees of an offer."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of, names_of, people_of, recusals_of
from jags.accounts.rules import Contact
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries.doubts import NOTHING_CLEARED, cleared_doubts, waits_for_talk
from jags.allocation.rules import (
    UNANSWERED_OFFERS,
    GivenReason,
    OfferState,
    PairState,
    rule_in_words,
)
from jags.facilitators.queries import without_load
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.requests import queries as requests
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import AgeBand, CaseDetail, LeadKnows, NetworkContact, State

LIVE_OFFERS = UNANSWERED_OFFERS | {OfferState.ACCEPTED}
# Requests whose facilitators are promised and have no booking yet.
NOT_BOOKED = (State.ACCEPTED, State.OFFERED, State.FACILITATORS_AGREED)


@dataclass(frozen=True)
class OfferLine:
    """One person's offer, as the coordinator sees it on the request's page."""

    offer: Offer
    name: str
    agency: str
    waits_for_talk: bool


@dataclass(frozen=True)
class WithoutDate:
    """Two people, by their ids as text, who have been offered a request or have agreed; `accepted` are those who have accepted."""

    request: Request
    pair: tuple[str, str]
    accepted: frozenset[str] = frozenset()

    @property
    def agreed(self) -> bool:
        """Tell whether both have accepted."""
        return len(self.accepted) == len(self.pair)


@dataclass(frozen=True)
class AgreedRule:
    """A rule that was set aside for a pair, and why."""

    rule: str
    reason: str


@dataclass(frozen=True)
class Panel:
    """How finding facilitators stands, for the page of a request.

    `lines` are the two offers of the open or agreed pair; `kept` names somebody who has accepted and waits for a new
    partner.
    """

    request: Request
    lines: tuple[OfferLine, ...]
    lapses_at: datetime | None
    agreed: bool
    kept: str
    exceptions: tuple[AgreedRule, ...]

    @property
    def may_choose(self) -> bool:
        """Tell whether facilitators can be chosen now."""
        return self.request.state is State.ACCEPTED and not self.request.paused

    @property
    def has_people(self) -> bool:
        """Tell whether anybody has been offered it, has agreed or is kept, and the session is still to come."""
        return bool(self.lines or self.kept) and self.request.state not in {State.HELD, State.CLOSED}

    @property
    def may_note_step_back(self) -> bool:
        """Tell whether somebody who has agreed can still step back."""
        return self.agreed and self.request.state in {State.FACILITATORS_AGREED, State.SCHEDULED}

    @property
    def may_choose_again(self) -> bool:
        """Tell whether an open offer can be called back now."""
        return self.request.state is State.OFFERED and not self.request.paused


@dataclass(frozen=True)
class Role:
    """Somebody around the child, without a name."""

    role: str
    agency: str
    team: str


@dataclass(frozen=True)
class FirstLook:
    """What somebody sees before declaring: agencies, teams, roles, locality and age bands; no names, no detail."""

    reference: str
    state: State
    requester: Role
    requester_leads: bool
    lead: Role | None
    people: tuple[Role, ...]
    agencies: tuple[str, ...]
    locality: str
    age_bands: tuple[AgeBand, ...]
    transitional: bool
    paused: bool


@dataclass(frozen=True)
class Named:
    """Somebody around the child, with their name, or a co-facilitator."""

    name: str
    role: str
    agency: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Detail:
    """What somebody sees after declaring."""

    case: CaseDetail
    before: requests.BeforeContact
    requester: Named
    lead: Named | None
    people: tuple[Named, ...]
    colleague: Named


@dataclass(frozen=True)
class OfferSummary:
    """One offer in a facilitator's own list."""

    offer: Offer
    request: Request
    agency: str


# The pairs of a request in which somebody has yet to answer or has accepted, with all that its page shows of them.
_LIVE_PAIRS = (
    select(OfferedPair)
    .where(
        OfferedPair.request_id == bindparam("request_id"),
        OfferedPair.offers.any(Offer.state.in_(LIVE_OFFERS)),
    )
    .options(joinedload(OfferedPair.offers).joinedload(Offer.declaration), joinedload(OfferedPair.exceptions))
    .order_by(OfferedPair.made_at, OfferedPair.id)
)


def get_offer(work: Work, offer_id: uuid.UUID, *, fresh: bool = False) -> Offer:
    """Return an offer with its pair, `fresh` as the database has them now; raises `NotFound`."""
    offer = work.session.scalar(
        select(Offer)
        .where(Offer.id == offer_id)
        .options(
            joinedload(Offer.pair).selectinload(OfferedPair.offers),
            selectinload(Offer.declaration),
        )
        .execution_options(populate_existing=fresh)
    )
    if offer is None:
        raise NotFound("There is no such offer.")
    return offer


def current_offer(work: Work, offer: Offer) -> Offer:
    """Return the offer that stands now for the same person and request: another one after a new partner was chosen."""
    if offer.state in LIVE_OFFERS:
        return offer
    live = live_offers(work, offer.pair.request_id)
    return next((other for other in live if other.person_id == offer.person_id), offer)


def live_offers(work: Work, request_id: uuid.UUID) -> Sequence[Offer]:
    """Return the offers of a request that wait or are accepted, as the database has them now; at most two."""
    return _live(work, [request_id])


def _live(work: Work, request_ids: Collection[uuid.UUID]) -> Sequence[Offer]:
    return work.session.scalars(
        select(Offer)
        .join(Offer.pair)
        .where(OfferedPair.request_id.in_(request_ids), Offer.state.in_(LIVE_OFFERS))
        .options(joinedload(Offer.pair).selectinload(OfferedPair.offers))
        .order_by(Offer.position, Offer.id)
        .execution_options(populate_existing=True)
    ).all()


def open_pair(work: Work, request_id: uuid.UUID) -> OfferedPair | None:
    """Return the pair of a request that is offered or agreed, if there is one."""
    pairs = {offer.pair for offer in live_offers(work, request_id)}
    return next((pair for pair in pairs if pair.state is not PairState.ENDED), None)


def agreed_facilitators(work: Work, request_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the two people who have agreed to facilitate a request, in the order of the pair; else nobody.

    As the database has them now, by one query.
    """
    partner = aliased(Offer)
    return list(
        work.session.scalars(
            select(Offer.person_id)
            .join(OfferedPair, OfferedPair.id == Offer.pair_id)
            .join(partner, (partner.pair_id == Offer.pair_id) & (partner.id != Offer.id))
            .where(
                OfferedPair.request_id == request_id,
                Offer.state == OfferState.ACCEPTED,
                partner.state == OfferState.ACCEPTED,
            )
            .order_by(OfferedPair.made_at.desc(), Offer.pair_id, Offer.position)
            .limit(2)
        )
    )


def kept_offers(work: Work, request_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Offer]:
    """Return by request the offer of somebody who has accepted and waits for a new partner, by two queries."""
    live = _live(work, request_ids)
    return {o.pair.request_id: o for o in reversed(live) if o.pair.state is PairState.ENDED}


def offers_of(work: Work, person_id: uuid.UUID) -> list[OfferSummary]:
    """Return a person's offers, the latest first, with the requests' agencies; one a request, the one that stands.

    A case in which they are involved as somebody of the Business Unit is not among them.
    """
    rows = work.session.execute(
        select(Offer, Request)
        .join(Offer.pair)
        .join(Request, Request.id == OfferedPair.request_id)
        .where(
            Offer.person_id == person_id,
            Offer.state != OfferState.PLANNED,
            Request.id.not_in(recusals_of(person_id)),
        )
        .options(joinedload(Offer.pair), joinedload(Request.agency))
        .order_by(OfferedPair.made_at.desc(), Offer.id)
    ).all()
    chosen: dict[uuid.UUID, OfferSummary] = {}
    for offer, request in sorted(rows, key=lambda row: row[0].state not in LIVE_OFFERS):
        chosen.setdefault(request.id, OfferSummary(offer, request, requests.agency_name(request)))
    return sorted(chosen.values(), key=lambda s: s.offer.pair.made_at, reverse=True)


def pairs_without_date(work: Work) -> list[WithoutDate]:
    """Return the pairs that are offered or agreed and for which no date is booked yet, by one query."""
    rows = work.session.execute(
        select(Request, Offer.person_id, Offer.state)
        .select_from(Offer)
        .join(Offer.pair)
        .join(Request, Request.id == OfferedPair.request_id)
        .where(Offer.state.in_(LIVE_OFFERS), Request.state.in_([State.OFFERED, State.FACILITATORS_AGREED]))
        .options(joinedload(Request.agency))
        .order_by(Request.id, Offer.position)
    )
    found: dict[Request, list[tuple[str, OfferState]]] = {}
    for request, person_id, state in rows:
        found.setdefault(request, []).append((str(person_id), state))
    return [
        WithoutDate(
            request,
            (offers[0][0], offers[1][0]),
            frozenset(person for person, state in offers if state is OfferState.ACCEPTED),
        )
        for request, offers in found.items()
    ]


def panel(work: Work, request: Request) -> Panel:
    """Return how finding facilitators stands for a request."""
    pairs = work.session.scalars(_LIVE_PAIRS, {"request_id": request.id}).unique().all()
    pair = next((one for one in pairs if one.state is not PairState.ENDED), None)
    waiting = [o for one in pairs for o in one.offers if o.state in LIVE_OFFERS]
    kept = None if pair else next(iter(waiting), None)
    offers = pair.offers if pair else []
    people = {one.person_id: one for one in without_load(work, [o.person_id for o in offers])}
    declared = any(o.state is OfferState.DECLARED for o in offers)
    cleared = cleared_doubts(work, request.id) if declared else {}
    return Panel(
        request,
        tuple(
            OfferLine(
                offer,
                people[offer.person_id].name,
                people[offer.person_id].agency,
                offer.state is OfferState.DECLARED
                and waits_for_talk(offer, cleared.get(offer.person_id, NOTHING_CLEARED)),
            )
            for offer in offers
        ),
        pair.lapses_at if pair and pair.state is PairState.OFFERED else None,
        agreed=pair is not None and pair.state is PairState.AGREED,
        kept=names_of(work, [kept.person_id]).get(kept.person_id, "") if kept else "",
        exceptions=tuple(
            AgreedRule(rule_in_words(one.rule), work.vault.open(one, "reason", GivenReason).reason)
            for one in (pair.exceptions if pair else [])
        ),
    )


def first_look(work: Work, offer: Offer) -> FirstLook:
    """Return what somebody sees of a request before declaring."""
    request = _request_of(work, offer)
    asks = requests.contact_of(work, request)
    lead = requests.lead_professional(work, request)
    return FirstLook(
        reference=request.reference or "",
        state=request.state,
        requester=Role(asks.role, requests.agency_name(request), asks.team),
        requester_leads=request.lead_knows is LeadKnows.IT_IS_ME,
        lead=_role(*lead) if lead else None,
        people=tuple(_role(m, c) for m, c in requests.members(work, request)),
        agencies=requests.agencies_of(work, request),
        locality=request.locality or "",
        age_bands=tuple(band for band in AgeBand if band in request.age_bands),
        transitional=bool(request.transitional_confirmed),
        paused=request.paused,
    )


def detail(work: Work, offer: Offer) -> Detail:
    """Return what somebody sees of a request after declaring; the caller has checked that they may."""
    request = _request_of(work, offer)
    asks = requests.contact_of(work, request)
    lead = requests.lead_professional(work, request)
    person, contact = _people(work, [offer.partner.person_id])[offer.partner.person_id]
    return Detail(
        case=requests.detail_of(work, request),
        before=requests.before_contact(work, request),
        requester=Named(asks.name, asks.role, requests.agency_name(request), asks.email, asks.phone),
        lead=_named(*lead) if lead else None,
        people=tuple(_named(m, c) for m, c in requests.members(work, request)),
        colleague=Named(contact.name, person.job_title, _agency(person), contact.email, contact.phone),
    )


def _request_of(work: Work, offer: Offer) -> Request:
    return work.session.get_one(Request, offer.pair.request_id)


def _people(work: Work, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Person, Contact]]:
    people = people_of(work, person_ids)
    return {key: (person, contact_of(work, person)) for key, person in people.items()}


def _agency(person: Person) -> str:
    return person.agency.name if person.agency else ""


def _role(member: NetworkMember, contact: NetworkContact) -> Role:
    return Role(contact.role, member.agency.name if member.agency else member.agency_typed, contact.team)


def _named(member: NetworkMember, contact: NetworkContact) -> Named:
    agency = member.agency.name if member.agency else member.agency_typed
    return Named(contact.shown(agency), contact.role, agency, contact.email, contact.phone)
