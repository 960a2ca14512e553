"""Steps of the tables of quality, down and up with data, on both databases."""

from datetime import timedelta

from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from factories.people import account
from factories.sessions import agree, arrange
from jags.accounts.queries import actor_of
from jags.accounts.rules import AgeRemit, Role, Sector
from jags.accounts.service import add_agency
from jags.app import connect_migrations
from jags.cli.database import MIGRATIONS
from jags.extensions import db
from jags.quality.model import (
    AgencyReturn,
    DevelopmentEntry,
    FacilitatorReflection,
    Observation,
    ObservationAgreement,
    ObservationTold,
    PracticeAudit,
    SurfacedConcern,
    WishedCall,
)
from jags.quality.queries.auditing import return_of
from jags.quality.queries.reflections import open_own
from jags.quality.rules.afterwards import ConcernRoute
from jags.quality.rules.auditing import AskedOf, PlanArea, PlanGroup, Purposes, Return
from jags.quality.rules.reflections import ForBoth, ForTheUnit, Reflection, Written
from jags.quality.service.afterwards import Taking, note_concern, wish_call
from jags.quality.service.auditing import Sample, ask_agency, choose_sessions, recommend, take_down_return
from jags.quality.service.own import add_entry
from jags.quality.service.reflecting import save_reflection
from jags.requests.service import Shown
from jags.scheduling.model import AgencyAttendance, JagsSession
from jags.scheduling.rules import Attendance, SessionState


def test_what_facilitators_write_and_audits_survive_steps_down_as_far_as_the_older_software_knows_them(
    app, work_on
):
    offered = agree(work_on, people=2)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        session.state, session.starts_at = SessionState.HELD, work.now - timedelta(days=1)
        session.wall_start = session.starts_at.replace(tzinfo=None)
        police = (
            session.request.network[0].agency_id
            or add_agency(
                work, key="ambulance", name="Ambulance", sector=Sector.HEALTH, age_remit=AgeRemit.ALL_AGES
            ).id
        )
        session.attendance = [AgencyAttendance(position=0, agency_id=police, attendance=Attendance.PRESENT)]
        unit = actor_of(account(work, Role.COORDINATOR))
        observer = actor_of(account(work, Role.OBSERVER, name="Olive Marsh"))
        observation = Observation(
            key_id=session.key_id, session_id=session_id, observer_id=observer.person_id, planned_at=work.now
        )
        work.session.add(observation)
        work.session.flush()
        observation.agreements = [
            ObservationAgreement(observation_id=observation.id, person_id=one, agreed_on=work.today)
            for one in offered.people
        ]
        observation.told = [
            ObservationTold(
                observation_id=observation.id, member_id=session.attendees[0].member_id, told_on=work.today
            )
        ]
    with work_on(offered.actors[0]) as work:
        parts = Written(Reflection(helped="The pauses"), ForBoth("Thank you"), ForTheUnit("Ask earlier"))
        save_reflection(work, session_id, written=parts, shown=Shown(0, ""))
        wish_call(work, session_id)
        note_concern(work, session_id, Taking("Ash Reed", ConcernRoute.POLICE, work.today))
        add_entry(work, on=work.today, text="Wait longer.")
    with work_on(unit) as work:
        sample = Sample(work.today - timedelta(days=9), work.today, Purposes("Q", "Because"))
        audit = choose_sessions(work, sample, [session_id])
        work.session.flush()
        row = ask_agency(work, audit.cases[0].id, agency_id=police, of=AskedOf("Pat Quinn"))
        take_down_return(work, audit.cases[0].id, row.id, Return(worked="They rang"), version=1)
        recommend(work, audit.id, text="Ring", group=PlanGroup.SECTOR, area=PlanArea.TOOLS)
    later = (WishedCall, SurfacedConcern, DevelopmentEntry, Observation, PracticeAudit, AgencyReturn)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0019")
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        # The step before knew all of it but who wrote a return down, and who was told by telephone.
        assert [len(work.session.scalars(select(one)).all()) for one in later] == [1] * len(later)
        assert work.session.scalars(select(AgencyReturn.taken_down_by)).one() is None
        assert work.session.scalars(select(ObservationTold)).all() == []
        assert return_of(work, work.session.scalars(select(AgencyReturn)).one()).worked == "They rang"
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0018")
        assert "practice_audit" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        assert [len(work.session.scalars(select(one)).all()) for one in later] == [0] * len(later)
        left = work.session.scalars(select(FacilitatorReflection)).one()
        assert open_own(work, left) == Written(Reflection(helped="The pauses"))
