"""What the made-up year's facilitators, observer and agencies leave behind: reflections, an observation, a call, an audit."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from jags.accounts.queries import accounts_with_role, actor_of
from jags.accounts.rules import Purpose, Role
from jags.cli.demo.world import World
from jags.kernel.actor import Actor, ActorKind, system
from jags.kernel.work import Work
from jags.quality.queries.auditing import agencies_to_ask
from jags.quality.queries.observations import observers_for
from jags.quality.rules.afterwards import ConcernRoute
from jags.quality.rules.auditing import AskedOf, PanelView, PlanArea, PlanGroup, Purposes, Return
from jags.quality.rules.elements import Element, LineManagers, Principle, Seen, ToolboxUse
from jags.quality.rules.reflections import ForBoth, ForTheUnit, Pooled, Reflection, Written
from jags.quality.service.afterwards import Taking, note_concern, wish_call
from jags.quality.service.auditing import Sample, ask_agency, draw_random, moderate, recommend, send_return
from jags.quality.service.observing import agree_to_observation, plan_observation
from jags.quality.service.own import add_entry
from jags.quality.service.reflecting import save_reflection
from jags.requests.service import Shown
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState

# A session with its two facilitators and its beginning.
_Held = tuple[uuid.UUID, list[uuid.UUID], datetime]
_SEEN = (Seen.SEEN, Seen.SEEN, Seen.SEEN, Seen.PARTLY, Seen.NOT_THIS_TIME, Seen.NO_CHANCE)
_LEARNT = ("Who stays at 18 is decided late.", "Housing was not asked until the end.", "")


def add_quality(world: World) -> None:
    """Let facilitators reflect on what they held, one ask to be rung, and the Business Unit observe and audit."""
    with world.work(system("demo")) as work:
        actors = {one.person_id: actor_of(one) for one in accounts_with_role(work, Role.FACILITATOR)}
        held = _sessions(work, SessionState.HELD)
        to_come = [one for one in _sessions(work, SessionState.SCHEDULED) if one[2] > work.now]
    for session_id, people, _ in held:
        for person_id in people:
            _reflect(world, actors[person_id], session_id)
    if held:
        session_id, people, _ = held[-1]
        with world.work(actors[people[0]]) as work:
            wish_call(work, session_id)
            add_entry(work, on=work.today - timedelta(days=9), text="Wait longer before I speak.")
        with world.work(actors[people[1]]) as work:
            note_concern(
                work, session_id, Taking("Somebody of the school", ConcernRoute.OWN_LEAD, work.today)
            )
        _audit(world)
    if to_come:
        _observe(world, actors, to_come[0])


def _sessions(work: Work, state: SessionState) -> list[_Held]:
    rows = work.session.scalars(
        select(JagsSession).where(JagsSession.state == state).order_by(JagsSession.starts_at, JagsSession.id)
    )
    return [(one.id, [f.person_id for f in one.facilitators], one.starts_at) for one in rows]


def _reflect(world: World, actor: Actor, session_id: uuid.UUID) -> None:
    pick = world.random.choice
    written = Written(
        Reflection(helped="We began with a minute of silence.", learning="Leave more time for the end."),
        ForBoth("Thank you for holding the pause."),
        ForTheUnit(pick(_LEARNT)),
        Pooled(
            {element.value: pick(_SEEN).value for element in Element},
            pick(tuple(LineManagers)).value,
            pick(tuple(ToolboxUse)).value,
            tuple(sorted({pick(tuple(Principle)).value, Principle.RELATIONAL.value})),
        ),
    )
    with world.work(actor) as work:
        save_reflection(work, session_id, written=written, shown=Shown(0, ""))


def _observe(world: World, actors: Mapping[uuid.UUID, Actor], arranged: _Held) -> None:
    session_id, people, _ = arranged
    with world.work(world.coordinator) as work:
        session = work.session.get_one(JagsSession, session_id)
        independent = {one.person_id for one in observers_for(work, session)}
        observer = next(
            one.person_id for one in accounts_with_role(work, Role.OBSERVER) if one.person_id in independent
        )
        observation_id = plan_observation(work, session_id, observer_id=observer).id
    for person_id in people:
        with world.work(actors[person_id]) as work:
            agree_to_observation(work, observation_id, agreed=True)


def _audit(world: World) -> None:
    with world.work(world.coordinator) as work:
        sample = Sample(
            work.today - timedelta(days=365),
            work.today,
            Purposes("Did children’s and adults’ services both have a voice?"),
        )
        audit = draw_random(work, sample, size=4)
        work.session.flush()
        audit_id, case = audit.id, audit.cases[0]
        rows = [
            ask_agency(
                work, case.id, agency_id=one.id, of=AskedOf("Robin Hale", "robin.hale@agency.example.org")
            ).id
            for one in agencies_to_ask(work, case)[:2]
        ]
        case_id = case.id
    if not rows:
        return
    link = Actor(ActorKind.LINK, "link:demo", purpose=Purpose.AUDIT_RETURN, subject_id=rows[0])
    with world.work(link) as work:
        send_return(
            work,
            rows[0],
            Return("We were asked early.", "We ring before we write.", "Invite adults’ services."),
        )
    with world.work(world.coordinator) as work:
        moderate(work, case_id, PanelView("The pauses.", "Invite adults’ services from 16 on."), version=1)
        recommend(
            work,
            audit_id,
            text="Invite adults’ services from 16 on.",
            group=PlanGroup.SECTOR,
            area=PlanArea.WORKFORCE,
        )
