"""Half-days of a batch: nobody has two at once, and an answer is found exactly where trying everything finds one."""

from itertools import product
from random import Random

from jags.allocation.engine.planning.slots import distinct_slots
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.rules import common_slots


def batch(seed):
    """Make people with few half-days, and requests that each have two of them."""
    random = Random(seed)  # noqa: S311 - Repeatable problems, no secret.
    slots = random.randint(1, 4)

    def dates():
        return None if random.random() < 0.2 else frozenset(n for n in range(slots) if random.random() < 0.7)

    people = tuple(
        Facilitator(f"f{n}", f"a{n}", 9, 0, dates(), transitional=False) for n in range(random.randint(2, 5))
    )
    asked = tuple(
        Request(f"r{n}", "a", 1, dates(), {}, transitional=False, travel={})
        for n in range(random.randint(1, 5))
    )
    plan = {one.id: tuple(random.sample([p.id for p in people], 2)) for one in asked}
    return Problem(people, asked), plan


def suiting(problem, plan):
    return {
        one: common_slots(problem.request(one), *map(problem.facilitator, pair)) for one, pair in plan.items()
    }


def possible(problem, plan):
    """Tell by trying everything whether each request can have a half-day of its own."""
    options = []
    for request in problem.requests:
        known = [
            dates
            for dates in (request.slots, *(problem.facilitator(one).slots for one in plan[request.id]))
            if dates is not None
        ]
        options.append([None] if not known else sorted(frozenset.intersection(*known)))
    ids = [request.id for request in problem.requests]
    return any(
        all(
            chosen[a] is None or chosen[a] != chosen[b] or not set(plan[ids[a]]) & set(plan[ids[b]])
            for a in range(len(ids))
            for b in range(a)
        )
        for chosen in product(*options)
    )


def test_half_days_are_found_exactly_where_there_are_some():
    outcomes = set()
    for seed in range(1500):
        problem, plan = batch(seed)
        found = distinct_slots(suiting(problem, plan), plan)
        assert (seed, found is not None) == (seed, possible(problem, plan))
        outcomes.add(found is not None)
        for one, slot in (found or {}).items():
            for side in (problem.request(one), *map(problem.facilitator, plan[one])):
                assert side.slots is None or slot in side.slots
            for other, theirs in (found or {}).items():
                assert one == other or slot != theirs or not set(plan[one]) & set(plan[other])
    assert outcomes == {True, False}


def test_many_requests_of_one_pair_take_no_time():
    plan = {f"r{n:02}": ("f", "g") for n in range(30)}
    found = distinct_slots(dict.fromkeys(plan, frozenset(range(30))), plan)
    assert sorted(found.values()) == list(range(30))
