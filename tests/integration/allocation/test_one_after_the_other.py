"""Where the partnership asks one facilitator after the other, the second knows of nothing before the first has accepted."""

from datetime import timedelta

import pytest

from factories.people import account
from factories.pool import accepted_request, declares, facilitator, offer_to
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.allocation.queries import get_offer, offers_of, open_pair
from jags.allocation.rules import OfferState, PairState
from jags.allocation.service import accept_offer, choose_again, decline_offer, lapse_offers
from jags.kernel.errors import NotFound
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.queries import get_request
from jags.requests.rules import State
from jags.settings.service import change_setting


@pytest.fixture
def pair(work_on):
    with work_on() as work:
        change_setting(work, "offers_one_after_the_other", True)
        people = (facilitator(work, "Zoe"), facilitator(work, "Ann"))
        return offer_to(work, accepted_request(work), people)


def states(work, pair):
    return [get_offer(work, offer_id).state for offer_id in pair.offers]


def mailed(work, kind=MailKind.OFFER):
    rows = work.session.query(OutboxMessage).filter_by(kind=kind)
    return sorted(row.recipient_ref for row in rows)


def first_accepts(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0])
        accept_offer(work, pair.offers[0], version=get_offer(work, pair.offers[0]).version)


def test_only_the_first_that_was_chosen_is_asked(work_on, pair):
    with work_on() as work:
        assert states(work, pair) == [OfferState.OFFERED, OfferState.PLANNED]
        assert mailed(work) == [str(pair.people[0])]
        assert offers_of(work, pair.people[1]) == []
        assert open_pair(work, pair.request_id).state is PairState.OFFERED


def test_the_second_cannot_answer_what_they_know_nothing_of(work_on, pair):
    with work_on(pair.actors[1]) as work, pytest.raises(NotFound):
        decline_offer(work, pair.offers[1], version=1)


def test_the_second_is_asked_with_the_whole_time_once_the_first_has_accepted(work_on, pair, clock):
    with work_on() as work:
        before = open_pair(work, pair.request_id).lapses_at
    clock.instant += timedelta(days=2)
    first_accepts(work_on, pair)
    with work_on() as work:
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.OFFERED]
        assert mailed(work) == sorted(map(str, pair.people))
        assert open_pair(work, pair.request_id).lapses_at == before + timedelta(days=2)
    with work_on(pair.actors[1]) as work:
        declares(work, pair.offers[1])
        accept_offer(work, pair.offers[1], version=get_offer(work, pair.offers[1]).version)
    with work_on() as work:
        assert get_request(work, pair.request_id).state is State.FACILITATORS_AGREED


def test_a_decline_of_the_first_leaves_the_second_in_peace(work_on, pair):
    with work_on(pair.actors[0]) as work:
        decline_offer(work, pair.offers[0], version=get_offer(work, pair.offers[0]).version)
    with work_on() as work:
        assert states(work, pair) == [OfferState.DECLINED, OfferState.LAPSED]
        assert get_request(work, pair.request_id).state is State.ACCEPTED
        assert mailed(work, MailKind.OFFER_WITHDRAWN) == []


def test_when_the_first_does_not_answer_the_second_is_never_asked(work_on, pair, clock):
    clock.instant += timedelta(days=20)
    with work_on() as work:
        lapse_offers(work)
        assert states(work, pair) == [OfferState.LAPSED, OfferState.LAPSED]
        assert str(pair.people[1]) not in mailed(work) + mailed(work, MailKind.OFFER_WITHDRAWN)


def test_calling_back_ends_both_and_tells_nobody_who_was_not_asked(work_on, pair):
    with work_on() as work:
        coordinator = actor_of(account(work, Role.COORDINATOR))
    with work_on(coordinator) as work:
        choose_again(work, pair.request_id, reason="", version=get_request(work, pair.request_id).version)
    with work_on() as work:
        assert states(work, pair) == [OfferState.WITHDRAWN, OfferState.WITHDRAWN]
        assert str(pair.people[1]) not in mailed(work) + mailed(work, MailKind.OFFER_WITHDRAWN)
