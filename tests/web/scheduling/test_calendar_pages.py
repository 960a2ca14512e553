"""Calendars, places and apologies in a browser: what each role sees and sends."""

import re
import uuid
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from factories.agreed import agree_with, people_of_pool
from factories.pages import (
    SIGNED_IN_COOKIE,
    errors,
    follow,
    heading,
    queries_of,
    sign_in,
    submit,
    text_of,
    token,
    version,
)
from factories.people import link
from factories.sessions import WALL, agree, arrange
from factories.strict_calendar import problems
from jags.accounts.model import Account, Recusal, SignedInSession
from jags.accounts.queries import find_account_of
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import start_session
from jags.facilitators.rules import BookingKind, Span
from jags.facilitators.service import note_leave, occupy
from jags.kernel.time import from_wall
from jags.requests.model import Request
from jags.scheduling.model import CalendarFeed, JagsSession
from jags.scheduling.rules import Place, SessionFormat
from jags.venues.queries import venues
from jags.venues.rules import VenueDetails
from jags.venues.service import add_venue

DECEMBER = "on=2026-12-08"


def as_facilitator(client, work_on, person_id):
    with work_on() as work:
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, find_account_of(work, person_id)))


def send(client, path, **fields):
    shown = client.get(path)
    return client.post(path, data={"csrf_token": token(shown), "version": version(shown), **fields})


def meeting(work, people, day=9):
    starts = WALL.replace(day=day, hour=10)
    span = Span(from_wall(starts), from_wall(starts + timedelta(hours=1)))
    occupy(work, uuid.uuid4(), kind=BookingKind.NETWORK_MEETING, time=span, person_ids=people)


@pytest.mark.parametrize(
    ("view", "title"),
    [
        ("month", "December 2026"),
        ("week", "Week from 7 December 2026"),
        ("list", "From 8 December 2026 to 7 March 2027"),
        ("nonsense", "December 2026"),
    ],
)
def test_a_calendar_shows_sessions_and_meetings_by_neutral_titles(client, work_on, view, title):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    with work_on() as work:
        meeting(work, offered.people)
        note_leave(
            work,
            offered.people[0],
            from_on=WALL.date() + timedelta(days=2),
            to_on=WALL.date() + timedelta(days=2),
        )
    sign_in(client, work_on, Role.COORDINATOR)

    page = client.get(f"/calendar?view={view}&{DECEMBER}")

    assert heading(page) == title
    shown = text_of(page)
    assert re.search(r"2pm to 4pm JAGS-2026-0001 .*?Ash Reed and Birch Lane", shown)
    assert re.search(r"10am to 11am Network meeting", shown)
    for hidden in ("Kestrel", "Town Hall", "Person 0", "Leave"):
        assert hidden not in shown


def test_a_list_shows_fifty_at_once_and_the_rest_on_the_next_page(client, work_on):
    ann, ben = people_of_pool(work_on, "Ann", "Ben")
    arrange(work_on, agree_with(work_on, [(ann, ben)])[0])
    with work_on() as work:
        for n in range(50):
            starts = from_wall(WALL.replace(hour=9)) + timedelta(days=1 + n)
            span = Span(starts, starts + timedelta(hours=1))
            occupy(work, uuid.uuid4(), kind=BookingKind.NETWORK_MEETING, time=span, person_ids=[ann])
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/calendar?view=list&{DECEMBER}"
    first, second = text_of(client.get(path)), text_of(client.get(f"{path}&page=2"))
    assert (first.count("JAGS-2026-0001"), first.count("9am to 10am Network meeting")) == (1, 49)
    assert (second.count("JAGS-2026-0001"), second.count("9am to 10am Network meeting")) == (0, 1)
    # A page that is none shows the nearest one.
    assert "JAGS-2026-0001" in text_of(client.get(f"{path}&page=-3"))
    assert text_of(client.get(f"{path}&page=99")).count("Network meeting") == 1
    # A month has no pages.
    assert 'aria-label="Pages"' not in client.get(f"/calendar?view=month&{DECEMBER}").get_data(as_text=True)


def test_a_session_that_has_begun_and_is_not_recorded_says_so(client, work_on, clock):
    arrange(work_on, agree(work_on, people=1))
    sign_in(client, work_on, Role.COORDINATOR)
    assert "To record" not in text_of(client.get(f"/calendar?{DECEMBER}"))
    clock.instant = from_wall(WALL)
    sign_in(client, work_on, Role.COORDINATOR)
    assert re.search(r"2pm to 4pm JAGS-2026-0001 To record", text_of(client.get(f"/calendar?{DECEMBER}")))


def test_a_facilitator_sees_their_own_calendar_with_leave_and_nobody_elses(client, work_on):
    ann, ben, cat, dan = people_of_pool(work_on, "Ann", "Ben", "Cat", "Dan")
    mine, other = agree_with(work_on, [(ann, ben), (cat, dan)])
    arrange(work_on, mine)
    arrange(work_on, other, wall_start=WALL + timedelta(days=1))
    with work_on() as work:
        note_leave(work, ann, from_on=WALL.date() + timedelta(days=3), to_on=WALL.date() + timedelta(days=4))
    as_facilitator(client, work_on, ann)
    shown = text_of(client.get(f"/my-calendar?view=week&{DECEMBER}"))
    assert "JAGS-2026-0001" in shown
    assert "JAGS-2026-0002" not in shown
    assert len(re.findall("All day Leave", shown)) == 2


def test_nobody_sees_in_a_calendar_a_session_from_which_they_stand_aside(client, work_on):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/calendar?{DECEMBER}"
    assert "JAGS-2026-0001" in text_of(client.get(path))
    with work_on() as work:
        session = work.session.scalars(select(SignedInSession)).one()
        account = work.session.get_one(Account, session.account_id)
        work.session.add(Recusal(person_id=account.person_id, request_id=offered.request_id, since=work.now))
    assert "JAGS-2026-0001" not in text_of(client.get(path))


@pytest.mark.parametrize(
    ("view", "on"),
    [("month", "2026-13-45"), ("week", "0001-01-01"), ("list", "9999-12-31"), ("month", "x" * 500)],
)
def test_a_day_that_is_none_shows_today(client, work_on, view, on):
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/calendar", query_string={"view": view, "on": on})
    assert (page.status_code, "November 2026" in heading(page)) == (200, True)


@pytest.mark.parametrize("sessions", [1, 6])
@pytest.mark.parametrize("path", ["/calendar?view=month", "/calendar?view=list", "/venues"])
def test_calendars_and_places_ask_the_same_number_of_queries_for_few_and_for_many(
    client, app, work_on, sessions, path
):
    ann, ben = people_of_pool(work_on, "Ann", "Ben")
    for n, offered in enumerate(agree_with(work_on, [(ann, ben)] * sessions)):
        arrange(work_on, offered, wall_start=WALL + timedelta(days=n), unusual_day_ok=True)
        with work_on() as work:
            add_venue(work, details=VenueDetails(f"Room {n}"))
    sign_in(client, work_on, Role.COORDINATOR)
    client.get(path)
    assert queries_of(client, app, f"{path}&{DECEMBER}" if "?" in path else path) == (
        4 if path == "/venues" else 5
    )


@pytest.mark.parametrize("people", [1, 8])
@pytest.mark.parametrize(("page", "most"), [("", 9), ("/move", 7), ("/participants", 8), ("/postpone", 6)])
def test_pages_of_a_session_ask_as_often_for_many_people_as_for_one(client, app, work_on, people, page, most):
    session_id = arrange(work_on, agree(work_on, people=people))
    for n in range(people):
        with work_on() as work:
            add_venue(work, details=VenueDetails(f"Room {n}"))
    sign_in(client, work_on, Role.COORDINATOR)
    assert queries_of(client, app, f"/sessions/{session_id}{page}") <= most


def test_a_facilitator_gets_a_secret_address_that_a_calendar_reads_and_ends_it(client, app, work_on):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    with work_on() as work:
        meeting(work, offered.people)
        note_leave(
            work,
            offered.people[0],
            from_on=WALL.date() + timedelta(days=5),
            to_on=WALL.date() + timedelta(days=5),
        )
    as_facilitator(client, work_on, offered.people[0])
    page = submit(client, "/my-calendar/address", go="open")
    (address,) = re.findall(r"http://localhost(/calendar-feed/[A-Za-z0-9_-]{43}\.ics)", text_of(page))
    assert address not in client.get("/my-calendar/address").get_data(as_text=True)
    with work_on() as work:
        assert address.encode() not in work.session.scalars(select(CalendarFeed.secret_hash)).one()

    stranger = app.test_client()
    feed = stranger.get(address)
    text = feed.get_data(as_text=True)
    assert (feed.content_type, feed.headers["Cache-Control"]) == ("text/calendar; charset=utf-8", "no-store")
    assert "Set-Cookie" not in feed.headers
    assert problems(text) == []
    events = Calendar.from_ical(text).events
    assert [(str(e["SUMMARY"]), e.start.replace(tzinfo=None)) for e in events] == [
        ("JAGS-2026-0001", WALL - timedelta(minutes=30)),
        ("JAGS network meeting", WALL.replace(day=9, hour=10)),
    ]
    for hidden in ("Town Hall", "Ash", "Birch", "Person", "example.org/"):
        assert hidden not in text

    submit(client, "/my-calendar/address", go="open")
    assert stranger.get(address).status_code == 404
    assert submit(client, "/my-calendar/address", go="close").status_code == 303
    with work_on() as work:
        assert work.session.scalars(select(CalendarFeed)).all() == []


def test_a_coordinator_keeps_a_place_and_selects_it_and_a_taken_one_is_a_page_that_says_so(client, work_on):
    ann, ben, cat, dan = people_of_pool(work_on, "Ann", "Ben", "Cat", "Dan")
    first, second = agree_with(work_on, [(ann, ben), (cat, dan)])
    sign_in(client, work_on, Role.COORDINATOR)
    assert errors(submit(client, "/venues/new", name="", seats="many")) == [
        "Enter the name of the place.",
        "Enter the seats as a whole number.",
    ]
    answer = submit(
        client, "/venues/new", name="Town Hall, Room 4", seats="12", step_free="yes", notes="Ring the bell."
    )
    assert answer.status_code == 303
    assert "Town Hall, Room 4" in text_of(client.get("/venues"))
    with work_on() as work:
        (line,) = venues(work)
        room = str(line.venue.id)
        members = [
            [str(m.id) for m in work.session.get_one(Request, one.request_id).network]
            for one in (first, second)
        ]
    fields = {"day": ["8", "12", "2026"], "start_time": "14:00", "minutes": "120", "format": "in_person"}
    place = {"venue_id": room}

    assert (
        send(
            client, f"/requests/{first.request_id}/date", **fields, **place, member_ids=members[0]
        ).status_code
        == 303
    )
    refused = send(client, f"/requests/{second.request_id}/date", **fields, **place, member_ids=members[1])

    assert refused.status_code == 409
    assert errors(refused) == [
        (
            "Town Hall, Room 4 is booked already, Tuesday 8 December 2026, 1:30pm to 4:20pm. "
            "Choose another time or another place."
        )
    ]
    with work_on() as work:
        session_id = work.session.scalars(select(JagsSession.id)).one()
    assert "Ring the bell." in text_of(client.get(f"/sessions/{session_id}"))
    edited = send(client, f"/venues/{room}", name="Town Hall, Room 4", retired="y")
    assert edited.status_code == 303
    assert "Not offered" in text_of(client.get("/venues"))


def test_a_participant_says_that_they_cannot_come_and_who_comes_instead(client, work_on):
    offered = agree(work_on, people=3)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        member = work.session.get_one(Request, offered.request_id).network[0].id
        _, secret = link(work, Purpose.PARTICIPANT, member)
    page = follow(client, secret)
    # What a mail scanner sends of what it finds changes nothing.
    assert errors(submit(client, f"{page}/cannot-come")) == ["Select why."]

    form_token = token(client.get(f"{page}/cannot-come"))
    answer = submit(client, f"{page}/cannot-come", reason="no_capacity", **{"instead-name": "Sorrel Hay"})

    assert (answer.status_code, answer.location) == (303, page)
    assert heading(client.get(page)) == "You have told us that you cannot come"
    # Sent again, it changes nothing and leads to the same page.
    again = client.post(f"{page}/cannot-come", data={"csrf_token": form_token, "reason": "declined"})
    assert (again.status_code, again.location) == (303, page)
    sign_in(client, work_on, Role.COORDINATOR)
    shown = text_of(client.get(f"/sessions/{session_id}"))
    assert re.search(r"Apologies .*?Person 0 A School No capacity", shown)
    assert "Sorrel Hay A School No e-mail address: tell them yourself" in shown


def test_a_participant_hides_their_name_and_says_what_they_need_for_the_coordinator_alone(client, work_on):
    offered = agree(work_on, people=2)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        member = work.session.get_one(Request, offered.request_id).network[0].id
        _, secret = link(work, Purpose.PARTICIPANT, member)
    page = follow(client, secret)
    submit(client, f"{page}/about-you", show_name="no", needs="A hearing loop")
    assert "Name not shown before the day" in text_of(client.get(page))
    as_facilitator(client, work_on, offered.people[0])
    assert "hearing loop" not in text_of(client.get(f"/my-sessions/{session_id}"))
    sign_in(client, work_on, Role.COORDINATOR)
    assert "Person 0 A hearing loop" in text_of(client.get(f"/sessions/{session_id}"))


def test_a_coordinator_notes_apologies_from_the_telephone(client, work_on):
    offered = agree(work_on, people=2)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        member = work.session.get_one(Request, offered.request_id).network[0].id
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/sessions/{session_id}/participants/{member}/cannot-come"
    assert heading(client.get(path)) == "Person 0 cannot come"
    assert submit(client, path, reason="changed_worker").status_code == 303
    assert "The worker changed" in text_of(client.get(f"/sessions/{session_id}"))
    assert client.get(path).status_code == 404


def test_an_online_address_is_for_who_takes_part_and_for_nobody_who_does_not(client, work_on):
    offered = agree(work_on, people=2)
    arrange(
        work_on,
        offered,
        format=SessionFormat.ONLINE,
        place=Place(online_link="https://meet.example.org/secret"),
    )
    with work_on() as work:
        member = work.session.get_one(Request, offered.request_id).network[0].id
        _, secret = link(work, Purpose.PARTICIPANT, member)
    page = follow(client, secret)
    assert "https://meet.example.org/secret" in client.get(page).get_data(as_text=True)
    submit(client, f"{page}/cannot-come", reason="no_capacity")
    assert "meet.example.org" not in client.get(page).get_data(as_text=True)
