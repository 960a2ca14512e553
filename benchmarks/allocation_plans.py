"""Measure plans for all requests at once, beside first come, first served and a plain whole-pair model in HiGHS.

Run from the top folder as `python -m benchmarks.allocation_plans` (about five minutes); `--quick` leaves out the largest size and
gives the plain model less time (about one minute). Every case runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import Any

from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.first_come import compared_with_first_come
from jags.allocation.engine.planning.plan import check_plan, sessions_given
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.rules import removing_rule
from jags.allocation.rules import Rule

HALF_DAYS = 20
ACROSS_MINUTES = 75
PLAIN_SECONDS, PLAIN_SECONDS_QUICK = 20.0, 8.0
PLAIN_UP_TO = 20_000_000
"""The plain model is not built where there are more pairs than this to look at: Python alone would need minutes."""

LONG = 60.0
GAP_EARLY, GAP_LARGE, LARGE_MEGABYTES = 0.01, 0.005, 500
LARGEST = 1_000


def county(requests: int, facilitators: int, *, seed: int, slack: float, minutes: int = 5) -> Problem:
    """Make a county at work: towns and distances, large and small agencies, leave, blocks, and some without recorded dates.

    `slack` is how many sessions the pool has for each that is needed; loads, priorities and training vary as in a real pool.
    Journeys are rounded to so many `minutes`.
    """
    random = Random(seed)  # noqa: S311  # A repeatable benchmark, no secret.
    agencies = [f"a{n:02}" for n in range(max(6, facilitators // 8))]
    sizes = [1 / (n + 1) ** 0.7 for n in range(len(agencies))]
    each = 2 * requests / facilitators * slack

    def dates(most: int, unknown: float) -> frozenset[int] | None:
        if random.random() < unknown:
            return None
        return frozenset(random.sample(range(HALF_DAYS), random.randint(3, most)))

    def place() -> tuple[float, float]:
        return random.random(), random.random()

    people = tuple(
        Facilitator(
            id=f"f{n:04}",
            agency=random.choices(agencies, sizes)[0],
            capacity=max(0, round(random.gauss(each, each / 2))),
            load=random.choice([0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6]),
            slots=dates(10, 0.07),
            transitional=random.random() < 0.3,
        )
        for n in range(facilitators)
    )
    homes = {person.id: place() for person in people}
    asked = []
    for n in range(requests):
        venue = place()
        journeys = {
            one: round(ACROSS_MINUTES * math.dist(home, venue) / minutes) * minutes
            for one, home in homes.items()
        }
        blocked = random.sample(sorted(homes), max(1, facilitators // 12))
        asked.append(
            Request(
                id=f"r{n:04}",
                agency=random.choices(agencies, sizes)[0],
                weight=random.choice([1, 1, 1, 2, 2, 3]),
                slots=dates(10, 0.05),
                blocked=dict.fromkeys(blocked, (Rule.INVOLVED,)),
                transitional=random.random() < 0.35,
                travel=journeys,
            )
        )
    return Problem(people, tuple(asked))


@dataclass(frozen=True)
class Case:
    """One line of the table: the problem, the time it gets, and the goal with whether figures meet it."""

    requests: int
    facilitators: int
    slack: float
    seconds: float
    goal: str
    met: Callable[[dict[str, Any]], bool]
    repair: bool = False

    @property
    def pairs(self) -> int:
        """How many pairs there are, valid or not."""
        return self.requests * math.comb(self.facilitators, 2)

    @property
    def plain(self) -> bool:
        """Whether the plain model belongs beside it: once for each size."""
        return (self.seconds == LONG and not self.repair) or self.requests == LARGEST

    @property
    def words(self) -> str:
        """What is measured."""
        kind = "a facilitator drops out, " if self.repair else ""
        pool = "slack" if self.slack > 1 else "tight"
        limit = "" if self.seconds == LONG else f", stopped after {self.seconds:g} s"
        return f"{kind}{self.requests:,} × {self.facilitators:,}, {pool}{limit}"


def proven_within(seconds: float) -> Callable[[dict[str, Any]], bool]:
    """Return the check of a proven plan in time."""
    return lambda figures: figures["proven"] and figures["seconds"] <= seconds


def gap_within(part: float, seconds: float, megabytes: float = math.inf) -> Callable[[dict[str, Any]], bool]:
    """Return the check of a gap in time, within memory."""
    return lambda f: f["gap"] <= part and f["seconds"] <= seconds and f["megabytes"] < megabytes


SLACK, TIGHT = 1.8, 1.0
CASES = tuple(
    case
    for slack in (SLACK, TIGHT)
    for case in (
        Case(24, 60, slack, LONG, "≤ .5 s, proven", proven_within(0.5)),
        Case(120, 120, slack, LONG, "≤ 60 s, proven", proven_within(60)),
        Case(200, 300, slack, LONG, "≤ 10 s, proven", proven_within(10)),
        Case(200, 300, slack, 1.7, "or gap ≤ 1 % in 2 s", gap_within(GAP_EARLY, 2)),
        Case(200, 300, slack, LONG, "≤ 1 s, proven", proven_within(1), repair=True),
        Case(1_000, 1_000, slack, 2.2, "no broken rule in 3 s", lambda figures: figures["seconds"] <= 3),
        Case(
            1_000,
            1_000,
            slack,
            43.0,
            "gap ≤ .5 % in 45 s, < 500 MB",
            gap_within(GAP_LARGE, 45, LARGE_MEGABYTES),
        ),
    )
)


def measure(case: Case) -> dict[str, Any]:
    """Run one case in this process."""
    problem = county(case.requests, case.facilitators, seed=case.requests, slack=case.slack)
    started = time.perf_counter()
    from jags.allocation.engine.planning.repair import repair  # noqa: PLC0415  # Loading counts.
    from jags.allocation.engine.planning.solver import propose  # noqa: PLC0415

    proposal = propose(problem, effort=Effort(case.seconds))
    seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    check_plan(problem, proposal.pairs)
    figures: dict[str, Any] = {}
    if case.repair:
        given = sessions_given(proposal.pairs)
        gone = max(sorted(given), key=given.__getitem__)
        started = time.perf_counter()
        repaired = repair(problem, proposal.pairs, gone, effort=Effort(case.seconds))
        seconds, proposal = time.perf_counter() - started, repaired.proposal
        figures["note"] = f"{given[gone]} sessions lost, {len(repaired.moved)} moved"
    else:
        started = time.perf_counter()
        other = compared_with_first_come(problem, proposal.pairs)
        figures["note"] = (
            f"{other.allocated} served, soft {other.objective.soft}, squares {other.objective.load_squares:,}, "
            f"travel {other.objective.travel:,}; first come: {other.first_come_allocated}, {other.first_come.soft}, "
            f"{other.first_come.load_squares:,}, {other.first_come.travel:,} in {time.perf_counter() - started:.2f} s"
        )
    gap = proposal.gap
    # The draw decides among plans that are equally good: its gap is told, but what the plan is worth is proven.
    draw = gap is not None and gap.line == "tie"
    return {
        **figures,
        "seconds": seconds,
        "megabytes": megabytes,
        "proven": proposal.proven,
        "gap": 0.0 if gap is None or draw else gap.part,
        "proof": "proven"
        if gap is None
        else f"{'four lines proven, ' * draw}gap {gap.part:.2%} in {gap.line}",
        "objective": list(proposal.objective),
    }


def plain_model(case: Case) -> list[int]:
    """Solve the first four lines with every valid pair as a variable, one line after another, as a textbook would."""
    import highspy  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    problem = county(case.requests, case.facilitators, seed=case.requests, slack=case.slack)
    people = {person.id: number for number, person in enumerate(problem.facilitators)}
    pairs = [
        (request, one, other)
        for request in problem.requests
        for one, other in combinations(problem.facilitators, 2)
        if removing_rule(request, one, other) is None
    ]
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    columns = len(pairs)
    rows: list[tuple[dict[int, float], float, float]] = [({}, 0.0, 1.0) for _ in problem.requests]
    place = {request.id: number for number, request in enumerate(problem.requests)}
    shares: list[dict[int, float]] = [{} for _ in people]
    for number, (request, one, other) in enumerate(pairs):
        rows[place[request.id]][0][number] = 1.0
        shares[people[one.id]][number] = shares[people[other.id]][number] = 1.0
    squares: list[float] = []
    for person, share in zip(problem.facilitators, shares, strict=True):
        for session in range(min(person.capacity, len(problem.requests))):
            share[columns + len(squares)] = -1.0
            squares.append(2.0 * (person.load + session) + 1)
        rows.append((share, -highspy.kHighsInf, 0.0))
    nothing = [0.0] * len(squares)
    lines = [
        [-float(request.weight) for request, _, _ in pairs] + nothing,
        [
            float(
                sum(x.agency == r.agency for x in (f, g))
                + (r.transitional and not (f.transitional or g.transitional))
            )
            for r, f, g in pairs
        ]
        + nothing,
        [0.0] * columns + squares,
        [float(r.travel.get(f.id, 0) + r.travel.get(g.id, 0)) for r, f, g in pairs] + nothing,
    ]
    total = columns + len(squares)
    highs.addVars(total, np.zeros(total), np.ones(total))
    highs.changeColsIntegrality(columns, np.arange(columns, dtype=np.int32), np.ones(columns, np.uint8))
    for row, low, high in rows:
        highs.addRow(low, high, len(row), np.array(list(row), np.int32), np.array(list(row.values())))
    found: list[int] = []
    for line in lines:
        highs.changeColsCost(total, np.arange(total, dtype=np.int32), np.array(line))
        highs.run()
        assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        value = round(highs.getObjectiveValue())
        found.append(value)
        row = {number: cost for number, cost in enumerate(line) if cost}
        highs.addRow(
            -highspy.kHighsInf, value, len(row), np.array(list(row), np.int32), np.array(list(row.values()))
        )
    found[0] = -found[0]
    found[2] += sum(person.load**2 for person in problem.facilitators)
    return found


def plain_in_words(number: int, figures: dict[str, Any], limit: float) -> str:
    """Run the plain model in a process of its own, and stop it where it takes too long."""
    case = CASES[number]
    if not case.plain:
        return "–"
    if case.pairs > PLAIN_UP_TO:
        return f"not built: {case.pairs / 1e6:,.0f} million pairs"
    started = time.perf_counter()
    try:
        found = in_own_process("--plain", number, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"not done in {limit:.0f} s, > {limit / figures['seconds']:.0f} × ours"
    seconds = time.perf_counter() - started
    same = "same" if found == figures["objective"] else f"DIFFERENT: {found}"
    return f"{seconds:.1f} s, {seconds / figures['seconds']:.1f} × ours, {same} four lines"


def in_own_process(what: str, number: int, timeout: float | None = None) -> Any:
    """Run one case in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.allocation_plans", what, str(number)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=timeout)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print the table, line by line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", type=int, help="run one case here and print its figures as JSON")
    parser.add_argument(
        "--plain", type=int, help="run the plain model of one case and print its lines as JSON"
    )
    parser.add_argument(
        "--quick", action="store_true", help="leave out the largest size, and give the plain model less time"
    )
    given = parser.parse_args()
    if given.case is not None:
        print(json.dumps(measure(CASES[given.case])))
        return
    if given.plain is not None:
        print(json.dumps(plain_model(CASES[given.plain])))
        return
    print(
        "| requests × facilitators | seconds | proof | memory | goal | met | plan; first come, first served | plain pair model in HiGHS |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for number, case in enumerate(CASES):
        if given.quick and case.requests == LARGEST:
            continue
        figures = in_own_process("--case", number)
        plain = plain_in_words(number, figures, PLAIN_SECONDS_QUICK if given.quick else PLAIN_SECONDS)
        print(
            f"| {case.words} | {figures['seconds']:.2f} | {figures['proof']} | {figures['megabytes']:.0f} MB | {case.goal} "
            f"| {'yes' if case.met(figures) else 'NO'} | {figures['note']} | {plain} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
