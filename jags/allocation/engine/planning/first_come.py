"""Serve requests one after another, as they come: what would happen without a plan, to compare with one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jags.allocation.engine.planning.plan import Objective, Pair, Plan, objective
from jags.allocation.engine.problem import Problem
from jags.allocation.engine.search import cheapest_pairs


def first_come_first_served(problem: Problem, *, seed: int = 0) -> dict[str, Pair]:
    """Give each request, in the order of the list, the best pair that is left at that moment."""
    people = {person.id: person for person in problem.facilitators if person.capacity > 0}
    plan = {}
    for request in problem.requests:
        able = [person for person in people.values() if person.id not in request.blocked]
        for found in cheapest_pairs(request, able, limit=1, seed=seed):
            plan[request.id] = found.score.pair
            for person in (found.first, found.second):
                if person.capacity == 1:
                    del people[person.id]
                else:
                    people[person.id] = replace(person, capacity=person.capacity - 1, load=person.load + 1)
    return plan


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan beside first come, first served: how many requests each serves, and what each is worth."""

    allocated: int
    objective: Objective
    first_come_allocated: int
    first_come: Objective


def compared_with_first_come(problem: Problem, plan: Plan, *, seed: int = 0) -> Compared:
    """Measure a plan and first come, first served on the same problem."""
    other = first_come_first_served(problem, seed=seed)
    return Compared(len(plan), objective(problem, plan), len(other), objective(problem, other))
