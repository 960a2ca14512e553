"""The survey some weeks later on its pages, and the one question to the requester, shown as their account."""

from datetime import timedelta

from flask.testing import FlaskClient

from conftest import WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, open_round
from factories.held_sessions import add_held_session, later_tickets
from factories.pages import errors, follow, heading, sign_in, submit, text_of
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import issue_link
from jags.adapters.clock import FixedClock
from jags.feedback.service import close_due_rounds, open_later_rounds
from jags.scheduling.model import JagsSession


def test_later_survey_asks_then_and_now_on_two_screens(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    session_id, tickets = open_round(work_on)
    answer(work_on, tickets)
    clock.instant = AFTER_CLOSING
    with work_on() as work:
        close_due_rounds(work)
    clock.instant += timedelta(weeks=7)
    with work_on() as work:
        assert open_later_rounds(work) == 1
    with work_on() as work:
        (ticket, *_) = later_tickets(work, session_id)
        request_id = work.session.get_one(JagsSession, session_id).request_id

    first = client.get(f"/feedback/{ticket}")
    assert heading(first) == "What has followed from the JAGS?"
    assert first.get_data(as_text=True).count('name="stuck_now"') == 11
    empty = client.post("/feedback", data={"ticket": ticket, "step": "on"})
    assert errors(empty) == ["Select an answer to at least one question."]
    assert 'href="#contact_then"' in empty.get_data(as_text=True)
    sent = {
        "ticket": ticket,
        "stuck_then": "8",
        "stuck_now": "4",
        "contact_now": "3",
        "how_known": "She said so.",
    }
    second = client.post("/feedback", data={**sent, "step": "on"})
    assert "How do you know what difference it has made?" in text_of(second)
    assert heading(client.post("/feedback", data={**sent, "step": "send"})) == "Thank you"

    sign_in(client, work_on, Role.COORDINATOR)
    panel = text_of(client.get(f"/requests/{request_id}"))
    assert "6 people were asked, anonymously, until the end of 10 February 2027." in panel
    assert "has been asked one question under their name, and has not answered it." in panel


def test_requester_answers_one_question_and_the_business_unit_reads_it_as_an_account(
    work_on: WorkOn, client: FlaskClient
) -> None:
    with work_on() as work:
        request_id = add_held_session(work).request_id
        secret = issue_link(
            work,
            purpose=Purpose.WHAT_FOLLOWED,
            subject_id=request_id,
            expires_at=work.now + timedelta(days=9),
        )
    path = follow(client, secret if isinstance(secret, str) else secret[1])

    page = text_of(client.get(path))
    assert "this is kept with your request and under your name" in page
    assert "01632 960101" in page
    assert errors(submit(client, path, version="0")) == [
        "Write what was said or shown, or close this page: you need not answer."
    ]
    born = submit(client, path, version="0", said="K, born 12/03/2008, laughs again.")
    assert errors(born)[0].startswith("This looks like a date of birth")
    assert submit(client, path, version="0", said="K <laughs> again.").status_code == 303
    assert "K &lt;laughs&gt; again.</textarea>" in client.get(path).get_data(as_text=True)

    sign_in(client, work_on, Role.COORDINATOR)
    shown = client.get(f"/requests/{request_id}")
    assert (
        "The requester’s account, told on 24 November 2026. It is what they saw and heard, not proof."
        in text_of(shown)
    )
    assert "K &lt;laughs&gt; again." in shown.get_data(as_text=True)
