"""Measure the ten best pairs for one request, reasons included, against scoring every pair and against a mere sort.

Run from the top folder as `python -m benchmarks.allocation_pairs`; `--full` also scores all fifty million pairs of the largest pool.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations
from random import Random

from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.ranking import rank_pairs
from jags.allocation.engine.remedy import explain_no_pair
from jags.allocation.engine.rules import removing_rule
from jags.allocation.engine.scoring import PairScore, score_pair, tie_costs
from jags.allocation.engine.wording import pair_in_words

GOALS_MS = {60: 1.0, 1_000: 2.0, 10_000: 10.0}
BRUTE_FORCE_UP_TO = 1_000
BEST = 10
HALF_DAYS = 20


def pool(size: int) -> Problem:
    """Make a pool of a plausible mix and one request, the same on every machine."""
    random = Random(size)  # noqa: S311  # A repeatable benchmark, no secret.
    people = tuple(
        Facilitator(
            id=f"f{place:05}",
            agency=f"a{random.randrange(max(4, size // 12))}",
            capacity=random.randint(0, 3),
            load=random.randint(0, 5),
            slots=frozenset(random.sample(range(HALF_DAYS), random.randint(2, 10))),
            transitional=random.random() < 0.3,
        )
        for place in range(size)
    )
    request = Request(
        id="r",
        agency="a0",
        weight=1,
        slots=frozenset(random.sample(range(HALF_DAYS), 6)),
        blocked={},
        transitional=True,
        travel={person.id: random.randint(0, 60) for person in people},
    )
    return Problem(people, (request,))


def ten_best_with_reasons(problem: Problem) -> list[PairScore]:
    """Do what the page for one request asks of the engine."""
    ranking = rank_pairs(problem, "r", limit=BEST)
    for pair in ranking.pairs:
        pair_in_words(ranking.request, pair)
    return [pair.score for pair in ranking.pairs]


def every_pair(problem: Problem) -> list[PairScore]:
    """Score every valid pair and keep the ten best: the plain way."""
    request, tie_cost = problem.requests[0], tie_costs(0, "r")
    best: list[PairScore] = []
    for first, second in combinations(problem.facilitators, 2):
        if removing_rule(request, first, second) is None:
            best.append(score_pair(request, first, second, tie_cost))
            if len(best) > BEST * 100:
                best = sorted(best)[:BEST]
    return sorted(best)[:BEST]


def mere_sort(problem: Problem) -> int:
    """Sort the pool by load and travel: less than any answer needs."""
    travel = problem.requests[0].travel
    return len(sorted(problem.facilitators, key=lambda person: (person.load, travel[person.id])))


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Time the work `repeats` times and return the least, in milliseconds."""
    least = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - started)
    return least * 1_000


def hard_pools(problem: Problem) -> dict[str, Problem]:
    """Make pools in which no early stop can help, because no pair is valid."""
    people, request = problem.facilitators, problem.requests[0]
    one_agency = tuple(replace(person, agency="a", capacity=1) for person in people)
    apart = tuple(replace(person, capacity=1, slots=frozenset({n})) for n, person in enumerate(people))
    return {
        "all of one agency": Problem(one_agency, (request,)),
        "no slot in common": Problem(apart, (replace(request, slots=None),)),
    }


def main() -> None:
    """Print the table, and stop with an error where the answer differs from scoring every pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="score every pair of the largest pool too (minutes)"
    )
    full = parser.parse_args().full
    print("| one request × facilitators | ten best with reasons | goal | every pair scored | a mere sort |")
    print("|---|---|---|---|---|")
    for size, goal in GOALS_MS.items():
        problem = pool(size)
        ours = milliseconds(partial(ten_best_with_reasons, problem), 20)
        sort = milliseconds(partial(mere_sort, problem), 20)
        plain = "not run"
        if full or size <= BRUTE_FORCE_UP_TO:
            plain_ms = milliseconds(partial(every_pair, problem), 1)
            assert ten_best_with_reasons(problem) == every_pair(problem)
            plain = f"{plain_ms:.1f} ms, {plain_ms / ours:.0f} × ours, same answer"
        print(
            f"| {size:,} | {ours:.2f} ms | ≤ {goal:g} ms | {plain} | {sort:.2f} ms, {sort / ours:.2f} × ours |"
        )
    print("\n| no valid pair among 10,000 | looked for | reasons and smallest change |\n|---|---|---|")
    for name, problem in hard_pools(pool(10_000)).items():
        ours = milliseconds(partial(ten_best_with_reasons, problem), 3)
        remedy = milliseconds(partial(explain_no_pair, problem, "r"), 1)
        print(f"| {name} | {ours:.1f} ms | {remedy:.0f} ms |")


if __name__ == "__main__":
    main()
