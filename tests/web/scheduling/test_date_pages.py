"""Finding a date in a browser: what coordinators, facilitators and those who are asked see and send, without scripts."""

import re

import pytest
from sqlalchemy import select

from factories.dates import DATES, answer, ask, asked_ids, poll
from factories.pages import come_in, errors, follow, heading, queries_of, sign_in, text_of, token, version
from factories.people import link
from factories.pool import involved, offers_slots
from factories.requests import coordinator
from factories.sessions import COORDINATOR, agree
from jags.accounts.rules import Purpose, Role
from jags.requests.model import Request
from jags.requests.rules import PauseReason, State
from jags.requests.service import bring_member, pause_request
from jags.scheduling.model import DateAsked, DateQuestion, JagsSession
from jags.scheduling.queries import find_question
from jags.scheduling.rules import Outcome, Vote

YES, IF, NO, ELSE = Vote.YES, Vote.IF_NEED_BE, Vote.NO, Vote.SOMEBODY_ELSE
LAST_DAY = {"answer_by": ["1", "12", "2026"]}


@pytest.fixture
def offered(work_on):
    found = agree(work_on, people=2)
    with work_on() as work:
        request = work.session.get_one(Request, found.request_id)
        bring_member(work, request, involved("Pat Quinn", email="pat@example.org", of="Police"))
    return found


def send(client, path, page=None, **fields):
    shown = page or client.get(path)
    number = {"version": version(shown)} if re.search(r'name="version"[^>]*value="\d', shown.text) else {}
    return client.post(path, data={"csrf_token": token(shown), **number, **fields})


def come_by_link(client, work_on, asked_id):
    with work_on() as work:
        _, secret = link(work, purpose=Purpose.DATES, subject_id=asked_id)
    return follow(client, secret)


def latest(work, offered):
    return find_question(work, offered.request_id)


def as_fields(work, asked_id, *votes):
    question = work.session.get_one(DateAsked, asked_id).question
    return {f"date_{o.id.hex}": v.value for o, v in zip(question.options, votes, strict=True)}


def test_a_coordinator_proposes_two_of_the_times_that_are_known(client, work_on, offered) -> None:
    with work_on() as work:
        for person in offered.people:
            offers_slots(work, person, 24, 26)
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}/dates/ask"
    page = client.get(path)
    shown = text_of(page)
    assert "Monday 7 December 2026, 9:30am Both facilitators are free" in shown
    assert "Tuesday 8 December 2026, 9:30am" in shown
    slots = re.findall(r'name="slots"[^>]*value="([^"]+)"', page.text)
    assert slots == ["2026-12-07T09:30", "2026-12-08T09:30"]
    members = re.findall(r'name="member_ids"[^>]*value="([^"]+)"', page.text)

    done = send(
        client,
        path,
        page,
        slots=slots,
        member_ids=members,
        minutes="120",
        format="in_person",
        **LAST_DAY,
    )

    assert (done.status_code, done.location) == (303, f"/requests/{offered.request_id}/dates")
    with work_on() as work:
        question = latest(work, offered)
        # The requester was ticked, and joined the network.
        assert (len(question.options), len(question.asked)) == (2, 4)
    assert "0 can, 0 cannot, 4 not heard" in text_of(client.get(done.location))


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, work_on, offered) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}/dates/ask"
    saturday = {"typed-0-day": ["12", "12", "2026"], "typed-0-start_time": "10am"}
    with work_on() as work:
        members = [str(m.id) for m in work.session.get_one(Request, offered.request_id).network]
    fields = {"member_ids": members, "minutes": "120", "format": "online", **LAST_DAY}

    answered = send(client, path, slots="2026-12-08T10:00", **saturday, **fields)
    assert ["a weekend or a bank holiday" in e for e in errors(answered)] == [True]
    assert 'value="2026-12-08T10:00" checked' in re.sub(r"\s+", " ", answered.text)
    assert "Yes, I have read what speaks against it" in answered.text
    assert errors(send(client, path, slots="2026-12-08T10:00", **fields)) == ["Select two dates; you have 1."]
    for forged in ("whenever", "9999-12-31T23:00", "2026-12-08T10:00:59", "2026-12-08T10:00+05:00"):
        assert errors(send(client, path, slots=forged, **fields)) == ["Select dates from this list."]
    half = {"typed-0-day": ["12", "12", "2026"], "typed-0-start_time": ""}
    assert errors(send(client, path, slots="2026-12-08T10:00", **half, **fields)) == [
        "Enter a time like 14:30 or 2:30pm."
    ]

    done = send(client, path, slots="2026-12-08T10:00", despite="y", **saturday, **fields)
    assert done.status_code == 303


def test_who_was_asked_answers_by_link_and_changes_it_and_a_submit_as_found_answers_nothing(
    client, work_on, offered
) -> None:
    ask(work_on, offered)
    with work_on() as work:
        one = asked_ids(work, offered.request_id)[2]
    path = come_by_link(client, work_on, one)
    page = client.get(path)
    assert heading(page) == "Which of two dates suits you?"
    assert "London time" in text_of(page)
    assert "checked" not in page.text
    # What a scanner does: send the form as it was found.
    assert errors(send(client, path, page)) == [
        "Select an answer for Monday 7 December 2026.",
        "Select an answer for Tuesday 8 December 2026.",
    ]
    with work_on() as work:
        assert work.session.get_one(DateAsked, one).answered_at is None
        first, second = as_fields(work, one, YES, NO), as_fields(work, one, NO, ELSE)

    assert send(client, path, **first).status_code == 303
    assert errors(send(client, path, **second)) == ["Enter who comes instead."]
    named = {"instead-name": "Sorrel Hay", "instead-email": "sorrel@example.org"}
    assert send(client, path, **second, **named).status_code == 303

    again = client.get(path)
    assert 'value="Sorrel Hay"' in again.text
    with work_on() as work:
        asked = work.session.get_one(DateAsked, one)
        assert [v.vote for v in sorted(asked.votes, key=lambda v: v.option.wall_start)] == [NO, ELSE]
        assert asked.stand_in.agency_typed == "Police"


def test_votes_are_shown_as_counts_and_agencies_and_never_by_name(client, work_on, offered) -> None:
    ask(work_on, offered)
    with work_on() as work:
        teacher, _, officer = asked_ids(work, offered.request_id)
    answer(work_on, teacher, YES, NO)
    answer(work_on, officer, YES, NO)
    sign_in(client, work_on, Role.COORDINATOR)

    page = client.get(f"/requests/{offered.request_id}/dates")
    shown = text_of(page)
    assert "2 can, 0 cannot, 1 not heard. There: A School and Police" in shown
    assert "0 can, 2 cannot, 1 not heard. Would be lost: Police Not heard: A School" in shown
    assert "pat@example.org" not in page.text
    assert "Pat Quinn Police Answered" in re.sub(r"\s+", " ", shown)


def test_a_coordinator_notes_what_was_told_by_telephone(client, work_on, offered) -> None:
    question_id = ask(work_on, offered)
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        one = asked_ids(work, offered.request_id)[2]
        fields = as_fields(work, one, YES, NO)
    path = f"/date-questions/{question_id}/asked/{one}"
    answer(work_on, one, NO, NO)
    page = client.get(path)
    assert heading(page) == "What Pat Quinn told us"
    # What they answered by their own link is not shown to who arranges.
    assert "checked" not in page.text

    assert send(client, path, **fields, told_on=["24", "11", "2026"]).status_code == 303

    shown = text_of(client.get(f"/requests/{offered.request_id}/dates"))
    assert "Answered: told us by telephone on 24 November 2026, noted by Wren Young" in shown
    assert client.get(path).text.count("checked") == 2


def test_a_date_is_set_from_the_dates_with_everything_filled_in(client, work_on, offered) -> None:
    poll(work_on, offered)
    with work_on() as work:
        one, *_ = asked_ids(work, offered.request_id)
        option_id = latest(work, offered).options[2].id
    for asked_id in _asked(work_on, offered):
        answer(work_on, asked_id, NO, IF, YES)
    sign_in(client, work_on, Role.COORDINATOR)
    board = client.get(f"/requests/{offered.request_id}/dates")
    best, *_ = re.findall(r'href="(/requests/[^"]+/date\?option=[^"]+)"', board.text)
    assert best.endswith(str(option_id))
    page = client.get(best)
    assert 'value="10:00"' in page.text
    members = re.findall(r'name="member_ids"[^>]*value="([^"]+)"[^>]*checked', page.text)

    done = send(
        client,
        best,
        page,
        day=["10", "12", "2026"],
        start_time="10:00",
        minutes="120",
        format="in_person",
        venue="Town Hall",
        member_ids=members,
    )

    assert done.status_code == 303
    with work_on() as work:
        session = work.session.scalars(select(JagsSession)).one()
        assert (session.wall_start, len(session.attendees)) == (DATES[2], 3)
        assert work.session.get_one(DateAsked, one).question.outcome is Outcome.DATE_SET
    path = come_by_link(client, work_on, one)
    assert heading(client.get(path)) == "A date is found"


def _asked(work_on, offered):
    with work_on() as work:
        return asked_ids(work, offered.request_id)


def test_a_facilitator_runs_it_from_their_own_page_and_chooses(client, work_on, offered) -> None:
    with work_on() as work:
        coordinator(work)
    come_in(client, work_on, offered.people[0])
    assert f"/requests/{offered.request_id}/dates" in client.get("/my-sessions").text
    question_id = ask(work_on, offered, actor=offered.actors[0])
    page = client.get(f"/requests/{offered.request_id}/dates")
    assert "Set this date" not in page.text
    with work_on() as work:
        option = latest(work, offered).options[0].id

    chosen = send(client, f"/date-questions/{question_id}/options/{option}/choose", page)

    assert chosen.status_code == 303
    assert "The facilitators have chosen a date" in text_of(client.get(chosen.location))


def test_what_is_closed_or_paused_says_so_kindly(client, work_on, offered) -> None:
    question_id = ask(work_on, offered)
    one = _asked(work_on, offered)[0]
    path = come_by_link(client, work_on, one)
    with work_on() as work:
        pause_request(work, offered.request_id, reason=PauseReason.DEATH)
    page = client.get(path)
    assert heading(page) == "This JAGS is paused"
    assert "7 December" not in page.text
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        request.paused_at = None
    sign_in(client, work_on, Role.COORDINATOR)
    board = client.get(f"/requests/{offered.request_id}/dates")
    assert send(client, f"/date-questions/{question_id}/close", board).status_code == 303
    assert heading(client.get(path)) == "These dates are not asked about any more"
    # Closed meanwhile by a colleague.
    assert send(client, f"/date-questions/{question_id}/close", board).status_code == 409


def test_the_home_page_says_what_to_do_about_dates(client, work_on, offered) -> None:
    question_id = ask(work_on, offered)
    for one in _asked(work_on, offered):
        answer(work_on, one, YES, YES)
    sign_in(client, work_on, Role.COORDINATOR)
    assert "Nobody’s answer can change which date is best any more: set it" in text_of(client.get("/home"))
    with work_on() as work:
        work.session.get_one(DateQuestion, question_id).request.state = State.SCHEDULED
    assert "Nobody’s answer" not in text_of(client.get("/home"))


def test_pages_of_dates_ask_as_often_for_many_people_as_for_one(client, app, work_on, offered) -> None:
    question_id = ask(work_on, offered)
    sign_in(client, work_on, Role.COORDINATOR)
    paths = (
        f"/requests/{offered.request_id}/dates",
        f"/requests/{offered.request_id}/dates/ask",
        f"/date-questions/{question_id}/change",
        "/home",
    )
    few = [queries_of(client, app, path) for path in paths]
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        for n in range(20):
            bring_member(work, request, involved(f"Person {n}", of=f"Agency {n}"))
    with work_on(COORDINATOR) as work:
        question = work.session.get_one(DateQuestion, question_id)
        work.session.add_all(
            DateAsked(key_id=m.key_id, question_id=question.id, member_id=m.id, position=9 + n)
            for n, m in enumerate(question.request.network[3:])
        )
    assert [queries_of(client, app, path) for path in paths] == few
    assert [n <= most for n, most in zip(few, (12, 12, 12, 22), strict=True)] == [True] * 4, few
