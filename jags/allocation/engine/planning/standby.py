"""Find who could step in for a planned pair, with the sessions that the plan leaves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from jags.allocation.engine.planning.plan import Plan, sessions_given
from jags.allocation.engine.problem import Facilitator, Problem
from jags.allocation.engine.ranking import RankedPair, rank_pairs


def standby_pair(problem: Problem, plan: Plan, request_id: str, *, seed: int = 0) -> RankedPair | None:
    """Return the best valid pair of two other people, as loads and capacity stand once the plan is carried out.

    It shares nobody with the planned pair, so that it serves whoever drops out. Nothing is held: two requests may have the same
    standby pair.

    Raises:
        ProblemError: the problem has no such request.
    """
    given = sessions_given(plan)
    planned = plan.get(request_id, ())
    people = tuple(after(person, given) for person in problem.facilitators if person.id not in planned)
    names = {person.id for person in people}
    request = problem.request(request_id)
    alone = replace(
        request,
        blocked={one: why for one, why in request.blocked.items() if one in names},
        travel={one: cost for one, cost in request.travel.items() if one in names},
    )
    return rank_pairs(Problem(people, (alone,)), request_id, limit=1, seed=seed).best


def after(person: Facilitator, given: Counter[str]) -> Facilitator:
    """Return a person as they stand once a plan is carried out: fewer sessions left, and more load."""
    return replace(person, capacity=person.capacity - given[person.id], load=person.load + given[person.id])
