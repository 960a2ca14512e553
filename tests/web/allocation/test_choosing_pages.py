"""The coordinator chooses facilitators, agrees an exception, clears doubts, talks through and chooses again."""

import html
import re

import pytest

from factories.pages import errors, heading, sign_in, submit, version
from factories.pool import TALK, accepted_request, declares, facilitator, involved, offer_to
from jags.accounts.rules import Role
from jags.allocation.model import AgreedException
from jags.allocation.queries import live_offers, open_pair, panel
from jags.allocation.rules import OfferState, Rule
from jags.requests.queries import get_request
from jags.requests.rules import State


def text_of(page):
    """Return what somebody reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def pairs_on(page):
    """Return the values of the pairs that can be chosen, best first."""
    return re.findall(
        r'name="pair"\s+type="radio"\s+value="([0-9a-f-]+ [0-9a-f-]+)"', page.get_data(as_text=True)
    )


@pytest.fixture
def coordinator(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    return client


@pytest.fixture
def request_id(work_on):
    """An accepted request, with five people in the pool: Ann, Ben and Cat are of three agencies, Dan is Ben's colleague."""
    with work_on() as work:
        for name in ("Ann", "Ben", "Cat"):
            facilitator(work, name)
        facilitator(work, "Dan", of="agency-of-ben")
        facilitator(work, "Eve", trained_on=None)
        return accepted_request(work).id


def test_page_shows_best_pairs_and_what_speaks_against_everybody_else(coordinator, request_id):
    page = coordinator.get(f"/requests/{request_id}/facilitators")
    assert heading(page) == "Choose facilitators"
    assert len(pairs_on(page)) == 5
    read = text_of(page)
    assert "Eve Agency agency-of-eve training is not current on the day" in read
    assert re.search("no availability recorded for (Ann and Ben|Ben and Ann): ask before offering", read)


def test_best_pair_is_offered(coordinator, work_on, request_id):
    path = f"/requests/{request_id}/facilitators"
    page = coordinator.get(path)
    answer = submit(coordinator, path, pair=pairs_on(page)[0], version=version(page))
    assert answer.location == f"/requests/{request_id}"
    with work_on() as work:
        offered = {str(offer.person_id) for offer in live_offers(work, request_id)}
        assert (offered, open_pair(work, request_id).rank) == (set(pairs_on(page)[0].split()), 1)
    assert "Offered to" in text_of(coordinator.get(answer.location))


def test_nothing_chosen_is_explained(coordinator, request_id):
    answer = submit(coordinator, f"/requests/{request_id}/facilitators")
    assert errors(answer) == ["Select a pair, or two people by hand."]


def test_one_agency_needs_a_reason_and_what_was_typed_stays(coordinator, work_on, request_id):
    path = f"/requests/{request_id}/facilitators"
    page = coordinator.get(path)
    options = {
        name: value
        for value, name in re.findall(
            r'<option value="([0-9a-f-]{36})"[^>]*>(\w+)', page.get_data(as_text=True)
        )
    }
    chosen = {"pair": "by_hand", "first": options["Ben"], "second": options["Dan"], "version": version(page)}
    refused = submit(coordinator, path, **chosen)
    assert errors(refused) == [
        "This pair needs an agreed exception (both are from the same agency). Say why it is right here."
    ]
    assert f'<option value="{options["Ben"]}" selected' in refused.get_data(as_text=True)
    answer = submit(coordinator, path, **chosen, reason="Nobody else is free this month.")
    assert answer.location == f"/requests/{request_id}"
    assert "Agreed exception: both are from the same agency. Nobody else is free this month." in text_of(
        coordinator.get(answer.location)
    )
    with work_on() as work:
        assert [one.rule for one in work.session.query(AgreedException)] == [Rule.AGENCY]


def test_the_same_person_twice_is_explained(coordinator, request_id):
    path = f"/requests/{request_id}/facilitators"
    page = coordinator.get(path)
    ann = pairs_on(page)[0].split()[0]
    answer = submit(coordinator, path, pair="by_hand", first=ann, second=ann, version=version(page))
    assert errors(answer) == ["Select two different people."]


def test_second_coordinator_is_told(coordinator, request_id):
    path = f"/requests/{request_id}/facilitators"
    page = coordinator.get(path)
    answer = submit(coordinator, path, pair=pairs_on(page)[0], version="1")
    assert answer.status_code == 409
    assert "This has changed since you opened it" in text_of(answer)


def test_without_a_pair_the_page_says_what_would_help(coordinator, work_on):
    with work_on() as work:
        facilitator(work, "Ann", of="police")
        facilitator(work, "Ben", of="police")
        lonely = accepted_request(work).id
    read = text_of(coordinator.get(f"/requests/{lonely}/facilitators"))
    assert "No pair is possible: 1 pair of one agency." in read


def test_empty_pool_is_said(coordinator, work_on):
    with work_on() as work:
        lonely = accepted_request(work).id
    read = text_of(coordinator.get(f"/requests/{lonely}/facilitators"))
    assert "Nobody is in the pool yet" in read


def test_doubt_is_cleared_with_a_reason(coordinator, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        facilitator(work, "Ben")
        asked = accepted_request(work, people=(involved("Ann"),)).id
    page = coordinator.get(f"/requests/{asked}/facilitators")
    assert pairs_on(page) == []
    path = f"/requests/{asked}/facilitators/{ann}/doubt"
    assert "has the same name as somebody in this request" in text_of(coordinator.get(path))
    assert errors(submit(coordinator, path)) == ["Enter the reason."]
    shown = re.search(r'name="shown"[^>]* value="(same_name:[0-9a-f]{64})"', coordinator.get(path).text)[1]
    changed = submit(coordinator, path, reason="Two people of one name.", shown=shown[:-64] + "0" * 64)
    assert errors(changed) == [
        "What may be a connection has changed meanwhile. Look at it again, then clear it."
    ]
    answer = submit(coordinator, path, reason="Two people of one name.", shown=shown)
    assert len(pairs_on(coordinator.get(answer.location))) == 1
    assert coordinator.get(path).status_code == 404


def test_connection_is_talked_through(coordinator, work_on, request_id):
    with work_on() as work:
        request = get_request(work, request_id)
        people = tuple(facilitator(work, name) for name in ("Fay", "Gus"))
        made = offer_to(work, request, people)
    with work_on(made.actors[0]) as work:
        declares(work, made.offers[0], TALK)
    for page in ("/home", "/requests"):
        read = coordinator.get(page).get_data(as_text=True)
        assert f'href="/requests/{request_id}"' in read
        assert "Wants to talk first" in read
    path = f"/requests/{request_id}/offers/{made.offers[0]}/talk"
    assert path in coordinator.get(f"/requests/{request_id}").get_data(as_text=True)
    assert "nobody in it is a close colleague" in text_of(coordinator.get(path))
    answer = submit(coordinator, path, reason="They met once.")
    assert answer.location == f"/requests/{request_id}"
    with work_on() as work:
        assert not any(line.waits_for_talk for line in panel(work, get_request(work, request_id)).lines)
    assert coordinator.get(path).location == f"/requests/{request_id}"
    for page in ("/home", "/requests"):
        assert f'href="/requests/{request_id}"' not in coordinator.get(page).get_data(as_text=True)


def test_offer_is_called_back(coordinator, work_on, request_id):
    with work_on() as work:
        request = get_request(work, request_id)
        made = offer_to(work, request, tuple(facilitator(work, name) for name in ("Fay", "Gus")))
    path = f"/requests/{request_id}/choose-again"
    page = coordinator.get(path)
    answer = submit(coordinator, path, reason="Both are ill", version=version(page))
    assert answer.location == f"/requests/{request_id}/facilitators"
    with work_on() as work:
        assert get_request(work, request_id).state is State.ACCEPTED
        assert live_offers(work, request_id) == []
        assert made.request_id == request_id
    assert coordinator.get(path).location == f"/requests/{request_id}"


def test_choosing_is_for_accepted_requests_only(coordinator, work_on, request_id):
    with work_on() as work:
        offer_to(work, get_request(work, request_id), tuple(facilitator(work, n) for n in ("Fay", "Gus")))
    answer = coordinator.get(f"/requests/{request_id}/facilitators")
    assert answer.location == f"/requests/{request_id}"
    with work_on() as work:
        assert {offer.state for offer in live_offers(work, request_id)} == {OfferState.OFFERED}


def test_facilitator_may_not_choose(client, work_on, request_id):
    sign_in(client, work_on, Role.FACILITATOR)
    assert client.get(f"/requests/{request_id}/facilitators").status_code == 403
