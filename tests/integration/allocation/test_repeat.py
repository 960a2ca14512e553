"""For a repeat, the pair that facilitated the first request about the same work is offered first, where it is valid."""

from datetime import timedelta

import pytest

from factories.pool import accepted_request, facilitator
from factories.sessions import agree
from jags.allocation.choice import ranking_for
from jags.allocation.service import offer_pair
from jags.facilitators.model import Facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.requests.queries import get_request
from jags.requests.service import link_as_repeat

LED = "facilitated the first one about this work"


@pytest.fixture
def repeat_id(work_on, clock):
    """A repeat of a request whose two facilitators have agreed; two others, who have given nothing yet, are in the pool."""
    first = agree(work_on)
    clock.instant += timedelta(days=1)
    with work_on() as work:
        for name in ("Cass Dale", "Drew Elm"):
            facilitator(work, name)
        request = accepted_request(work)
        earlier = get_request(work, first.request_id)
        link_as_repeat(work, request.id, of_reference=earlier.reference, version=request.version)
        return request.id


def names(pair) -> set[str]:
    return {pair.first.name, pair.second.name}


def test_the_pair_of_the_first_comes_first_and_is_named_as_that(work_on, repeat_id) -> None:
    with work_on() as work:
        choice = ranking_for(work, get_request(work, repeat_id))
        assert names(choice.pairs[0]) == {"Ash Reed", "Birch Lane"}
        assert choice.pairs[0].leading[0] == LED
        assert [pair.rank for pair in choice.pairs] == list(range(1, len(choice.pairs) + 1))
        # Each pair once, and only this one is named as that.
        assert len({frozenset(names(pair)) for pair in choice.pairs}) == len(choice.pairs)
        assert [pair for pair in choice.pairs[1:] if LED in pair.leading] == []


def test_the_place_that_is_recorded_is_that_which_was_shown(work_on, repeat_id) -> None:
    with work_on() as work:
        request = get_request(work, repeat_id)
        shown = ranking_for(work, request).pairs
        people = [shown[0].first.person_id, shown[0].second.person_id]
        assert offer_pair(work, repeat_id, person_ids=people, version=request.version).rank == 1


def test_without_the_link_the_fairest_pair_comes_first(work_on, repeat_id) -> None:
    with work_on() as work:
        request = get_request(work, repeat_id)
        request.previous_request_id = None
        assert names(ranking_for(work, request).pairs[0]) == {"Cass Dale", "Drew Elm"}


def test_a_pair_that_may_not_hold_it_is_not_offered_first(work_on, repeat_id) -> None:
    with work_on() as work:
        ash = next(
            s.person.person_id
            for s in ranking_for(work, get_request(work, repeat_id)).everybody
            if s.person.name == "Ash Reed"
        )
        work.session.query(Facilitator).filter_by(person_id=ash).one().status = FacilitatorStatus.PAUSED
        work.session.flush()
        choice = ranking_for(work, get_request(work, repeat_id))
        assert names(choice.pairs[0]) == {"Cass Dale", "Drew Elm"}
        assert [pair for pair in choice.pairs if LED in pair.leading] == []
