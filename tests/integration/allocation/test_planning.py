"""All waiting requests at once: asked for, worked out elsewhere, and offered only as far as every rule still holds."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from factories.calculations import work_out
from factories.people import account
from factories.pool import accepted_request, declares, facilitator, offer_to, offers_slots, signs_in
from factories.sessions import COORDINATOR
from jags.accounts.model import Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.allocation.assembly import assemble_waiting
from jags.allocation.choice import plan_shown
from jags.allocation.model import Calculation
from jags.allocation.queries import find_calculation, get_offer, live_offers, waiting_requests
from jags.allocation.rules import OfferState
from jags.allocation.rules.calculation import GIVEN_UP_AFTER, CalculationKind, CalculationState
from jags.allocation.service import (
    accept_offer,
    ask_for_plan,
    claim_calculation,
    decline_offer,
    keep_answer,
    note_failed,
    offer_planned,
    prepare,
    step_back,
)
from jags.audit.queries import events_of_tag
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import change_facilitator, set_status
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, Stale
from jags.requests.rules import PauseReason, Priority
from jags.requests.service import pause_request
from jags.settings.service import change_setting


def plan_of(work):
    return plan_shown(work, find_calculation(work, CalculationKind.PLAN))


def planned(work_on):
    """Ask for a plan, work it out, and return who is asked for what, by the pseudonymous reference."""
    with work_on(COORDINATOR) as work:
        ask_for_plan(work)
    work_out(work_on)
    with work_on(COORDINATOR) as work:
        return {row.reference: {row.first.name, row.second.name} for row in plan_of(work).rows}


def offer_all(work_on):
    with work_on(COORDINATOR) as work:
        plan = find_calculation(work, CalculationKind.PLAN)
        rows = [row.request.id for row in plan_of(work).rows]
        return offer_planned(work, rows, version=plan.version)


@pytest.fixture
def two_requests(work_on):
    """Two requests, and three people of three agencies with two sessions each."""
    with work_on() as work:
        for name in ("Ann", "Ben", "Cat"):
            facilitator(work, name)
        return [accepted_request(work).id, accepted_request(work, agency_name="Police").id]


def test_plan_is_worked_out_and_its_pairs_become_offers(work_on, two_requests):
    found = planned(work_on)
    assert [len(pair) for pair in found.values()] == [2, 2]
    done = offer_all(work_on)
    assert (sorted(done.references), done.refused) == (sorted(found), ())
    with work_on() as work:
        for request_id in two_requests:
            assert [offer.state for offer in live_offers(work, request_id)] == [OfferState.OFFERED] * 2
        tags = {
            tag: [payload for _, payload in events_of_tag(work, f"calculation:{tag}")]
            for tag in ("asked", "done", "offered")
        }
    assert tags == {
        "asked": [{"kind": "plan", "seed": 0}],
        "done": [{"kind": "plan", "proven": True, "requests": 2, "allocated": 2}],
        "offered": [{"offered": 2, "refused": 0}],
    }


def test_some_rows_are_offered_and_the_others_wait(work_on, two_requests):
    planned(work_on)
    with work_on(COORDINATOR) as work:
        plan = find_calculation(work, CalculationKind.PLAN)
        offer_planned(work, two_requests[:1], version=plan.version)
    with work_on(COORDINATOR) as work:
        assert {row.request.id: row.waits for row in plan_of(work).rows} == dict(
            zip(two_requests, (False, True), strict=True)
        )
        assert [one.id for one in waiting_requests(work)] == two_requests[1:]


def test_rows_that_no_longer_hold_are_said_and_not_offered(work_on, two_requests):
    found = planned(work_on)
    with work_on() as work:
        leaving = next(iter(plan_of(work).rows)).first
        change_facilitator(
            work,
            leaving.person_id,
            status=FacilitatorStatus.PAUSED,
            sessions_per_quarter=2,
            transitional_training=False,
            version=get_facilitator(work, leaving.person_id).version,
        )
    done = offer_all(work_on)
    with_them = {reference for reference, pair in found.items() if leaving.name in pair}
    assert set(done.references) == found.keys() - with_them
    assert {(one.reference, one.why) for one in done.refused} == {
        (reference, f"{leaving.name}: not taking sessions at the moment") for reference in with_them
    }


def test_request_that_moved_on_is_said_and_not_offered_again(work_on, two_requests):
    planned(work_on)
    with work_on() as work:
        request = waiting_requests(work)[0]
        reference = request.reference
        pause_request(work, request.id, reason=PauseReason.OTHER)
    done = offer_all(work_on)
    assert [one.reference for one in done.refused] == [reference]
    assert done.refused[0].why == "it does not wait for facilitators any more"
    assert len(done.references) == 1


def test_two_requests_do_not_get_the_same_only_half_day_of_somebody(work_on):
    with work_on() as work:
        for name in ("Ann", "Ben"):
            offers_slots(work, facilitator(work, name), 4)
        accepted_request(work)
        accepted_request(work, agency_name="Police")
    assert len(planned(work_on)) == 2
    done = offer_all(work_on)
    assert len(done.references) == 1
    assert [one.why for one in done.refused] == [
        "there is no half-day left for them beside what else is offered to them"
    ]


def test_half_days_that_open_offers_need_are_not_offered_again(work_on):
    with work_on() as work:
        ids = tuple(facilitator(work, name) for name in ("Ann", "Ben"))
        for one in ids:
            offers_slots(work, one, 4)
        waiting = accepted_request(work, agency_name="Police")
        reference = waiting.reference
    assert planned(work_on) == {reference: {"Ann", "Ben"}}
    with work_on() as work:
        offer_to(work, accepted_request(work), ids)
    done = offer_all(work_on)
    assert done.references == ()
    assert done.refused[0].why == "there is no half-day left for them beside what else is offered to them"
    with work_on() as work:
        offers_slots(work, ids[0], 4, 5)
        offers_slots(work, ids[1], 4, 5)
    assert offer_all(work_on).references == (reference,)


def test_many_rows_are_offered_by_few_queries_more_than_one(work_on):
    def queries(chosen):
        with work_on(COORDINATOR) as work:
            plan = find_calculation(work, CalculationKind.PLAN)
            rows = [row.request.id for row in plan_of(work).rows if row.waits][:chosen]
            read = []
            event.listen(
                work.session.connection(), "before_cursor_execute", lambda *a: read.append(a[2].upper())
            )
            assert len(offer_planned(work, rows, version=plan.version).references) == chosen
            return sum(one.startswith("SELECT") and "FACILITATOR_LOCALITY" in one for one in read)

    with work_on() as work:
        for n in range(8):
            facilitator(work, f"Person {n}")
        for n in range(4):
            accepted_request(work, agency_name=f"School {n}")
    planned(work_on)
    # The pool is read once for a batch, however many are offered.
    assert (queries(1), queries(3)) == (1, 1)


def test_nobody_is_offered_more_than_they_can_give_when_the_pool_shrinks(work_on, two_requests):
    planned(work_on)
    with work_on() as work:
        for row in plan_of(work).rows:
            for one in (row.first, row.second):
                found = get_facilitator(work, one.person_id)
                found.sessions_per_quarter = 1
    done = offer_all(work_on)
    assert len(done.references) == 1
    assert re.fullmatch(r"\w+: no sessions left in the quarter(; .*)?", done.refused[0].why)


def test_an_older_plan_is_not_offered_from(work_on, two_requests):
    planned(work_on)
    with work_on(COORDINATOR) as work:
        old = find_calculation(work, CalculationKind.PLAN).version
    planned(work_on)
    with work_on(COORDINATOR) as work, pytest.raises(Stale):
        offer_planned(work, two_requests, version=old)


def test_nothing_to_plan_nothing_chosen_and_no_plan_are_explained(work_on):
    with work_on(COORDINATOR) as work:
        with pytest.raises(Invalid, match="nothing to plan"):
            ask_for_plan(work)
        with pytest.raises(MoveNotPossible, match="no plan to offer from"):
            offer_planned(work, [], version=1)
    with work_on() as work:
        accepted_request(work)
    planned(work_on)
    with work_on(COORDINATOR) as work, pytest.raises(Invalid, match="Select the pairs"):
        offer_planned(work, [], version=find_calculation(work, CalculationKind.PLAN).version)


def test_only_a_coordinator_plans(work_on, two_requests):
    with work_on() as work:
        actor = signs_in(work, facilitator(work, "Dee"))
    with work_on(actor) as work:
        with pytest.raises(NotAllowed):
            ask_for_plan(work)
        with pytest.raises(NotAllowed):
            offer_planned(work, two_requests, version=1)


def test_who_has_accepted_is_kept_with_the_best_partner(work_on):
    with work_on() as work:
        ids = tuple(facilitator(work, name) for name in ("Ann", "Ben", "Cat"))
        request = accepted_request(work)
        offered = offer_to(work, request, ids)
        reference, request_id = request.reference, request.id
    for offer_id, actor in zip(offered.offers, offered.actors, strict=False):
        with work_on(actor) as work:
            declares(work, offer_id)
            accept_offer(work, offer_id, version=get_offer(work, offer_id).version)
    with work_on(offered.actors[1]) as work:
        step_back(work, offered.offers[1], version=get_offer(work, offered.offers[1]).version)
    assert planned(work_on) == {reference: {"Ann", "Cat"}}
    with work_on(COORDINATOR) as work:
        assert [(row.kept, row.released) for row in plan_of(work).rows] == [("Ann", "")]
    offer_all(work_on)
    with work_on() as work:
        assert {(offer.person_id, offer.state) for offer in live_offers(work, request_id)} == {
            (ids[0], OfferState.ACCEPTED),
            (ids[2], OfferState.OFFERED),
        }


def test_request_that_is_needed_sooner_counts_more(work_on):
    with work_on() as work:
        for name in ("Ann", "Ben"):
            facilitator(work, name, sessions_per_quarter=1)
        accepted_request(work).received_at -= timedelta(hours=1)
        later = accepted_request(work, agency_name="Police")
        later.priority = Priority.SOONER
        reference = later.reference
    assert planned(work_on).keys() == {reference}
    with work_on(COORDINATOR) as work:
        shown = plan_of(work)
        (left,) = shown.left_out
        assert left.words == (
            f"Ann and Ben would be possible, but their sessions are needed for {reference}.",
        )
        assert (
            shown.gained
            == "1 of 2 requests gets a pair. First come, first served would give as many, but fewer of those that are needed sooner."
        )


def test_request_without_any_valid_pair_says_what_would_help(work_on):
    with work_on() as work:
        for name in ("Ann", "Ben"):
            facilitator(work, name, of="one")
        accepted_request(work)
    assert planned(work_on) == {}
    with work_on(COORDINATOR) as work:
        (left,) = plan_of(work).left_out
        assert left.words == (
            "No pair is possible: 1 pair of one agency.",
            left.words[1],
        )
        assert re.fullmatch(
            "(Ann and Ben|Ben and Ann) would be possible if one agency for both were agreed.", left.words[1]
        )


def test_requests_of_two_quarters_are_planned_one_after_the_other(work_on, clock):
    with work_on() as work:
        for name in ("Ann", "Ben"):
            facilitator(work, name, sessions_per_quarter=1)
        accepted_request(work)
    clock.instant -= timedelta(days=40)
    with work_on() as work:
        early = accepted_request(work, agency_name="Police").reference
    clock.instant += timedelta(days=40)
    with work_on() as work:
        assert [len(group.requests) for group in assemble_waiting(work, waiting_requests(work))] == [1, 1]
    # One session each, counted by the quarter but promised only once: the nearer quarter comes first.
    assert planned(work_on).keys() == {early}


def test_who_is_kept_in_one_quarter_is_counted_once_in_the_next(work_on, clock):
    with work_on() as work:
        change_setting(work, "newcomer_sessions_a_quarter", 0)
        ann, _, cat = (facilitator(work, name, sessions_per_quarter=2) for name in ("Ann", "Ben", "Cat"))
        later = accepted_request(work).reference
    clock.instant -= timedelta(days=40)
    with work_on() as work:
        request = accepted_request(work, agency_name="Police")
        made, early = offer_to(work, request, (ann, cat)), request.reference
    with work_on(made.actors[0]) as work:
        declares(work, made.offers[0])
        accept_offer(work, made.offers[0], version=get_offer(work, made.offers[0]).version)
    with work_on(made.actors[1]) as work:
        decline_offer(work, made.offers[1], version=get_offer(work, made.offers[1]).version)
    clock.instant += timedelta(days=40)
    with work_on() as work:
        set_status(work, cat, FacilitatorStatus.PAUSED)
        first, second = assemble_waiting(work, waiting_requests(work))
        assert [one.reference for one in first.requests] == [early]
        capacity = {
            key: p.capacity for key, p in zip(second.members, second.problem.facilitators, strict=True)
        }
        # What the first gives is counted by whoever plans.
        assert capacity[str(ann)] == 2
    # Each of the two gives two sessions in a quarter, and one of them is needed for each request.
    assert planned(work_on) == {early: {"Ann", "Ben"}, later: {"Ann", "Ben"}}
    assert set(offer_all(work_on).references) == {early, later}


def test_request_from_which_somebody_stands_aside_is_not_shown_to_them(work_on, two_requests):
    planned(work_on)
    with work_on() as work:
        mine = account(work, Role.COORDINATOR)
        hidden, seen = waiting_requests(work)
        work.session.add(Recusal(person_id=mine.person_id, request_id=hidden.id, since=work.now))
        hidden_id, reference = hidden.id, seen.reference
        actor = actor_of(mine)
    with work_on(actor) as work:
        shown = plan_of(work)
        assert [row.reference for row in shown.rows] == [reference]
        assert shown.hidden == 1
        plan = find_calculation(work, CalculationKind.PLAN)
        with pytest.raises(Invalid, match="Select the pairs"):
            offer_planned(work, [hidden_id], version=plan.version)


def test_what_is_under_way_is_not_asked_for_twice_and_what_was_given_up_is(work_on, clock, two_requests):
    with work_on(COORDINATOR) as work:
        ask_for_plan(work)
        assert ask_for_plan(work).state is CalculationState.WAITING
    with work_on() as work:
        claimed = claim_calculation(work)
        assert claim_calculation(work) is None
    clock.instant += timedelta(seconds=GIVEN_UP_AFTER + 1)
    with work_on() as work:
        again = claim_calculation(work)
        assert again.id == claimed.id
    with work_on() as work:
        # Who took it up first comes back late, and the second one is not done yet.
        answer = prepare(work, claimed.id)()
        keep_answer(work, claimed, answer)
        note_failed(work, claimed)
        assert find_calculation(work, CalculationKind.PLAN).state is CalculationState.RUNNING
        keep_answer(work, again, answer)
        assert find_calculation(work, CalculationKind.PLAN).state is CalculationState.DONE


def test_failure_is_kept_and_can_be_asked_for_again(work_on, two_requests):
    with work_on(COORDINATOR) as work:
        ask_for_plan(work)
    with work_on() as work:
        note_failed(work, claim_calculation(work))
    with work_on(COORDINATOR) as work:
        assert find_calculation(work, CalculationKind.PLAN).state is CalculationState.FAILED
        assert ask_for_plan(work).state is CalculationState.WAITING
        assert work.session.scalars(select(Calculation.kind)).all() == [CalculationKind.PLAN]


def test_answer_that_comes_after_it_was_asked_for_anew_is_not_kept(work_on, two_requests):
    with work_on(COORDINATOR) as work:
        ask_for_plan(work)
    with work_on() as work:
        claimed = claim_calculation(work)
    with work_on() as work:
        answer = prepare(work, claimed.id)()
        note_failed(work, claimed)
    with work_on() as work:
        keep_answer(work, claimed, answer)
        assert find_calculation(work, CalculationKind.PLAN).state is CalculationState.FAILED
