"""Hold a proposal: a plan for all requests, what is proven of it, and why anybody is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jags.allocation.engine.planning.plan import Objective, Pair
from jags.allocation.engine.planning.reasons import WhyNot


@dataclass(frozen=True, slots=True)
class Gap:
    """The first line that is not proven: its value, the bound on it, and their distance as a part of the value."""

    line: str
    value: int
    bound: int
    part: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan for all requests.

    `bound` says for each line that no plan which is as good in the lines above can be better than this (`weight`: at most, the
    others: at least). `gap` is None exactly when `proven`.
    """

    pairs: Mapping[str, Pair]
    unallocated: Mapping[str, WhyNot]
    objective: Objective
    bound: Mapping[str, int]
    gap: Gap | None
    seconds: float
    seed: int

    @property
    def proven(self) -> bool:
        """Whether this is proven to be the best plan in every line, ties included."""
        return self.gap is None
