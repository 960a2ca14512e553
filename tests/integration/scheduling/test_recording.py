"""Recording a held session: once, by one of its two facilitators, and who was there is locked away."""

import json
from datetime import timedelta

import pytest

from conftest import NOW
from factories.people import agency
from factories.sessions import COORDINATOR, agree, arrange, mail
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.box import open_as_jobs
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.requests.rules import State
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import agencies_of_network, get_session, learning_of, present_attendees
from jags.scheduling.rules import AgencyRow, ApologyReason, Attendance, KeptToApproach, SessionState
from jags.scheduling.service import presence_info, record_session

AFTER = NOW + timedelta(days=14, hours=6)
SCHOOL = AgencyRow(None, "A School", Attendance.PRESENT)


@pytest.fixture
def arranged(work_on, clock):
    offered = agree(work_on, people=3)
    session_id = arrange(work_on, offered)
    clock.instant = AFTER
    return offered, session_id


def record(work_on, actor, session_id, **details):
    with work_on(actor) as work:
        session = get_session(work, session_id)
        values = {
            "minutes": 110,
            "kept": KeptToApproach.MOSTLY,
            "agencies": [SCHOOL],
            "present": [a.member_id for a in present_attendees(session)][:2],
            "learning": "Invite adult services early.",
            "version": session.version,
            **details,
        }
        record_session(work, session_id, **values)


def test_a_record_holds_the_session_and_keeps_agencies_numbers_and_learning(work_on, arranged):
    offered, session_id = arranged
    with work_on() as work:
        known = agency(work, "nhs", "Community Health").id

    record(
        work_on,
        offered.actors[1],
        session_id,
        agencies=[
            SCHOOL,
            AgencyRow(known, "", Attendance.APOLOGIES, ApologyReason.INVITED_LATE),
        ],
    )

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (session.state, session.request.state) == (SessionState.HELD, State.HELD)
        assert session.record.recorded_by == offered.people[1]
        assert (session.record.minutes, session.record.people_present) == (110, 2)
        assert session.record.kept_to_approach is KeptToApproach.MOSTLY
        assert learning_of(work, session) == "Invite adult services early."
        assert b"adult" not in session.record.learning_sealed
        assert [
            (a.agency_id, a.agency_typed, a.attendance, a.apology_reason) for a in session.attendance
        ] == [
            (None, "A School", Attendance.PRESENT, None),
            (known, "", Attendance.APOLOGIES, ApologyReason.INVITED_LATE),
        ]
        assert mail(work, session_id) == []


def test_an_agency_is_not_away_while_somebody_of_it_was_there_however_it_is_written(work_on, arranged):
    offered, session_id = arranged
    with work_on() as work:
        known = agency(work, "school", "A School").id
    rows = [
        AgencyRow(known, "", Attendance.APOLOGIES, ApologyReason.DECLINED),
        AgencyRow(None, "Police", Attendance.PRESENT),
    ]

    with pytest.raises(Invalid, match="You ticked people from A School as there") as refused:
        record(work_on, offered.actors[0], session_id, agencies=rows)

    assert refused.value.field == "agencies"


def test_who_was_there_is_sealed_for_the_jobs_process_alone(work_on, arranged):
    offered, session_id = arranged
    record(work_on, offered.actors[0], session_id)

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        opened = json.loads(open_as_jobs(work, presence_info(session_id), session.presence_sealed))
        expected = [str(a.member_id) for a in present_attendees(session)][:2]
        assert opened == sorted(expected)
        for member_id in expected:
            assert member_id.encode() not in session.presence_sealed


def test_the_second_to_record_is_told_and_nothing_is_overwritten(work_on, arranged):
    offered, session_id = arranged
    record(work_on, offered.actors[0], session_id)

    with pytest.raises(Stale, match="co-facilitator"):
        record(work_on, offered.actors[1], session_id, minutes=60)

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (session.record.minutes, session.record.recorded_by) == (110, offered.people[0])


def test_only_the_two_facilitators_record_and_only_afterwards(work_on, arranged, clock):
    offered, session_id = arranged
    other = agree(work_on, names=("Cedar Vale", "Dell Wood"))
    with pytest.raises(NotAllowed):
        record(work_on, COORDINATOR, session_id)
    with pytest.raises(NotFound):
        record(work_on, other.actors[0], session_id)
    with pytest.raises(NotAllowed):
        record(work_on, Actor(ActorKind.ACCOUNT, "x", frozenset(), person_id=offered.people[0]), session_id)

    clock.instant = NOW
    with pytest.raises(MoveNotPossible, match="afterwards"):
        record(work_on, offered.actors[0], session_id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minutes": 14}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"agencies": []}, "agencies"),
        (
            {"agencies": [AgencyRow(None, "A School", Attendance.APOLOGIES, ApologyReason.DECLINED)]},
            "agencies",
        ),
        ({"agencies": [SCHOOL, AgencyRow(None, "Police", Attendance.APOLOGIES)]}, "agencies"),
        ({"agencies": [SCHOOL, AgencyRow(None, "a school ", Attendance.PRESENT)]}, "agencies"),
        ({"present": []}, "present"),
    ],
)
def test_an_incomplete_record_is_refused_at_its_field(work_on, arranged, change, field):
    offered, session_id = arranged

    with pytest.raises(Invalid) as refused:
        record(work_on, offered.actors[0], session_id, **change)

    assert refused.value.field == field
    with work_on() as work:
        assert work.session.get_one(JagsSession, session_id).state is SessionState.SCHEDULED


def test_agencies_are_offered_from_request_and_invited_people_each_once(work_on, arranged):
    _, session_id = arranged

    with work_on() as work:
        found = agencies_of_network(work.session.get_one(JagsSession, session_id))

    assert found == [(None, "A School"), (None, "Police")]
