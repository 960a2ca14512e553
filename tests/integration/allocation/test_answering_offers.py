"""Somebody declares, accepts or declines: one clear outcome whatever both do, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.offers import accepts, declines, mails, sent, states, version
from factories.people import link
from factories.pool import (
    CONFLICT,
    NO_CONNECTION,
    TALK,
    accepted_request,
    declares,
    facilitator,
    involved,
    offer_to,
    offers_slots,
    signs_in,
)
from jags.accounts.model import Account
from jags.accounts.queries import actor_of_link, contact_of
from jags.accounts.rules import AccountState, Purpose, Role
from jags.allocation.queries import agreed_facilitators, live_offers, panel, requests_waiting_for_talk
from jags.allocation.rules import OfferState
from jags.allocation.service import (
    accept_offer,
    clear_talk,
    declare_independence,
    decline_offer,
    offer_pair,
    step_back,
)
from jags.allocation.service.answering import AskUsFirst, DeclareFirst, NoHalfDayLeft, TalkFirst
from jags.allocation.service.outcomes import OfferNotOpen
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.errors import Invalid, NotFound, Stale
from jags.notifications.rules import MailKind
from jags.requests.queries import get_request
from jags.requests.rules import PauseReason, State, Tie, Verb
from jags.requests.service import pause_request
from jags.requests.service.answers import new_member


def test_both_accept_and_the_facilitators_are_agreed_once(work_on, pair):
    accepts(work_on, pair, 0)
    with work_on() as work:
        assert agreed_facilitators(work, pair.request_id) == []
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.OFFERED]
    accepts(work_on, pair, 1)
    accepts(work_on, pair, 1)
    with work_on() as work:
        request = get_request(work, pair.request_id)
        assert request.state is State.FACILITATORS_AGREED
        assert [m.verb for m in request.moves].count(Verb.AGREE_FACILITATORS) == 1
        assert set(agreed_facilitators(work, pair.request_id)) == set(pair.people[:2])
        assert mails(work, MailKind.FACILITATORS_AGREED, *pair.people, f"requester:{request.id}") == [
            1,
            1,
            0,
            1,
        ]


def test_both_accept_at_the_same_instant(work_on, pair):
    for n in (0, 1):
        with work_on(pair.actors[n]) as work:
            declares(work, pair.offers[n])
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda n: accepts(work_on, pair, n), (0, 1)))
    with work_on() as work:
        assert states(work, pair) == [OfferState.ACCEPTED] * 2
        assert get_request(work, pair.request_id).state is State.FACILITATORS_AGREED


def test_one_declines_while_the_other_accepts_at_the_same_instant(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0])

    def act(n):
        try:
            declines(work_on, pair, 1) if n else accepts(work_on, pair, 0)
        except OfferNotOpen:
            return "too late"
        return "done"

    with ThreadPoolExecutor(2) as both:
        accepted, declined = both.map(act, (0, 1))
    with work_on() as work:
        assert declined == "done"
        first = OfferState.ACCEPTED if accepted == "done" else OfferState.LAPSED
        assert states(work, pair) == [first, OfferState.DECLINED]
        assert get_request(work, pair.request_id).state is State.ACCEPTED


def test_nobody_accepts_before_declaring(work_on, pair):
    with work_on(pair.actors[0]) as work, pytest.raises(DeclareFirst):
        accept_offer(work, pair.offers[0], version=1)


def test_every_statement_needs_an_answer(work_on, pair):
    with work_on(pair.actors[0]) as work:
        some = dict(list(NO_CONNECTION.items())[:-1])
        with pytest.raises(Invalid, match="each statement"):
            declares(work, pair.offers[0], some)
    with work_on() as work:
        assert states(work, pair)[0] is OfferState.OFFERED


def test_declaring_twice_keeps_the_first_declaration(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0])
        with pytest.raises(OfferNotOpen):
            declares(work, pair.offers[0], CONFLICT)
        assert states(work, pair)[0] is OfferState.DECLARED


def test_offer_of_somebody_else_does_not_exist(work_on, pair):
    with work_on(pair.actors[2]) as work:
        for act in (decline_offer, accept_offer, step_back):
            with pytest.raises(NotFound):
                act(work, pair.offers[0], version=1)
        with pytest.raises(NotFound):
            declares(work, pair.offers[0])


def test_link_of_the_offer_lets_declare_and_decline_and_nothing_more(work_on, pair):
    with work_on() as work:
        own, _ = link(work, Purpose.OFFER, pair.offers[0])
        actor = actor_of_link(own)
    with work_on(actor) as work:
        declares(work, pair.offers[0])
        with pytest.raises(NotFound):
            accept_offer(work, pair.offers[0], version=version(work, pair.offers[0]))
        with pytest.raises(NotFound):
            declares(work, pair.offers[1])
        decline_offer(work, pair.offers[0], version=version(work, pair.offers[0]))
    with work_on() as work:
        assert states(work, pair) == [OfferState.DECLINED, OfferState.LAPSED]


def test_declaring_invites_who_cannot_sign_in_yet(work_on):
    with work_on() as work:
        request = accepted_request(work)
        ids = (facilitator(work, "Ann"), facilitator(work, "Ben"))
        offer_pair(work, request.id, person_ids=ids, version=request.version)
        by_person = {o.person_id: o.id for o in live_offers(work, request.id)}
        signs_in(work, ids[1])
        sent(work, MailKind.INVITATION)
        for offer_id in by_person.values():
            own, _ = link(work, Purpose.OFFER, offer_id)
            work.as_actor(actor_of_link(own))
            declares(work, offer_id)
        found = work.session.scalars(select(Account).where(Account.person_id == ids[0])).one()
        assert (found.state, [held.role for held in found.roles]) == (
            AccountState.INVITED,
            [Role.FACILITATOR],
        )
        assert mails(work, MailKind.INVITATION, *ids) == [1, 0]


def test_connection_ends_the_offer_and_the_other_is_told_kindly(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0], CONFLICT)
    with work_on() as work:
        assert states(work, pair) == [OfferState.DECLINED, OfferState.LAPSED]
        assert get_request(work, pair.request_id).state is State.ACCEPTED
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [0, 1, 0]


def test_talk_it_through_holds_accepting_back_until_the_coordinator_says_why_it_is_fine(work_on, pair, clock):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0], TALK)
        with pytest.raises(TalkFirst):
            accept_offer(work, pair.offers[0], version=version(work, pair.offers[0]))
    with work_on() as work:
        lines = panel(work, get_request(work, pair.request_id)).lines
        assert {line.name: line.waits_for_talk for line in lines} == {"Ann": True, "Ben": False}
        assert work.session.scalars(requests_waiting_for_talk()).all() == [pair.request_id]
        with pytest.raises(Invalid):
            clear_talk(work, pair.offers[0], "  ")
        clear_talk(work, pair.offers[0], "Met once at a training day.")
        assert mails(work, MailKind.OFFER_CLEARED, *pair.people) == [1, 0, 0]
        assert work.session.scalars(requests_waiting_for_talk()).all() == []
        with pytest.raises(OfferNotOpen):
            clear_talk(work, pair.offers[0], "Again")
    accepts(work_on, pair, 0)
    with work_on() as work:
        assert states(work, pair)[0] is OfferState.ACCEPTED


def test_nobody_declares_or_accepts_while_everything_is_paused(work_on, pair):
    with work_on(pair.actors[1]) as work:
        declares(work, pair.offers[1])
    with work_on() as work:
        pause_request(work, pair.request_id, reason=PauseReason.OTHER)
    with work_on(pair.actors[0]) as work, pytest.raises(OfferNotOpen, match="This JAGS is paused"):
        declares(work, pair.offers[0])
    with work_on(pair.actors[1]) as work, pytest.raises(OfferNotOpen, match="This JAGS is paused"):
        accept_offer(work, pair.offers[1], version=version(work, pair.offers[1]))
    with work_on() as work:
        assert states(work, pair) == [OfferState.OFFERED, OfferState.DECLARED]


def is_paused(work, person_id, _request):
    get_facilitator(work, person_id).status = FacilitatorStatus.PAUSED


def has_lapsed(work, person_id, _request):
    get_facilitator(work, person_id).training[0].refresher_due_on = work.today - timedelta(days=1)


def has_no_agency(work, person_id, _request):
    get_facilitator(work, person_id).person.agency = None


def joins_the_network(work, person_id, request):
    address = contact_of(work, get_facilitator(work, person_id).person).email
    member = new_member(work, request, involved("Somebody", email=address), tie=Tie.NETWORK, position=9)
    request.network.append(member)


def joins_the_partners_agency(work, person_id, request):
    (partner,) = (o.person_id for o in live_offers(work, request.id) if o.person_id != person_id)
    get_facilitator(work, person_id).person.agency = get_facilitator(work, partner).person.agency


@pytest.mark.parametrize(
    "changes", [is_paused, has_lapsed, has_no_agency, joins_the_network, joins_the_partners_agency]
)
def test_what_has_changed_since_the_offer_holds_accepting_back_and_the_offer_stays_open(
    work_on, pair, changes
):
    accepts(work_on, pair, 1)
    with work_on() as work:
        changes(work, pair.people[0], get_request(work, pair.request_id))
    with pytest.raises(AskUsFirst):
        accepts(work_on, pair, 0)
    with work_on() as work:
        assert states(work, pair) == [OfferState.OFFERED, OfferState.ACCEPTED]
        assert get_request(work, pair.request_id).state is State.OFFERED


def test_stale_answer_is_refused(work_on, pair):
    with work_on(pair.actors[0]) as work:
        with pytest.raises(Stale):
            decline_offer(work, pair.offers[0], version=99)
        with pytest.raises(Stale):
            declare_independence(work, pair.offers[0], NO_CONNECTION, version=99)


@pytest.fixture
def two_offers(work_on):
    """Two requests that share two half-days, offered to Ann and Ben, and to Ann and Cat."""
    with work_on() as work:
        ann, ben, cat = (facilitator(work, name) for name in ("Ann", "Ben", "Cat"))
        for person in (ann, ben, cat):
            offers_slots(work, person, 4, 5)
        first = offer_to(work, accepted_request(work), (ann, ben))
        return first, offer_to(work, accepted_request(work, agency_name="Police"), (ann, cat))


def has_only(work_on, person_id, *slots):
    with work_on() as work:
        offers_slots(work, person_id, *slots)


def test_the_only_half_day_of_somebody_is_accepted_once(work_on, two_offers):
    first, second = two_offers
    has_only(work_on, first.people[0], 4)
    # That another offer needs it too binds nobody who has not accepted that.
    accepts(work_on, second, 1)
    accepts(work_on, first, 0)
    with pytest.raises(NoHalfDayLeft):
        accepts(work_on, second, 0)
    with work_on() as work:
        assert states(work, second) == [OfferState.OFFERED, OfferState.ACCEPTED]
    has_only(work_on, first.people[0], 4, 5)
    accepts(work_on, second, 0)
    with work_on() as work:
        assert get_request(work, second.request_id).state is State.FACILITATORS_AGREED


def test_half_days_that_the_colleague_has_agreed_to_use_count_too(work_on, two_offers):
    first, second = two_offers
    for n in (0, 1):
        accepts(work_on, first, n)
    with work_on(second.actors[0]) as work:
        declares(work, second.offers[0])
    has_only(work_on, second.people[0], 4)
    with pytest.raises(NoHalfDayLeft):
        accepts(work_on, second, 1)


def test_both_offers_that_need_one_half_day_are_accepted_at_the_same_instant_and_one_counts(
    work_on, two_offers
):
    first, second = two_offers
    has_only(work_on, first.people[0], 4)
    for made in two_offers:
        with work_on(made.actors[0]) as work:
            declares(work, made.offers[0])

    def act(made):
        try:
            accepts(work_on, made, 0)
        except NoHalfDayLeft:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(act, two_offers)) == [False, True]
    with work_on() as work:
        found = sorted(states(work, made)[0] for made in (first, second))
        assert found == [OfferState.ACCEPTED, OfferState.DECLARED]
