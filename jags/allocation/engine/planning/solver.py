"""Find the best plan for all requests, line by line of the objective, and prove it or say how far the proof got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jags.allocation.engine.planning.bounding import bound_at, narrowed
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.master import Columns, Frame
from jags.allocation.engine.planning.plan import Plan, check_plan, objective
from jags.allocation.engine.planning.pricing import NOBODY, Choice, listed_if_few
from jags.allocation.engine.planning.proposal import Gap, Proposal
from jags.allocation.engine.planning.reasons import reasons_for_unallocated
from jags.allocation.engine.planning.search import Best, LineSearch, Settled
from jags.allocation.engine.planning.start import Pairs, balance, fill
from jags.allocation.engine.planning.tables import Line, Tables, lines_of, tables_of
from jags.allocation.engine.problem import Problem

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
    lines = lines_of(tables, seed=seed)
    start = balance(tables, lines, fill(tables, lines, {}), effort=effort)
    return proposal_of(
        problem, minimise(problem, tables, lines, start, effort=effort), effort=effort, seed=seed
    )


def minimise(
    problem: Problem, tables: Tables, lines: tuple[Line, ...], start: Pairs, *, effort: Effort
) -> Solved:
    """Minimise the lines one after another, beginning from a plan that keeps every rule."""
    best = Best(tables, lines, start)
    columns = Columns()
    columns.add(tables, *best.columns())
    frame = Frame(
        lowest=np.zeros(len(tables.facilitators), np.int64),
        highest=np.minimum(tables.capacity, tables.fits.sum(axis=0)),
        must=np.zeros(len(tables.requests), bool),
    )
    choice = Choice(tables.fits, np.full(len(tables.requests), NOBODY, np.int64))
    choice = listed_if_few(tables, choice, most=MOST_LISTED)
    results = []
    nothing = np.zeros(len(tables.facilitators), np.int64)
    for place, line in enumerate(lines):
        free = bound_at(tables, line, frame, choice, nothing, np.zeros(len(frame.budgets), np.int64), keep=4)
        value = best.costs[place]
        last = place == len(lines) - 1
        # On the last line what is as good has to be looked at too, unless nobody can be chosen at all.
        enough = free.whole >= value
        if enough and not (last and choice.allowed.any()):
            settled = Settled(value, proven=True, root=free)
        else:
            if choice.listed is None:
                columns.add(tables, free.found.r, free.found.f, free.found.g)
            search = LineSearch(tables, lines, place, frame, choice, best, columns, effort)
            settled = search.run(free)
            columns = search.columns
        results.append(settled)
        if not last:
            frame, choice = narrowed(tables, line, frame, choice, settled.root, best.costs[place])
            choice = listed_if_few(tables, choice, most=MOST_LISTED)
            columns = _still_possible(tables, choice, columns)
            columns.add(tables, *best.columns())
    plan = tables.plan_of(best.pairs)
    check_plan(problem, plan)
    return Solved(
        plan,
        tuple(
            LineResult(line.name, value, settled.bound, settled.proven)
            for line, value, settled in zip(lines, best.costs, results, strict=True)
        ),
    )


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
