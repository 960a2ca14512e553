"""Hold a plan for all requests, and measure and check it in whole numbers against the problem as written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from jags.allocation.engine.fields import shown
from jags.allocation.engine.problem import Problem, ProblemError
from jags.allocation.engine.rules import removing_rule
from jags.allocation.engine.scoring import lacks_training

Pair = tuple[str, str]
"""Two facilitator ids, the smaller first."""

Plan = Mapping[str, Pair]
"""The pair of each allocated request, by request id."""


class Objective(NamedTuple):
    """What a plan is worth: `weight` as great as can be, then the others as small as can be, in this order."""

    weight: int
    soft: int
    load_squares: int
    travel: int


def objective(problem: Problem, plan: Plan) -> Objective:
    """Measure a plan exactly; everybody's load counts in `load_squares`, whether they were given a session or not."""
    given = sessions_given(plan)
    weight = soft = travel = 0
    for request_id, pair in plan.items():
        request = problem.request(request_id)
        people = [problem.facilitator(one) for one in pair]
        weight += request.weight
        soft += sum(person.agency == request.agency for person in people) + lacks_training(request, *people)
        travel += sum(request.travel.get(one, 0) for one in pair)
    squares = sum((person.load + given[person.id]) ** 2 for person in problem.facilitators)
    return Objective(weight, soft, squares, travel)


def sessions_given(plan: Plan) -> Counter[str]:
    """Count the sessions that a plan gives to each facilitator."""
    return Counter(one for pair in plan.values() for one in pair)


def check_plan(problem: Problem, plan: Plan) -> None:
    """Make sure that a plan keeps every hard rule, whoever made it.

    Raises:
        ProblemError: one line that begins with `pairs` and names what is unknown or which rule is broken.
    """
    for request_id, pair in plan.items():
        request = problem.request(request_id)
        first, second = (problem.facilitator(one) for one in pair)
        if first.id == second.id:
            raise ProblemError(f"pairs[{shown(request_id)}]: {first.id!r} is named twice")
        rule = removing_rule(request, first, second)
        if rule is not None:
            raise ProblemError(
                f"pairs[{shown(request_id)}]: {first.id!r} and {second.id!r} break the rule {rule}"
            )
    for facilitator_id, given in sorted(sessions_given(plan).items()):
        if given > problem.facilitator(facilitator_id).capacity:
            raise ProblemError(f"pairs: {facilitator_id!r} is given {given} sessions, above capacity")


def ordered(plan: Plan) -> dict[str, Pair]:
    """Return the plan in the order of request ids, each pair with the smaller id first."""
    return {request_id: _sorted_pair(plan[request_id]) for request_id in sorted(plan)}


def _sorted_pair(pair: Pair) -> Pair:
    first, second = pair
    return (first, second) if first < second else (second, first)
