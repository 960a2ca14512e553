"""Find the pair for one request after a facilitator has stepped back: whoever has accepted is kept if that is possible."""

from __future__ import annotations

from dataclasses import dataclass

from jags.allocation.engine.planning.standby import standby_pair
from jags.allocation.engine.problem import Problem
from jags.allocation.engine.ranking import RankedPair, pairs_with, rank_pairs


@dataclass(frozen=True, slots=True)
class Changed:
    """The pair, who could step in for it (nobody is told and nothing is held), and whether who had accepted is released."""

    pair: RankedPair
    standby: RankedPair | None
    released: bool


def change_pair(problem: Problem, request_id: str, kept: str | None, *, seed: int = 0) -> Changed | None:
    """Return the best pair that moves the fewest people; None when no pair is valid.

    Exact: the same pair as planning this one request with `kept` in their place (`plan_waiting`), without a solver. Standing by is
    the next best partner of whoever is kept, otherwise the best pair of two other people.

    Raises:
        ProblemError: the problem has no such request or facilitator.
    """
    with_kept = pairs_with(problem, request_id, kept, limit=2, seed=seed) if kept else ()
    pair = with_kept[0] if with_kept else rank_pairs(problem, request_id, limit=1, seed=seed).best
    if pair is None:
        return None
    others = standby_pair(problem, {request_id: pair.score.pair}, request_id, seed=seed)
    standby = with_kept[1] if len(with_kept) > 1 else others
    return Changed(pair, standby, released=kept is not None and not with_kept)
