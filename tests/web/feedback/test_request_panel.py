"""What the page of a request says about its feedback."""

import re
import uuid

from flask.testing import FlaskClient

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import add_held_session
from factories.pages import sign_in
from factories.sessions import COORDINATOR
from jags.accounts.rules import Role
from jags.adapters.clock import FixedClock
from jags.feedback.service import make_slips
from jags.requests.rules import PauseReason
from jags.requests.service import pause_request
from jags.scheduling.model import JagsSession


def panel(work_on: WorkOn, client: FlaskClient, session_id: uuid.UUID) -> str:
    with work_on(write=False) as work:
        request_id = work.session.get_one(JagsSession, session_id).request_id
    page = client.get(f"/requests/{request_id}").get_data(as_text=True)
    found = re.search(r'<section aria-labelledby="feedback-of-request">(.*?)</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_panel_tells_numbers_and_days_never_who(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    session_id, tickets = open_round(work_on, people=6, without_address=1)
    before = panel(work_on, client, session_id)
    answer(work_on, tickets[:4])

    assert "6 people were asked by e-mail; 1 more was there whom no link could reach." in before
    assert "Answers are taken until the end of 8 December 2026." in before
    assert panel(work_on, client, session_id) == before
    close(work_on, clock)
    sign_in(client, work_on, Role.COORDINATOR, email="later@example.org")
    after = panel(work_on, client, session_id)
    assert "with fewer than five answers. They stay sealed until other sessions" in after


def test_panel_says_when_more_slips_were_made_than_people_were_there(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on(COORDINATOR) as work:
        session_id = add_held_session(work, people=6).id
        make_slips(work, session_id, number=9)

    said = panel(work_on, client, session_id)

    assert (
        "9 slips were made to be handed out in the room; 3 more than the people who were there. What was left over belongs"
        " into the shredder." in said
    )


def test_panel_says_that_a_pause_moves_the_closing_day(work_on: WorkOn, client: FlaskClient) -> None:
    session_id, _ = open_round(work_on)
    with work_on() as work:
        request_id = work.session.get_one(JagsSession, session_id).request_id
        pause_request(work, request_id, reason=PauseReason.COMPLAINT)
    sign_in(client, work_on, Role.COORDINATOR)

    said = panel(work_on, client, session_id)
    assert (
        "The day on which this closes moves by the length of the pause; without one it would have been 8 December 2026."
        in said
    )
    assert "Answers are taken until" not in said


def test_panel_leads_to_the_pool_of_opened_answers(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    session_id, tickets = open_round(work_on)
    answer(work_on, tickets[:5])
    close(work_on, clock)
    sign_in(client, work_on, Role.COORDINATOR)

    assert "The answers are pooled, in bands, in the evaluation" in panel(work_on, client, session_id)


def test_no_panel_before_a_round(work_on: WorkOn, client: FlaskClient) -> None:
    with work_on() as work:
        session_id = add_held_session(work).id
    sign_in(client, work_on, Role.COORDINATOR)

    assert panel(work_on, client, session_id) == ""
