"""Serve requests one after another, as they come: what would happen without a plan, to compare with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from jags.allocation.engine.planning.plan import Objective, Pair, Plan, objective
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.search import FoundPair, cheapest_pairs

NOBODY_KEPT: Mapping[str, str] = MappingProxyType({})


def first_come_first_served(
    problem: Problem, *, seed: int = 0, kept: Mapping[str, str] = NOBODY_KEPT
) -> dict[str, Pair]:
    """Give each request, in the order of the list, the best pair that is left at that moment.

    `kept` names, by request, the one person who has accepted it: their session for it is set aside from the beginning, and
    they get the best partner that is left. Where there is none, they are free for other requests.
    """
    held = Counter(kept.values())
    people = {
        person.id: replace(person, capacity=person.capacity - held[person.id])
        for person in problem.facilitators
    }
    plan = {}
    for request in problem.requests:
        holder = kept.get(request.id)
        if holder is not None:
            people[holder] = replace(people[holder], capacity=people[holder].capacity + 1)
        able = [
            person for person in people.values() if person.capacity > 0 and person.id not in request.blocked
        ]
        for found in _best(request, able, holder, seed=seed):
            plan[request.id] = found.score.pair
            for one in found.score.pair:
                given = people[one]
                people[one] = replace(given, capacity=given.capacity - 1, load=given.load + 1)
    return plan


def _best(
    request: Request, able: Sequence[Facilitator], holder: str | None, *, seed: int
) -> Sequence[FoundPair]:
    """Return the best pair, with the person who has accepted if there is one; nothing when no pair is left."""
    keeping = next((person for person in able if person.id == holder), None)
    if keeping is not None:
        with_them = [
            pair
            for partner in able
            if partner.id != keeping.id
            for pair in cheapest_pairs(request, [keeping, partner], limit=1, seed=seed)
        ]
        if with_them:
            return [min(with_them, key=lambda pair: pair.score)]
    return cheapest_pairs(request, able, limit=1, seed=seed)


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
