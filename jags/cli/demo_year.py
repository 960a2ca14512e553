"""Load a small made-up year through the services, each step at its own instant, with the audit trail that real work leaves."""

import heapq
import random
import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask
from rich.progress import Progress
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jags.accounts.model import Account, Agency
from jags.accounts.queries import accounts_with_role, actor_of, find_agency
from jags.accounts.rules import Contact, Purpose, Role
from jags.accounts.service import add_agency, add_person, invite_person, issue_link, set_password
from jags.adapters.clock import FixedClock
from jags.allocation.choice import ranking_for
from jags.allocation.queries import agreed_facilitators, get_offer, open_pair
from jags.allocation.rules import CURRENT_DECLARATION, DECLARATIONS, IndependenceAnswer
from jags.allocation.service import accept_offer, declare_independence, offer_pair
from jags.cli.demo_people import AGENCIES, COMMENTS, FACILITATORS, NETWORK_NAMES, REQUESTS, MadeUpRequest
from jags.extensions import db
from jags.facilitators.service import add_facilitator, add_training
from jags.feedback.rules import Agreement
from jags.feedback.service import accept_answer
from jags.jobs.catalogue import JOBS
from jags.kernel.actor import ANONYMOUS, Actor, ActorKind, system
from jags.kernel.box import publish_jobs_key
from jags.kernel.time import LONDON, from_wall
from jags.kernel.work import Work, unit_of_work
from jags.notifications.service import claim_next, note_sent
from jags.requests.queries import get_request, is_paused, members
from jags.requests.rules import NetworkContact, RequesterContact, Responsibility, Verb
from jags.requests.service import (
    AboutTheChild,
    AboutYou,
    LastThings,
    SomebodyInvolved,
    WhoIsInvolved,
    WhyAndHopes,
    accept_request,
    ask_requester,
    confirm_request,
    confirm_transitional,
    note_preparation,
    save_answers,
    start_draft,
    submit_request,
)
from jags.scheduling.queries import sessions_of
from jags.scheduling.rules import AgencyRow, Attendance, KeptToApproach, Place, SessionFormat
from jags.scheduling.service import end_request, record_session, schedule_session

# The same year at every first start.
_SEED = 20260113
_TICKET = re.compile(r"/feedback/([\w-]+)")
_YEAR = timedelta(days=365)
Story = Iterator[timedelta]


def load_year(app: Flask) -> None:
    """Load the made-up year, unless there is something in the database already."""
    with app.app_context(), Session(db.engine) as session:
        if session.scalar(select(func.count()).select_from(Agency)):
            return
    _Year(app).run()


@dataclass(order=True)
class _Next:
    at: datetime
    number: int
    story: Story


class _Year:
    """A year that is lived in the order of its instants."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        ports = app.extensions["jags_ports"]
        self._end: datetime = ports.clock.now()
        self._clock = FixedClock(self._end - _YEAR)
        self._ports = replace(ports, clock=self._clock)
        self._random = random.Random(_SEED)  # noqa: S311 # nosec B311 - Made-up data, the same each time.
        self._coordinator: Actor = system("demo")
        # Tickets from delivered mail, by the address that got them.
        self._tickets: dict[str, str] = {}

    def run(self) -> None:
        """Live through the year."""
        with self._work(system("demo")) as work:
            if self._ports.jobs_private_key is not None:
                publish_jobs_key(work, self._ports.jobs_private_key)
            self._people(work)
        waiting = [
            _Next(self._morning(r.days_ago), number, self._story(number, r))
            for number, r in enumerate(REQUESTS)
        ]
        heapq.heapify(waiting)
        with Progress(transient=True) as progress:
            task = progress.add_task("Loading a made-up year", total=_YEAR.days)
            while waiting:
                following = heapq.heappop(waiting)
                self._live_until(following.at)
                progress.update(task, completed=_YEAR.days - (self._end - following.at).days)
                pause = next(following.story, None)
                if pause is not None and following.at + pause < self._end:
                    heapq.heappush(waiting, _Next(following.at + pause, following.number, following.story))
            self._live_until(self._end)

    @contextmanager
    def _work(self, actor: Actor) -> Iterator[Work]:
        with (
            self._app.app_context(),
            Session(db.engine) as session,
            unit_of_work(session, actor=actor, ports=self._ports) as work,
        ):
            yield work

    def _morning(self, days_ago: int) -> datetime:
        day = (self._end - timedelta(days=days_ago)).astimezone(LONDON).date()
        return from_wall(datetime(day.year, day.month, day.day, 9, 12))  # noqa: DTZ001 - A wall time.

    def _live_until(self, instant: datetime) -> None:
        """Let days pass: jobs run and mail leaves, as the scheduler process does it."""
        while self._clock.instant < instant:
            self._clock.instant = min(instant, self._clock.instant + timedelta(days=1))
            self._do_what_is_due()
        self._do_what_is_due()

    def _do_what_is_due(self) -> None:
        for job in JOBS:
            with self._work(system(job.name)) as work:
                job.run(work)
        while True:
            with self._work(system("deliver-mail")) as work:
                claimed = claim_next(work, holder="demo", may_leave=lambda w, about: not is_paused(w, about))
                if claimed is None:
                    return
                note_sent(work, claimed.id)
            body = claimed.message.get_body(("plain",))
            found = _TICKET.search(body.get_content()) if body else None
            if found:
                self._tickets[claimed.message["To"].addresses[0].addr_spec] = found[1]

    def _people(self, work: Work) -> None:
        for agency in AGENCIES:
            add_agency(
                work,
                key=agency.key,
                name=agency.name,
                sector=agency.sector,
                age_remit=agency.remit,
                aliases=agency.aliases,
            )
        self._account(work, "Meera Coleman", "meera.coleman@partnership.example.org", Role.COORDINATOR)
        self._account(work, "Stefan Blake", "stefan.blake@partnership.example.org", Role.ADMINISTRATOR)
        self._account(work, "Grace Oduya", "grace.oduya@partners.example.org", Role.EVALUATION_READER)
        self._coordinator = actor_of(accounts_with_role(work, Role.COORDINATOR)[0])
        for made_up in FACILITATORS:
            person = add_person(
                work,
                contact=Contact(name=made_up.name, email=_address(made_up.name, made_up.agency)),
                agency=find_agency(work, _AGENCY_NAMES[made_up.agency]),
                team=made_up.team,
                job_title=made_up.role,
            )
            add_facilitator(
                work,
                person=person,
                sessions_per_quarter=made_up.per_quarter,
                transitional_training=made_up.transitional,
                localities=("Central", "East"),
            )
            if made_up.trained:
                trained_on = work.today - timedelta(days=20)
                add_training(work, person.id, trained_on=trained_on, course="JAGS facilitator training")
            self._activate(work, invite_person(work, person, role=Role.FACILITATOR))

    def _account(self, work: Work, name: str, email: str, role: Role) -> None:
        person = add_person(work, contact=Contact(name=name, email=email))
        self._activate(work, invite_person(work, person, role=role))

    def _activate(self, work: Work, account: Account) -> None:
        link, _secret = issue_link(work, purpose=Purpose.INVITATION, subject_id=account.id, expires_at=None)
        set_password(work, link, secrets.token_urlsafe(24))

    def _story(self, number: int, told: MadeUpRequest) -> Story:
        """Tell the life of one request; each yield is the time until its next step."""
        request_id = self._ask(number, told)
        if told.fate == "unconfirmed":
            return
        yield timedelta(minutes=25)
        with self._work(_by_link(Purpose.CONFIRM_REQUEST, request_id)) as work:
            confirm_request(work, request_id)
        if told.fate == "triage":
            return
        yield timedelta(days=2, hours=3)
        if not self._triage(request_id, told):
            return
        yield timedelta(days=1, hours=2)
        if told.fate == "accepted":
            return
        self._offer(request_id)
        if told.fate == "offered":
            return
        yield timedelta(days=1, hours=4)
        self._both_accept(request_id)
        if told.fate == "agreed":
            return
        yield timedelta(days=3)
        session_at = self._schedule(request_id)
        yield session_at - self._clock.instant + timedelta(hours=5)
        self._hold(request_id)
        yield timedelta(days=3)
        if told.fate == "closed":
            self._answer(request_id)

    def _ask(self, number: int, told: MadeUpRequest) -> uuid.UUID:
        with self._work(system("demo")) as work:
            request = start_draft(work)
            work.as_actor(_by_link(Purpose.REQUEST_DRAFT, request.id))
            contact = RequesterContact(
                name=told.name,
                role=told.role,
                email=_address(told.name, told.agency),
                phone="01632 960123",
                best_time="Mornings",
            )
            save_answers(
                work,
                request,
                AboutYou(contact=contact, agency=_AGENCY_NAMES[told.agency]),
                AboutTheChild(
                    pseudonym=told.initials,
                    age_bands=told.bands,
                    sibling_group=False,
                    locality=told.locality,
                    responsibility=Responsibility.OURS,
                    plans=told.plans,
                ),
                WhyAndHopes(reasons=told.reasons, hopes=told.hopes),
                WhoIsInvolved(agencies=told.agencies, people=tuple(self._network(number, told))),
                LastThings(transitional_view=told.view, heard_from="A colleague"),
            )
            submit_request(work, request)
            return request.id

    def _network(self, number: int, told: MadeUpRequest) -> Iterator[SomebodyInvolved]:
        for place in range(6):
            name = NETWORK_NAMES[(number * 5 + place) % len(NETWORK_NAMES)]
            agency = told.agencies[place % len(told.agencies)]
            contact = NetworkContact(
                name=name,
                role="Practitioner",
                email=f"{name.lower().replace(' ', '.')}.{number}@network.example.org",
            )
            yield SomebodyInvolved(contact=contact, agency=agency)

    def _triage(self, request_id: uuid.UUID, told: MadeUpRequest) -> bool:
        with self._work(self._coordinator) as work:
            request = get_request(work, request_id)
            if told.view.value != "no":
                confirm_transitional(
                    work,
                    request_id,
                    confirmed=bool(told.features),
                    features=told.features,
                    reason="Talked through with the requester.",
                    version=request.version,
                )
                work.session.flush()
            match told.fate:
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
                        route=told.route,
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
                    accept_request(work, request_id, version=request.version)
                    return True
        return False

    def _offer(self, request_id: uuid.UUID) -> None:
        with self._work(self._coordinator) as work:
            request = get_request(work, request_id)
            pairs = ranking_for(work, request, limit=1).pairs
            if not pairs:
                raise LookupError("the made-up pool has no pair left: give it more people")
            people = [pairs[0].first.person_id, pairs[0].second.person_id]
            offer_pair(work, request_id, person_ids=people, version=request.version)

    def _both_accept(self, request_id: uuid.UUID) -> None:
        with self._work(self._coordinator) as work:
            pair = open_pair(work, request_id)
            offers = [(offer.id, offer.person_id) for offer in pair.offers] if pair else []
        answers = {s.key: IndependenceAnswer.NO_CONNECTION for s in DECLARATIONS[CURRENT_DECLARATION]}
        for offer_id, person_id in offers:
            with self._work(self._facilitator(person_id)) as work:
                declared = declare_independence(
                    work, offer_id, answers, version=get_offer(work, offer_id).version
                )
                work.session.flush()
                accept_offer(work, offer_id, version=declared.version)

    def _facilitator(self, person_id: uuid.UUID) -> Actor:
        with self._work(system("demo")) as work:
            account = work.session.scalars(select(Account).where(Account.person_id == person_id)).one()
            return actor_of(account)

    def _schedule(self, request_id: uuid.UUID) -> datetime:
        with self._work(self._coordinator) as work:
            request = get_request(work, request_id)
            note_preparation(work, request_id, on=work.today, version=request.version)
            work.session.flush()
            day = work.today + timedelta(days=12)
            while day.weekday() > 4:  # noqa: PLR2004 - Saturday and Sunday.
                day += timedelta(days=1)
            hour = self._random.choice((9, 10, 13, 14))
            session = schedule_session(
                work,
                request_id,
                wall_start=datetime(day.year, day.month, day.day, hour, 30),  # noqa: DTZ001 - A wall time.
                minutes=120,
                format=SessionFormat.IN_PERSON,
                place=Place(venue="Family hub, quiet room", arrangements="Step-free; ring the bell."),
                member_ids=[member.id for member, _contact in members(work, request)],
                version=request.version,
            )
            return session.starts_at

    def _hold(self, request_id: uuid.UUID) -> None:
        with self._work(self._coordinator) as work:
            request = get_request(work, request_id)
            (session,) = sessions_of(work, request.id)
            rows = [
                AgencyRow(row.agency_id, row.agency_typed, Attendance.PRESENT) for row in request.involved
            ]
            present = [member.id for member, _contact in members(work, request)]
            session_id, version = session.id, session.version
            recorder = agreed_facilitators(work, request_id)[0]
        with self._work(self._facilitator(recorder)) as work:
            record_session(
                work,
                session_id,
                minutes=120,
                kept=self._random.choice((KeptToApproach.YES, KeptToApproach.YES, KeptToApproach.MOSTLY)),
                agencies=rows,
                present=present,
                learning="Who stays with a young person at 18 is decided late.",
                version=version,
            )

    def _answer(self, request_id: uuid.UUID) -> None:
        with self._work(self._coordinator) as work:
            request = get_request(work, request_id)
            addresses = [contact.email for _member, contact in members(work, request)]
        for address in addresses:
            ticket = self._tickets.pop(address, None)
            if ticket is None:
                continue
            with self._work(ANONYMOUS) as work:
                accept_answer(work, ticket, self._opinion())

    def _opinion(self) -> dict[str, str]:
        choices = (
            Agreement.STRONGLY_AGREE,
            Agreement.AGREE,
            Agreement.AGREE,
            Agreement.NEITHER,
            Agreement.DISAGREE,
        )
        items = ("safe", "time", "impact", "views", "centre", "even_handed", "reflected", "both_services")
        sent = {item: self._random.choice(choices).value for item in items}
        if self._random.random() < 0.4:  # noqa: PLR2004 - Fewer than half write something.
            sent |= {"comment": self._random.choice(COMMENTS), "may_quote": "yes"}
        return sent


_AGENCY_NAMES = {agency.key: agency.name for agency in AGENCIES}


def _address(name: str, agency: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{agency}.example.org"


def _by_link(purpose: Purpose, request_id: uuid.UUID) -> Actor:
    return Actor(ActorKind.LINK, "link:demo", purpose=purpose, subject_id=request_id)
