"""Giving feedback by a ticket: two screens without cookie or script, and what each kind of ticket meets."""

import logging
import re
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from conftest import WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, close, open_round
from factories.pages import errors, heading, same_each_time
from factories.snapshots import snapshot
from jags.accounts.model import SignedInSession
from jags.adapters.clock import FixedClock
from jags.feedback.model import Comment, Tally, Ticket
from jags.feedback.rules import CommentText, spares_for

_INPUT = re.compile(r"<(?:input|textarea)\b[^>]*>")


def fields(page: TestResponse) -> dict[str, str]:
    """Return what a browser would send of a page that nobody touched."""
    sent = {}
    for tag in _INPUT.findall(page.get_data(as_text=True)):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") == "hidden" or " checked" in tag:
            sent[given["name"]] = given["value"]
    return sent


def go_on(
    client: FlaskClient, page: TestResponse, step: str, answers: Mapping[str, str] | None = None
) -> TestResponse:
    return client.post("/feedback", data={**fields(page), **(answers or {}), "step": step})


def tickets_left(work_on: WorkOn) -> int:
    """Return how many of the six tickets that were mailed are left."""
    with work_on(write=False) as work:
        return (work.session.scalar(select(func.count()).select_from(Ticket)) or 0) - spares_for(6)


def test_two_screens_give_one_answer_and_leave_no_trace_with_the_browser(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)

    first = client.get(f"/feedback/{tickets[0]}")
    second = go_on(client, first, "on", {"safe": "agree", "views": "disagree"})
    third = go_on(client, second, "send", {"comment": "The silence, and <b>time</b>.", "may_quote": "yes"})

    assert [heading(page) for page in (first, second, third)] == [
        "How was the JAGS?",
        "In your words",
        "Thank you",
    ]
    for page in (first, second, third):
        assert "Set-Cookie" not in page.headers
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
    assert tickets[0] not in third.get_data(as_text=True)
    assert tickets_left(work_on) == 5
    answer(work_on, tickets[1:5])
    close(work_on, clock)
    with work_on(write=False) as work:
        tallies = {(t.item, t.option): t.n for t in work.session.scalars(select(Tally))}
        comment = work.session.scalars(select(Comment)).one()
        assert work.vault.open(comment, "text", CommentText).text == "The silence, and <b>time</b>."
        assert comment.may_quote
        assert work.session.scalar(select(func.count()).select_from(SignedInSession)) == 0
    assert tallies == {("safe", "agree"): 5, ("views", "disagree"): 1}


def test_an_answer_leaves_no_line_and_no_row_beside_itself(
    work_on: WorkOn, client: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    _, tickets = open_round(work_on)
    before = snapshot(work_on)
    capfd.readouterr()

    page = client.get(f"/feedback/{tickets[0]}")
    for step in ("on", "send"):
        page = go_on(client, page, step, {"safe": "agree"})

    assert heading(page) == "Thank you"
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    after = snapshot(work_on)
    assert {name for name in before if before[name] != after[name]} == {"pot", "ticket"}


def test_first_screen_says_what_is_true_with_the_numbers_to_ring(
    work_on: WorkOn, client: FlaskClient
) -> None:
    _, tickets = open_round(work_on)

    text = client.get(f"/feedback/{tickets[0]}").get_data(as_text=True)

    for words in (
        "Nobody reads these answers straight away.", "01632 960102", "01632 960101", "999", "8 December 2026",
        "only if there are at least five answers together", "somebody who can open your e-mail",
    ):  # fmt: skip
        assert words in text
    assert "checked" not in text


def test_looking_and_sending_screens_as_found_spend_nothing(work_on: WorkOn, client: FlaskClient) -> None:
    _, tickets = open_round(work_on)

    first = client.get(f"/feedback/{tickets[0]}")
    for step in ("on", "send", "", "nonsense"):
        page = go_on(client, first, step)
        assert errors(page) == ["Select an answer to at least one statement."]
        assert 'href="#safe"' in page.get_data(as_text=True)

    assert tickets_left(work_on) == 6


def test_nothing_typed_is_lost_between_the_screens(work_on: WorkOn, client: FlaskClient) -> None:
    _, tickets = open_round(work_on)
    second = go_on(client, client.get(f"/feedback/{tickets[0]}"), "on", {"safe": "agree"})

    back = go_on(client, second, "back", {"comment": "Half a thought", "may_quote": "no"})
    again = go_on(client, back, "on", {"time": "neither"})

    assert fields(back) == {
        "ticket": tickets[0],
        "safe": "agree",
        "comment": "Half a thought",
        "may_quote": "no",
    }
    assert "Half a thought</textarea>" in again.get_data(as_text=True)
    assert fields(again) == {"ticket": tickets[0], "safe": "agree", "time": "neither", "may_quote": "no"}


def test_a_sector_may_be_told_on_the_second_screen_and_is_kept_between_the_screens(
    work_on: WorkOn, client: FlaskClient
) -> None:
    _, tickets = open_round(work_on)
    first = client.get(f"/feedback/{tickets[0]}")
    second = go_on(client, first, "on", {"safe": "agree"})
    back = go_on(client, second, "back", {"sector": "local authority"})
    again = go_on(client, back, "on")

    assert 'name="sector"' not in first.get_data(as_text=True)
    assert "selected" not in second.get_data(as_text=True)
    assert fields(back)["sector"] == "local authority"
    assert '<option value="local authority" selected' in again.get_data(as_text=True)
    assert '<input type="hidden" name="sector"' not in again.get_data(as_text=True)
    refused = go_on(client, again, "send", {"sector": "somewhere"})
    assert errors(refused) == ["Select one of the sectors, or leave it out."]
    assert heading(go_on(client, again, "send", {"sector": "police"})) == "Thank you"


def test_comment_that_is_too_long_is_refused_and_kept(work_on: WorkOn, client: FlaskClient) -> None:
    _, tickets = open_round(work_on)
    second = go_on(client, client.get(f"/feedback/{tickets[0]}"), "on", {"safe": "agree"})

    page = go_on(client, second, "send", {"comment": "x" * 1501})

    assert errors(page) == ["Shorten this to 1,500 characters or fewer."]
    assert "x" * 1501 in page.get_data(as_text=True)
    assert tickets_left(work_on) == 6


def test_repeated_send_meets_the_same_thanks(work_on: WorkOn, client: FlaskClient) -> None:
    _, tickets = open_round(work_on)
    sent = {"ticket": tickets[0], "safe": "agree", "step": "send"}

    pages = [client.post("/feedback", data=sent) for _ in range(3)]

    assert len({(page.status_code, same_each_time(page)) for page in pages}) == 1
    assert heading(client.get(f"/feedback/{tickets[0]}")) == "This link was used"
    assert tickets_left(work_on) == 5


def test_answer_after_closing_is_refused_with_its_text_kept(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)
    clock.instant = AFTER_CLOSING

    page = client.post(
        "/feedback", data={"ticket": tickets[0], "safe": "agree", "comment": "<Too> late", "step": "send"}
    )

    assert (page.status_code, heading(page)) == (410, "Feedback on this session has closed")
    assert "If you sent yours before, it counts." in page.get_data(as_text=True)
    assert "&lt;Too&gt; late" in page.get_data(as_text=True)
    assert heading(client.get(f"/feedback/{tickets[1]}")) == "Feedback on this session has closed"


@pytest.mark.parametrize("ticket", ["nonsense", "a" * 64])
def test_invented_ticket_meets_the_one_page_of_dead_links(client: FlaskClient, ticket: str) -> None:
    looked = client.get(f"/feedback/{ticket}")
    sent = client.post("/feedback", data={"ticket": ticket, "safe": "agree", "step": "send"})

    assert (looked.status_code, sent.status_code) == (410, 410)
    assert heading(looked) == heading(sent)
    assert heading(looked) == heading(client.get("/link/nonsense"))


def test_extra_fields_are_ignored(work_on: WorkOn, client: FlaskClient, clock: FixedClock) -> None:
    _, tickets = open_round(work_on)
    for ticket in tickets:
        sent = {"ticket": ticket, "safe": "agree", "both_services": "agree", "name": "Me", "step": "send"}
        assert heading(client.post("/feedback", data=sent)) == "Thank you"
    close(work_on, clock)

    with work_on(write=False) as work:
        assert [t.item for t in work.session.scalars(select(Tally))] == ["safe"]


def test_transitional_statement_is_asked_where_it_features(work_on: WorkOn, client: FlaskClient) -> None:
    _, plain = open_round(work_on)
    _, transitional = open_round(work_on, confirmed=True)

    statement = "services both had a voice."

    assert statement not in client.get(f"/feedback/{plain[0]}").get_data(as_text=True)
    assert statement in client.get(f"/feedback/{transitional[0]}").get_data(as_text=True)


def test_a_comment_that_identifies_somebody_is_not_taken_and_stays_as_typed(
    work_on: WorkOn, client: FlaskClient
) -> None:
    _, tickets = open_round(work_on)
    second = go_on(client, client.get(f"/feedback/{tickets[0]}"), "on", {"safe": "agree"})
    text = "It helped to think about K <now>, born 12/03/2008."
    stopped = go_on(client, second, "send", {"comment": text})
    assert errors(stopped) == [
        "This looks like a date of birth: 12/03/2008. Please take it out; an age is enough for us."
    ]
    shown = stopped.get_data(as_text=True)
    assert "born <mark>12/03/2008</mark>." in shown
    assert "K &lt;now&gt;, born 12/03/2008.</textarea>" in shown
    assert "Set-Cookie" not in stopped.headers
    assert tickets_left(work_on) == 6
    # Nobody is asked about names here; what is left out is enough.
    taken = go_on(client, stopped, "send", {"comment": "It helped Kayden to think."})
    assert heading(taken) == "Thank you"
    assert tickets_left(work_on) == 5


def test_words_that_may_be_a_worry_lead_to_the_normal_route_before_anything_is_sent(
    work_on: WorkOn, client: FlaskClient
) -> None:
    _, tickets = open_round(work_on)
    second = go_on(client, client.get(f"/feedback/{tickets[0]}"), "on", {"safe": "agree"})

    asked = go_on(client, second, "send", {"comment": "He had a <b>bruise</b>.", "may_quote": "no"})

    shown = asked.get_data(as_text=True)
    assert (asked.status_code, heading(asked)) == (200, "Before you send")
    assert "You wrote “bruise”." in " ".join(re.sub(r"<[^>]+>", "", shown).split())
    for number in ("01632 960102", "01632 960101", "999"):
        assert number in shown
    assert "He had a &lt;b&gt;bruise&lt;/b&gt;.</textarea>" in shown
    assert tickets_left(work_on) == 6
    sent = go_on(client, asked, "send", {"comment": "He had a bruise, and it is being taken care of."})
    assert heading(sent) == "Thank you"
    assert tickets_left(work_on) == 5


def test_two_more_minutes_are_folded_until_something_in_them_needs_to_be_seen(
    work_on: WorkOn, client: FlaskClient
) -> None:
    _, tickets = open_round(work_on)
    second = go_on(client, client.get(f"/feedback/{tickets[0]}"), "on", {"safe": "agree"})
    assert "One thing that I will do differently" in second.get_data(as_text=True)
    assert '<details class="govuk-details">' in second.get_data(as_text=True)

    refused = go_on(client, second, "send", {"confidence": "9", "recommend": "agree"})

    assert errors(refused) == ["Select one of the answers."]
    assert '<details class="govuk-details" open>' in refused.get_data(as_text=True)
    assert fields(refused)["recommend"] == "agree"
    assert heading(go_on(client, second, "send", {"confidence": "4", "differently": "Ask"})) == "Thank you"


def test_everything_that_was_written_is_kept_when_the_round_has_closed(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)
    clock.instant = AFTER_CLOSING

    typed = {"comment": "It helped", "differently": "Ask <more>", "roles": "agree"}
    page = client.post("/feedback", data={"ticket": tickets[0], "step": "send", **typed})

    shown = page.get_data(as_text=True)
    assert (page.status_code, "It helped" in shown, "Ask &lt;more&gt;" in shown) == (410, True, True)
