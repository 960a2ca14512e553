"""The pages on which coordinators decide on a request."""

import re

import pytest

from factories.pages import errors, follow, heading, queries_of, seen, sign_in, token, version
from factories.pages import take_step as step
from factories.people import link
from factories.requests import accepted, envelopes, in_triage, sent, waiting
from jags.accounts.rules import Purpose, Role
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import get_request, members
from jags.requests.rules import (
    LeadKnows,
    PauseReason,
    Priority,
    Question,
    State,
    TransitionalFeature,
    YesNoUnsure,
)
from jags.requests.service import pause_request
from jags.settings.service import change_setting


def prepared(client, work_on, make=in_triage):
    """Sign a coordinator in and return the id of a request and the path of its page."""
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        request_id = make(work).id
    return request_id, f"/requests/{request_id}"


def stored(work_on, request_id):
    with work_on() as work:
        request = get_request(work, request_id)
        work.session.expunge_all()
        return request


def test_the_page_of_a_request_tells_its_story_and_puts_the_next_step_first(client, work_on) -> None:
    _, path = prepared(client, work_on)
    text = client.get(path).text
    for shown in (
        "JAGS-2026-0001",
        "Being considered",
        "Asha Bell",
        "Kestrel",
        "Received",
        "Confirmed by telephone",
    ):
        assert shown in text
    assert text.index("Accept this request") < text.index("Signpost to another route") < text.index("Story")


def test_accepting_from_the_page_accepts_and_says_so(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    page = client.get(path)
    data = {"csrf_token": token(page), "version": version(page), "told": "", "reason": "It fits"}
    shown = client.post(f"{path}/accept", data=data)
    answer = client.post(
        f"{path}/accept", data={**data, "go": "send", "seen": seen(shown)}, follow_redirects=True
    )
    assert "The request is accepted, and the requester is told." in answer.text
    assert stored(work_on, request_id).state is State.ACCEPTED


def test_accepting_says_everything_that_is_missing_at_once_each_with_a_link_to_its_field(
    client, work_on
) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        request = get_request(work, request_id)
        request.lead_knows, request.legal_live = LeadKnows.HELP_ME, YesNoUnsure.YES
        request.requester_email_index = None
    answer = step(client, path, "accept", reason="")
    summary = answer.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    links = re.findall(r'<a href="#([^"]+)"', summary)
    assert links == ["lead_spoken_on-day", "legal_anyway", "told_on-day", "reason"]
    assert all(f'id="{place}"' in answer.text for place in links)
    assert len(errors(answer)) == len(links)
    assert stored(work_on, request_id).state is State.IN_TRIAGE


def test_signposting_by_telephone_says_at_once_that_reason_and_day_are_missing(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        get_request(work, request_id).requester_email_index = None
    answer = step(client, path, "signpost", route="tacs", reason="")
    assert errors(answer) == [
        "We have no e-mail address of the requester. Ring them, then enter the day on which you told them.",
        "Enter the reason.",
    ]


def test_two_people_on_one_request_the_second_is_told_and_keeps_the_text(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    shown = client.get(f"{path}/ask")
    step(client, path, "accept", reason="It fits")
    answer = client.post(
        f"{path}/ask",
        data={"csrf_token": token(shown), "version": version(shown), "question": "Who knows of it?"},
    )
    assert answer.status_code == 409
    assert "Who knows of it?" in answer.text
    assert stored(work_on, request_id).state is State.ACCEPTED
    assert client.get(f"{path}/ask").location == path


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("ask", {}, "Enter the question."),
        ("signpost", {"reason": "x"}, "Select the other route."),
        ("signpost", {"route": "moon", "reason": "x"}, "Select one of the answers that are offered."),
        ("signpost", {"route": "tacs"}, "Enter the reason."),
        (
            "duplicate",
            {"of_reference": "JAGS-2026-0777", "reason": "x"},
            "There is no request with the reference “JAGS-2026-0777”. Enter it like JAGS-2026-0042.",
        ),
        ("transitional", {"confirmed": "yes", "reason": "x"}, "Select what features."),
        ("priority", {"priority": "", "reason": "x"}, "Select routine or sooner."),
        ("pause", {}, "Select why everything is paused."),
        ("cancel", {}, "Enter the reason."),
        ("ask", {"question": "x" * 2001}, "Shorten the question to 2,000 characters or fewer."),
    ],
)
def test_a_step_that_lacks_something_says_what_and_changes_nothing(
    client, work_on, name, fields, message
) -> None:
    request_id, path = prepared(client, work_on)
    before = stored(work_on, request_id)
    answer = step(client, path, name, **fields)
    after = stored(work_on, request_id)
    assert errors(answer) == [message]
    assert (after.state, after.version, after.paused) == (before.state, before.version, False)
    assert after.priority is Priority.ROUTINE
    for typed in fields.values():
        assert typed in answer.text or typed == "moon"


def test_signposting_from_the_page_shows_the_route_in_words(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    answer = step(
        client,
        path,
        "signpost",
        route="early_help",
        reason="Early help fits",
        contact_given="Sam, 01632 960 014",
    )
    assert stored(work_on, request_id).state is State.SIGNPOSTED
    assert "Early help / Family Help" in answer.text
    assert "Early help fits" in answer.text
    assert "Take it up again" in answer.text


def test_an_accepted_request_can_be_signposted_and_cancelled_too(client, work_on) -> None:
    request_id, path = prepared(client, work_on, accepted)
    step(client, path, "cancel", reason="The worker left")
    assert stored(work_on, request_id).state is State.CANCELLED
    step(client, path, "reopen", reason="There is a new worker")
    assert stored(work_on, request_id).state is State.IN_TRIAGE
    step(client, path, "accept", reason="It fits")
    step(client, path, "signpost", route="tacs", reason="It needs a plan")
    assert stored(work_on, request_id).state is State.SIGNPOSTED


def test_confirming_transitional_safeguarding_keeps_it_and_shows_it_again(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    step(
        client,
        path,
        "transitional",
        confirmed="yes",
        features=["care_leaver", "send"],
        reason="Turns 18 in spring",
    )
    found = stored(work_on, request_id)
    assert found.transitional_confirmed is True
    assert found.chosen(Question.TRANSITIONAL_FEATURE) == {
        TransitionalFeature.CARE_LEAVER,
        TransitionalFeature.SEND,
    }
    again = client.get(f"{path}/transitional").text
    assert re.search(r'value="send" checked', again)
    assert "Turns 18 in spring" in again


def test_pausing_everything_sends_the_edited_note_only(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    answer = step(client, path, "pause", reason="death")
    assert "Everything about this request is paused." in answer.text
    step(client, path, "pause-notes", to_requester="We are so sorry. We will ring you.")
    with work_on() as work:
        assert get_request(work, request_id).paused_reason is PauseReason.DEATH
        (mail,) = envelopes(work, MailKind.PAUSE_NOTE)
        assert mail["params"]["note"] == "We are so sorry. We will ring you."
    step(client, path, "lift-pause", held_back="send", sure="y")
    assert not stored(work_on, request_id).paused


def test_an_emptied_note_is_not_sent(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    step(client, path, "pause", reason="other")
    assert stored(work_on, request_id).paused
    assert "We will ring you." in client.get(f"{path}/pause-notes").text
    assert errors(step(client, path, "pause-notes", to_requester="")) == [
        "Enter a note, or leave this page and ring them."
    ]
    with work_on() as work:
        assert envelopes(work, MailKind.PAUSE_NOTE) == []


def test_the_notes_of_a_pause_begin_with_the_words_of_the_business_unit(client, work_on) -> None:
    _, path = prepared(client, work_on)
    with work_on() as work:
        change_setting(work, "pause_note_requester", "We stop here for now, and ring you today.")
    step(client, path, "pause", reason="other")
    assert "We stop here for now, and ring you today." in client.get(f"{path}/pause-notes").text


def test_a_duplicate_names_its_first(client, work_on) -> None:
    request_id, _ = prepared(client, work_on)
    with work_on() as work:
        second = in_triage(work).id
    step(client, f"/requests/{second}", "duplicate", of_reference="jags-2026-0001", reason="The same work")
    assert stored(work_on, second).previous_request_id == request_id


def test_somebody_is_added_to_the_network_and_shown(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    answer = step(client, path, "add-person", name="Kit Moss", agency="Housing", phone="01632 960 013")
    assert "Kit Moss, Housing, 01632 960 013" in answer.text
    with work_on() as work:
        assert "Kit Moss" in [c.name for _, c in members(work, get_request(work, request_id))]


def test_an_unconfirmed_request_is_confirmed_after_a_call(client, work_on) -> None:
    request_id, path = prepared(client, work_on, sent)
    assert errors(step(client, path, "confirm-by-telephone")) == [
        "Tick the box when you have spoken to the requester."
    ]
    step(client, path, "confirm-by-telephone", spoke="y")
    assert stored(work_on, request_id).state is State.IN_TRIAGE


def test_the_queue_keeps_its_filter_in_the_address_and_finds_a_reference(client, work_on) -> None:
    _, path = prepared(client, work_on)
    with work_on() as work:
        waiting(work)
    now = client.get("/requests").text
    assert "JAGS-2026-0001" in now
    assert "JAGS-2026-0002" not in now
    waits = client.get("/requests?state=waiting_for_requester").text
    assert "JAGS-2026-0002" in waits
    assert "JAGS-2026-0001</a>" not in waits
    everything = client.get("/requests?state=all").text
    assert {"JAGS-2026-0001", "JAGS-2026-0002"} <= set(re.findall(r"JAGS-2026-\d{4}", everything))
    assert client.get("/requests?reference=jags-2026-0001").location == path
    assert "There is no request with the reference" in client.get("/requests?reference=JAGS-2026-0999").text
    assert heading(client.get("/requests?state=made-up&page=-3")) == "Requests"


def test_the_queue_and_home_take_the_same_few_queries_whatever_their_length(app, client, work_on) -> None:
    prepared(client, work_on)

    def queries(path: str) -> int:
        return queries_of(client, app, path)

    few = {path: queries(path) for path in ("/requests", "/home")}
    with work_on() as work:
        for _ in range(12):
            in_triage(work)
    many = {path: queries(path) for path in few}
    assert many == few
    assert few["/requests"] <= 8
    assert few["/home"] <= 14


def test_home_says_what_needs_a_decision(client, work_on) -> None:
    _, path = prepared(client, work_on)
    text = client.get("/home").text
    assert path in text
    assert "Waiting for a decision (1)" in text


def test_nobody_else_comes_to_the_business_units_pages(app, client, work_on) -> None:
    _, path = prepared(client, work_on)
    for role in (Role.FACILITATOR, Role.ADMINISTRATOR, Role.EVALUATION_READER):
        other = app.test_client()
        sign_in(other, work_on, role)
        for page in ("/requests", path, f"{path}/accept"):
            answer = other.get(page)
            assert answer.status_code == 403
            assert "Kestrel" not in answer.text
    assert "/sign-in" in app.test_client().get(path).location


def test_an_unknown_request_is_not_found(client, work_on) -> None:
    prepared(client, work_on)
    assert client.get("/requests/00000000-0000-4000-8000-000000000000").status_code == 404
    assert client.get("/requests/not-an-id").status_code == 404
    with work_on() as work:
        assert work.session.query(Request).count() == 1


def test_a_paused_request_is_quiet_on_the_requesters_page_and_puts_no_step_first(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, request_id)
    status = follow(client, secret)
    assert "your request and ring" in client.get(status).text
    with work_on() as work:
        pause_request(work, request_id, reason=PauseReason.DEATH)
    text = client.get(status).text
    assert "your request and ring" not in text
    assert "We have paused everything about this request." in text
    assert "died" not in text
    page = client.get(path).text
    assert "See what is sent" not in page
    assert "Lift the pause" in page


def test_a_reason_for_the_priority_is_shown_where_there_is_one_to_give(client, work_on) -> None:
    _, path = prepared(client, work_on)
    assert "Why so soon, or not" not in client.get(path).text
    step(client, path, "priority", priority="sooner", reason="A court date")
    text = client.get(path).text
    assert text.index("Why so soon, or not") < text.index("A court date")
