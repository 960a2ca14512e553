"""Say of every request that got no pair why: no pair is valid, or others needed the people more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jags.allocation.engine.planning.plan import Pair, Plan, ordered, sessions_given
from jags.allocation.engine.problem import Problem
from jags.allocation.engine.remedy import NoValidPair, explain_no_pair
from jags.allocation.engine.search import cheapest_pairs


@dataclass(frozen=True, slots=True)
class Outweighed:
    """A valid pair there is, but not with the sessions that are left.

    `pair` is the one that needs the fewest people who have nothing left, `by` the requests that have their sessions.
    """

    request_id: str
    pair: Pair
    by: tuple[str, ...]


WhyNot = NoValidPair | Outweighed


def reasons_for_unallocated(problem: Problem, plan: Plan, *, seed: int) -> dict[str, WhyNot]:
    """Give the reason of each request without a pair, in the order of ids."""
    given = sessions_given(plan)
    full = {person.id: 1 for person in problem.facilitators if 0 < person.capacity <= given[person.id]}
    loaded = [
        replace(person, load=person.load + given[person.id])
        for person in problem.facilitators
        if person.capacity > 0
    ]
    reasons: dict[str, WhyNot] = {}
    for request in sorted(problem.requests, key=lambda one: one.id):
        if request.id in plan:
            continue
        people = [person for person in loaded if person.id not in request.blocked]
        found = cheapest_pairs(request, people, limit=1, seed=seed, set_aside=full)
        if not found:
            reasons[request.id] = explain_no_pair(problem, request.id, seed=seed)
            continue
        pair = found[0].score.pair
        holding = {one for one in pair if one in full}
        by = tuple(other for other, theirs in ordered(plan).items() if holding.intersection(theirs))
        reasons[request.id] = Outweighed(request.id, pair, by)
    return reasons
