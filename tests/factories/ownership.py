"""Two cases that have nothing to do with each other, with all that stands in addresses about them."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from factories.dates import ask
from factories.gatherings import meeting
from factories.people import account, agency
from factories.sessions import COORDINATOR, agree, arrange
from jags.accounts.model import Account
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.facilitators.service.leave import note_leave
from jags.kernel.actor import Actor
from jags.quality.rules.afterwards import ConcernRoute
from jags.quality.rules.auditing import AskedOf, Purposes
from jags.quality.service.afterwards import Taking, note_concern, wish_call
from jags.quality.service.auditing import Sample, ask_agency, choose_sessions
from jags.quality.service.observing import agree_to_observation, plan_observation
from jags.quality.service.own import add_entry
from jags.scheduling.model import AgencyAttendance, DateQuestion, JagsSession
from jags.scheduling.rules import Attendance, SessionState

# The day after the sessions of factories.sessions.WALL.
AFTER = datetime(2026, 12, 9, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A request with its pair, its date and what follows; `ids` are by the names that addresses use."""

    ids: dict[str, uuid.UUID]
    pair: tuple[Actor, ...]
    observer: uuid.UUID
    observer_account: uuid.UUID


def a_case(work_on, clock, name: str) -> Case:
    """Take a case through to the day after its session, with two facilitators, an observer and a coordinator who rings."""
    now = clock.instant
    offered = agree(work_on, people=2, names=(f"Ash {name}", f"Birch {name}"))
    question_id = ask(work_on, offered)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        observer = account(
            work, Role.OBSERVER, name=f"Olive {name}", agency=agency(work, f"of-{name.lower()}", f"Of {name}")
        )
        observer_id, person_id = observer.id, observer.person_id
        gathering_id = meeting(work, offered.people[0], in_days=30).id
    with work_on(COORDINATOR) as work:
        observation_id = plan_observation(work, session_id, observer_id=person_id).id
    for actor in offered.actors:
        with work_on(actor) as work:
            agree_to_observation(work, observation_id, agreed=True)
    clock.instant = AFTER
    with work_on(offered.actors[0]) as work:
        call_id = wish_call(work, session_id).id
        concern_id = note_concern(
            work, session_id, Taking("A School", ConcernRoute.CHILDRENS_ADVICE, AFTER.date())
        ).id
        entry_id = add_entry(work, on=AFTER.date(), text="What I learnt").id
        leave = note_leave(
            work, offered.people[0], from_on=date(2027, 2, 1), to_on=date(2027, 2, 1) + timedelta(days=1)
        )
        leave_ref = leave.ref
    with work_on(COORDINATOR) as work:
        question = work.session.get_one(DateQuestion, question_id)
        member_id = work.session.get_one(JagsSession, session_id).attendees[0].member_id
        ids = {
            "request_id": offered.request_id,
            "session_id": session_id,
            "offer_id": offered.offers[0],
            "person_id": offered.people[0],
            "member_id": member_id,
            "question_id": question_id,
            "option_id": question.options[0].id,
            "asked_id": question.asked[0].id,
            "observation_id": observation_id,
            "call_id": call_id,
            "concern_id": concern_id,
            "entry_id": entry_id,
            "ref": leave_ref,
            "gathering_id": gathering_id,
        }
    clock.instant = now
    return Case(ids, offered.actors, person_id, observer_id)


def audit_of(work_on, *cases: Case) -> None:
    """Choose the cases' sessions for one practice audit, and ask an agency about each."""
    with work_on(COORDINATOR) as work:
        ids = {case.ids["session_id"]: case.ids for case in cases}
        agencies = {}
        for session_id in ids:
            name = f"asked-{session_id.hex}"
            agencies[session_id] = agency(work, name, f"Asked {name}").id
            held = work.session.get_one(JagsSession, session_id)
            held.state = SessionState.HELD
            present = AgencyAttendance(
                position=0, agency_id=agencies[session_id], attendance=Attendance.PRESENT
            )
            held.attendance = [present]
        work.session.flush()
        sample = Sample(
            date(2026, 12, 1), date(2026, 12, 31), Purposes(question="Who was missing?", why_these="One")
        )
        audit = choose_sessions(work, sample, ids.keys())
        for case in audit.cases:
            row = ask_agency(
                work,
                case.id,
                agency_id=agencies[case.session_id],
                of=AskedOf("Pat Quinn", "pat@example.org"),
            )
            work.session.flush()
            ids[case.session_id].update(audit_id=audit.id, case_id=row.case_id, return_id=row.id)


def acting_as(work, account_id: uuid.UUID) -> Actor:
    """Return the actor of an account as it is now."""
    return actor_of(work.session.scalars(select(Account).where(Account.id == account_id)).one())
