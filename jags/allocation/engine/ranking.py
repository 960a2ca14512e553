"""Rank the valid pairs for one request, best first and provably so."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest

from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.rules import common_slots, removing_rule
from jags.allocation.engine.scoring import PairScore, score_pair, tie_costs
from jags.allocation.engine.search import cheapest_pairs


@dataclass(frozen=True, slots=True)
class RankedPair:
    """A valid pair; `first` has the smaller id, `common_slots` is None when nobody recorded any dates."""

    score: PairScore
    first: Facilitator
    second: Facilitator
    common_slots: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best pairs for one request, best first; empty when no pair is valid."""

    request: Request
    pairs: tuple[RankedPair, ...]
    seed: int

    @property
    def best(self) -> RankedPair | None:
        """The best pair of all, if any is valid."""
        return self.pairs[0] if self.pairs else None


def rank_pairs(problem: Problem, request_id: str, *, limit: int = 10, seed: int = 0) -> Ranking:
    """Return the `limit` best valid pairs for one request.

    Exact: the same pairs in the same order as scoring every pair, whatever the order of the pool.

    Raises:
        ProblemError: the problem has no such request.
        ValueError: `limit` is below 1.
    """
    if limit < 1:
        raise ValueError("At least one pair must be asked for.")
    request = problem.request(request_id)
    blocked = request.blocked
    people = [person for person in problem.facilitators if person.capacity > 0 and person.id not in blocked]
    return Ranking(
        request=request,
        pairs=tuple(
            RankedPair(
                found.score, found.first, found.second, common_slots(request, found.first, found.second)
            )
            for found in cheapest_pairs(request, people, limit=limit, seed=seed)
        ),
        seed=seed,
    )


def best_pair_with(
    problem: Problem, request_id: str, facilitator_id: str, *, seed: int = 0
) -> RankedPair | None:
    """Return the best valid pair that contains one person, by scoring every partner; None when there is none.

    Raises:
        ProblemError: the problem has no such request or facilitator.
    """
    return next(iter(pairs_with(problem, request_id, facilitator_id, limit=1, seed=seed)), None)


def pairs_with(
    problem: Problem, request_id: str, facilitator_id: str, *, limit: int = 10, seed: int = 0
) -> tuple[RankedPair, ...]:
    """Return the `limit` best valid pairs that contain one person, best first, by scoring every partner.

    Raises:
        ProblemError: the problem has no such request or facilitator.
    """
    request, person = problem.request(request_id), problem.facilitator(facilitator_id)
    tie_cost = tie_costs(seed, request.id)
    scored = (
        (score_pair(request, person, partner, tie_cost), partner)
        for partner in problem.facilitators
        if partner.id != person.id and removing_rule(request, person, partner) is None
    )
    return tuple(
        RankedPair(
            score,
            *((person, partner) if person.id < partner.id else (partner, person)),
            common_slots(request, person, partner),
        )
        for score, partner in nsmallest(limit, scored, key=lambda found: found[0])
    )


def ranked_pair(problem: Problem, request_id: str, pair: tuple[str, str], *, seed: int = 0) -> RankedPair:
    """Return one pair as a ranking shows it, whether or not it is valid.

    Raises:
        ProblemError: the problem has no such request or facilitator.
    """
    request = problem.request(request_id)
    first, second = (problem.facilitator(one) for one in sorted(pair))
    score = score_pair(request, first, second, tie_costs(seed, request.id))
    return RankedPair(score, first, second, common_slots(request, first, second))
