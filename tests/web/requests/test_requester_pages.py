"""The requester's own page: whose move it is, adding people, passing on, the same work, how it went; and the coordinator's half."""

import re
from datetime import timedelta

import pytest

from factories.pages import errors, follow, heading, sign_in, submit, token, version
from factories.people import link
from factories.requests import ABOUT_YOU, ALL, accepted, by_link, draft, in_triage, waiting
from jags.accounts.rules import Purpose, Role
from jags.requests.queries import contact_of, get_request, members
from jags.requests.rules import ChangeWhy, NetworkContact, State, Tie, Verb
from jags.requests.service import (
    SomebodyInvolved,
    TheWork,
    add_member,
    change_requester,
    confirm_by_telephone,
    note_call,
    submit_request,
)
from jags.scheduling.service import end_request

NEW = {
    "why": "left",
    "name": "Noor Finch",
    "role": "Head of year",
    "agency": "A School",
    "email": "noor@example.org",
    "phone": "01632 960 077",
}
WRITTEN = ("Kestrel", "Slow down", "Lee Ward", "Mo Hart", "Asha Bell", "asha@example.org")


def opened(client, work_on, make, purpose=Purpose.REQUEST_STATUS):
    """Make a request and open it by a link; return the page's address and the request's id."""
    with work_on() as work:
        request_id = make(work).id
        _, secret = link(work, purpose, request_id)
    return follow(client, secret), request_id


def text_of(answer) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def send(client, page: str, path: str, **fields):
    """Send one of the forms of a page, with the token and version that the page shows."""
    shown = client.get(page)
    return client.post(
        f"{page}{path}", data={"csrf_token": token(shown), "version": version(shown), **fields}
    )


def signposted(work):
    request = in_triage(work)
    end_request(
        work,
        request.id,
        verb=Verb.SIGNPOST,
        version=request.version,
        route="tacs",
        reason="Tasks are needed.",
    )
    return request


def test_the_requester_reads_their_own_answers_and_nothing_that_we_added(client, work_on) -> None:
    page, request_id = opened(client, work_on, in_triage)
    with work_on() as work:
        request = get_request(work, request_id)
        added = SomebodyInvolved(NetworkContact(name="Rowan Pike"), "")
        add_member(work, request_id, person=added, version=request.version, tie=Tie.SHOULD_NOT_FACILITATE)
    assert f'href="{page}/answers"' in client.get(page).text
    own = text_of(client.get(f"{page}/answers"))
    assert "Kestrel" in own
    assert "Slow down and think together." in own
    assert "Rowan Pike" not in own


def test_every_page_of_the_link_leads_back_to_where_the_request_stands(client, work_on) -> None:
    page, _ = opened(client, work_on, in_triage)
    for below in ("/answers", "/pass-on", "/withdraw", "/more/contacts", "/more/family", "/more/the-work"):
        back = re.search(r'<a href="([^"]+)" class="govuk-back-link">', client.get(page + below).text)
        assert back, below
        assert back[1] == page, below


def test_who_has_withdrawn_can_ask_again(client, work_on) -> None:
    page, _ = opened(client, work_on, in_triage)
    assert "Ask for a JAGS again" not in client.get(page).text
    form = client.get(f"{page}/withdraw")
    sent = {"csrf_token": token(form), "version": version(form), "sure": "y"}
    assert client.post(f"{page}/withdraw", data=sent).status_code == 303
    assert re.search(r'href="/">Ask for a JAGS again<', client.get(page).text)


def test_the_story_names_the_route_that_was_suggested(client, work_on) -> None:
    page, _ = opened(client, work_on, signposted)
    story = client.get(page).text.partition("Where it stands")[2]
    assert re.search(r"We suggested another route.*?TACS", story, re.DOTALL)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (in_triage, "We read your request and ring you by Thursday 26 November 2026. (now) Our move"),
        (waiting, "We would like to ask you When do you work?"),
        (waiting, "Please answer our question. (now) Your move"),
        (
            accepted,
            "We look for two facilitators from different agencies. (now) Our move, we hope by Tuesday 8 December 2026",
        ),
        (signposted, "Please get in touch with the route that we suggested. (now) Your move"),
        (signposted, "The route that we suggest Team Around the Child Supervision (TACS) How did it go?"),
    ],
)
def test_the_page_says_whose_move_it_is_and_by_when(client, work_on, make, said) -> None:
    page, _ = opened(client, work_on, make)
    assert said in text_of(client.get(page))


def test_a_day_that_has_passed_is_not_promised_again(client, work_on, clock) -> None:
    with work_on() as work:
        request_id = accepted(work).id
    clock.instant += timedelta(days=6 * 7)
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, request_id)
    shown = text_of(client.get(follow(client, secret)))
    assert "We look for two facilitators" in shown
    assert "we hope by" not in shown


def test_people_are_added_until_the_date_is_set_with_or_without_an_address(client, work_on) -> None:
    page, request_id = opened(client, work_on, in_triage)
    assert f'href="{page}/more/contacts"' in client.get(page).text
    people = {
        "people-0-name": "Ada Reed",
        "people-0-email": "ada@example.org",
        "people-1-name": "Bo Lane",
        "people-1-phone": "01632 960 012",
    }
    answer = send(client, f"{page}/more/contacts", "", **people)
    assert answer.location == page
    with work_on() as work:
        request = get_request(work, request_id)
        named = [(c.name, c.email) for _, c in members(work, request)]
        assert named == [("Ada Reed", "ada@example.org"), ("Bo Lane", "")]
        request.state = State.SCHEDULED
    shown = text_of(client.get(page))
    assert "The date is set, so who takes part is now a matter of the session. Ring us" in shown
    assert "/more/contacts" not in client.get(page).text
    assert client.get(f"{page}/more/contacts").status_code == 409


def test_the_requester_passes_the_request_on_and_their_link_ends(client, work_on) -> None:
    page, request_id = opened(client, work_on, in_triage)
    assert "Pass this request on to a colleague" in text_of(client.get(page))
    assert "checked" not in client.get(f"{page}/pass-on").text
    answer = send(client, f"{page}/pass-on", "", **NEW)
    assert heading(answer) == "The request is passed on"
    assert client.get(page).status_code == 410
    # Going back and sending it again changes nothing.
    assert client.get(f"{page}/pass-on").status_code == 410
    with work_on() as work:
        assert contact_of(work, get_request(work, request_id)).email == "noor@example.org"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("why", "", "Select why you pass it on."),
        ("name", "", "Enter their name."),
        ("email", "", "Enter their work e-mail address."),
        ("email", "noor at school", "Enter an e-mail address"),
        ("phone", "12", "Enter a telephone number, like 01632 960 001."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_all_is_kept(client, work_on, field, typed, message) -> None:
    page, request_id = opened(client, work_on, in_triage)
    answer = send(client, f"{page}/pass-on", "", **{**NEW, field: typed})
    (said,) = errors(answer)
    assert said.startswith(message)
    kept = "noor@example.org" if field == "name" else "Noor Finch"
    assert kept in answer.text
    with work_on() as work:
        assert contact_of(work, get_request(work, request_id)).name == "Asha Bell"


def test_the_new_requester_sees_nothing_before_one_tick_that_is_not_preset(client, work_on) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    lead = client.application.test_client()
    sign_in(lead, work_on, Role.COORDINATOR)
    path = f"/requests/{request_id}/requester"
    shown = lead.get(path)
    changed = lead.post(path, data={"csrf_token": token(shown), "version": version(shown), **NEW})
    assert changed.location == f"/requests/{request_id}"
    with work_on() as work:
        _, secret = link(work, Purpose.CONFIRM_REQUESTER, request_id)
        _, early = link(work, Purpose.REQUEST_STATUS, request_id)
    # A link to the page itself that was made too early opens nothing.
    assert client.get(follow(client, early)).status_code == 404
    page = follow(client, secret)
    before = client.get(page)
    assert heading(before) == "Is this you?"
    assert "checked" not in before.text
    assert [word for word in WRITTEN if word in before.text] == []
    # A program that sends the page as it found it says nothing.
    found = submit(client, page)
    assert errors(found) == ["Tick the box to say that this is you."]
    assert [word for word in WRITTEN if word in found.text] == []
    answer = submit(client, page, me="y")
    after = client.get(answer.location)
    assert heading(after).startswith("Your request JAGS-2026-")
    story = text_of(after)
    assert "We passed the request on to you" in story
    assert "You said that it is you" in story
    assert "Your colleague sent the request" in story
    assert "You sent your request" not in story
    assert "Asha" not in story


def test_the_coordinator_reads_who_asked_before_and_who_has_not_answered(client, work_on) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        request = get_request(work, request_id)
        you = type(ABOUT_YOU)(contact_of(work, request), "Police")
        change_requester(work, request_id, you=you, why=ChangeWhy.AWAY, version=request.version)
    sign_in(client, work_on, Role.COORDINATOR)
    shown = text_of(client.get(f"/requests/{request_id}"))
    assert (
        "got a link on 24 November 2026 to say that the request is theirs, and has not used it yet" in shown
    )
    assert "Passed on to another requester Tuesday 24 November 2026, 10am, the requester" in shown
    assert "Asha Bell asked before. They are away or unwell." in shown


def test_a_requester_without_an_address_is_told_everything_by_telephone(client, work_on) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{request_id}/requester"
    shown = client.get(path)
    fields = {**NEW, "email": "", "csrf_token": token(shown), "version": version(shown)}
    client.post(path, data=fields)
    page = text_of(client.get(f"/requests/{request_id}"))
    assert "Tell them by telephone." in page
    assert (
        "No e-mail address. No mail reaches the requester: tell Noor Finch everything by telephone, 01632 960 077"
        in page
    )


def test_a_request_that_is_not_open_cannot_be_passed_on(client, work_on) -> None:
    page, request_id = opened(client, work_on, signposted)
    assert "Pass this request on" not in text_of(client.get(page))
    assert client.get(f"{page}/pass-on").status_code == 409
    sign_in(client, work_on, Role.COORDINATOR)
    assert client.get(f"/requests/{request_id}/requester").status_code == 409


def test_after_signposting_the_requester_says_how_it_went_once(client, work_on) -> None:
    page, request_id = opened(client, work_on, signposted)
    nothing = send(client, page, "/how-it-went")
    assert errors(nothing) == ["Select how it went."]
    answer = send(client, page, "/how-it-went", said="in_touch")
    assert answer.location == page
    shown = client.get(page)
    assert "We heard from you how it went" in text_of(shown)
    assert "how-it-went" not in shown.text
    with work_on() as work:
        assert get_request(work, request_id).followed_up_at == work.now


def test_a_wish_to_talk_is_before_the_coordinator_until_somebody_has_rung(client, work_on) -> None:
    page, request_id = opened(client, work_on, signposted)
    send(client, page, "/how-it-went", said="talk")
    assert "You told us that you would like to talk" in text_of(client.get(page))
    sign_in(client, work_on, Role.COORDINATOR)
    home = text_of(client.get("/home"))
    assert "Waiting for a decision (1)" in home
    assert "Wants to talk first" in home
    shown = text_of(client.get(f"/requests/{request_id}"))
    assert "Whose move: Ours Ring the requester, who would like to talk." in shown
    assert "One reminder goes" not in shown
    assert "They told us on 24 November 2026 that they would like to talk. Asha Bell 01632 960 010" in shown
    with work_on() as work:
        request = get_request(work, request_id)
        note_call(work, request_id, on=work.today, note="", version=request.version)
    assert "Waiting for a decision (0)" in text_of(client.get("/home"))
    assert "would like to talk" not in text_of(client.get(f"/requests/{request_id}"))


def with_reference(work, reference="77"):
    request = draft(work, *ALL, TheWork(own_reference=reference))
    submit_request(work, request)
    work.session.flush()
    confirm_by_telephone(work, request.id, version=request.version)
    return request


def test_the_requester_is_asked_whether_it_is_the_same_work_and_links_it_by_a_tick(
    client, work_on, clock
) -> None:
    with work_on() as work:
        earlier_id = with_reference(work).id
    clock.instant += timedelta(days=1)
    page, request_id = opened(client, work_on, with_reference)
    shown = client.get(page)
    assert "You asked about the same reference on 24 November 2026." in text_of(shown)
    # Nothing of the earlier request but its day.
    assert "JAGS-2026-0001" not in shown.text
    untouched = send(client, page, "/same-work")
    assert errors(untouched) == ["Tick the box if it is the same work. If it is not, there is nothing to do."]
    send(client, page, "/same-work", same="y")
    with work_on() as work:
        assert get_request(work, request_id).previous_request_id == earlier_id
    assert "Is it the same work?" not in text_of(client.get(page))


def test_before_the_address_is_confirmed_nobody_learns_that_it_has_asked_before(
    client, work_on, clock
) -> None:
    with work_on() as work:
        with_reference(work)
    clock.instant += timedelta(days=1)
    with work_on() as work:
        request = draft(work, *ALL, TheWork(own_reference="77"))
        submit_request(work, request)
        _, of_draft = link(work, Purpose.REQUEST_DRAFT, request.id)
        _, of_mail = link(work, Purpose.CONFIRM_REQUEST, request.id)
    for secret in (of_draft, of_mail):
        shown = client.get(follow(client, secret), follow_redirects=True)
        assert "same reference" not in shown.text
        assert "JAGS-2026-0001" not in shown.text


def test_the_coordinator_sees_what_seems_the_same_work_links_it_and_takes_the_link_away(
    client, work_on, clock
) -> None:
    with work_on() as work:
        first = with_reference(work).reference
    clock.instant += timedelta(days=1)
    with work_on() as work:
        request_id = with_reference(work).id
    sign_in(client, work_on, Role.COORDINATOR)
    page = f"/requests/{request_id}"
    shown = client.get(page)
    assert f"{first} , received on 24 November 2026 from Asha Bell" in text_of(shown)
    assert "the same requester and the same own reference" in text_of(shown)
    there = re.search(r'href="(/requests/[^"]+/repeat\?of=[^"]+)"', shown.text)[1]
    form = client.get(there)
    assert f'value="{first}"' in form.text
    fields = {"csrf_token": token(form), "version": version(form)}
    wrong = client.post(there, data={**fields, "of_reference": "JAGS-2020-0009"})
    assert errors(wrong) == [
        "There is no request with the reference “JAGS-2020-0009”. Enter it like JAGS-2026-0042."
    ]
    done = client.post(there, data={**fields, "of_reference": first.lower()})
    assert done.location == page
    linked = client.get(page)
    assert "This is the second request about this work." in text_of(linked)
    assert "Would another forum help?" not in text_of(linked)
    client.post(f"{page}/not-a-repeat", data={"csrf_token": token(linked), "version": version(linked)})
    with work_on() as work:
        assert get_request(work, request_id).previous_request_id is None


def test_the_page_leads_to_a_new_link(client, work_on) -> None:
    page, _ = opened(client, work_on, in_triage)
    assert 'href="/new-link"' in client.get(page).text
