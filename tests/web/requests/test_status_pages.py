"""The requester's status page: the story in plain words, an answer, and nothing of what is ours."""

from datetime import timedelta

from factories.pages import errors, follow, sign_in, token, version
from factories.pages import take_step as step
from factories.people import link
from factories.requests import coordinator, envelopes, in_triage, waiting
from jags.accounts.rules import Purpose, Role
from jags.notifications.rules import MailKind
from jags.requests.queries import detail_of, get_request, timeline
from jags.requests.rules import State


def test_the_status_page_tells_the_story_without_our_reasons(client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}"
    step(client, path, "priority", priority="sooner", reason="INTERNAL-ONE")
    step(client, path, "signpost", route="tacs", reason="INTERNAL-TWO", told="We wish you well.")
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, request_id)
    text = client.get(follow(client, secret)).text
    assert "INTERNAL" not in text
    assert "Wren Young" not in text
    assert "We suggested another route" in text
    assert "We wish you well." in text
    assert "Team Around the Child Supervision (TACS)" in text


def test_the_requester_answers_and_withdraws_by_link(client, work_on) -> None:
    with work_on() as work:
        request_id = waiting(work, "When do you work?").id
        _, secret = link(work, Purpose.REQUEST_STATUS, request_id)
    page = follow(client, secret)
    asked = client.get(page)
    assert "When do you work?" in asked.text
    client.post(page, data={"csrf_token": token(asked), "version": version(asked), "answer": "Mornings"})
    with work_on() as work:
        request = get_request(work, request_id)
        assert (request.state, timeline(work, request)[-1].note.reason) == (State.IN_TRIAGE, "Mornings")
    ask = client.get(f"{page}/withdraw")
    data = {"csrf_token": token(ask), "version": version(ask)}
    assert errors(client.post(f"{page}/withdraw", data=data)) == ["Tick the box to withdraw."]
    client.post(f"{page}/withdraw", data={**data, "sure": "y"})
    with work_on() as work:
        assert get_request(work, request_id).state is State.WITHDRAWN
        assert len(envelopes(work, MailKind.REQUEST_CLOSED_OTHERWISE)) == 1


def test_a_status_link_opens_no_other_request(client, work_on) -> None:
    with work_on() as work:
        mine, other = in_triage(work), in_triage(work)
        _, secret = link(work, Purpose.REQUEST_STATUS, mine.id)
        other_link = link(work, Purpose.REQUEST_STATUS, other.id)[0].id
        other_id = other.id
    page = follow(client, secret)
    client.set_cookie("jags_link", secret, path="/")
    assert client.get(f"/your-request/{other_link}").status_code == 410
    assert "JAGS-2026-0001" in client.get(page).text
    with work_on(write=False) as work:
        assert get_request(work, other_id).state is State.IN_TRIAGE


def test_what_the_requester_reads_of_the_child_stays_out_of_the_status_page(client, work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        assert detail_of(work, request).pseudonym == "Kestrel"
        _, secret = link(work, Purpose.REQUEST_STATUS, request.id)
    assert "Kestrel" not in client.get(follow(client, secret)).text


def test_the_status_page_promises_the_call_that_the_mail_promised_until_that_day_is_over(
    client, work_on, clock
) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
        _, secret = link(work, Purpose.REQUEST_STATUS, request_id)
        (mail,) = envelopes(work, MailKind.REQUEST_RECEIVED)
    page = follow(client, secret)
    assert mail["params"]["ring_by"] == "Thursday 26 November 2026"
    assert "We read your request and ring you by Thursday 26 November 2026." in client.get(page).text
    with work_on() as work:
        coordinator(work, "Wren Young")
    named = "Wren Young from the Business Unit reads your request and rings you by Thursday 26 November 2026."
    assert named in client.get(page).text
    clock.instant += timedelta(days=3)
    assert "We read your request and ring you." in client.get(page).text
