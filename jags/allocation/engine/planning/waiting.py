"""Plan requests that wait, some of which somebody has accepted already: they are kept wherever that is possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.plan import objective
from jags.allocation.engine.planning.proposal import Proposal
from jags.allocation.engine.planning.reasons import reasons_for_unallocated
from jags.allocation.engine.planning.repair import repair
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.problem import Facilitator, Problem
from jags.allocation.engine.rules import removing_rule
from jags.allocation.rules import Rule

GONE = "\0gone"
"""Stands for everybody who has left a pair; no id of a person begins with a control character."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A proposal for requests that wait, and who has accepted one and is not needed for it any more, by request id."""

    proposal: Proposal
    released: Mapping[str, str]


def plan_waiting(problem: Problem, kept: Mapping[str, str], *, effort: Effort, seed: int = 0) -> Planned:
    """Plan all requests; `kept` names, by request, the one person who has accepted it.

    Guarantee: as `propose`, with one line before all others where somebody is kept: as few of them as can be are released. It is
    the same problem as mending a plan after one person has left it (`repair`), so it is put as that: whoever left stands as one
    person who has nothing left to give.

    Raises:
        ProblemError: `kept` names somebody or something unknown.
    """
    gone = Facilitator(GONE, GONE, max(1, len(kept)), 0, None, transitional=False)
    holding = {
        request_id: one
        for request_id, one in kept.items()
        if removing_rule(problem.request(request_id), problem.facilitator(one), gone) is None
    }
    released = {request_id: one for request_id, one in kept.items() if request_id not in holding}
    if not holding:
        return Planned(propose(problem, effort=effort, seed=seed), released)
    with_gone = Problem(
        (*problem.facilitators, gone),
        tuple(
            request
            if request.id in holding
            else replace(request, blocked={**request.blocked, GONE: (Rule.BLOCKED,)})
            for request in problem.requests
        ),
    )
    plan = {request_id: (GONE, one) for request_id, one in holding.items()}
    mended = repair(with_gone, plan, GONE, effort=effort, seed=seed).proposal
    proposal = replace(
        mended,
        unallocated=reasons_for_unallocated(problem, mended.pairs, seed=seed),
        objective=objective(problem, mended.pairs),
    )
    let_go = {r: one for r, one in holding.items() if one not in proposal.pairs.get(r, ())}
    return Planned(proposal, {**released, **let_go})
