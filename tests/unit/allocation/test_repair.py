"""When somebody drops out, as few people are moved as can be, and then the plan is the best: equal to trying every plan."""

from dataclasses import replace
from pathlib import Path

import pytest

from factories.planning import plans, tiny_problem, worth
from jags.allocation.engine.document import read_problem
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.plan import check_plan
from jags.allocation.engine.planning.repair import repair
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.problem import ProblemError

SAMPLES = Path(__file__).parents[2] / "data" / "allocation"


def effort():
    return Effort(30.0)


def lost(before, after, without):
    return sorted(
        (request, one)
        for request, pair in before.items()
        for one in pair
        if one != without and one not in after.get(request, ())
    )


def test_repair_equals_the_best_of_all_plans():
    compared = 0
    for seed in range(1500):
        problem = tiny_problem(50_000 + seed)
        before = propose(problem, effort=effort()).pairs
        for without in sorted({one for pair in before.values() for one in pair})[:2]:
            left = replace(
                problem,
                facilitators=tuple(
                    replace(one, capacity=0) if one.id == without else one for one in problem.facilitators
                ),
            )
            expected = min(
                plans(left),
                key=lambda plan: (len(lost(before, plan, without)), worth(left, plan)),
            )
            repaired = repair(problem, before, without, effort=effort())
            assert (seed, without, repaired.proposal.pairs) == (seed, without, expected)
            assert sorted(repaired.moved) == lost(before, expected, without)
            assert repaired.proposal.proven
            compared += 1
    assert compared > 700


def test_repair_of_a_sample_moves_nobody_where_partners_can_stay():
    problem = read_problem((SAMPLES / "county.json").read_bytes())
    before = propose(problem, effort=effort()).pairs
    without = before["r000"][0]
    repaired = repair(problem, before, without, effort=effort())
    check_plan(problem, repaired.proposal.pairs)
    assert repaired.moved == ()
    assert repaired.proposal.proven
    assert without not in {one for pair in repaired.proposal.pairs.values() for one in pair}
    assert repaired.proposal.bound["moved"] == -sum(
        one != without for pair in before.values() for one in pair
    )


def test_repair_without_somebody_who_has_nothing_to_do_changes_nothing():
    problem = read_problem((SAMPLES / "scarce.json").read_bytes())
    before = propose(problem, effort=effort()).pairs
    busy = {one for pair in before.values() for one in pair}
    idle = min(one.id for one in problem.facilitators if one.id not in busy)
    assert repair(problem, before, idle, effort=effort()).proposal.pairs == before


@pytest.mark.parametrize(
    ("plan", "without", "message"),
    [
        ({}, "nobody", "facilitator: 'nobody' is not in the problem"),
        ({"r000": ("f003", "f007")}, "f003", "pairs[r000]: 'f003' and 'f007' break the rule slot"),
        ({"r001": ("f007", "f007")}, "f007", "pairs[r001]: 'f007' is named twice"),
    ],
)
def test_repair_refuses_a_plan_that_does_not_fit(plan, without, message):
    problem = read_problem((SAMPLES / "tiny.json").read_bytes())
    with pytest.raises(ProblemError) as error:
        repair(problem, plan, without, effort=effort())
    assert str(error.value) == message
