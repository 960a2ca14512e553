"""One of two does not hold it: the other, who has accepted, is kept where that is possible, and released kindly otherwise."""

import pytest
from sqlalchemy import select

from factories.offers import accepts, declines, mails, sent, states, version
from factories.pool import facilitator, offer_to, offered
from factories.sessions import COORDINATOR, agree, arrange
from jags.allocation.choice import ranking_for
from jags.allocation.queries import (
    agreed_facilitators,
    current_offer,
    get_offer,
    kept_offers,
    offers_of,
    panel,
    sessions_left,
    taken_on,
)
from jags.allocation.rules import OfferState
from jags.allocation.service import offer_pair, release_person, step_back
from jags.facilitators.queries import pool
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import State, Verb
from jags.requests.service import move_request
from jags.scheduling.service import step_back as step_back_from_session


def test_partner_who_has_accepted_is_kept_and_agreed_with_the_next(work_on, pair):
    accepts(work_on, pair, 0)
    declines(work_on, pair, 1)
    with work_on() as work:
        get_offer(work, pair.offers[0]).identity_known = False
        get_offer(work, pair.offers[0]).identity_checked_at = work.now
    with work_on() as work:
        request = get_request(work, pair.request_id)
        assert panel(work, request).kept == "Ann"
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [0, 0, 0]
        with pytest.raises(Invalid, match="Ben cannot be chosen: has already declined"):
            offer_pair(work, request.id, person_ids=pair.people[:2], version=request.version)
        following = offer_to(work, request, (pair.people[0], pair.people[2]))
        assert states(work, following) == [OfferState.ACCEPTED, OfferState.OFFERED]
        assert get_offer(work, following.offers[0]).identity_checked_at == work.now
        assert mails(work, MailKind.OFFER, *pair.people) == [0, 0, 1]
        old = get_offer(work, pair.offers[0])
        assert (old.state, current_offer(work, old).id) == (OfferState.WITHDRAWN, following.offers[0])
        assert [s.offer.state for s in offers_of(work, pair.people[0])] == [OfferState.ACCEPTED]
    accepts(work_on, following, 1)
    with work_on() as work:
        assert set(agreed_facilitators(work, pair.request_id)) == {pair.people[0], pair.people[2]}


def test_everybody_is_shown_as_a_partner_of_who_has_accepted(work_on, pair):
    accepts(work_on, pair, 0)
    declines(work_on, pair, 1)
    with work_on() as work:
        facilitator(work, "Dan", of="agency-of-ann")
        choice = ranking_for(work, get_request(work, pair.request_id))
    assert {one.person.name: (one.words, one.excluded) for one in choice.everybody} == {
        "Ann": (("has accepted already",), False),
        "Ben": (("has already declined this request",), True),
        "Cat": (("in the best pair",), False),
        "Dan": (("from the same agency as Ann",), True),
    }


def test_partner_who_has_accepted_is_released_when_nobody_fits(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    accepts(work_on, made, 0)
    with work_on() as work:
        sent(work, MailKind.OFFER)
    declines(work_on, made, 1)
    with work_on() as work:
        assert states(work, made) == [OfferState.WITHDRAWN, OfferState.DECLINED]
        assert kept_offers(work, [made.request_id]).get(made.request_id) is None
        assert mails(work, MailKind.OFFER_WITHDRAWN, made.people[0]) == [1]


def test_kept_partner_is_released_when_two_others_are_chosen(work_on, pair):
    accepts(work_on, pair, 0)
    declines(work_on, pair, 1)
    with work_on() as work:
        dan = facilitator(work, "Dan")
        request = get_request(work, pair.request_id)
        offer_pair(work, request.id, person_ids=(pair.people[2], dan), version=request.version)
        assert states(work, pair)[0] is OfferState.WITHDRAWN
        assert mails(work, MailKind.OFFER_WITHDRAWN, pair.people[0]) == [1]


def test_stepping_back_keeps_the_partner_and_is_no_decline(work_on, pair):
    accepts(work_on, pair, 0)
    accepts(work_on, pair, 1)
    with work_on(pair.actors[1]) as work:
        step_back(work, pair.offers[1], version=version(work, pair.offers[1]))
        step_back(work, pair.offers[1], version=1)
    with work_on() as work:
        request = get_request(work, pair.request_id)
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.STEPPED_BACK]
        assert (request.state, request.moves[-1].verb) == (State.ACCEPTED, Verb.STEP_BACK)
        assert panel(work, request).kept == "Ann"
        with pytest.raises(Invalid, match="Ben cannot be chosen"):
            offer_pair(work, request.id, person_ids=pair.people[:2], version=request.version)


def test_with_a_date_stepping_back_belongs_to_the_session(work_on, pair):
    accepts(work_on, pair, 0)
    accepts(work_on, pair, 1)
    with work_on() as work:
        request = work.session.get_one(Request, pair.request_id)
        move_request(work, request, Verb.SCHEDULE)
    with work_on(pair.actors[0]) as work, pytest.raises(MoveNotPossible, match="There is a date"):
        step_back(work, pair.offers[0], version=version(work, pair.offers[0]))
    with work_on() as work:
        release_person(work, pair.request_id, pair.people[0])
        assert states(work, pair) == [OfferState.STEPPED_BACK, OfferState.ACCEPTED]
        assert get_request(work, pair.request_id).state is State.SCHEDULED
        with pytest.raises(NotFound):
            release_person(work, pair.request_id, pair.people[0])


def test_who_keeps_a_date_holds_one_session_and_not_two(work_on):
    agreed = agree(work_on, people=1)
    arrange(work_on, agreed)
    with work_on(COORDINATOR) as work:
        request = get_request(work, agreed.request_id)
        step_back_from_session(work, request.id, person_id=agreed.people[0], version=request.version)
    with work_on() as work:
        assert get_request(work, agreed.request_id).state is State.ACCEPTED
        members = {member.person_id: member.load for member in pool(work)}
        taken = taken_on(work, members)
        assert [taken[one].in_words for one in agreed.people] == ["0 of 2", "1 of 2 (1 booked)"]
        assert work.session.scalar(select(sessions_left(work))) == 3
