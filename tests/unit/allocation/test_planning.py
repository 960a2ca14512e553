"""The plan for all requests is the best there is: equal to trying every plan, and to the samples' proven optimum."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jags.allocation.engine.planning.solver as solving
from factories.planning import best_plan, plans, tiny_problem, worth
from jags.allocation.engine.document import read_problem
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.plan import Objective, check_plan, objective
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.problem import Facilitator, Problem, Request

SAMPLES = Path(__file__).parents[2] / "data" / "allocation"


def planned(problem, *, seed=0, **effort):
    return propose(problem, effort=Effort(**{"seconds": 60.0, **effort}), seed=seed)


def sample(name):
    return read_problem((SAMPLES / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", ["tiny", "scarce", "norfolk", "county"])
def test_sample_reaches_its_proven_optimum(name):
    proposal = planned(sample(name))
    expected = json.loads((SAMPLES / f"{name}.optimum.json").read_text())
    assert (proposal.objective._asdict(), len(proposal.pairs), proposal.proven) == (
        expected["objective"],
        expected["allocated"],
        True,
    )
    assert {line: proposal.bound[line] for line in Objective._fields} == expected["objective"]


@pytest.mark.parametrize("start", range(0, 2000, 100))
def test_plan_equals_the_best_of_all_plans(start):
    for seed in range(start, start + 100):
        problem = tiny_problem(seed)
        proposal = planned(problem, seed=seed % 3)
        assert (seed, proposal.pairs) == (seed, best_plan(problem, seed=seed % 3))
        assert proposal.proven


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_plan_equals_the_best_of_all_plans_when_pairs_are_not_listed(start, monkeypatch):
    monkeypatch.setattr(solving, "MOST_LISTED", -1)
    for seed in range(start, start + 50):
        problem = tiny_problem(10_000 + seed)
        assert (seed, planned(problem).pairs) == (seed, best_plan(problem))


def test_every_tie_goes_to_the_first_in_the_order_of_ids(monkeypatch):
    monkeypatch.setattr(
        "jags.allocation.engine.planning.tables.tie_costs", lambda _seed, _request: lambda _one: 7
    )
    for seed in range(120):
        problem = tiny_problem(20_000 + seed, people=5, requests=3)
        expected = min(plans(problem), key=lambda plan: (*worth(problem, plan)[:4], worth(problem, plan)[5]))
        assert (seed, planned(problem).pairs) == (seed, expected)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_order_of_the_input_never_matters(seed, random):
    problem = tiny_problem(seed, people=12, requests=8)
    people, requests = list(problem.facilitators), list(problem.requests)
    random.shuffle(people)
    random.shuffle(requests)
    assert planned(Problem(tuple(people), tuple(requests))).pairs == planned(problem).pairs


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_no_hard_rule_is_ever_broken_whatever_the_effort(seed, steps):
    problem = tiny_problem(seed, people=14, requests=10, slots=6)
    proposal = planned(problem, steps=steps)
    check_plan(problem, proposal.pairs)
    assert proposal.pairs.keys() | proposal.unallocated.keys() == {one.id for one in problem.requests}
    assert not proposal.pairs.keys() & proposal.unallocated.keys()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_one_more_facilitator_without_load_never_makes_it_worse(seed):
    problem = tiny_problem(seed, people=9, requests=6)
    random = Random(seed)  # noqa: S311  # Repeatable problems, no secret.
    slots = frozenset(random.sample(range(4), 2))
    newcomer = Facilitator("new", f"a{random.randrange(4)}", 2, 0, slots, transitional=True)
    more = replace(problem, facilitators=(*problem.facilitators, newcomer))
    before, after = planned(problem), planned(more)

    def cost(plan):
        return (-plan.objective.weight, *plan.objective[1:])

    assert before.proven
    assert after.proven
    assert cost(after) <= cost(before)


def test_the_same_effort_gives_the_same_answer_again():
    problem = sample("county")
    first, second = planned(problem, steps=6), planned(problem, steps=6)
    assert not first.proven
    assert (first.pairs, first.bound, first.gap) == (second.pairs, second.bound, second.gap)


def test_what_is_not_proven_has_a_bound_that_holds_and_a_gap():
    problem = sample("county")
    best = planned(problem)
    cut_short = planned(problem, steps=1)
    gap = cut_short.gap
    assert not cut_short.proven
    assert cut_short.objective.weight <= best.objective.weight <= cut_short.bound["weight"]
    assert gap.line == "load_squares"
    assert gap.bound <= best.objective.load_squares <= gap.value
    assert gap.part == (gap.value - gap.bound) / gap.value


def test_no_time_at_all_still_gives_a_plan():
    problem = sample("norfolk")
    proposal = planned(problem, clock=iter(range(10**6)).__next__, seconds=0.5)
    check_plan(problem, proposal.pairs)
    assert len(proposal.pairs) == 24


def test_progress_tells_the_line_that_is_worked_on():
    heard = []
    planned(sample("county"), watch=lambda line, _spent: heard.append(line))
    assert list(dict.fromkeys(heard)) == ["load_squares", "travel", "tie"]


def test_large_capacity_and_load_stay_exact():
    people = tuple(
        Facilitator(f"f{n}", f"a{n % 2}", 1_000_000, 1_000_000 - n, frozenset({n % 3}), transitional=False)
        for n in range(6)
    )
    requests = tuple(
        Request(f"r{n}", "a0", 1_000_000, None, {}, transitional=False, travel={"f0": 1_000_000})
        for n in range(3)
    )
    problem = Problem(people, requests)
    proposal = planned(problem)
    assert proposal.proven
    assert proposal.pairs == best_plan(problem)
    assert proposal.objective == objective(problem, best_plan(problem))
