"""Made-up facilitators and accepted requests, made as the services make them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from factories.people import agency
from jags.accounts.model import Account, Agency, Person
from jags.accounts.queries import actor_of
from jags.accounts.rules import AccountState, Contact, Role
from jags.accounts.service import add_person, invite_person
from jags.allocation.assembly import assemble
from jags.allocation.queries import get_offer, live_offers
from jags.allocation.rules import DECLARATIONS, IndependenceAnswer, PossibleConnection
from jags.allocation.service import clear_doubt, declare_independence, offer_pair
from jags.facilitators.rules import Span, slot_span
from jags.facilitators.service import add_facilitator, add_training, give_availability
from jags.kernel.actor import Actor
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import (
    AgeBand,
    DateMatters,
    LeadKnows,
    NetworkContact,
    Reason,
    RequesterContact,
    Responsibility,
    Tie,
    Verb,
    YesNoUnsure,
)
from jags.requests.service import (
    AboutTheChild,
    AboutYou,
    Contacts,
    IntoAdulthood,
    LastThings,
    SomebodyInvolved,
    WhoIsInvolved,
    WhyAndHopes,
    confirm_by_telephone,
    move_request,
    save_answers,
    start_draft,
    submit_request,
)
from jags.requests.service.answers import new_member

NO_CONNECTION = dict.fromkeys((s.key for s in DECLARATIONS[1]), IndependenceAnswer.NO_CONNECTION)
TALK = {**NO_CONNECTION, "network": IndependenceAnswer.TALK_IT_THROUGH}
CONFLICT = {**NO_CONNECTION, "family": IndependenceAnswer.SHOULD_NOT}


def facilitator(work: Work, name: str, *, of: str = "", **details) -> uuid.UUID:
    """Add a trained facilitator called `name`, of the agency `of` (its key; a new one for each person if not given).

    `details` are those of `add_facilitator`, and `team`, `trained_on`, `refresher_due_on`.
    """
    person_details = {"team": details.pop("team", "")}
    trained_on = details.pop("trained_on", work.today - timedelta(days=100))
    refresher_due_on = details.pop("refresher_due_on", None)
    key = of or f"agency-of-{name.lower()}"
    found = work.session.scalar(select(Agency).where(Agency.key == key))
    person = add_person(
        work,
        contact=Contact(name=name, email=f"{name.lower().replace(' ', '.')}@example.org"),
        agency=found or agency(work, key, f"Agency {key}"),
        **person_details,
    )
    add_facilitator(work, person=person, **{"sessions_per_quarter": 2, **details})
    if trained_on is not None:
        add_training(work, person.id, trained_on=trained_on, refresher_due_on=refresher_due_on)
    return person.id


def offers_slots(work: Work, person_id: uuid.UUID, *numbers: int) -> None:
    """Record that somebody is free in half-days, numbered from tomorrow."""
    tomorrow = work.today + timedelta(days=1)
    give_availability(work, person_id, [slot_span(tomorrow, n) for n in numbers])


def signs_in(work: Work, person_id: uuid.UUID, role: Role = Role.FACILITATOR) -> Actor:
    """Give somebody of the pool an active account and return them as an actor."""
    account = work.session.scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        account = invite_person(work, work.session.get_one(Person, person_id), role=role)
    account.state = AccountState.ACTIVE
    work.session.flush()
    return actor_of(account)


def accepted_request(
    work: Work,
    *,
    name: str = "Asha Bell",
    email: str = "asha@example.org",
    agency_name: str = "A School",
    team: str = "",
    pseudonym: str = "Kestrel",
    bands: frozenset[AgeBand] = frozenset({AgeBand.SIXTEEN_SEVENTEEN}),
    lead: SomebodyInvolved | None = None,
    people: tuple[SomebodyInvolved, ...] = (),
    should_not: SomebodyInvolved | None = None,
    transitional: bool | None = None,
    locality: str | None = "East",
) -> Request:
    """Take a request all the way to "accepted"."""
    request = start_draft(work)
    save_answers(
        work,
        request,
        AboutYou(
            RequesterContact(name=name, role="Teacher", team=team, email=email, phone="01632 960 010"),
            agency_name,
        ),
        AboutTheChild(
            pseudonym, bands, sibling_group=False, locality=locality, responsibility=Responsibility.OURS
        ),
        WhyAndHopes(frozenset({Reason.STUCK}), "Slow down together"),
        WhoIsInvolved(agencies=("Police",), lead=lead, lead_knows=LeadKnows.YES),
        IntoAdulthood(YesNoUnsure.UNSURE),
        LastThings(frozenset({DateMatters.NO})),
        Contacts(people),
    )
    submit_request(work, request)
    confirm_by_telephone(work, request.id, version=request.version)
    move_request(work, request, Verb.ACCEPT)
    if should_not is not None:
        request.network.append(
            new_member(work, request, should_not, tie=Tie.SHOULD_NOT_FACILITATE, position=99)
        )
    request.transitional_confirmed = transitional
    work.session.flush()
    return request


def involved(name: str, *, email: str = "", team: str = "", of: str = "", role: str = "") -> SomebodyInvolved:
    """Return somebody around the child."""
    return SomebodyInvolved(NetworkContact(name=name, email=email, team=team, role=role), of)


@dataclass(frozen=True)
class Offered:
    """A request that was offered to two people: its id and each person's offer and actor."""

    request_id: uuid.UUID
    people: tuple[uuid.UUID, ...]
    offers: tuple[uuid.UUID, ...]
    actors: tuple[Actor, ...]


def offered(work: Work, *names: str, request: Request | None = None) -> Offered:
    """Add the named facilitators and offer the first two of them an accepted request."""
    ids = tuple(facilitator(work, name) for name in names)
    asked = request or accepted_request(work)
    return offer_to(work, asked, ids)


def offer_to(work: Work, request: Request, person_ids: tuple[uuid.UUID, ...], **details) -> Offered:
    """Offer a request to the first two people; the actors are those of all people, `details` those of `offer_pair`."""
    offer_pair(work, request.id, person_ids=person_ids[:2], version=request.version, **details)
    by_person = {offer.person_id: offer.id for offer in live_offers(work, request.id)}
    return Offered(
        request.id,
        person_ids,
        tuple(by_person[person_id] for person_id in person_ids[:2]),
        tuple(signs_in(work, person_id) for person_id in person_ids),
    )


def declares(work: Work, offer_id: uuid.UUID, answers=NO_CONNECTION) -> None:
    """Answer the independence statements; by default, no connection."""
    declare_independence(work, offer_id, answers, version=get_offer(work, offer_id).version)


def doubts_of(work: Work, request: Request, person_id: uuid.UUID) -> list[PossibleConnection]:
    """Return the doubts about somebody that are not cleared, as a page shows them."""
    return sorted(assemble(work, request).doubts[str(person_id)])


def clears(work: Work, request: Request, person_id: uuid.UUID, reason: str = "Not the same person.") -> None:
    """Clear every doubt about somebody with a reason."""
    clear_doubt(work, request.id, person_id, reason, doubts=doubts_of(work, request, person_id))


def span(day: date, first: int, last: int) -> Span:
    """Return a span between two hours of a winter's day, when London's clock shows UTC."""
    midnight = datetime.fromisoformat(f"{day.isoformat()}T00:00+00:00")
    return Span(midnight + timedelta(hours=first), midnight + timedelta(hours=last))
