"""Score a pair for one request, line by line, so that two pairs can be compared and the difference told."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from jags.allocation.engine.problem import Facilitator, Request
from jags.allocation.rules import Rule, in_checking_order

TIE_COST_BITS = 20
"""Tie costs lie below 2**20, so that their sum over a whole plan stays exact in a solver's floating point."""


class PairScore(NamedTuple):
    """What a pair costs; less is better, and each line decides only ties of the line before it.

    `soft` counts members from the requester's own agency, and one if the request is transitional and neither is trained
    for it. `load_squares` is by how much the sum of squared loads grows. `tie` comes from a hash. `pair` holds the two
    ids, smaller first, so that no two pairs are equal.
    """

    soft: int
    load_squares: int
    travel: int
    tie: int
    pair: tuple[str, str]


class MemberCost(NamedTuple):
    """What one person adds to the score of every pair that they are in."""

    soft: int
    load_squares: int
    travel: int
    tie: int


def tie_costs(seed: int, request_id: str) -> Callable[[str], int]:
    """Return the function from facilitator id to tie cost for one request and seed.

    The cost is the top 20 bits of BLAKE2b over seed, request id and facilitator id, so anybody can check that a tie
    was not decided by hand.
    """
    prefix = blake2b(f"{seed}\0{request_id}\0".encode(), digest_size=8)

    def tie_cost(facilitator_id: str) -> int:
        digest = prefix.copy()
        digest.update(facilitator_id.encode())
        return int.from_bytes(digest.digest()) >> (64 - TIE_COST_BITS)

    return tie_cost


def growth_of_squares(load: int) -> int:
    """Return (load + 1)² - load²: what one more session adds to the sum of squared loads."""
    return 2 * load + 1


def member_cost(request: Request, facilitator: Facilitator, tie_cost: Callable[[str], int]) -> MemberCost:
    """Score one person's share of a pair."""
    return MemberCost(
        soft=int(facilitator.agency == request.agency),
        load_squares=growth_of_squares(facilitator.load),
        travel=request.travel.get(facilitator.id, 0),
        tie=tie_cost(facilitator.id),
    )


def lacks_training(request: Request, first: Facilitator, second: Facilitator) -> bool:
    """Say whether transitional safeguarding features and nobody in the pair is trained for it."""
    return request.transitional and not (first.transitional or second.transitional)


def soft_rules_broken(request: Request, first: Facilitator, second: Facilitator) -> tuple[Rule, ...]:
    """Name the rules behind the line `soft` that a pair breaks, each once."""
    broken = set()
    if request.agency in (first.agency, second.agency):
        broken.add(Rule.REQUESTERS_AGENCY)
    if lacks_training(request, first, second):
        broken.add(Rule.NOBODY_TRAINED)
    return in_checking_order(frozenset(broken))


def score_pair(
    request: Request, first: Facilitator, second: Facilitator, tie_cost: Callable[[str], int]
) -> PairScore:
    """Score a pair, whether or not it is valid; the order of the two does not matter."""
    left, right = member_cost(request, first, tie_cost), member_cost(request, second, tie_cost)
    return PairScore(
        soft=left.soft + right.soft + lacks_training(request, first, second),
        load_squares=left.load_squares + right.load_squares,
        travel=left.travel + right.travel,
        tie=left.tie + right.tie,
        pair=(min(first.id, second.id), max(first.id, second.id)),
    )
