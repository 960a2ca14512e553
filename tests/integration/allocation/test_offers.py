"""The coordinator offers two people a request, calls that back and ends it: every rule is checked again, on both databases."""

from datetime import UTC, datetime
from itertools import combinations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from factories.offers import accepts, declines, mails, states
from factories.people import account
from factories.pool import accepted_request, facilitator, offer_to, offered, offers_slots
from jags.accounts.model import Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.allocation.choice import ranking_for
from jags.allocation.model import AgreedException, Offer
from jags.allocation.queries import open_pair, panel
from jags.allocation.rules import NOT_TO_BE_AVOIDED, SOFT_RULES, GivenReason, OfferState, Rule
from jags.allocation.service import choose_again, offer_pair, withdraw_offers
from jags.allocation.service.outcomes import OfferNotOpen
from jags.audit.model import AuditEvent
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.rules import MailKind
from jags.requests.queries import get_request
from jags.requests.rules import State


def test_offer_goes_to_both_and_moves_the_request(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    with work_on() as work:
        assert get_request(work, made.request_id).state is State.OFFERED
        assert states(work, made) == [OfferState.OFFERED] * 2
        assert mails(work, MailKind.OFFER, *made.people) == [1, 1]
        chosen = open_pair(work, made.request_id)
        assert (chosen.rank, chosen.seed) == (1, 0)
        assert chosen.lapses_at == datetime(2026, 12, 1, 23, 59, 59, 999999, tzinfo=UTC)
        tags = work.session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.startswith("offer:"))).all()
        assert tags == ["offer:made", "offer:made"]


def test_mail_that_has_not_left_is_withdrawn_instead_of_answered_by_another(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    declines(work_on, made, 0)
    with work_on() as work:
        assert mails(work, MailKind.OFFER, made.people[1]) == [0]
        assert mails(work, MailKind.OFFER_WITHDRAWN, made.people[1]) == [0]


def test_pair_of_one_agency_needs_an_agreed_exception_with_its_reason(work_on):
    with work_on() as work:
        ids = (facilitator(work, "Ann", of="police"), facilitator(work, "Ben", of="police"))
        request = accepted_request(work)
        with pytest.raises(Invalid, match="both are from the same agency") as refused:
            offer_pair(
                work, request.id, person_ids=ids, version=request.version, exceptions={Rule.AGENCY: " "}
            )
        assert refused.value.field == "reason"
        offer_pair(
            work,
            request.id,
            person_ids=ids,
            version=request.version,
            exceptions={Rule.AGENCY: "Only two are free."},
        )
        exception = work.session.scalars(select(AgreedException)).one()
        assert (exception.rule, open_pair(work, request.id).rank) == (Rule.AGENCY, None)
        assert work.vault.open(exception, "reason", GivenReason).reason == "Only two are free."
        assert [e.reason for e in panel(work, request).exceptions] == ["Only two are free."]


def exceptions_of(work):
    return [
        (one.rule, work.vault.open(one, "reason", GivenReason).reason)
        for one in work.session.scalars(select(AgreedException).order_by(AgreedException.rule))
    ]


def test_soft_rule_that_another_pair_keeps_to_needs_a_reason_too(work_on):
    with work_on() as work:
        facilitator(work, "Ann", transitional_training=True)
        ids = (facilitator(work, "Ben"), facilitator(work, "Cas", of="a-school"))
        request = accepted_request(work, agency_name="Agency a-school", transitional=True)
        with pytest.raises(Invalid, match="from the requester’s own agency, neither is trained") as refused:
            offer_pair(work, request.id, person_ids=ids, version=request.version)
        assert refused.value.field == "reason"
        reasons = dict.fromkeys(SOFT_RULES, "They know how to begin.")
        offer_pair(work, request.id, person_ids=ids, version=request.version, exceptions=reasons)
        assert exceptions_of(work) == [
            (Rule.NOBODY_TRAINED, "They know how to begin."),
            (Rule.REQUESTERS_AGENCY, "They know how to begin."),
        ]
        # It is still a pair of the list, in its place.
        assert open_pair(work, request.id).rank == 3


def test_soft_rule_that_no_pair_keeps_to_is_kept_as_not_to_be_avoided(work_on):
    with work_on() as work:
        ids = [facilitator(work, name) for name in ("Ann", "Ben", "Cas")]
        request = accepted_request(work, transitional=True)
        offer_pair(work, request.id, person_ids=ids[:2], version=request.version)
        assert exceptions_of(work) == [(Rule.NOBODY_TRAINED, NOT_TO_BE_AVOIDED)]


def test_pair_of_one_agency_accepts_under_the_agreed_exception(work_on):
    with work_on() as work:
        ids = (facilitator(work, "Ann", of="police"), facilitator(work, "Ben", of="police"))
        request = accepted_request(work)
        made = offer_to(work, request, ids, exceptions={Rule.AGENCY: "Only two are free."})
    accepts(work_on, made, 0)
    accepts(work_on, made, 1)
    with work_on() as work:
        assert get_request(work, made.request_id).state is State.FACILITATORS_AGREED


def test_independence_and_training_are_never_set_aside(work_on):
    with work_on() as work:
        request = accepted_request(work)
        ids = (facilitator(work, "Asha"), facilitator(work, "Ben"))
        with pytest.raises(Invalid, match="Asha cannot be chosen: made this request"):
            offer_pair(
                work,
                request.id,
                person_ids=ids,
                version=request.version,
                exceptions={Rule.REQUESTER_OR_PARTICIPANT: "We know"},
            )
        untrained = facilitator(work, "Una", trained_on=None)
        with pytest.raises(Invalid, match="Una cannot be chosen: training is not current"):
            offer_pair(work, request.id, person_ids=(ids[1], untrained), version=request.version)
        assert request.state is State.ACCEPTED


def test_pair_is_two_different_people_of_the_pool(work_on):
    with work_on() as work:
        request = accepted_request(work)
        ann = facilitator(work, "Ann")
        for ids in ((ann,), (ann, ann), (ann, request.id)):
            with pytest.raises(Invalid):
                offer_pair(work, request.id, person_ids=ids, version=request.version)


def test_two_coordinators_offer_at_once_and_the_second_is_told(work_on):
    with work_on() as work:
        request = accepted_request(work)
        seen = request.version
        ids = [facilitator(work, name) for name in ("Ann", "Ben", "Cat", "Dan")]
        offer_pair(work, request.id, person_ids=ids[:2], version=seen)
        work.session.flush()
        with pytest.raises(Stale):
            offer_pair(work, request.id, person_ids=ids[2:], version=seen)
        with pytest.raises(MoveNotPossible):
            offer_pair(work, request.id, person_ids=ids[2:], version=request.version)


def does_not_wait(work_on, act):
    """Do something in a unit of work of its own that waits for no lock."""
    with work_on() as work:
        work.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        act(work)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_the_last_session_of_somebody_is_promised_once_when_two_offer_it_at_once(work_on):
    # On SQLite one unit of work that writes waits for the other from its beginning.
    with work_on() as work:
        ann, ben, cat = (facilitator(work, name, sessions_per_quarter=1) for name in ("Ann", "Ben", "Cat"))
        first, second = (accepted_request(work, agency_name=name).id for name in ("Police", "Health"))

    def offers(work, request_id, *people):
        offer_pair(work, request_id, person_ids=people, version=get_request(work, request_id).version)

    with work_on() as work:
        offers(work, first, ann, ben)
        work.session.flush()
        with pytest.raises(OperationalError, match="lock timeout"):
            does_not_wait(work_on, lambda meanwhile: offers(meanwhile, second, ann, cat))
    with pytest.raises(Invalid, match="no sessions left in the quarter"), work_on() as work:
        offers(work, second, ann, cat)


def test_only_a_coordinator_who_is_not_involved_chooses(work_on, pair):
    with work_on() as work:
        request_id = accepted_request(work).id
        coordinator = account(work, Role.COORDINATOR)
        work.session.add(Recusal(person_id=coordinator.person_id, request_id=request_id, since=work.now))
        actor = actor_of(coordinator)
    with work_on(actor) as work, pytest.raises(NotFound):
        offer_pair(work, request_id, person_ids=pair.people[1:], version=1)
    with work_on(pair.actors[0]) as work, pytest.raises(NotAllowed):
        offer_pair(work, request_id, person_ids=pair.people[1:], version=1)


def test_coordinator_chooses_again(work_on, pair):
    accepts(work_on, pair, 0)
    with work_on() as work:
        request = get_request(work, pair.request_id)
        choose_again(work, request.id, reason="Ben knows the team", version=request.version)
        assert request.state is State.ACCEPTED
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.WITHDRAWN]
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [0, 1, 0]
        with pytest.raises(OfferNotOpen):
            choose_again(work, request.id, reason="", version=request.version)


def test_ending_a_request_withdraws_every_offer_and_tells_each_person_once(work_on, pair):
    accepts(work_on, pair, 0)
    with work_on() as work:
        ended = withdraw_offers(work, pair.request_id, "withdrawn", hear_otherwise=[pair.people[1]])
        assert (ended, withdraw_offers(work, pair.request_id, "again")) == (2, 0)
        assert states(work, pair) == [OfferState.WITHDRAWN] * 2
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [1, 0, 0]
        assert work.session.scalar(select(func.count()).select_from(Offer)) == 2


def test_half_day_that_another_offer_needs_is_promised_again_only_by_an_agreed_exception(work_on):
    with work_on() as work:
        ann, ben, cat = (facilitator(work, name) for name in ("Ann", "Ben", "Cat"))
        for person in (ann, ben, cat):
            offers_slots(work, person, 4)
        offer_to(work, accepted_request(work), (ann, ben))
        request = accepted_request(work, agency_name="Police")
        said = "there is no half-day left for them beside what else is offered to them"
        assert {
            frozenset({pair.first.name, pair.second.name}): pair.leading[0] == said
            for pair in ranking_for(work, request).pairs
        } == dict.fromkeys(map(frozenset, combinations(("Ann", "Ben", "Cat"), 2)), True)
        with pytest.raises(Invalid, match=said):
            offer_pair(work, request.id, person_ids=(ann, cat), version=request.version)
        made = offer_to(work, request, (ann, cat), exceptions={Rule.SLOT: "Ann finds another day."})
        assert [one.rule for one in open_pair(work, request.id).exceptions] == [Rule.SLOT]
    for n in (0, 1):
        accepts(work_on, made, n)
    with work_on() as work:
        assert get_request(work, made.request_id).state is State.FACILITATORS_AGREED


def test_pairs_with_a_half_day_to_spare_are_offered_beside_other_offers(work_on):
    with work_on() as work:
        ann, ben, cat = (facilitator(work, name) for name in ("Ann", "Ben", "Cat"))
        for person in (ann, ben, cat):
            offers_slots(work, person, 4, 9)
        offer_to(work, accepted_request(work), (ann, ben))
        request = accepted_request(work, agency_name="Police")
        assert not any("no half-day left" in pair.leading[0] for pair in ranking_for(work, request).pairs)
        offer_to(work, request, (ann, cat))
        assert open_pair(work, request.id).exceptions == []
