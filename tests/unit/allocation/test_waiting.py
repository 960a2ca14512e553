"""Requests that wait, some with somebody who has accepted: equal to trying every plan, kept people first."""

from random import Random

from factories.planning import plans, tiny_problem, worth
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.first_come import first_come_first_served
from jags.allocation.engine.planning.plan import check_plan, objective
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.planning.waiting import GONE, plan_waiting
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.rules import rules_excluding


def with_kept(seed):
    """Make a tiny problem in which about half of the requests keep somebody who can do it."""
    problem, random = tiny_problem(90_000 + seed), Random(seed)  # noqa: S311 - Repeatable problems, no secret.
    kept, left = {}, {person.id: person.capacity for person in problem.facilitators}
    for request in problem.requests:
        able = [p.id for p in problem.facilitators if left[p.id] and not rules_excluding(request, p)]
        if able and random.random() < 0.5:
            kept[request.id] = random.choice(able)
            left[kept[request.id]] -= 1
    return problem, kept


def let_go(plan, kept):
    return {request: one for request, one in kept.items() if one not in plan.get(request, ())}


def test_plan_with_kept_people_equals_the_best_of_all_plans():
    released = 0
    for seed in range(200):
        problem, kept = with_kept(seed)
        expected = min(plans(problem), key=lambda plan: (len(let_go(plan, kept)), worth(problem, plan)))
        found = plan_waiting(problem, kept, effort=Effort(30.0))
        assert (seed, found.proposal.pairs) == (seed, expected)
        assert found.released == let_go(expected, kept)
        assert found.proposal.objective == objective(problem, expected)
        assert found.proposal.unallocated.keys() == {r.id for r in problem.requests} - expected.keys()
        assert GONE not in str(found.proposal.unallocated)
        released += len(found.released)
    assert released > 10


def test_without_kept_people_it_is_the_plan():
    problem = tiny_problem(7)
    assert (
        plan_waiting(problem, {}, effort=Effort(30.0)).proposal.pairs
        == propose(problem, effort=Effort(30.0)).pairs
    )


def test_who_has_accepted_and_cannot_do_it_any_more_is_released():
    people = tuple(Facilitator(f, f, 1, 0, None, transitional=False) for f in ("f", "g"))
    asked = Request("r", "a", 1, None, {}, transitional=False, travel={})
    never = Facilitator("h", "h", 1, 0, frozenset(), transitional=False)
    found = plan_waiting(Problem((*people, never), (asked,)), {"r": "h"}, effort=Effort(30.0))
    assert (found.proposal.pairs, found.released) == ({"r": ("f", "g")}, {"r": "h"})


def test_first_come_keeps_who_has_accepted_and_their_session():
    kept = 0
    for seed in range(300):
        problem, keeping = with_kept(seed)
        plan = first_come_first_served(problem, kept=keeping)
        check_plan(problem, plan)
        kept += len(keeping) - len(let_go(plan, keeping))
    assert kept > 50


def test_first_come_leaves_the_session_that_somebody_has_kept():
    people = [
        Facilitator(f, f, 1, load, None, transitional=False) for f, load in (("f", 0), ("g", 0), ("h", 5))
    ]
    asked = [Request(r, "a", 1, None, {}, transitional=False, travel={}) for r in ("r1", "r2")]
    plan = first_come_first_served(Problem((*people,), (*asked,)), kept={"r2": "f"})
    assert plan == {"r1": ("g", "h")}
