"""What follows from a plan: its measure, first come first served beside it, a standby pair, and a replay under other rules."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from factories.planning import plans, tiny_problem, worth
from jags.allocation.engine.document import read_problem
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.first_come import compared_with_first_come, first_come_first_served
from jags.allocation.engine.planning.other_rules import OtherRules
from jags.allocation.engine.planning.plan import Objective, check_plan, objective, sessions_given
from jags.allocation.engine.planning.replay import replay
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.planning.standby import standby_pair
from jags.allocation.engine.problem import Facilitator, Problem, ProblemError, Request
from jags.allocation.rules import Rule

SAMPLES = Path(__file__).parents[2] / "data" / "allocation"


def effort():
    return Effort(30.0)


def person(one, agency, *, capacity=1, load=0):
    return Facilitator(one, agency, capacity, load, None, transitional=False)


def asked(one, *, weight=1, blocked=(), agency="z", transitional=False):
    return Request(one, agency, weight, None, dict.fromkeys(blocked, (Rule.SAME_TEAM,)), transitional, {})


def test_objective_counts_as_the_statement_reads():
    for seed in range(100):
        problem = tiny_problem(60_000 + seed)
        for plan in list(plans(problem))[:20]:
            weight, soft, squares, travel, *_ = worth(problem, plan)
            assert objective(problem, plan) == (-weight, soft, squares, travel)


def test_a_plan_above_capacity_is_refused():
    problem = Problem((person("a", "x"), person("b", "y", capacity=2)), (asked("r1"), asked("r2")))
    with pytest.raises(ProblemError, match="pairs: 'a' is given 2 sessions, above capacity"):
        check_plan(problem, {"r1": ("a", "b"), "r2": ("a", "b")})


def test_first_come_gives_each_in_turn_the_best_that_is_left():
    for seed in range(200):
        problem = tiny_problem(70_000 + seed)
        expected, now = {}, problem
        for request in problem.requests:
            alone = replace(now, requests=(request,))
            best = min(plans(alone), key=lambda plan: worth(alone, plan))
            expected |= best
            given = sessions_given(best)
            now = replace(
                now,
                facilitators=tuple(
                    replace(one, capacity=one.capacity - given[one.id], load=one.load + given[one.id])
                    for one in now.facilitators
                ),
            )
        assert (seed, first_come_first_served(problem)) == (seed, expected)


def test_comparison_shows_what_the_plan_gains():
    # Who comes first takes the only pair, though the second request matters more.
    problem = Problem((person("a", "x"), person("b", "y")), (asked("r1"), asked("r2", weight=3)))
    compared = compared_with_first_come(problem, propose(problem, effort=effort()).pairs)
    assert (compared.allocated, compared.objective) == (1, Objective(3, 0, 2, 0))
    assert (compared.first_come_allocated, compared.first_come) == (1, Objective(1, 0, 2, 0))


def test_standby_pair_is_the_best_of_others_with_sessions_left():
    for seed in range(200):
        problem = tiny_problem(80_000 + seed, people=8)
        plan = propose(problem, effort=effort()).pairs
        given = sessions_given(plan)
        for request_id, planned in plan.items():
            left = {
                one.id: replace(one, capacity=one.capacity - given[one.id], load=one.load + given[one.id])
                for one in problem.facilitators
                if one.id not in planned
            }
            request = problem.request(request_id)
            request = replace(
                request,
                blocked={one: why for one, why in request.blocked.items() if one in left},
                travel={one: cost for one, cost in request.travel.items() if one in left},
            )
            alone = Problem(tuple(left.values()), (request,))
            best = min(plans(alone), key=lambda plan: worth(alone, plan))
            found = standby_pair(problem, plan, request_id)
            assert (found.score.pair if found else None) == best.get(request_id)


def test_standby_pair_of_a_request_without_a_plan_may_be_anybody():
    problem = Problem((person("a", "x"), person("b", "y")), (asked("r1"),))
    assert standby_pair(problem, {}, "r1").score.pair == ("a", "b")
    assert standby_pair(problem, {"r1": ("a", "b")}, "r1") is None


def changes(problem, **other):
    (replayed,) = replay([problem], OtherRules(**other), effort=effort)
    return replayed.gained, replayed.lost, replayed.changed


POOL = (person("a", "x"), person("b", "y"))


def test_replay_under_the_same_rules_changes_nothing():
    problem = read_problem((SAMPLES / "scarce.json").read_bytes())
    assert changes(problem) == ((), (), ())


def test_replay_under_other_weights_serves_another_request():
    problem = Problem(POOL, (asked("r1", weight=1), asked("r2", weight=2)))
    assert changes(problem, weights={1: 5}) == (("r1",), ("r2",), ())


def test_replay_with_more_sessions_serves_more_and_with_fewer_less():
    problem = Problem(POOL, (asked("r1", weight=1), asked("r2", weight=2)))
    assert changes(problem, more_sessions=1) == (("r1",), (), ())
    assert changes(problem, more_sessions=-5) == ((), ("r2",), ())


def test_replay_with_a_lifted_reason_serves_who_was_blocked():
    problem = Problem(POOL, (asked("r1", blocked=("a",)),))
    assert changes(problem, lifted=frozenset({Rule.SAME_TEAM})) == (("r1",), (), ())
    assert changes(problem, lifted=frozenset({Rule.INVOLVED})) == ((), (), ())


def test_replay_with_one_employer_for_two_services_takes_the_pair_away():
    problem = Problem(POOL, (asked("r1"),))
    assert changes(problem, one_agency={"x": "council", "y": "council"}) == ((), ("r1",), ())


def test_replay_without_the_rule_on_training_takes_who_has_less_load():
    trained = replace(person("c", "w", load=9), transitional=True)
    problem = Problem((*POOL, trained), (asked("r1", transitional=True),))
    (replayed,) = replay([problem], OtherRules(training_counts=False), effort=effort)
    assert "c" in replayed.was.pairs["r1"]
    assert replayed.would_be.pairs == {"r1": ("a", "b")}
    assert (replayed.gained, replayed.lost, replayed.changed) == ((), (), ("r1",))


def test_replay_keeps_periods_apart():
    first = Problem(POOL, (asked("r1"),))
    second = Problem(POOL, (asked("r1", weight=1), asked("r2", weight=2)))
    one, two = replay([first, second], OtherRules(more_sessions=1), effort=effort)
    assert (one.gained, two.gained) == ((), ("r1",))


def test_pairs_of_one_agency_never_appear():
    for seed in range(50):
        problem = tiny_problem(90_000 + seed, people=10, requests=6)
        for pair in first_come_first_served(problem).values():
            assert all(
                one != other for one, other in combinations([problem.facilitator(f).agency for f in pair], 2)
            )
