"""Looking back at a past period and ahead in the pool, from rows; the engine's part is tested by itself."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from conftest import NOW
from factories.calculations import work_out
from factories.people import account, agency
from factories.pool import accepted_request, facilitator, span
from factories.sessions import COORDINATOR
from jags.accounts.queries import actor_of, find_agency
from jags.accounts.rules import Role
from jags.allocation.assembly import assemble_ahead, assemble_past
from jags.allocation.choice import outlook_in_words, replay_shown
from jags.allocation.engine.outlook import Kind
from jags.allocation.queries import answer_of, find_calculation, taken_on
from jags.allocation.rules import Rule
from jags.allocation.rules.calculation import CalculationKind
from jags.allocation.service import ask_for_replay, question_of_today
from jags.facilitators.queries import pool
from jags.facilitators.rules import BookingKind, FacilitatorStatus
from jags.facilitators.service import book, mark_heavy, note_leave
from jags.kernel.ids import new_id
from jags.requests.rules import Priority
from jags.settings.service import change_setting

TODAY = NOW.date()
HALF_A_YEAR = {"from_on": TODAY - timedelta(days=182), "to_on": TODAY}


def held(work, person_id, day, *, heavy=False):
    """Book a session on a day, and mark it as heavy where it was."""
    ref, when = new_id(), span(day, 9, 12)
    book(work, person_id, when.starts_at, when.ends_at, BookingKind.SESSION, ref)
    if heavy:
        mark_heavy(work, person_id, ref, heavy=True)


def everybody(work):
    members = pool(work)
    return members, taken_on(work, {m.person_id: m.load for m in members})


def received(work, day, **details):
    request = accepted_request(work, **details)
    request.received_on = day
    return request


def replayed(work_on, **changed):
    with work_on(COORDINATOR) as work:
        ask_for_replay(work, replace(question_of_today(work, **HALF_A_YEAR), **changed))
    work_out(work_on)
    with work_on(COORDINATOR) as work:
        shown = replay_shown(work, answer_of(work, find_calculation(work, CalculationKind.REPLAY)))
        return shown, {one.what: (one.was, one.would_be) for one in shown.measured}


def test_past_problem_holds_how_things_stood_then(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=date(2026, 1, 5), sessions_per_quarter=4)
        late = facilitator(work, "Late", trained_on=date(2026, 9, 10))
        paused = facilitator(work, "Paul", status=FacilitatorStatus.PAUSED, trained_on=date(2026, 1, 5))
        for day in (date(2025, 6, 3), date(2026, 2, 3), date(2026, 5, 5), date(2026, 8, 4)):
            held(work, ann, day, heavy=day.month == 5)
        # The local target of a request of 11 May is 30 working days later, in June: the second quarter.
        early = received(work, date(2026, 5, 11))
        received(work, date(2026, 11, 2), agency_name="Police")
        work.session.flush()
        past = assemble_past(work, from_on=date(2026, 1, 1), to_on=date(2026, 6, 30))
        (quarter,) = past.quarters
        assert quarter.first_day == date(2026, 4, 1)
        (asked,) = quarter.problem.requests
        assert asked.id == str(early.id)
        people = {one.id: one for one in quarter.problem.facilitators}
        # Two sessions before April, one of them within the year; no newcomer any more.
        assert (people[str(ann)].load, people[str(ann)].capacity) == (2, 4)
        assert people[str(late)].capacity == 2
        assert asked.blocked == {str(late): (Rule.NOT_CURRENT,), str(ann): (Rule.RESTING,)}
        assert str(paused) not in asked.blocked


def test_more_sessions_would_have_served_more(work_on):
    with work_on() as work:
        for name in ("Ann", "Ben"):
            facilitator(work, name, sessions_per_quarter=1, trained_on=date(2026, 1, 5))
        for n in range(2):
            received(work, date(2026, 9, 1 + n), agency_name=f"School {n}")
    shown, counted = replayed(work_on, more_sessions=1)
    assert counted["Requests without a pair"] == (1, 0)
    assert [(one.was, one.would_be) for one in shown.differs] == [("no pair", "Ann and Ben")]


def test_another_weight_would_have_served_another(work_on):
    with work_on() as work:
        for name in ("Ann", "Ben", "Cat", "Dan"):
            facilitator(
                work,
                name,
                sessions_per_quarter=1,
                trained_on=date(2026, 1, 5),
                of="one" if name in "AnnBenCat" else "two",
            )
        sooner = received(work, date(2026, 9, 1))
        sooner.priority = Priority.SOONER
        received(work, date(2026, 9, 2), agency_name="Police")
        reference = sooner.reference
    shown, _ = replayed(work_on)
    assert (shown.requests, shown.differs) == (2, ())
    # Only Dan is of another agency, so one request gets a pair: the one that is needed sooner, or whichever the draw says.
    shown, counted = replayed(work_on, weight_of_sooner=1)
    assert counted["Requests without a pair"] == (1, 1)
    assert reference in {one.reference for one in shown.differs} or not shown.differs


def test_rest_and_services_of_one_employer_are_rules_that_can_be_tried(work_on):
    with work_on() as work:
        for key in ("north", "south"):
            agency(work, key, f"{key} Trust").employer = "The Trust"
        assert find_agency(work, "north Trust") is not None
        ann = facilitator(work, "Ann", of="north", trained_on=date(2026, 1, 5))
        facilitator(work, "Ben", of="south", trained_on=date(2026, 1, 5))
        received(work, date(2026, 9, 1))
    _, counted = replayed(work_on, one_employer_is_one=True)
    assert counted["Requests without a pair"] == (0, 1)
    with work_on() as work:
        held(work, ann, date(2026, 8, 31), heavy=True)
    _, counted = replayed(work_on, rest_holds=False)
    assert counted["Requests without a pair"] == (1, 0)


@pytest.fixture
def seven_requests(work_on):
    with work_on() as work:
        for n in range(7):
            request = received(work, TODAY - timedelta(days=20 * n), agency_name=f"School {n}")
            request.transitional_confirmed = n == 0
            # None of them waits any more.
            request.paused_at = work.now


def test_outlook_knows_training_leave_sessions_and_the_rate(work_on, seven_requests):
    with work_on() as work:
        ann = facilitator(work, "Ann", refresher_due_on=date(2027, 1, 3), transitional_training=True)
        ben = facilitator(work, "Ben", sessions_per_quarter=3)
        paused = facilitator(work, "Paul", status=FacilitatorStatus.PAUSED)
        note_leave(work, ben, from_on=date(2026, 12, 7), to_on=date(2026, 12, 13))
        note_leave(work, ben, from_on=date(2026, 12, 21), to_on=date(2026, 12, 22))
        held(work, ben, date(2027, 2, 2))
    with work_on() as work:
        ahead = assemble_ahead(work, *everybody(work))
        people = {one.id: one for one in ahead.people}
        assert str(paused) not in people
        # Weeks begin on Mondays; 23 November 2026 is that of today, 28 December the last in which Ann's training counts.
        assert people[str(ann)].weeks == frozenset(range(6))
        assert people[str(ann)].if_renewed == frozenset(range(52))
        # A whole week away is not Ben's, two days of one are no matter.
        assert people[str(ben)].weeks == frozenset(range(52)) - {2}
        # A newcomer is asked for two a quarter; one of the first quarter of 2027 is booked, and makes the rest three.
        assert people[str(ben)].sessions == (2, 2, 3, 3, 3)
        assert ahead.quarters[:7] == (0, 0, 0, 0, 0, 0, 1)
        assert (dict(ahead.recent), dict(ahead.waiting)) == (
            {Kind.TRANSITIONAL: 1, Kind.OTHER: 6},
            {Kind.TRANSITIONAL: 0, Kind.OTHER: 0},
        )
    with work_on() as work:
        # Six in 26 weeks are one in the weeks of 21 December and 18 January; then Ann's training does not count any more. Three more in
        # that quarter: the two new people with the least load are taken twice, so a third is needed for the last beside Ben.
        assert outlook_in_words(work, *everybody(work)) == (
            "Facilitators run out about January 2027, with as many requests as lately (7 requests in the last 26 weeks); "
            "training three new people of other agencies would do."
        )


def test_outlook_names_the_refresher_that_would_do(work_on, seven_requests):
    with work_on() as work:
        facilitator(
            work, "Ann", refresher_due_on=date(2027, 1, 3), transitional_training=True, sessions_per_quarter=9
        )
        facilitator(work, "Ben", sessions_per_quarter=9)
        change_setting(work, "newcomer_sessions_a_quarter", 0)
    with work_on() as work:
        said = outlook_in_words(work, *everybody(work))
        assert re.search(
            r"; a refresher for Ann or training \w+ new people of other agencies would do\.$", said
        )


def test_outlook_says_when_there_is_too_little_or_nothing_to_fear(work_on):
    with work_on() as work:
        assert outlook_in_words(work, *everybody(work)) == (
            "It is too early to say when facilitators run out: there were only 0 requests in the last 26 weeks."
        )


def test_outlook_is_the_same_for_who_reads_no_request(work_on, seven_requests):
    with work_on() as work:
        actor = actor_of(account(work, Role.ADMINISTRATOR))
    with work_on(actor) as work:
        assert "7 requests in the last 26 weeks" in outlook_in_words(work, *everybody(work))


def test_outlook_lasts_with_enough_people(work_on, seven_requests):
    with work_on() as work:
        for n in range(6):
            facilitator(work, f"Person {n}", transitional_training=True)
    with work_on() as work:
        assert outlook_in_words(work, *everybody(work)) == (
            "With as many requests as lately (7 requests in the last 26 weeks), facilitators last for the coming year."
        )
