"""Replay past problems under other weights, capacity or rules, and say what would have been different."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.other_rules import AS_IT_STANDS, OtherRules
from jags.allocation.engine.planning.proposal import Proposal
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past problem, planned as it was and as it would have been, and the requests that differ (ids, in order).

    `gained` would have had a pair and `lost` none; `changed` would have had another pair.
    """

    was: Proposal
    would_be: Proposal
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    changed: tuple[str, ...]


def replay(
    problems: Sequence[Problem],
    other: OtherRules,
    *,
    effort: Callable[[], Effort],
    now: OtherRules = AS_IT_STANDS,
    seed: int = 0,
) -> tuple[Replayed, ...]:
    """Plan each problem twice, by the rules of `now` and by `other` ones, with a new `effort` each time.

    Each problem is taken as it was recorded: what other rules would have done to the loads of later ones is not guessed.
    """
    return tuple(
        _differences(
            propose(now.applied_to(problem), effort=effort(), seed=seed),
            propose(other.applied_to(problem), effort=effort(), seed=seed),
        )
        for problem in problems
    )


def _differences(was: Proposal, would_be: Proposal) -> Replayed:
    before, then = was.pairs, would_be.pairs
    return Replayed(
        was,
        would_be,
        gained=tuple(sorted(then.keys() - before.keys())),
        lost=tuple(sorted(before.keys() - then.keys())),
        changed=tuple(sorted(one for one in before.keys() & then.keys() if before[one] != then[one])),
    )
