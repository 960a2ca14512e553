"""What makes contact unsafe is read before anybody makes contact; and where a coordinator is in the navigation."""

import dataclasses
import re

import pytest

from factories.pages import SIGNED_IN_COOKIE, sign_in
from factories.sessions import agree, arrange
from jags.accounts.queries import find_account_of
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.requests.model import Request
from jags.requests.queries import contact_of, detail_of

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
    page = client.get(f"/requests/{offered.request_id}/date")
    assert said_before(page, "Set the date and invite everybody")
    session_id = arrange(work_on, offered)
    assert said_before(client.get(f"/sessions/{session_id}"), "person0@example.org")


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
