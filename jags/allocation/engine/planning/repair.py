"""Mend a proposal when a facilitator drops out: as few people moved as can be, then the best by the objective."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.plan import Plan, check_plan, ordered
from jags.allocation.engine.planning.proposal import Proposal
from jags.allocation.engine.planning.solver import minimise, proposal_of
from jags.allocation.engine.planning.start import fill
from jags.allocation.engine.planning.tables import Line, lines_of, tables_of
from jags.allocation.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Repaired:
    """The mended proposal, and every place (request, facilitator) that somebody else than the one who left has lost."""

    proposal: Proposal
    moved: tuple[tuple[str, str], ...]


def repair(problem: Problem, plan: Plan, without: str, *, effort: Effort, seed: int = 0) -> Repaired:
    """Plan again without one facilitator.

    Guarantee: as `propose`, with one line before all others: the number of places that are lost, each a person to be told
    about one request. A request that can no longer have a pair costs its other person their place.

    Raises:
        ProblemError: the plan breaks a rule or names somebody unknown, or there is no such facilitator.
    """
    problem.facilitator(without)
    check_plan(problem, plan)
    left = replace(
        problem,
        facilitators=tuple(
            replace(person, capacity=0) if person.id == without else person for person in problem.facilitators
        ),
    )
    tables = tables_of(left)
    lines = lines_of(tables)
    place = {person.id: number for number, person in enumerate(tables.facilitators)}
    member = np.zeros(tables.fits.shape, np.int64)
    kept, keeping = {}, {}
    for r, (f, g) in tables.pairs_of(plan).items():
        remaining = [one for one in (f, g) if one != place[without]]
        member[r, remaining] = -1
        if len(remaining) == len((f, g)):
            kept[r] = (f, g)
        else:
            keeping[r] = remaining[0]
    nothing = np.zeros(len(tables.requests), np.int64)
    moves = Line("moved", nothing, member, nothing)
    start = fill(tables, lines, kept, keeping=keeping) if keeping else kept
    start = fill(tables, lines, start)
    solved = minimise(left, tables, (moves, *lines), start, effort=effort, seed=seed)
    proposal = proposal_of(left, solved, effort=effort, seed=seed)
    moved = tuple(
        (request_id, one)
        for request_id, pair in ordered(plan).items()
        for one in pair
        if one != without and one not in proposal.pairs.get(request_id, ())
    )
    return Repaired(proposal, moved)
