"""Made-up planning problems, and the best plan of a tiny one found by trying all of them."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from random import Random

from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.scoring import tie_costs
from jags.allocation.rules import Rule

Plan = dict[str, tuple[str, str]]


def tiny_problem(seed: int, *, people: int = 6, requests: int = 4, slots: int = 4) -> Problem:
    """Make a problem small enough to try every plan; the same for the same seed."""
    random = Random(seed)  # noqa: S311  # Repeatable problems, no secret.
    agencies = random.randint(1, 4)
    names = [f"f{n}" for n in range(random.randint(0, people))]
    dear = random.choice([0, 1, 3])

    def dates() -> frozenset[int] | None:
        if random.random() < 0.1:
            return None
        return frozenset(
            random.sample(range(slots), random.randint(0 if random.random() < 0.1 else 1, slots))
        )

    pool = [
        Facilitator(
            id=name,
            agency=f"a{random.randrange(agencies)}",
            capacity=random.choice([0, 1, 1, 2, 3]),
            load=random.randint(0, 2),
            slots=dates(),
            transitional=random.random() < 0.3,
        )
        for name in names
    ]
    asked = [
        Request(
            id=f"r{n}",
            agency=f"a{random.randrange(agencies)}",
            weight=random.choice([1, 1, 2, 3]),
            slots=dates(),
            blocked={name: (Rule.INVOLVED,) for name in names if random.random() < 0.12},
            transitional=random.random() < 0.4,
            travel={name: random.randint(0, dear) for name in names if random.random() < 0.8},
        )
        for n in range(random.randint(0, requests))
    ]
    random.shuffle(pool)
    random.shuffle(asked)
    return Problem(tuple(pool), tuple(asked))


def plans(problem: Problem) -> Iterator[Plan]:
    """Yield every plan that keeps the hard rules, as the statement of the problem reads; shares nothing with the engine."""
    requests = sorted(problem.requests, key=lambda request: request.id)
    people = sorted(problem.facilitators, key=lambda person: person.id)
    options = [
        [(one.id, other.id) for one, other in combinations(people, 2) if _valid(request, one, other)]
        for request in requests
    ]
    left = {person.id: person.capacity for person in people}

    def extend(place: int, plan: Plan) -> Iterator[Plan]:
        if place == len(requests):
            yield dict(plan)
            return
        yield from extend(place + 1, plan)
        for one, other in options[place]:
            if left[one] and left[other]:
                left[one] -= 1
                left[other] -= 1
                plan[requests[place].id] = (one, other)
                yield from extend(place + 1, plan)
                del plan[requests[place].id]
                left[one] += 1
                left[other] += 1

    return extend(0, {})


def _valid(request: Request, one: Facilitator, other: Facilitator) -> bool:
    dates = [dates for dates in (one.slots, other.slots, request.slots) if dates is not None]
    return (
        one.agency != other.agency
        and not any(person.id in request.blocked or person.capacity == 0 for person in (one, other))
        and not (dates and not frozenset.intersection(*dates))
    )


def worth(problem: Problem, plan: Plan, *, seed: int = 0) -> tuple[object, ...]:
    """Return what decides between plans, the least being the best: five lines, then the list of pairs."""
    people = {person.id: person for person in problem.facilitators}
    given = Counter(one for pair in plan.values() for one in pair)
    weight = soft = travel = tie = 0
    for request in problem.requests:
        if request.id in plan:
            pair = [people[one] for one in plan[request.id]]
            cost = tie_costs(seed, request.id)
            weight += request.weight
            soft += sum(person.agency == request.agency for person in pair)
            soft += request.transitional and not any(person.transitional for person in pair)
            travel += sum(request.travel.get(person.id, 0) for person in pair)
            tie += sum(cost(person.id) for person in pair)
    squares = sum((person.load + given[person.id]) ** 2 for person in problem.facilitators)
    return (-weight, soft, squares, travel, tie, sorted((one, *pair) for one, pair in plan.items()))


def best_plan(problem: Problem, *, seed: int = 0) -> Plan:
    """Return the best plan, by trying all of them."""
    return min(plans(problem), key=lambda plan: worth(problem, plan, seed=seed))
