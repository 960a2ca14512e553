"""The pages of a facilitator: own sessions, stepping back, and the record afterwards; and whether a session was heavy."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from conftest import NOW
from factories.pages import SIGNED_IN_COOKIE, errors, heading, sign_in, submit, token, version
from factories.people import agency
from factories.sessions import agree, arrange
from jags.accounts.queries import find_account_of
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.extensions import db
from jags.facilitators.queries import heavy_marks
from jags.requests.model import Request
from jags.requests.rules import State
from jags.scheduling.model import JagsSession, SessionFacilitator
from jags.scheduling.rules import Attendance, SessionState


@pytest.fixture
def offered(work_on):
    return agree(work_on, people=3)


@pytest.fixture
def members(work_on, offered):
    with work_on() as work:
        return [str(m.id) for m in work.session.get_one(Request, offered.request_id).network]


def as_facilitator(client, work_on, person_id):
    with work_on() as work:
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, find_account_of(work, person_id)))


def text(response):
    body = re.sub(r"<head>.*?</head>", "", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def send(client, path, page=None, **fields):
    shown = page or client.get(path)
    return client.post(path, data={"csrf_token": token(shown), "version": version(shown), **fields})


def the_session(work):
    return work.session.scalars(select(JagsSession)).one()


def test_facilitator_sees_own_sessions_with_people_and_how_to_reach_them(client, work_on, offered):
    session_id = arrange(work_on, offered)
    other = arrange(work_on, agree(work_on, people=1, names=("Cedar Vale", "Dell Wood")))
    as_facilitator(client, work_on, offered.people[0])

    listed = client.get("/my-sessions").get_data(as_text=True)
    own = text(client.get(f"/my-sessions/{session_id}"))

    assert f"/my-sessions/{session_id}" in listed
    assert str(other) not in listed
    assert "Birch Lane" in own
    assert "person1@example.org" in own
    assert "Town Hall, Room 4" in own
    for path in (f"/my-sessions/{other}", f"/sessions/{other}/record"):
        foreign, unknown = client.get(path), client.get(path.replace(str(other), str(uuid.uuid4())))
        assert (foreign.status_code, text(foreign)) == (unknown.status_code, text(unknown))
    assert heading(client.get(f"/my-sessions/{session_id}")).startswith("Your session")


def test_facilitator_steps_back_after_being_asked_once_more(client, work_on, offered):
    session_id = arrange(work_on, offered)
    as_facilitator(client, work_on, offered.people[0])
    assert "step back from this session" in text(client.get(f"/my-sessions/{session_id}"))

    submit(client, f"/my-sessions/{session_id}/step-back")

    with work_on() as work:
        session = the_session(work)
        assert [f.person_id for f in session.facilitators] == [offered.people[1]]
        assert session.request.state is State.ACCEPTED


def record_fields(**change):
    return {
        "minutes": "110",
        "agencies-0-name": "A School",
        "agencies-0-attendance": "present",
        "agencies-1-name": "Police",
        "agencies-1-attendance": "apologies",
        "agencies-1-reason": "no_capacity",
        "other_agencies": "Housing Trust\n\n",
        "kept": "yes",
        "learning": "Invite housing early.",
        **change,
    }


def test_facilitator_records_a_session_by_agency(client, work_on, clock, offered, members):
    session_id = arrange(work_on, offered)
    clock.instant = NOW + timedelta(days=14, hours=7)
    as_facilitator(client, work_on, offered.people[0])
    assert "how was it?" in text(client.get("/my-sessions"))
    assert "step back" not in text(client.get(f"/my-sessions/{session_id}"))

    answer = send(client, f"/sessions/{session_id}/record", **record_fields(), present=members[:2])

    assert answer.location == f"/my-sessions/{session_id}"
    assert f"/sessions/{session_id}/reflection" in client.get(answer.location).get_data(as_text=True)
    with work_on() as work:
        session = the_session(work)
        assert (session.state, session.record.people_present) == (SessionState.HELD, 2)
        assert [(a.agency_typed, a.attendance) for a in session.attendance] == [
            ("A School", Attendance.PRESENT),
            ("Police", Attendance.APOLOGIES),
            ("Housing Trust", Attendance.PRESENT),
        ]


def test_a_name_among_the_other_agencies_is_hinted_at_and_a_known_agency_is_not(
    client, work_on, clock, offered, members
):
    session_id = arrange(work_on, offered)
    clock.instant = NOW + timedelta(days=14, hours=7)
    with work_on() as work:
        agency(work, "walter_hall", "Walter Hall")
    as_facilitator(client, work_on, offered.people[0])
    path = f"/sessions/{session_id}/record"
    typed = record_fields(other_agencies="Walter Hall\nDanielle Hopkins\n", learning="")

    shown = send(client, path, **typed, present=members[:2])

    assert shown.status_code == 200
    assert "initials are enough" in text(shown)
    assert "<mark" in shown.text
    assert "D. H." in text(shown)
    assert "W. H." not in text(shown)
    kept = send(client, path, **typed, present=members[:2], names="initials")
    assert kept.location == f"/my-sessions/{session_id}"
    with work_on() as work:
        told = [a.agency.name if a.agency else a.agency_typed for a in the_session(work).attendance]
        assert told == ["A School", "Police", "Walter Hall", "D. H."]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"minutes": ""}, "Enter how long it lasted, in minutes."),
        ({"agencies-0-attendance": ""}, "Select whether A School was there."),
        ({"agencies-1-reason": ""}, "Select why Police was not there."),
        (
            {"agencies-0-name": "A" * 201},
            "Shorten the name of the agency to 200 characters or fewer.",
        ),
        (
            {"agencies-0-name": "A\x00"},
            "Remove the hidden control characters: type this text again, or paste it as plain text.",
        ),
        ({"kept": ""}, "Select whether the session kept to the JAGS approach."),
        ({"other_agencies": "a school"}, "Name each agency once."),
        (
            {
                "agencies-0-attendance": "apologies",
                "agencies-0-reason": "declined",
                "agencies-1-attendance": "present",
            },
            "You ticked people from A School as there, and A School as not there. Change one of the two.",
        ),
    ],
)
def test_a_record_with_a_mistake_says_what_to_do_and_keeps_what_was_typed(
    client, work_on, clock, offered, members, change, message
):
    session_id = arrange(work_on, offered)
    clock.instant = NOW + timedelta(days=14, hours=7)
    as_facilitator(client, work_on, offered.people[0])

    answer = send(client, f"/sessions/{session_id}/record", **record_fields(**change), present=members[:1])

    assert errors(answer) == [message]
    body = answer.get_data(as_text=True)
    assert "Invite housing early." in body
    assert re.search(rf'value="{members[0]}"[^>]*checked', body)


def test_the_second_facilitator_is_told_and_keeps_what_was_typed(client, work_on, clock, offered, members):
    session_id = arrange(work_on, offered)
    clock.instant = NOW + timedelta(days=14, hours=7)
    path = f"/sessions/{session_id}/record"
    as_facilitator(client, work_on, offered.people[1])
    opened = client.get(path)
    as_facilitator(client, work_on, offered.people[0])
    send(client, path, **record_fields(), present=members)
    as_facilitator(client, work_on, offered.people[1])

    late = client.post(
        path,
        data={
            "csrf_token": token(client.get(f"/my-sessions/{session_id}")),
            "version": version(opened),
            **record_fields(learning="My own thought"),
            "present": members,
        },
    )

    assert late.status_code == 409
    assert errors(late) == ["Your co-facilitator has recorded this session already. Nothing was overwritten."]
    assert "My own thought" in late.get_data(as_text=True)
    assert "has been recorded already" in text(client.get(path))


@pytest.fixture
def statements(app):
    """Count the statements that run while a page is made."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_own_sessions_take_the_same_number_of_queries_with_one_and_with_many(
    client, work_on, offered, statements
):
    arrange(work_on, offered)
    as_facilitator(client, work_on, offered.people[0])
    statements.clear()
    client.get("/my-sessions")
    with_one = len(statements)
    with work_on() as work:
        for n in range(1, 30):
            first = the_first(work)
            later = first.starts_at + timedelta(days=n)
            copy = JagsSession(
                key_id=first.key_id,
                request_id=first.request_id,
                starts_at=later,
                wall_start=later.replace(tzinfo=None),
                minutes=120,
                calendar_uid=str(n),
            )
            copy.facilitators = [
                SessionFacilitator(person_id=f.person_id, position=f.position) for f in first.facilitators
            ]
            work.session.add(copy)

    statements.clear()
    shown = client.get("/my-sessions").get_data(as_text=True)

    assert shown.count("/my-sessions/") == 30
    assert len(statements) == with_one


def the_first(work):
    return work.session.scalars(select(JagsSession).order_by(JagsSession.starts_at)).first()


def test_a_heavy_session_is_marked_with_the_reflection_and_by_the_coordinator(
    client, clock, work_on, offered
):
    session_id = arrange(work_on, offered)
    show = f"/sessions/{session_id}"
    sign_in(client, work_on, Role.COORDINATOR)
    assert "Was it heavy for them?" not in text(client.get(show))
    clock.instant = NOW + timedelta(days=15)
    ash, birch = offered.people

    def marks():
        with work_on() as work:
            return heavy_marks(work, session_id)

    as_facilitator(client, work_on, ash)
    path = f"/sessions/{session_id}/reflection"
    assert "Nothing new is offered to you for 14 days" in text(client.get(path))
    send(client, path, helped="The pauses", heavy="y")
    assert marks() == {ash: True, birch: False}
    page = client.get(path).get_data(as_text=True)
    assert re.search(r'name="heavy"[^>]*checked', page)
    sign_in(client, work_on, Role.COORDINATOR)
    page = text(client.get(show))
    assert "Ash Reed: marked as heavy Take it back for Ash Reed" in page
    assert "Birch Lane: not marked Mark as heavy for Birch Lane" in page
    assert "The pauses" not in page
    own = text(client.get(f"/facilitators/{ash}"))
    assert "Rests after a heavy session until 22 December 2026" in own
    to_ash, to_birch = (f"{show}/facilitators/{person}/heavy" for person in (ash, birch))
    assert submit(client, to_ash, page=show, heavy="no").location == show
    assert submit(client, to_birch, page=show, heavy="yes").location == show
    assert marks() == {ash: False, birch: True}
    assert (
        submit(client, f"{show}/facilitators/{uuid.uuid4()}/heavy", page=show, heavy="yes").status_code == 404
    )
