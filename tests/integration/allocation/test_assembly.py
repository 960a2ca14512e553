"""From rows to the engine's problem: status, training, capacity, agencies, availability, independence."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from factories.people import agency
from factories.pool import (
    CONFLICT,
    TALK,
    accepted_request,
    clears,
    declares,
    doubts_of,
    facilitator,
    involved,
    offered,
    offers_slots,
    span,
)
from jags.accounts.model import Person
from jags.accounts.queries import find_agency
from jags.allocation.assembly import LEAST_DAYS_AHEAD, assemble
from jags.allocation.choice import ranking_for
from jags.allocation.model import DoubtCleared
from jags.allocation.queries import get_offer
from jags.allocation.rules import EXCEPTION_RULES, Doubt, Rule
from jags.allocation.service import accept_offer, clear_doubt, decline_offer, offer_pair
from jags.audit.queries import events_of_tag
from jags.facilitators.rules import BookingKind, FacilitatorStatus, slot_count, slot_day
from jags.facilitators.service import book
from jags.kernel.errors import Invalid, Stale
from jags.kernel.ids import new_id
from jags.requests.queries import get_request
from jags.requests.rules import Tie, is_working_day, working_day_after
from jags.requests.service.answers import new_member
from jags.settings.service import change_setting


def asked_and_people(work, request):
    """Return the request and the people of the engine's problem, with the people by id."""
    problem = assemble(work, request).problem
    return problem.requests[0], {one.id: one for one in problem.facilitators}


def kinds(assembled, person_id):
    """Return the kinds of the doubts about somebody."""
    return sorted(one.doubt for one in assembled.doubts[str(person_id)])


def test_status_training_and_independence_become_named_blocks(work_on):
    with work_on() as work:
        agency(work, "port", "Port Authority")
        request = accepted_request(
            work,
            email="rea@example.org",
            lead=involved("Leo", email="leo@example.org", team="Harbour team", of="Port Authority"),
            should_not=involved("Una", email="una@example.org"),
            people=(involved("Nat", email="nat@example.org"), involved("Mo", email="mo@example.org")),
        )
        expected = {
            facilitator(work, "Paul", status=FacilitatorStatus.PAUSED): (Rule.NOT_ACTIVE,),
            facilitator(work, "Newt", trained_on=None): (Rule.NOT_CURRENT,),
            facilitator(work, "Rea"): (Rule.REQUESTER_OR_PARTICIPANT,),
            facilitator(work, "Nat"): (Rule.REQUESTER_OR_PARTICIPANT,),
            facilitator(work, "Leo"): (Rule.INVOLVED,),
            facilitator(work, "Una"): (Rule.NAMED_UNSUITABLE,),
            facilitator(work, "Tom", of="port", team="harbour team"): (Rule.SAME_TEAM,),
            facilitator(work, "Tim", team="Harbour Team"): (Rule.UNRESOLVED_DOUBT,),
        }
        manager = work.session.get_one(Person, facilitator(work, "Max"))
        managed = work.session.get_one(Person, facilitator(work, "Mo"))
        managed.line_manager_email_index = manager.email_index
        expected[managed.id] = (Rule.REQUESTER_OR_PARTICIPANT,)
        expected[manager.id] = (Rule.LINE_MANAGER,)
        facilitator(work, "Free")
        asked, _ = asked_and_people(work, request)
        assert asked.blocked == {str(person_id): rules for person_id, rules in expected.items()}


def test_doubt_blocks_until_it_is_cleared_with_a_reason(work_on):
    with work_on() as work:
        request = accepted_request(work, people=(involved("Ann", email="another.ann@example.org"),))
        ann = facilitator(work, "Ann")
        before = assemble(work, request)
        assert kinds(before, ann) == [Doubt.SAME_NAME]
        assert before.problem.requests[0].blocked == {str(ann): (Rule.UNRESOLVED_DOUBT,)}
        clears(work, request, ann, "Two people of one name; I have spoken to both.")
        after = assemble(work, request)
        assert (after.doubts[str(ann)], after.problem.requests[0].blocked) == (frozenset(), {})


def test_doubt_that_was_cleared_does_not_clear_another_that_comes_later(work_on):
    with work_on() as work:
        request = accepted_request(work, people=(involved("Ann", email="another.ann@example.org"),))
        ann = facilitator(work, "Ann", team="Harbour team")
        clears(work, request, ann)
        lead = involved("Leo", team="Harbour team")
        request.network.append(new_member(work, request, lead, tie=Tie.LEAD_PROFESSIONAL, position=9))
        work.session.flush()
        found = assemble(work, request)
        assert kinds(found, ann) == [Doubt.TEAM_OF_LEAD]
        assert found.problem.requests[0].blocked == {str(ann): (Rule.UNRESOLVED_DOUBT,)}


def test_doubt_that_was_cleared_covers_nobody_who_joins_later(work_on):
    with work_on() as work:
        request = accepted_request(work, people=(involved("Ann", email="another.ann@example.org"),))
        ann = facilitator(work, "Ann")
        clears(work, request, ann)
        third = involved("Ann", email="third.ann@example.org")
        request.network.append(new_member(work, request, third, tie=Tie.NETWORK, position=9))
        work.session.flush()
        assert kinds(assemble(work, request), ann) == [Doubt.SAME_NAME]
        clears(work, request, ann, "Three people of one name.")
        assert kinds(assemble(work, request), ann) == []
    with work_on() as work:
        events = list(events_of_tag(work, "doubt:cleared"))
        cleared = work.session.scalars(select(DoubtCleared).order_by(DoubtCleared.id)).all()
        assert {payload["cleared"] for _, payload in events} == {str(one.id) for one in cleared}
        assert [payload["doubt"] for _, payload in events] == [Doubt.SAME_NAME] * 2
        assert len({one.about for one in cleared}) == 2
        assert not any("ann" in one.about for one in cleared)


def test_doubt_about_the_team_of_a_requester_whose_agency_was_typed_is_flagged(work_on):
    with work_on() as work:
        request = accepted_request(work, agency_name="Harbour Trust", team="Early help")
        ann, ben = facilitator(work, "Ann", team="early help"), facilitator(work, "Ben", team="Other")
        found = assemble(work, request)
        assert (kinds(found, ann), kinds(found, ben)) == ([Doubt.TEAM_OF_REQUESTER], [])


def test_two_who_clear_the_same_doubt_at_once_clear_it_once(work_on):
    with work_on() as work:
        request = accepted_request(work, people=(involved("Ann"),))
        ann, request_id = facilitator(work, "Ann"), request.id
        shown = doubts_of(work, request, ann)

    def clear(reason):
        try:
            with work_on() as work:
                clear_doubt(work, request_id, ann, reason, doubts=shown)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(clear, ("One of two.", "Two of two."))) == [False, True]
    with work_on() as work:
        assert len(work.session.scalars(select(DoubtCleared)).all()) == 1
        assert len(list(events_of_tag(work, "doubt:cleared"))) == 1


def test_whose_agency_is_not_recorded_is_blocked_and_not_of_another_agency(work_on):
    with work_on() as work:
        ids = [facilitator(work, "Ann"), facilitator(work, "Ben")]
        for person_id in ids:
            work.session.get_one(Person, person_id).agency = None
        facilitator(work, "Cat")
        request = accepted_request(work)
        asked, _ = asked_and_people(work, request)
        assert asked.blocked == {str(person_id): (Rule.NO_AGENCY,) for person_id in ids}
        choice = ranking_for(work, request)
        assert choice.pairs == ()
        assert {s.words for s in choice.everybody if s.excluded} == {("agency not recorded",)}
        with pytest.raises(Invalid, match="cannot be chosen: agency not recorded"):
            offer_pair(
                work,
                request.id,
                person_ids=ids,
                version=request.version,
                exceptions=dict.fromkeys(EXCEPTION_RULES, "It is fine"),
            )


def test_who_has_left_is_not_in_the_pool(work_on):
    with work_on() as work:
        facilitator(work, "Gone", status=FacilitatorStatus.LEFT)
        _, people = asked_and_people(work, accepted_request(work))
        assert people == {}


def test_capacity_counts_the_targets_quarter_and_what_is_promised_elsewhere(work_on):
    with work_on() as work:
        elsewhere = offered(work, "Ann", "Ben")
        ann, ben = elsewhere.people
        request = accepted_request(work)
        request_id = request.id
        target = assemble(work, request).last_day
        when = span(target, 9, 12)
        book(work, ann, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
        _, people = asked_and_people(work, request)
        assert [(people[str(p)].capacity, people[str(p)].load) for p in (ann, ben)] == [(0, 1), (1, 0)]
    with work_on(elsewhere.actors[1]) as work:
        declares(work, elsewhere.offers[1])
        accept_offer(work, elsewhere.offers[1], version=get_offer(work, elsewhere.offers[1]).version)
    with work_on() as work:
        _, people = asked_and_people(work, get_request(work, request_id))
        assert (people[str(ben)].capacity, people[str(ben)].load) == (1, 1)


def test_half_days_are_those_of_tomorrow_to_the_target_with_valid_training(work_on):
    with work_on() as work:
        request = accepted_request(work)
        found = assemble(work, request)
        assert (found.first_day, found.last_day) == (
            work.today + timedelta(days=1),
            working_day_after(work.today, 30),
        )
        ann = facilitator(work, "Ann", refresher_due_on=work.today + timedelta(days=3))
        ben = facilitator(work, "Ben")
        offers_slots(work, ann, 0, 5, 6)
        _, people = asked_and_people(work, request)
        assert people[str(ann)].slots == frozenset({0, 5})
        # Ben has recorded nothing: free on every working day, and asked first.
        assert people[str(ben)].slots == frozenset(
            n
            for n in range(slot_count(found.first_day, found.last_day))
            if is_working_day(slot_day(found.first_day, n))
        )
        assert (people[str(ann)].is_asked_first, people[str(ben)].is_asked_first) == (False, True)


def test_overdue_request_still_looks_four_weeks_ahead(work_on, clock):
    with work_on() as work:
        request_id = accepted_request(work).id
    clock.instant += timedelta(days=90)
    with work_on() as work:
        found = assemble(work, get_request(work, request_id))
        assert found.last_day == work.today + timedelta(days=LEAST_DAYS_AHEAD)


def test_services_of_one_employer_are_one_agency_only_where_the_setting_says_so(work_on):
    with work_on() as work:
        agency(work, "social", "Social care", employer="County council")
        agency(work, "youth", "Youth support", employer="County Council")
        ids = [facilitator(work, "Ann", of="social"), facilitator(work, "Ben", of="youth")]
        request = accepted_request(work)
        _, people = asked_and_people(work, request)
        assert [people[str(p)].agency for p in ids] == ["social", "youth"]
        change_setting(work, "employer_services_are_different", value=False)
        _, people = asked_and_people(work, request)
        assert {people[str(p)].agency for p in ids} == {"employer: county council"}


def test_merged_agency_counts_as_its_successor(work_on):
    with work_on() as work:
        ids = [facilitator(work, "Ann", of="old"), facilitator(work, "Ben", of="new")]
        old, new = find_agency(work, "Agency old"), find_agency(work, "Agency new")
        old.successor_id, old.valid_to = new.id, work.today - timedelta(days=1)
        _, people = asked_and_people(work, accepted_request(work))
        assert [people[str(p)].agency for p in ids] == ["new", "new"]


def test_earlier_answers_are_remembered_as_far_as_they_mean_something(work_on):
    with work_on() as work:
        first = offered(work, "Ann", "Ben")
        ann = first.people[0]
    with work_on(first.actors[0]) as work:
        declares(work, first.offers[0], CONFLICT)
    with work_on() as work:
        asked, _ = asked_and_people(work, get_request(work, first.request_id))
        assert asked.blocked == {str(ann): (Rule.DECLARED_CONNECTION,)}
        second = offered(work, "Cat", "Dee")
        repeat = accepted_request(work)
        repeat.previous_request_id = first.request_id
        asked, _ = asked_and_people(work, repeat)
        assert asked.blocked == {str(ann): (Rule.DECLARED_CONNECTION,)}
    with work_on(second.actors[0]) as work:
        decline_offer(work, second.offers[0], version=get_offer(work, second.offers[0]).version)
    with work_on() as work:
        asked, _ = asked_and_people(work, get_request(work, second.request_id))
        assert asked.blocked == {str(second.people[0]): (Rule.DECLINED,)}


def test_connection_to_talk_through_is_a_doubt_even_if_another_was_cleared_before(work_on, clock):
    with work_on() as work:
        one = offered(work, "Ann", "Ben")
    clock.instant += timedelta(hours=1)
    with work_on(one.actors[0]) as work:
        declares(work, one.offers[0], TALK)
    clock.instant += timedelta(hours=1)
    with work_on() as work:
        request = get_request(work, one.request_id)
        request.network.append(new_member(work, request, involved("Ann"), tie=Tie.NETWORK, position=9))
        work.session.flush()
        same_name = [d for d in doubts_of(work, request, one.people[0]) if d.doubt is Doubt.SAME_NAME]
        clear_doubt(work, request.id, one.people[0], "Not the same person.", doubts=same_name)
        assert kinds(assemble(work, request), one.people[0]) == [Doubt.TALK_IT_THROUGH]


@pytest.mark.parametrize("people", [2, 14])
def test_choice_takes_the_same_number_of_queries_for_two_and_for_many(work_on, people):
    with work_on() as work:
        for n in range(people):
            offers_slots(work, facilitator(work, f"Person {n}"), 0, 1)
        request_id = accepted_request(work).id
    with work_on() as work:
        request = get_request(work, request_id)
        statements = []
        event.listen(work.session.connection(), "before_cursor_execute", lambda *a: statements.append(a[2]))
        ranking_for(work, request)
        assert len(statements) == 15


def test_choice_says_why_each_pair_is_good_and_what_speaks_against_everybody_else(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", of="police", localities=["West"])
        ben, cat = facilitator(work, "Ben"), facilitator(work, "Cat", of="police")
        facilitator(work, "Dan", status=FacilitatorStatus.PAUSED)
        offers_slots(work, ann, 0, 1)
        offers_slots(work, ben, 1, 2, 3)
        when = span(work.today - timedelta(days=3), 9, 12)
        book(work, ben, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
        choice = ranking_for(work, accepted_request(work, locality="East"))
        assert [{pair.first.name, pair.second.name} for pair in choice.pairs] == [
            {"Ben", "Cat"},
            {"Ann", "Ben"},
        ]
        second = choice.pairs[1]
        assert choice.common == (
            "the request gives no dates yet",
            "different agencies",
            "Ben has taken on 1 session in the last twelve months",
        )
        assert second.reasons == (
            "both free on 1 half-day",
            "Ann has taken on no sessions in the last twelve months",
            "one of them works in another locality",
        )
        assert second.leading[0] == "both free on 1 half-day"
        assert {s.person.name: s.words for s in choice.everybody if s.excluded} == {
            "Dan": ("not taking sessions at the moment",)
        }
        assert [s.words for s in choice.everybody if s.person.person_id == cat] == [("in the best pair",)]


def test_choice_without_a_valid_pair_says_what_would_help(work_on):
    with work_on() as work:
        facilitator(work, "Ann", of="police")
        facilitator(work, "Ben", of="police")
        choice = ranking_for(work, accepted_request(work))
        assert choice.pairs == ()
        assert choice.no_pair[0] == "No pair is possible: 1 pair of one agency."
        assert choice.no_pair[1].endswith("would be possible if one agency for both were agreed.")
        assert len(choice.no_pair) == 2
