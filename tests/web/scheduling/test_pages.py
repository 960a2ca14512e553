"""Dates and sessions in a browser: what coordinators and participants see and send."""

import re
import uuid
from datetime import date

import pytest
from sqlalchemy import select, update

from conftest import NOW
from factories.pages import errors, follow, heading, sign_in, submit, token, version
from factories.people import link
from factories.sessions import COORDINATOR, TOWN_HALL, agree, arrange, deliver, mail
from jags.accounts.rules import Purpose, Role
from jags.facilitators.model import Training
from jags.requests.model import Request
from jags.requests.rules import State
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session, present_attendees
from jags.scheduling.rules import SessionState
from jags.scheduling.service import change_participants
from jags.settings.service import change_setting

DATE = {
    "day": ["8", "12", "2026"],
    "start_time": "2:30pm",
    "minutes": "90",
    "format": "both",
    "venue": "Town Hall",
    "online_link": "https://meet.example.org/x",
    "arrangements": "Ask for Ash at the desk",
}


@pytest.fixture
def offered(work_on):
    return agree(work_on, people=3)


@pytest.fixture
def members(work_on, offered):
    with work_on() as work:
        return [str(m.id) for m in work.session.get_one(Request, offered.request_id).network]


def text(response):
    body = re.sub(r"<head>.*?</head>", "", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def send(client, path, page=None, **fields):
    shown = page or client.get(path)
    return client.post(path, data={"csrf_token": token(shown), "version": version(shown), **fields})


def the_session(work):
    return work.session.scalars(select(JagsSession)).one()


def test_coordinator_sets_a_date_with_the_requester_and_somebody_new(client, work_on, offered, members):
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}/date"
    new = {
        "more-0-name": "Sorrel Hay",
        "more-0-role": "Adult social worker",
        "more-0-agency": "Adult Services",
        "more-0-email": "sorrel@example.org",
    }

    answer = send(client, path, **DATE, member_ids=["requester", members[0]], **new)

    with work_on() as work:
        session = the_session(work)
        assert (answer.status_code, answer.location) == (303, f"/sessions/{session.id}")
        assert session.request.state is State.SCHEDULED
        assert session.wall_start.isoformat() == "2026-12-08T14:30:00"
        assert {s.envelope.email for s in mail(work, session.id)} == {
            "asha@example.org",
            "person0@example.org",
            "sorrel@example.org",
            "ash.reed@example.org",
            "birch.lane@example.org",
        }
    shown = text(client.get(answer.location))
    assert "Tuesday 8 December 2026, 2:30pm (London time)" in shown
    assert "Sorrel Hay Adult social worker Adult Services sorrel@example.org" in shown
    assert "3 people may be too few" in shown


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"day": ["31", "2", "2027"]}, "Enter a real date, such as 27 3 2027."),
        ({"day": ["1", "12", "2020"]}, "Enter a date and time in the future."),
        ({"day": ["8", "12", "2036"]}, "Enter a date within the next year. Is the year right?"),
        (
            {"start_time": "02:30"},
            "Enter a start time between 8am and 8pm. Is it morning or afternoon?",
        ),
        ({"start_time": "half two"}, "Enter a time like 14:30 or 2:30pm."),
        ({"start_time": "25:00"}, "Enter a time like 14:30 or 2:30pm."),
        (
            {"day": ["28", "3", "2027"], "start_time": "01:30"},
            "That time does not exist: the clocks go forward in that hour. Choose another time.",
        ),
        (
            {"day": ["31", "10", "2027"], "start_time": "1:30am"},
            "Enter a start time between 8am and 8pm. Is it morning or afternoon?",
        ),
        ({"minutes": "two hours"}, "Enter the length in minutes, as a whole number."),
        ({"minutes": "600"}, "Enter a length between 60 and 180 minutes."),
        ({"format": "telepathy"}, "Select how people meet."),
        ({"venue": ""}, "Enter where people meet."),
        ({"online_link": "http://meet.example.org"}, "Enter an address that begins with https://."),
        ({"member_ids": []}, "Select at least one person to invite."),
        ({"member_ids": ["x"]}, "Select people from this list."),
        (
            {"member_ids": [str(uuid.uuid4())]},
            "Select people from this list. Somebody has been taken off it since.",
        ),
        (
            {"more-0-name": "Sorrel", "more-0-email": "no address"},
            "Enter an e-mail address in the correct format, like name@example.org.",
        ),
        (
            {"more-0-name": "", "more-1-name": "", "more-1-email": "sorrel@example.org"},
            "Enter a name for this person, or clear the row.",
        ),
    ],
)
def test_a_date_with_a_mistake_says_what_to_do_and_keeps_what_was_typed(
    client, work_on, offered, members, change, message
):
    sign_in(client, work_on, Role.COORDINATOR)
    fields = {**DATE, "member_ids": members, **change}

    answer = send(client, f"/requests/{offered.request_id}/date", **fields)

    assert errors(answer) == [message]
    body = answer.get_data(as_text=True)
    assert "Ask for Ash at the desk" in body
    for typed in (fields["start_time"], fields["minutes"], *fields["day"]):
        assert f'value="{typed}"' in body
    with work_on() as work:
        assert work.session.scalars(select(JagsSession)).all() == []
        assert len(work.session.get_one(Request, offered.request_id).network) == 3


def test_a_weekend_is_asked_about_and_arranged_once_it_is_ticked(client, work_on, offered, members):
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}/date"
    fields = {**DATE, "day": ["12", "12", "2026"], "member_ids": members}
    first = client.get(path)
    assert "unusual_day_ok" not in first.get_data(as_text=True)
    assert "No availability is recorded for Ash Reed: ask them." in text(first)

    asked = send(client, path, **fields)
    done = send(client, path, page=asked, **fields, unusual_day_ok="y")

    assert errors(asked) == [
        "Saturday 12 December 2026 is a weekend or a bank holiday. Change the date, or tick that it is meant."
    ]
    assert "Yes, on a weekend or bank holiday" in text(asked)
    assert done.status_code == 303
    with work_on() as work:
        assert the_session(work).wall_start.isoformat() == "2026-12-12T14:30:00"


def test_a_time_that_is_taken_is_a_page_that_says_so(client, work_on, offered, members):
    session_id = arrange(work_on, offered)
    with work_on() as work:
        taken = work.session.get_one(JagsSession, session_id)
        taken.request.state, taken.state = State.FACILITATORS_AGREED, SessionState.CANCELLED
    sign_in(client, work_on, Role.COORDINATOR)

    answer = send(client, f"/requests/{offered.request_id}/date", **DATE, member_ids=members)

    assert answer.status_code == 409
    (said,) = errors(answer)
    # Preparation, debrief, a pause and the way belong to it.
    assert re.fullmatch(
        r"(Ash Reed|Birch Lane) is booked already, Tuesday 8 December 2026, 12:50pm to 5pm. Choose another time.",
        said,
    )
    assert 'value="2:30pm"' in answer.get_data(as_text=True)


def test_two_coordinators_set_a_date_and_the_second_is_told(client, work_on, offered, members):
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}/date"
    shown = client.get(path)
    send(client, path, page=shown, **DATE, member_ids=members)

    late = send(client, path, page=shown, **DATE | {"venue": "Library"}, member_ids=members)

    assert late.status_code == 409
    assert "Library" in text(late)
    with work_on() as work:
        assert the_session(work).calendar_sequence == 0


def test_coordinator_moves_changes_people_and_postpones(client, work_on, offered, members):
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)
    sign_in(client, work_on, Role.COORDINATOR)
    shown = client.get(f"/sessions/{session_id}/move").get_data(as_text=True)
    assert 'value="14:00"' in shown
    assert 'value="Town Hall, Room 4"' in shown

    send(client, f"/sessions/{session_id}/move", **DATE)
    send(client, f"/sessions/{session_id}/participants", member_ids=members[1:])

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert (session.minutes, session.calendar_sequence) == (90, 2)
        assert [str(a.member_id) for a in present_attendees(session)] == members[1:]
    answer = send(client, f"/sessions/{session_id}/postpone", reason="Illness")
    assert answer.location == f"/requests/{offered.request_id}"
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert (session.state, session.request.state) == (SessionState.POSTPONED, State.FACILITATORS_AGREED)


def test_preparation_keeps_a_date_and_refuses_one_to_come(client, work_on, offered):
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}/preparation"

    assert errors(send(client, path, on=["25", "11", "2026"])) == ["Enter a date that is not in the future."]
    send(client, path, on=["24", "11", "2026"])

    with work_on() as work:
        assert work.session.get_one(Request, offered.request_id).prepared_on == NOW.date()


def test_coordinator_notes_a_step_back_and_lets_the_kept_date_go(client, work_on, offered):
    sign_in(client, work_on, Role.COORDINATOR)
    home = f"/requests/{offered.request_id}"
    path = f"{home}/facilitators/{offered.people[0]}/step-back"
    # Before there is a date, none is said to be kept.
    assert "The other facilitator is kept while" in text(client.get(path))
    session_id = arrange(work_on, offered)
    assert "The other facilitator and the date are kept while" in text(client.get(path))
    assert path in client.get(home).get_data(as_text=True)

    assert submit(client, path).location == f"{home}/change-of-facilitator"

    assert client.get(path).status_code == 404
    shown = client.get(home)
    assert "This date is kept while a facilitator is being found" in text(shown)
    assert f"/sessions/{session_id}/let-go" in shown.get_data(as_text=True)
    assert submit(client, f"/sessions/{session_id}/let-go").location == home
    with work_on() as work:
        session = the_session(work)
        assert (session.state, session.request.state) == (SessionState.POSTPONED, State.ACCEPTED)


def test_participant_sees_when_where_and_who_without_addresses(client, work_on, offered, members):
    with work_on() as work:
        work.session.get_one(Request, offered.request_id).network[1].show_name = False
    session_id = arrange(work_on, offered)
    with work_on() as work:
        _, secret = link(work, Purpose.PARTICIPANT, uuid.UUID(members[0]))
    path = follow(client, secret)

    shown = text(client.get(path))

    assert heading(client.get(path)) == "You are invited to a JAGS"
    for said in (
        "Tuesday 8 December 2026, 2pm",
        TOWN_HALL.venue,
        "Ash Reed",
        "Person 0",
        "Person 2",
        "A School",
    ):
        assert said in shown
    assert "Person 1" not in shown
    assert "Name not shown before the day" in shown
    assert "person2@example.org" not in shown
    assert "Kestrel" not in shown

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        change_participants(
            work, session_id, member_ids=[uuid.UUID(m) for m in members[1:]], version=session.version
        )
    after = client.get(path)
    assert heading(after) == "You are not expected at this session"
    assert "Person 2" not in text(after)
    assert TOWN_HALL.venue not in text(after)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EVALUATION_READER, Role.FACILITATOR])
def test_pages_of_the_business_unit_are_refused_to_other_roles(client, work_on, offered, role):
    session_id = arrange(work_on, offered)
    sign_in(client, work_on, role)

    for path in (
        f"/requests/{offered.request_id}/date",
        f"/sessions/{session_id}",
        f"/sessions/{session_id}/move",
    ):
        answer = client.get(path)
        assert (answer.status_code, "Person 0" in text(answer)) == (403, False)


def test_a_request_marks_a_date_on_which_somebodys_training_does_not_count(client, work_on, offered):
    arrange(work_on, offered)
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}"
    told = "Birch Lane: training is not current on the day"
    assert told not in text(client.get(path))
    with work_on() as work:
        work.session.execute(
            update(Training)
            .where(Training.facilitator_id == offered.people[1])
            .values(refresher_due_on=date(2026, 12, 7))
        )
    assert text(client.get(path)).count(told) == 1
    with work_on() as work:
        change_setting(work, "training_grace_days", 1)
    assert told not in text(client.get(path))
