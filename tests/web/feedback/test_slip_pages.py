"""The sheet of slips, shown once, and giving feedback by the code of a slip."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select

from conftest import NOW, WorkOn
from factories.held_sessions import add_held_session
from factories.pages import SIGNED_IN_COOKIE, errors, heading, sign_in, submit, text_of
from factories.sessions import agree, arrange
from jags.accounts.queries import find_account_of
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.adapters.clock import FixedClock
from jags.scheduling.rules import SessionState
from jags.schema import METADATA

CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


def test_sheet_is_shown_once_with_a_code_for_each_and_leads_to_the_form(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    with work_on() as work:
        session = add_held_session(work, starts_at=NOW + timedelta(days=1), recorded=False)
        session.state = SessionState.SCHEDULED
        path = f"/sessions/{session.id}/slips"
    sign_in(client, work_on, Role.COORDINATOR)

    sheet = submit(client, path, number="6")
    again = submit(client, path, number="6")

    codes = CODE.findall(sheet.get_data(as_text=True))
    assert len(set(codes)) == 6
    assert sheet.get_data(as_text=True).count("<svg") == 6
    assert "localhost/feedback" in text_of(sheet)
    assert errors(again) == ["Tick this to make another sheet: the slips of the first one stop working."]
    assert CODE.findall(client.get(path).get_data(as_text=True)) == []
    assert "A sheet of 6 slips was made." in text_of(client.get(path))

    client.delete_cookie("jags_signed_in")
    early = client.post("/feedback/code", data={"ticket": codes[0]})
    assert heading(early) == "The session has not begun yet"
    clock.instant += timedelta(days=1, hours=2)
    first = client.post("/feedback/code", data={"ticket": codes[0].lower()})
    by_camera = client.get(f"/feedback/{codes[1].replace('-', '')}")
    assert [heading(page) for page in (first, by_camera)] == ["How was the JAGS?"] * 2
    sent = {"ticket": codes[0], "safe": "agree", "step": "send"}
    assert heading(client.post("/feedback", data=sent)) == "Thank you"
    assert heading(client.post("/feedback/code", data={"ticket": codes[0]})) == "This link was used"
    assert "Set-Cookie" not in first.headers


def test_facilitators_are_told_that_slips_take_the_place_of_links(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    offered = agree(work_on, people=3)
    session_id = arrange(work_on, offered)
    clock.instant = NOW + timedelta(days=13)
    with work_on() as work:
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, find_account_of(work, offered.people[0])))
    own, record = f"/my-sessions/{session_id}", f"/sessions/{session_id}/record"
    assert "Feedback comes by a link in an e-mail" in text_of(client.get(own))
    submit(client, f"/sessions/{session_id}/slips", number="3")
    clock.instant = NOW + timedelta(days=14, hours=7)
    with work_on() as work:
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, find_account_of(work, offered.people[0])))

    assert "3 slips were made, by which people give feedback; nobody gets a link as well." in text_of(
        client.get(own)
    )
    assert "Slips were made, so nobody gets a link now; some weeks later each of them is asked" in text_of(
        client.get(record)
    )


def test_unknown_code_is_said_at_its_field_with_what_was_typed(client: FlaskClient) -> None:
    for typed in ("0123-4567-89AB-CDEF", "<nonsense>", "", "a" * 64):
        page = client.post("/feedback/code", data={"ticket": typed})
        assert page.status_code == 400
        assert errors(page) == [
            "This code is not known, or its feedback has closed. Compare it with your slip, letter by letter."
        ]
    assert 'value="&lt;nonsense&gt;"' in client.post(
        "/feedback/code", data={"ticket": "<nonsense>"}
    ).get_data(as_text=True)
    assert heading(client.get("/feedback")) == "Give feedback with a slip"


def test_answers_sent_with_a_wrong_code_are_not_lost(client: FlaskClient, work_on: WorkOn) -> None:
    with work_on() as work:
        session_id = add_held_session(work).id
    sign_in(client, work_on, Role.COORDINATOR)
    codes = CODE.findall(submit(client, f"/sessions/{session_id}/slips", number="2").get_data(as_text=True))
    assert len(codes) == 2

    page = client.post(
        "/feedback", data={"ticket": "0123456789ABCDEF", "safe": "agree", "comment": "Kept", "step": "send"}
    )

    assert page.status_code == 410
    assert "Kept" in text_of(page)
    assert "the code was typed otherwise than it stands on the slip" in text_of(page)


def test_form_on_paper_asks_what_the_pages_ask(client: FlaskClient, work_on: WorkOn) -> None:
    sign_in(client, work_on, Role.FACILITATOR)

    paper = text_of(client.get("/feedback-on-paper"))

    for words in (
        "I felt safe to speak openly.",
        "One thing that I will do differently",
        "01632 960101",
        "Much more confident",
        "☐ Local authority",
    ):
        assert words in paper


def test_very_many_wrong_codes_from_one_network_are_refused_until_tomorrow(
    client: FlaskClient, work_on: WorkOn, clock: FixedClock
) -> None:
    with work_on() as work:
        session_id = add_held_session(work).id
    sign_in(client, work_on, Role.COORDINATOR)
    good, other = CODE.findall(
        submit(client, f"/sessions/{session_id}/slips", number="2").get_data(as_text=True)
    )
    client = client.application.test_client()
    # An address of its own: what is counted lives as long as the application, which other tests use too.
    client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    before = everything(work_on)
    wrong = {"ticket": "0123-4567-89AB-CDEF"}
    for _ in range(33):
        assert client.post("/feedback/code", data=wrong).status_code == 400
        assert client.get("/feedback/0123456789ABCDEF").status_code == 410
        assert client.post("/feedback", data={**wrong, "step": "send", "safe": "agree"}).status_code == 410
        # What is no code, or is a good one, does not count.
        assert client.post("/feedback/code", data={"ticket": "0123"}).status_code == 400
        assert heading(client.post("/feedback/code", data={"ticket": good})) == "How was the JAGS?"
    client.post("/feedback/code", data=wrong)

    refused = client.post("/feedback", data={"ticket": good, "step": "send", "comment": "Kept <b>"})
    assert (refused.status_code, heading(refused)) == (429, "Please wait a little")
    assert "Kept &lt;b&gt;" in refused.get_data(as_text=True)
    assert {
        client.post("/feedback/code", data={"ticket": good}).status_code,
        client.get(f"/feedback/{good}").status_code,
    } == {429}
    # Nothing of it is in the database, and others are not kept out.
    assert everything(work_on) == before
    elsewhere = client.post(
        "/feedback/code", data={"ticket": good}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    )
    assert heading(elsewhere) == "How was the JAGS?"
    clock.instant += timedelta(days=1)
    assert heading(client.post("/feedback/code", data={"ticket": other})) == "How was the JAGS?"


def everything(work_on: WorkOn) -> dict[str, int]:
    """Return how many rows each table has."""
    with work_on(write=False) as work:
        return {
            table.name: work.session.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
        }
