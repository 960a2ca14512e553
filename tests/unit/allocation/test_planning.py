"""The plan for all requests is the best there is: equal to trying every plan, and to the samples' proven optimum."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.planning import best_plan, plans, tiny_problem, worth
from jags.allocation.engine.document import read_problem
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.master import Master
from jags.allocation.engine.planning.plan import Objective, check_plan, objective
from jags.allocation.engine.planning.search import Best
from jags.allocation.engine.planning.shifts import Shifts
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.planning.start import fill
from jags.allocation.engine.planning.tables import lines_of, tables_of
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.rules import Rule

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


@pytest.mark.parametrize(
    "limits",
    [["solver.MOST_LISTED"], ["pricing.MOST_LOOKED_THROUGH"], ["solver.MOST_LISTED", "ascent.ROUNDS"]],
    ids=" and ".join,
)
@pytest.mark.parametrize("start", range(0, 300, 50))
def test_plan_equals_the_best_of_all_plans_when_pairs_are_not_listed(start, limits, monkeypatch):
    for limit in limits:
        monkeypatch.setattr(f"jags.allocation.engine.planning.{limit}", -1)
    for seed in range(start, start + 50):
        problem = tiny_problem(10_000 + seed)
        assert (seed, planned(problem).pairs) == (seed, best_plan(problem))


def test_it_makes_no_difference_whether_pairs_are_listed(monkeypatch):
    # In these HiGHS has to look for whole plans more than once.
    problems = [tiny_problem(seed, people=12, requests=8) for seed in (50, 938, 1043, 1313)]
    listed = [planned(problem) for problem in problems]
    monkeypatch.setattr("jags.allocation.engine.planning.solver.MOST_LISTED", -1)
    not_listed = [planned(problem) for problem in problems]
    assert all(one.proven for one in listed + not_listed)
    assert [one.pairs for one in not_listed] == [one.pairs for one in listed]


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
    assert gap.line == "travel"
    assert gap.bound <= best.objective.travel <= gap.value
    assert gap.part == (gap.value - gap.bound) / gap.value


def test_no_time_at_all_still_gives_a_plan():
    problem = sample("norfolk")
    proposal = planned(problem, clock=iter(range(10**6)).__next__, seconds=0.5)
    check_plan(problem, proposal.pairs)
    assert len(proposal.pairs) == 24
    best = planned(problem).objective
    assert proposal.bound["weight"] >= best.weight
    assert all(proposal.bound[line] <= getattr(best, line) for line in ("soft", "load_squares", "travel"))


def test_scarcity_everywhere_is_proven_without_a_relaxation():
    # Four sessions for four requests: at half of the weight 3 for each session, exactly those who go without do not pay.
    people = tuple(Facilitator(one, one, 1, 0, None, transitional=False) for one in "abcd")
    requests = tuple(
        Request(f"r{weight}", "z", weight, None, {}, transitional=False, travel={}) for weight in (1, 2, 3, 4)
    )
    heard = []
    proposal = planned(Problem(people, requests), watch=lambda line, _spent: heard.append(line))
    assert (proposal.objective.weight, proposal.bound["weight"], proposal.proven) == (7, 7, True)
    assert "weight" not in heard


def test_progress_tells_the_line_that_is_worked_on():
    heard = []
    planned(sample("county"), watch=lambda line, _spent: heard.append(line))
    assert list(dict.fromkeys(heard)) == ["travel", "tie"]


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


def test_what_highs_says_is_never_believed(monkeypatch):
    # Whatever HiGHS answers, and if it answers nothing, no rule is broken and nothing false is claimed to be proven.
    best = {seed: best_plan(tiny_problem(seed)) for seed in range(60)}
    true_relax, true_plan = Master.relax, Master.plan

    def wrong_prices(self, **given):
        told = true_relax(self, **given)
        return told and replace(told, prices=told.prices * 3 + 1, budget_prices=told.budget_prices - 5)

    def everything_taken(self, **given):
        told = true_relax(self, **given)
        return told and replace(told, taken=np.ones_like(told.taken), short=False)

    def all_places(self, *_choice, **_given):
        return list(range(len(self.columns.r)))

    for relax, plan in (
        (lambda _self, **_given: None, true_plan),
        (wrong_prices, true_plan),
        (everything_taken, all_places),
        (true_relax, all_places),
    ):
        monkeypatch.setattr(Master, "relax", relax)
        monkeypatch.setattr(Master, "plan", plan)
        for seed, expected in best.items():
            problem = tiny_problem(seed)
            proposal = planned(problem, steps=60)
            check_plan(problem, proposal.pairs)
            assert not proposal.proven or (seed, proposal.pairs) == (seed, expected)


def test_highs_that_runs_out_of_time_claims_nothing(monkeypatch):
    monkeypatch.setattr("jags.allocation.engine.planning.master._status", lambda _name: "something else")
    proposal = planned(sample("norfolk"))
    assert (len(proposal.pairs), proposal.proven) == (24, False)


def shifts_of(problem, plan=None):
    tables = tables_of(problem)
    soft = lines_of(tables)[1]
    pairs = fill(tables, lines_of(tables), {}) if plan is None else tables.pairs_of(plan)
    return tables, Shifts(tables, soft, pairs, tables.fits)


def test_balancing_keeps_pairs_valid_and_makes_loads_fairer():
    shifted = 0
    for seed in range(400):
        problem = tiny_problem(seed, people=14, requests=12)
        tables, shifts = shifts_of(problem)
        before = dict(shifts.pairs)
        shifts.balance(Effort(60.0))
        check_plan(problem, tables.plan_of(shifts.pairs))
        old, new = (objective(problem, tables.plan_of(pairs)) for pairs in (before, shifts.pairs))
        assert (new.weight, new.soft <= old.soft) == (old.weight, True)
        assert new.load_squares < old.load_squares or shifts.pairs == before
        shifted += shifts.pairs != before
    assert shifted > 20


def test_balancing_stops_when_time_is_over():
    _, shifts = shifts_of(tiny_problem(9, people=14, requests=12))
    before = dict(shifts.pairs)
    shifts.balance(Effort(0.0))
    assert shifts.pairs == before
    shifts.balance(Effort(60.0))
    assert shifts.pairs != before


@pytest.mark.parametrize("tries", [1, 12])
def test_serving_by_chains_keeps_everybody_served_and_within_capacity(tries, monkeypatch):
    monkeypatch.setattr("jags.allocation.engine.planning.shifts.TRIES", tries)
    served = softer = 0
    for seed in range(200):
        problem = tiny_problem(seed, people=10, requests=10)
        tables, shifts = shifts_of(problem)
        for r in range(len(tables.requests)):
            before = dict(shifts.pairs)
            old = objective(problem, tables.plan_of(before))
            done = shifts.serve(r)
            check_plan(problem, tables.plan_of(shifts.pairs))
            new = objective(problem, tables.plan_of(shifts.pairs))
            assert shifts.pairs.keys() == before.keys() | ({r} if done else set())
            assert shifts.pairs != before or not done
            assert done or (shifts.pairs == before)
            assert r not in before or not done or new.soft < old.soft
            served += done and r not in before
            softer += done and r in before
    assert served > 5
    assert softer > 5


def test_a_plan_above_capacity_is_never_taken():
    problem = Problem(
        tuple(Facilitator(one, one, 1, 0, None, transitional=False) for one in "ab"),
        tuple(Request(one, "z", 1, None, {}, transitional=False, travel={}) for one in ("r1", "r2")),
    )
    tables = tables_of(problem)
    best = Best(tables, lines_of(tables), {0: (0, 1)})
    best.offer({0: (0, 1), 1: (0, 1)})
    assert best.pairs == {0: (0, 1)}


def test_balancing_never_changes_one_request_twice_in_a_chain():
    # The only way from f to z: x for f in r1, g for x in r2, z for g in r1, where f is no longer beside z.
    def facilitator(one, agency, load=0):
        return Facilitator(one, agency, 1, load, None, transitional=False)

    def request(one, blocked):
        return Request(
            one, "q", 1, None, dict.fromkeys(blocked, (Rule.INVOLVED,)), transitional=False, travel={}
        )

    people = (facilitator("f", "A", 9), *(facilitator(one, one[1]) for one in ("gB", "hC", "xA", "zB")))
    problem = Problem(people, (request("r1", ["hC"]), request("r2", ["f", "zB"])))
    plan = {"r1": ("f", "gB"), "r2": ("hC", "xA")}
    tables, shifts = shifts_of(problem, plan)
    shifts.balance(Effort(60.0))
    assert tables.plan_of(shifts.pairs) == plan
