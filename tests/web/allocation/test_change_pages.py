"""The page of a change of facilitator: noted, proposed, offered; and told when the proposal is not that any more."""

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest

from factories.pages import come_in, errors, heading, sign_in, submit, token, version
from factories.pool import accepted_request, declares, facilitator, offers_slots, signs_in
from factories.sessions import agree, arrange
from jags.accounts.rules import Role
from jags.allocation.queries import get_offer, live_offers, open_pair
from jags.allocation.rules import OfferState, Rule
from jags.facilitators.queries import get_facilitator, pool
from jags.facilitators.rules import FacilitatorStatus
from jags.requests.queries import get_request
from jags.requests.rules import State
from jags.scheduling.service import accept_offer_and_keep_date


def text_of(page):
    """Return what somebody reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def pair_on(page):
    return re.search(r'name="pair" value="([^"]*)"', page.get_data(as_text=True))[1]


def selected(page):
    """Return the values that are selected in the lists of a page."""
    options = re.findall(r"<option[^>]*>", page.get_data(as_text=True))
    return [
        re.search(r'value="([^"]+)"', one)[1]
        for one in options
        if " selected" in one and 'value=""' not in one
    ]


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
        facilitator(work, "Cedar Vale", of="Young People's Trust")
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
    assert "and Cedar Vale (Agency Young People's Trust)" in read
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


@pytest.fixture
def one_agency(work_on, stepped_back):
    """Only Elm Field is there to replace Ash Reed, of Birch Lane's own agency, and not free at the time of the date."""
    with work_on() as work:
        for member in pool(work):
            if member.name == "Cedar Vale":
                member.facilitator.status = FacilitatorStatus.PAUSED
        elm = facilitator(work, "Elm Field", of="agency-of-birch lane")
        offers_slots(work, elm, 0)
        return elm


def by_hand(page, stepped_back, elm, **typed):
    people = {"first": str(stepped_back.people[1]), "second": str(elm), "date": "stands"}
    return {"csrf_token": token(page), "version": version(page), **people, **typed}


def test_an_exception_is_agreed_with_its_reason_and_the_date_stands(
    coordinator, work_on, stepped_back, one_agency
):
    path = f"/requests/{stepped_back.request_id}/change-of-facilitator"
    page = coordinator.get(path)
    assert "No pair is possible: " in text_of(page)
    assert selected(page) == [str(stepped_back.people[1])]
    answer = coordinator.post(path, data=by_hand(page, stepped_back, one_agency))
    assert errors(answer) == [
        "This pair needs an agreed exception (both are from the same agency, not free on a date that suits). Say why it is right here."
    ]
    assert selected(answer) == [str(stepped_back.people[1]), str(one_agency)]
    typed = by_hand(answer, stepped_back, one_agency, reason="Nobody else is left, and Elm moves a meeting.")
    assert coordinator.post(path, data=typed).location == f"/requests/{stepped_back.request_id}"
    with work_on() as work:
        pair = open_pair(work, stepped_back.request_id)
        assert [one.rule for one in pair.exceptions] == [Rule.AGENCY, Rule.SLOT]
        actor = signs_in(work, one_agency)
        offer_id = next(one.id for one in pair.offers if one.person_id == one_agency)
    with work_on(actor) as work:
        declares(work, offer_id)
    with work_on(actor) as work:
        accept_offer_and_keep_date(work, offer_id, version=get_offer(work, offer_id).version)
    with work_on() as work:
        assert get_request(work, stepped_back.request_id).state is State.SCHEDULED


def test_by_hand_another_date_can_be_looked_for(coordinator, work_on, stepped_back, one_agency):
    path = f"/requests/{stepped_back.request_id}/change-of-facilitator"
    page = coordinator.get(path)
    typed = by_hand(page, stepped_back, one_agency, date="another", reason="Nobody else is left.")
    assert coordinator.post(path, data=typed).location == f"/requests/{stepped_back.request_id}"
    with work_on() as work:
        assert [one.rule for one in open_pair(work, stepped_back.request_id).exceptions] == [Rule.AGENCY]


def test_by_hand_two_people_are_asked_for(coordinator, stepped_back):
    path = f"/requests/{stepped_back.request_id}/change-of-facilitator"
    page = coordinator.get(path)
    typed = {"csrf_token": token(page), "version": version(page), "first": str(stepped_back.people[1])}
    assert errors(coordinator.post(path, data={**typed, "date": "stands"})) == [
        "Select two different people."
    ]
    assert errors(coordinator.post(path, data=typed)) == ["Select what becomes of the date."]


def test_whoever_is_asked_sees_the_date_that_is_kept(client, coordinator, work_on, stepped_back):
    path = f"/requests/{stepped_back.request_id}/change-of-facilitator"
    page = coordinator.get(path)
    data = {"csrf_token": token(page), "version": version(page), "pair": pair_on(page)}
    assert coordinator.post(path, data=data).status_code == 303
    with work_on() as work:
        pair = open_pair(work, stepped_back.request_id)
        (cedar,) = {one.person_id for one in pair.offers} - {stepped_back.people[1]}
        offer_id = next(one.id for one in pair.offers if one.person_id == cedar)
    come_in(client, work_on, cedar)
    read = text_of(client.get(f"/offers/{offer_id}"))
    assert "It has a date already: Tuesday 8 December 2026, 2pm ." in read
    assert "The date is arranged with you afterwards." not in read


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
    assert "Two others by hand, or an agreed exception" in read
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


def test_once_the_session_has_begun_nobody_is_noted_as_stepping_back(coordinator, work_on, clock):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    path = f"/requests/{offered.request_id}"
    assert "Note that Ash Reed steps back" in text_of(coordinator.get(path))
    clock.instant += timedelta(days=16)
    sign_in(coordinator, work_on, Role.COORDINATOR)
    read = text_of(coordinator.get(path))
    assert "Ash Reed" in read
    assert "steps back" not in read
