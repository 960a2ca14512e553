"""Find the best plan for all requests, line by line of the objective, and prove it or say how far the proof got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jags.allocation.engine.planning.ascent import climb
from jags.allocation.engine.planning.bounding import SCALE, Bound, bound_at, narrowed, uniform_price
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.master import Columns, Frame
from jags.allocation.engine.planning.plan import Plan, check_plan, objective
from jags.allocation.engine.planning.pricing import NOBODY, Choice, listed_if_few
from jags.allocation.engine.planning.proposal import Gap, Proposal
from jags.allocation.engine.planning.reasons import reasons_for_unallocated
from jags.allocation.engine.planning.search import Best, LineSearch, Settled
from jags.allocation.engine.planning.shifts import improved
from jags.allocation.engine.planning.start import Pairs, fill
from jags.allocation.engine.planning.tables import Line, Tables, Truth, Whole, draws_of, lines_of, tables_of
from jags.allocation.engine.problem import Problem

BY_CHAINS = frozenset({"weight", "soft", "load_squares"})
"""In these lines chains of replacements often find the best plan, and simple prices prove it."""

MOST_LISTED = 100_000
"""So many pairs are written out one by one; more are left to be priced."""


@dataclass(frozen=True, slots=True)
class LineResult:
    """What is known of one line: its value in the plan, the bound, and whether the value is proven to be the best."""

    name: str
    value: int
    bound: int
    proven: bool


@dataclass(frozen=True, slots=True)
class Solved:
    """The plan, and what is known of each line in order; all costs, so that less is better."""

    plan: Plan
    lines: tuple[LineResult, ...]


def propose(problem: Problem, *, effort: Effort, seed: int = 0) -> Proposal:
    """Plan all requests of a problem.

    Guarantee: every hard rule is kept whatever the effort allows. A line counts as proven only if a bound that was computed
    in whole numbers rules out anything better; if all are, this is the one best plan, the same on every machine and whatever
    the order of the input.
    """
    tables = tables_of(problem)
    lines = lines_of(tables)
    start = fill(tables, lines, {})
    return proposal_of(
        problem,
        minimise(problem, tables, lines, start, effort=effort, seed=seed),
        effort=effort,
        seed=seed,
    )


def minimise(
    problem: Problem, tables: Tables, lines: tuple[Line, ...], start: Pairs, *, effort: Effort, seed: int
) -> Solved:
    """Minimise the lines one after another, and last the draw, beginning from a plan that keeps every rule."""
    best = Best(tables, lines, start)
    columns = Columns()
    frame = Frame(
        lowest=np.zeros(len(tables.facilitators), np.int64),
        highest=np.minimum(tables.capacity, tables.fits.sum(axis=0)),
        must=np.zeros(len(tables.requests), bool),
    )
    choice = Choice(tables.fits, np.full(len(tables.requests), NOBODY, np.int64))
    results: list[LineResult] = []
    for place in range(len(lines) + 1):
        last = place == len(lines)
        if last:
            lines = (*lines, draws_of(tables, _drawn(choice, best, effort), seed=seed))
            best = Best(tables, lines, best.pairs)
        line = lines[place]
        if effort.over:
            value = best.costs[place]
            results.append(LineResult(line.name, value, line.least, not last and value == line.least))
            continue
        choice = listed_if_few(tables, choice, most=MOST_LISTED)
        first = _first_bound(tables, lines, place, frame, choice, best, effort)
        # On the last line what is as good has to be looked at too, unless nobody can be chosen at all.
        if first.reaches(best.costs[place]) and not (last and choice.allowed.any()):
            settled = Settled(best.costs[place], proven=True, root=first)
        else:
            columns = _still_possible(tables, choice, columns)
            columns.add(tables, *best.columns())
            if choice.listed is None:
                first, near = climb(tables, line, frame, choice, first, best.costs[place], effort)
                columns.add(tables, near.r, near.f, near.g)
            search = LineSearch(tables, line, place, frame, choice, best, columns, effort, last=last)
            settled = search.run(first)
            columns = search.columns
        results.append(LineResult(line.name, best.costs[place], settled.bound, settled.proven))
        if not last:
            frame, choice = narrowed(tables, line, frame, choice, settled.root, best.costs[place])
    plan = tables.plan_of(best.pairs)
    check_plan(problem, plan)
    return Solved(plan, tuple(results))


def _first_bound(
    tables: Tables,
    lines: tuple[Line, ...],
    place: int,
    frame: Frame,
    choice: Choice,
    best: Best,
    effort: Effort,
) -> Bound:
    """Improve the plan by chains, and try prices that may prove it as it is, for the lines in which this often succeeds."""
    line = lines[place]
    nothing = np.zeros(len(frame.budgets), np.int64)

    def at(prices: Whole) -> Bound:
        return bound_at(tables, line, frame, choice, prices, nothing, keep=1)

    bound = at(np.zeros(len(tables.facilitators), np.int64))
    guesses = [uniform_price(frame, bound)]
    if line.name in BY_CHAINS and not bound.reaches(best.costs[place]):
        shifts = improved(tables, lines, best.pairs, choice.allowed, effort=effort)
        best.offer(shifts.pairs)
        if line.squares:
            guesses.append(shifts.levels(frame.highest) * SCALE)
    for prices in guesses:
        if not bound.reaches(best.costs[place]):
            bound = max(bound, at(prices), key=lambda one: one.scaled)
    return bound


def _drawn(choice: Choice, best: Best, effort: Effort) -> Truth:
    """Say for whom draws are needed: those in the plan, and while there is time to do better, all who may be chosen."""
    wanted = choice.allowed & (not effort.over)
    r, f, g = best.columns()
    wanted[r, f] = wanted[r, g] = True
    return wanted


def _still_possible(tables: Tables, choice: Choice, columns: Columns) -> Columns:
    """Keep the pairs that may still be chosen."""
    within = choice.admits(tables, columns.r, columns.f, columns.g)
    kept = Columns()
    kept.add(tables, columns.r[within], columns.f[within], columns.g[within])
    return kept


def proposal_of(problem: Problem, solved: Solved, *, effort: Effort, seed: int) -> Proposal:
    """Present what was found, with `weight` as something to be great and squares counted over everybody."""
    before = sum(person.load**2 for person in problem.facilitators)

    def said(name: str, cost: int) -> int:
        return -cost if name == "weight" else cost + before * (name == "load_squares")

    unproven = next((line for line in solved.lines if not line.proven), None)
    gap = None
    if unproven is not None:
        value, bound = said(unproven.name, unproven.value), said(unproven.name, unproven.bound)
        gap = Gap(unproven.name, value, bound, abs(value - bound) / max(1, abs(value)))
    return Proposal(
        pairs=solved.plan,
        unallocated=reasons_for_unallocated(problem, solved.plan, seed=seed),
        objective=objective(problem, solved.plan),
        bound={line.name: said(line.name, line.bound) for line in solved.lines},
        gap=gap,
        seconds=effort.spent,
        seed=seed,
    )
