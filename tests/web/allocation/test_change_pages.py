"""The page of a change of facilitator: noted, proposed, offered; and told when the proposal is not that any more."""

import html
import re
from uuid import UUID

import pytest

from factories.pages import errors, heading, sign_in, submit, token, version
from factories.pool import accepted_request, facilitator
from factories.sessions import agree, arrange
from jags.accounts.rules import Role
from jags.allocation.queries import live_offers
from jags.allocation.rules import OfferState
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import FacilitatorStatus


def text_of(page):
    """Return what somebody reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def pair_on(page):
    return re.search(r'name="pair" value="([^"]*)"', page.get_data(as_text=True))[1]


@pytest.fixture
def coordinator(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    return client


@pytest.fixture
def stepped_back(coordinator, work_on):
    """A request with a date, from which Ash Reed steps back, noted by the coordinator; Cedar Vale could do it."""
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    with work_on() as work:
        facilitator(work, "Cedar Vale")
    path = f"/requests/{offered.request_id}"
    note = f"{path}/facilitators/{offered.people[0]}/step-back"
    answer = submit(coordinator, note, version=version(coordinator.get(note)))
    assert answer.location == f"{path}/change-of-facilitator"
    return offered


def test_the_proposal_is_read_and_offered(coordinator, work_on, stepped_back):
    path = f"/requests/{stepped_back.request_id}/change-of-facilitator"
    assert "Change of facilitator: see the proposal" in text_of(
        coordinator.get(f"/requests/{stepped_back.request_id}")
    )
    page = coordinator.get(path)
    assert heading(page) == "Change of facilitator"
    read = text_of(page)
    assert "Birch Lane has accepted and is kept if that is possible." in read
    assert "The date, Tuesday 8 December 2026, 2pm, is kept meanwhile" in read
    assert "Who is moved Nobody. Birch Lane stays." in read
    assert (
        "The date It stands when Cedar Vale has accepted. Only the calendar entry of Cedar Vale is new."
        in read
    )
    assert "Standing by Nobody else fits." in read
    data = {"csrf_token": token(page), "version": version(page), "pair": pair_on(page)}
    assert coordinator.post(path, data=data).location == f"/requests/{stepped_back.request_id}"
    with work_on() as work:
        states = {offer.person_id: offer.state for offer in live_offers(work, stepped_back.request_id)}
        assert states.pop(stepped_back.people[1]) is OfferState.ACCEPTED
        assert list(states.values()) == [OfferState.OFFERED]


def test_a_proposal_that_has_changed_is_shown_again(coordinator, work_on, stepped_back):
    path = f"/requests/{stepped_back.request_id}/change-of-facilitator"
    page = coordinator.get(path)
    with work_on() as work:
        (cedar,) = set(pair_on(page).split()) - {str(stepped_back.people[1])}
        get_facilitator(work, UUID(cedar)).status = FacilitatorStatus.PAUSED
        facilitator(work, "Dale Moor")
    data = {"csrf_token": token(page), "version": version(page), "pair": pair_on(page)}
    answer = coordinator.post(path, data=data)
    assert errors(answer) == ["The best pair has changed meanwhile. Look at it again, then offer."]
    assert "Offer it to Dale Moor" in text_of(answer)
    assert pair_on(answer) != pair_on(page)


def test_nobody_fits_is_said_with_what_would_help(coordinator, work_on):
    offered = agree(work_on, people=1)
    note = f"/requests/{offered.request_id}/facilitators/{offered.people[0]}/step-back"
    answer = submit(coordinator, note, version=version(coordinator.get(note)))
    read = text_of(coordinator.get(answer.location))
    assert "No pair is possible: " in read
    assert "Choose other people" in read
    assert "Offer it to" not in read


def test_where_nobody_is_looked_for_it_leads_back(coordinator, work_on):
    offered = agree(work_on, people=1)
    answer = coordinator.get(f"/requests/{offered.request_id}/change-of-facilitator", follow_redirects=True)
    assert "Nobody is looked for here now." in text_of(answer)


def test_without_anybody_who_has_accepted_two_are_proposed(coordinator, work_on):
    with work_on() as work:
        for name in ("Ann", "Ben"):
            facilitator(work, name)
        request_id = accepted_request(work).id
    read = text_of(coordinator.get(f"/requests/{request_id}/change-of-facilitator"))
    assert "Asked now Ann and Ben" in read
    assert "Who is moved Nobody who has accepted." in read
    assert "The date There is none yet." in read
