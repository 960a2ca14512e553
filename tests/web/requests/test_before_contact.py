"""What makes contact unsafe is read before anybody makes contact; and where a coordinator is in the navigation."""

import dataclasses
import re
from datetime import timedelta

import pytest

from factories.dates import ask, asked_ids
from factories.pages import SIGNED_IN_COOKIE, sign_in
from factories.sessions import COORDINATOR, agree, arrange
from jags.accounts.queries import find_account_of
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.requests.model import Request
from jags.requests.queries import contact_of, detail_of
from jags.scheduling.model import DateQuestion
from jags.scheduling.queries import invitable
from jags.scheduling.service import member_of_requester

UNSAFE = "Never leave a message on the office telephone"


@pytest.fixture
def offered(work_on):
    """A request with facilitators, whose requester said what makes contact unsafe."""
    made = agree(work_on)
    with work_on() as work:
        request = work.session.get_one(Request, made.request_id)
        detail = dataclasses.replace(detail_of(work, request), unsafe_contact=UNSAFE)
        contact = dataclasses.replace(contact_of(work, request), best_time="After 3pm")
        work.vault.seal(request, "detail", detail)
        work.vault.seal(request, "contact", contact)
    return made


def as_facilitator(client, work_on, offered) -> None:
    with work_on() as work:
        account = find_account_of(work, offered.people[0])
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, account))


def said_before(page, what: str) -> bool:
    warning = page.text.find(f"Before you make contact: {UNSAFE}")
    return -1 < warning < page.text.index("After 3pm") < page.text.index(what, warning)


def test_facilitators_read_it_before_they_see_whom_to_ring(client, work_on, offered) -> None:
    as_facilitator(client, work_on, offered)
    assert said_before(client.get(f"/offers/{offered.offers[0]}"), "asha@example.org")


def test_facilitators_read_it_above_the_people_of_their_session(client, work_on, offered) -> None:
    session_id = arrange(work_on, offered)
    as_facilitator(client, work_on, offered)
    assert said_before(client.get(f"/my-sessions/{session_id}"), "person0@example.org")


def test_the_coordinator_reads_it_before_invitations_go(client, work_on, offered) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    text = client.get(f"/requests/{offered.request_id}/date").text
    assert text.index(f"Before you make contact: {UNSAFE}") < text.index("Set the date and invite everybody")
    # Nobody is rung from there.
    assert "After 3pm" not in text
    session_id = arrange(work_on, offered)
    assert said_before(client.get(f"/sessions/{session_id}"), "person0@example.org")


@pytest.mark.parametrize("asks_them", [False, True])
def test_when_to_ring_stands_where_it_is_the_requester_whom_one_rings(
    client, work_on, offered, asks_them
) -> None:
    with work_on(COORDINATOR) as work:
        request = work.session.get_one(Request, offered.request_id)
        them = member_of_requester(work, request.id, version=request.version)
        work.session.flush()
        others = [one.id for one in invitable(work, request) if one.id != them]
    question_id = ask(work_on, offered, member_ids=[them if asks_them else others[0]])
    with work_on() as work:
        (asked_id,) = asked_ids(work, offered.request_id)
        # Silent since the one reminder, so that somebody rings them.
        work.session.get_one(DateQuestion, question_id).nudged_at = work.now - timedelta(days=14)
    sign_in(client, work_on, Role.COORDINATOR)
    for path in (
        f"/requests/{offered.request_id}/dates",
        f"/date-questions/{question_id}/asked/{asked_id}",
    ):
        text = client.get(path).text
        assert f"Before you make contact: {UNSAFE}" in text
        assert ("Best time to ring the requester: After 3pm" in text) is asks_them
    assert "Please ring them" in client.get(f"/requests/{offered.request_id}/dates").text


def test_nothing_is_said_where_the_requester_said_nothing(client, work_on) -> None:
    made = agree(work_on)
    sign_in(client, work_on, Role.COORDINATOR)
    text = client.get(f"/requests/{made.request_id}/date").text
    assert "Before you make contact" not in text
    assert "Best time to ring" not in text


def test_a_session_is_among_the_requests_in_the_navigation(client, work_on, offered) -> None:
    session_id = arrange(work_on, offered)
    sign_in(client, work_on, Role.COORDINATOR)
    active = r'govuk-service-navigation__item--active">.*?href="([^"]+)"'
    for path in (f"/sessions/{session_id}", f"/requests/{offered.request_id}"):
        assert re.findall(active, client.get(path).text, re.DOTALL) == ["/requests"]
