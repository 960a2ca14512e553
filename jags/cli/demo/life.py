"""The life of one made-up request, from the form to the last answer, through the services."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from jags.accounts.model import Account
from jags.accounts.queries import actor_of
from jags.accounts.rules import Purpose
from jags.allocation.choice import ranking_for
from jags.allocation.queries import agreed_facilitators, get_offer, open_pair
from jags.allocation.rules import CURRENT_DECLARATION, DECLARATIONS, IndependenceAnswer
from jags.allocation.service import accept_offer, declare_independence, offer_pair
from jags.cli.demo.network import ACCOUNTS, COMMENTS, NETWORK_NAMES
from jags.cli.demo.people import AGENCY_NAMES, address_of
from jags.cli.demo.requests import MadeUpRequest
from jags.cli.demo.world import World
from jags.feedback.rules import WhatFollowed
from jags.feedback.rules.forms import Agreement
from jags.feedback.service import accept_answer, give_account
from jags.kernel.actor import ANONYMOUS, Actor, ActorKind, system
from jags.requests.queries import get_request, members
from jags.requests.rules import (
    DateMatters,
    LeadKnows,
    NetworkContact,
    Priority,
    RequesterContact,
    Responsibility,
    Verb,
    is_working_day,
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
    accept_request,
    ask_requester,
    confirm_request,
    confirm_transitional,
    note_call,
    note_preparation,
    save_answers,
    set_priority,
    start_draft,
    submit_request,
)
from jags.scheduling.queries import sessions_of
from jags.scheduling.rules import AgencyRow, Appointment, Attendance, KeptToApproach, Place, SessionFormat
from jags.scheduling.service import end_request, record_session, schedule_session

_OPINIONS = (
    *(Agreement.STRONGLY_AGREE,) * 4,
    *(Agreement.AGREE,) * 5,
    *(Agreement.NEITHER,) * 2,
    Agreement.DISAGREE,
    Agreement.NOT_APPLICABLE,
)


class Life:
    """One request as it is lived; its steps are yields, each the time until the next."""

    def __init__(self, world: World, number: int, told: MadeUpRequest) -> None:
        self._world = world
        self._number = number
        self._told = told

    def story(self) -> Iterator[timedelta]:
        """Tell the life of one request; each yield is the time until its next step."""
        request_id = self._ask()
        if self._told.fate == "unconfirmed":
            return
        yield timedelta(minutes=25)
        with self._world.work(_by_link(Purpose.CONFIRM_REQUEST, request_id)) as work:
            confirm_request(work, request_id)
        if self._told.fate == "triage":
            return
        yield timedelta(days=2, hours=3)
        if not self._triage(request_id):
            yield from self._afterwards(request_id)
            return
        yield timedelta(days=1, hours=2)
        if self._told.fate != "accepted":
            yield from self._after_acceptance(request_id)

    def _afterwards(self, request_id: uuid.UUID) -> Iterator[timedelta]:
        """Let the coordinator ring somebody who was signposted and has not been heard of since the nudge."""
        if self._told.fate != "signposted":
            return
        yield timedelta(days=16)
        with self._world.work(self._world.coordinator) as work:
            version = get_request(work, request_id).version
            note_call(
                work, request_id, on=work.today, note="The meeting was held, and it helped.", version=version
            )

    def _after_acceptance(self, request_id: uuid.UUID) -> Iterator[timedelta]:
        self._offer(request_id)
        if self._told.fate == "offered":
            return
        yield timedelta(days=1, hours=4)
        self._both_accept(request_id)
        if self._told.fate == "agreed":
            return
        yield timedelta(days=3)
        session_at = self._schedule(request_id)
        yield session_at - self._world.now + timedelta(hours=5)
        if self._told.fate == "due":
            return
        self._hold(request_id)
        yield timedelta(days=3)
        if self._told.fate == "closed":
            self._answer(request_id, self._opinion)
            yield timedelta(weeks=8)
            self._answer(request_id, self._what_followed)
            self._tell(request_id)

    def _ask(self) -> uuid.UUID:
        with self._world.work(system("demo")) as work:
            request = start_draft(work)
            work.as_actor(_by_link(Purpose.REQUEST_DRAFT, request.id))
            contact = RequesterContact(
                name=self._told.name,
                role=self._told.role,
                email=address_of(self._told.name, self._told.agency),
                phone="01632 960123",
                best_time="Mornings",
            )
            save_answers(
                work,
                request,
                AboutYou(contact=contact, agency=AGENCY_NAMES[self._told.agency]),
                AboutTheChild(
                    pseudonym=self._told.initials,
                    age_bands=self._told.bands,
                    sibling_group=False,
                    locality=self._told.locality,
                    responsibility=Responsibility.OURS,
                    plans=self._told.plans,
                ),
                WhyAndHopes(reasons=self._told.reasons, hopes=self._told.hopes),
                WhoIsInvolved(agencies=self._told.agencies, lead_knows=LeadKnows.IT_IS_ME),
                IntoAdulthood(view=self._told.view),
                LastThings(date_matters=frozenset({DateMatters.NO}), heard_of="colleague"),
                Contacts(people=tuple(self._network())),
            )
            submit_request(work, request)
            return request.id

    def _network(self) -> Iterator[SomebodyInvolved]:
        for place in range(6):
            name = NETWORK_NAMES[(self._number * 5 + place) % len(NETWORK_NAMES)]
            agency = self._told.agencies[place % len(self._told.agencies)]
            contact = NetworkContact(
                name=name,
                role="Practitioner",
                email=f"{name.lower().replace(' ', '.')}.{self._number}@network.example.org",
            )
            yield SomebodyInvolved(contact=contact, agency=agency)

    def _triage(self, request_id: uuid.UUID) -> bool:
        with self._world.work(self._world.coordinator) as work:
            request = get_request(work, request_id)
            if self._told.view.value != "no":
                confirm_transitional(
                    work,
                    request_id,
                    confirmed=bool(self._told.features),
                    features=self._told.features,
                    reason="Talked through with the requester.",
                    version=request.version,
                )
                work.session.flush()
            if self._told.sooner:
                set_priority(
                    work,
                    request_id,
                    priority=Priority.SOONER,
                    reason="A move is near.",
                    version=request.version,
                )
                work.session.flush()
            match self._told.fate:
                case "waiting":
                    ask_requester(
                        work,
                        request_id,
                        question="Does the lead professional know of this?",
                        version=request.version,
                    )
                case "signposted":
                    end_request(
                        work,
                        request_id,
                        verb=Verb.SIGNPOST,
                        route=self._told.route,
                        version=request.version,
                        reason="A meeting with the family is due and fits better.",
                        told="We agreed on the telephone.",
                        contact_given="The duty team",
                    )
                case "cancelled":
                    end_request(
                        work,
                        request_id,
                        verb=Verb.CANCEL,
                        version=request.version,
                        reason="The network met and no longer needs it.",
                    )
                case _:
                    accept_request(
                        work,
                        request_id,
                        version=request.version,
                        reason="Several agencies see it differently, and a space to think together is what is missing.",
                    )
                    return True
        return False

    def _offer(self, request_id: uuid.UUID) -> None:
        with self._world.work(self._world.coordinator) as work:
            request = get_request(work, request_id)
            pairs = ranking_for(work, request, limit=1).pairs
            if not pairs:
                raise LookupError("the made-up pool has no pair left: give it more people")
            people = [pairs[0].first.person_id, pairs[0].second.person_id]
            offer_pair(work, request_id, person_ids=people, version=request.version)

    def _both_accept(self, request_id: uuid.UUID) -> None:
        with self._world.work(self._world.coordinator) as work:
            pair = open_pair(work, request_id)
            offers = [(offer.id, offer.person_id) for offer in pair.offers] if pair else []
        answers = {s.key: IndependenceAnswer.NO_CONNECTION for s in DECLARATIONS[CURRENT_DECLARATION]}
        for offer_id, person_id in offers:
            with self._world.work(self._facilitator(person_id)) as work:
                declared = declare_independence(
                    work, offer_id, answers, version=get_offer(work, offer_id).version
                )
                work.session.flush()
                accept_offer(work, offer_id, version=declared.version)

    def _facilitator(self, person_id: uuid.UUID) -> Actor:
        with self._world.work(system("demo")) as work:
            account = work.session.scalars(select(Account).where(Account.person_id == person_id)).one()
            return actor_of(account)

    def _schedule(self, request_id: uuid.UUID) -> datetime:
        with self._world.work(self._world.coordinator) as work:
            request = get_request(work, request_id)
            note_preparation(work, request_id, on=work.today, version=request.version)
            work.session.flush()
            day = work.today + timedelta(days=12)
            while not is_working_day(day):
                day += timedelta(days=1)
            hour = self._world.random.choice((9, 10, 13, 14))
            session = schedule_session(
                work,
                request_id,
                Appointment(
                    datetime(day.year, day.month, day.day, hour, 30),  # noqa: DTZ001 - A wall time.
                    120,
                    SessionFormat.IN_PERSON,
                    Place(venue="Family hub, quiet room", arrangements="Step-free; ring the bell."),
                ),
                member_ids=[member.id for member, _contact in members(work, request)],
                version=request.version,
            )
            return session.starts_at

    def _hold(self, request_id: uuid.UUID) -> None:
        with self._world.work(self._world.coordinator) as work:
            request = get_request(work, request_id)
            (session,) = sessions_of(work, request.id)
            rows = [
                AgencyRow(row.agency_id, row.agency_typed, Attendance.PRESENT) for row in request.involved
            ]
            present = [member.id for member, _contact in members(work, request)]
            session_id, version = session.id, session.version
            recorder = agreed_facilitators(work, request_id)[0]
        with self._world.work(self._facilitator(recorder)) as work:
            record_session(
                work,
                session_id,
                minutes=120,
                kept=self._world.random.choice(
                    (KeptToApproach.YES, KeptToApproach.YES, KeptToApproach.MOSTLY)
                ),
                agencies=rows,
                present=present,
                learning="Who stays with a young person at 18 is decided late.",
                version=version,
            )

    def _answer(self, request_id: uuid.UUID, say: Callable[[], dict[str, str]]) -> None:
        with self._world.work(self._world.coordinator) as work:
            request = get_request(work, request_id)
            addresses = [contact.email for _member, contact in members(work, request)]
        for address in addresses:
            ticket = self._world.tickets.pop(address, None)
            # Somebody now and then does not find the time.
            if ticket is None or (address == addresses[-1] and self._number % 2):
                continue
            with self._world.work(ANONYMOUS) as work:
                accept_answer(work, ticket, say())

    def _what_followed(self) -> dict[str, str]:
        draw = self._world.random
        then = draw.randint(5, 9)
        return {
            "contact_then": draw.choice("1223"),
            "contact_now": draw.choice("2334"),
            "stuck_then": str(then),
            "stuck_now": str(max(0, then - draw.randint(-1, 5))),
            "practice": draw.choice("12333"),
            "difference": draw.choice("122334"),
        }

    def _tell(self, request_id: uuid.UUID) -> None:
        """Let the requester answer the one question under their name, now and then."""
        if self._number % 3:
            return
        with self._world.work(_by_link(Purpose.WHAT_FOLLOWED, request_id)) as work:
            said = WhatFollowed(said=ACCOUNTS[self._number % len(ACCOUNTS)])
            give_account(work, request_id, account=said, version=0)

    def _opinion(self) -> dict[str, str]:
        items = ("safe", "time", "impact", "views", "centre", "even_handed", "reflected", "both_services")
        sent = {item: self._world.random.choice(_OPINIONS).value for item in items}
        if self._world.random.random() < 0.5:  # noqa: PLR2004 - Half have two more minutes.
            more = ("roles", "thinking", "relationships", "development", "recommend")
            sent |= {item: self._world.random.choice(_OPINIONS).value for item in more}
            sent["confidence"] = self._world.random.choice("12333344")
        if self._world.random.random() < 0.4:  # noqa: PLR2004 - Fewer than half write something.
            sent |= {"comment": self._world.random.choice(COMMENTS), "may_quote": "yes"}
        return sent


def _by_link(purpose: Purpose, request_id: uuid.UUID) -> Actor:
    return Actor(ActorKind.LINK, "link:demo", purpose=purpose, subject_id=request_id)
