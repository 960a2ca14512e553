"""A conflict removes access at once: the next request of the same session finds nothing, in pages, counts, look-ups and files."""

import uuid

import pytest

from factories import pages
from factories.ownership import AFTER, a_case, audit_of
from factories.people import account
from factories.pool import CONFLICT, declares, offered
from factories.requests import in_triage
from factories.sessions import COORDINATOR, agree, arrange
from jags.accounts.model import Account, Recusal
from jags.accounts.queries import actor_of, get_account
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.allocation.queries import get_offer
from jags.allocation.service import step_back as step_back_from
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.service import lift_recusal, pass_on
from jags.scheduling.queries import get_session
from jags.scheduling.service import step_back

TEXT = "Slow down together"


def shown(client, paths):
    return {path: client.get(path).status_code for path in paths}


def test_a_facilitator_who_says_that_they_should_not_sees_nothing_more(client, work_on):
    with work_on() as work:
        pair = offered(work, "Ash Reed", "Birch Lane")
    path = f"/offers/{pair.offers[0]}"
    pages.come_in(client, work_on, pair.people[0])
    assert client.get(path).status_code == 200
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0], CONFLICT)
    for page in (path, f"{path}/accept", "/my-offers", "/my-sessions", "/home"):
        answer = client.get(page, follow_redirects=True)
        assert TEXT not in answer.text
        assert "Kestrel" not in answer.text
    assert client.get(f"/requests/{pair.request_id}").status_code == 403


def test_a_facilitator_who_steps_back_before_there_is_a_date_sees_nothing_more(client, work_on):
    pair = agree(work_on)
    path = f"/offers/{pair.offers[0]}"
    pages.come_in(client, work_on, pair.people[0])
    assert TEXT in client.get(path).text
    with work_on(pair.actors[0]) as work:
        step_back_from(work, pair.offers[0], version=get_offer(work, pair.offers[0]).version)
    assert TEXT not in client.get(path).text
    assert client.get(f"/requests/{pair.request_id}/dates").status_code == 404


def test_a_facilitator_who_steps_back_from_a_session_sees_nothing_more(client, work_on):
    pair = agree(work_on)
    session_id = arrange(work_on, pair)
    own = [f"/my-sessions/{session_id}", f"/sessions/{session_id}/slips", f"/offers/{pair.offers[0]}"]
    pages.come_in(client, work_on, pair.people[0])
    assert set(shown(client, own).values()) == {200}
    with work_on(pair.actors[0]) as work:
        version = get_session(work, session_id).request.version
        step_back(work, pair.request_id, person_id=pair.people[0], version=version)
    assert shown(client, own[:2]) == dict.fromkeys(own[:2], 404)
    assert TEXT not in client.get(own[2]).text
    assert str(session_id) not in client.get("/my-sessions").text
    assert str(session_id) not in client.get("/my-calendar").text


@pytest.fixture
def involved(client, work_on):
    """A coordinator who is signed in, and their account."""
    account_id = pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        account(work, Role.COORDINATOR, name="Fay Coe")
        return actor_of(work.session.get_one(Account, account_id))


def test_a_coordinator_who_is_involved_finds_neither_page_nor_count_nor_trace(client, work_on, involved):
    pair = agree(work_on)
    session_id = arrange(work_on, pair)
    with work_on(write=False) as work:
        reference = work.session.get_one(Request, pair.request_id).reference
    own = [
        f"/requests/{pair.request_id}",
        f"/requests/{pair.request_id}/independence",
        f"/sessions/{session_id}",
        f"/sessions/{session_id}/participants",
    ]
    assert set(shown(client, own).values()) == {200}
    with work_on(involved) as work:
        request = get_request(work, pair.request_id)
        pass_on(work, request.id, owner_id=None, version=request.version)
    assert shown(client, own) == dict.fromkeys(own, 404)
    assert "All requests (0)" in client.get("/requests?state=all").text
    for page in (
        "/home",
        "/requests",
        "/requests?state=all",
        "/calendar",
        "/calls",
        "/planning",
        "/records",
        "/audit-trail",
    ):
        answer = client.get(page, follow_redirects=True)
        assert reference not in answer.text, page
        assert "Kestrel" not in answer.text, page
    # A look-up by reference says the same as for one that was never given, and a search finds as little.
    found, unknown = (
        pages.text_of(client.get(f"/requests?reference={one}")).replace(one, "…")
        for one in (reference, "JAGS-2026-0999")
    )
    assert found == unknown
    searched = [
        pages.text_of(pages.submit(client, "/requests/find", words=words)).replace(words, "…")
        for words in (TEXT.lower(), "nothing of it")
    ]
    assert searched[0] == searched[1]
    with work_on(COORDINATOR) as work:
        request = get_request(work, pair.request_id)
        lift_recusal(
            work, request.id, person_id=involved.person_id, reason="They are not", version=request.version
        )
    assert client.get(own[0]).status_code == 200


@pytest.mark.parametrize("stream", ["acts", "reads"])
def test_an_administrator_who_stands_aside_finds_no_event_of_the_case(client, work_on, stream):
    account_id = pages.sign_in(client, work_on, Role.ADMINISTRATOR, name="Wren Young")
    with work_on(COORDINATOR) as work:
        own, other = in_triage(work), in_triage(work)
        ids, references = (own.id, other.id), (own.reference, other.reference)
        for one in ids:
            work.record("case:read", one, requests_read=str(one))
    address = f"/audit-trail?stream={stream}"
    assert all(one in client.get(address).text for one in references)
    with work_on() as work:
        person_id = work.session.get_one(Account, account_id).person_id
        work.session.add(Recusal(request_id=ids[0], person_id=person_id, since=work.now))
    after = client.get(address).text
    assert references[0] not in after
    assert references[1] in after


def test_an_audit_shows_no_session_of_a_case_from_which_somebody_stands_aside(
    client, work_on, clock, involved
):
    mine, others = (a_case(work_on, clock, name) for name in ("Mine", "Others"))
    clock.instant = AFTER
    audit_of(work_on, mine, others)
    with work_on(write=False) as work:
        references = [
            work.session.get_one(Request, case.ids["request_id"]).reference for case in (mine, others)
        ]
    with work_on() as work:
        client.set_cookie(
            pages.SIGNED_IN_COOKIE, start_session(work, get_account(work, uuid.UUID(involved.ref)))
        )
    path = f"/practice-audits/{mine.ids['audit_id']}"
    assert all(one in client.get(path).text for one in references)
    with work_on(involved) as work:
        request = get_request(work, others.ids["request_id"])
        pass_on(work, request.id, owner_id=None, version=request.version)
    page = client.get(path).text
    assert references[0] in page
    assert references[1] not in page
    assert str(others.ids["case_id"]) not in page
