"""Find the cheapest pairs among given people without looking at every pair.

A pair's cost is the sum of what its two members add, plus one soft point when a transitional request gets nobody trained.
People are therefore taken from a heap, cheapest first, and each is paired with those taken before. Once `limit` pairs are
known and the next person together with the very cheapest would already cost more than the worst of them, no pair that is
still to come can enter: the answer is exact. Which earlier people fit is kept as bits of integers, one for each half-day
and agency, so that even a pool in which hardly anybody fits takes a number of steps linear in its size.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop
from types import MappingProxyType
from typing import NamedTuple

from jags.allocation.engine.problem import Facilitator, Request
from jags.allocation.engine.rules import suitable_slots
from jags.allocation.engine.scoring import PairScore, growth_of_squares, tie_costs

Cost = tuple[int, int, int, int, int]
"""Rules set aside, then the additive lines of `PairScore`: soft, load_squares, travel, tie."""

NOTHING_SET_ASIDE: Mapping[str, int] = MappingProxyType({})


class FoundPair(NamedTuple):
    """A pair with the number of rules that were set aside for it; compares by set_aside, then score."""

    set_aside: int
    score: PairScore
    first: Facilitator
    second: Facilitator


@dataclass(slots=True)
class _Taken:
    """The people taken so far, cheapest first: person n is bit n of every integer."""

    people: list[tuple[Cost, Facilitator]] = field(default_factory=list)
    everybody: int = 0
    trained: int = 0
    free_always: int = 0
    free_in: dict[int, int] = field(default_factory=dict)
    of_agency: dict[str, int] = field(default_factory=dict)

    def add(self, cost: Cost, facilitator: Facilitator, slots: frozenset[int] | None) -> None:
        bit = 1 << len(self.people)
        self.people.append((cost, facilitator))
        self.everybody |= bit
        self.of_agency[facilitator.agency] = self.of_agency.get(facilitator.agency, 0) | bit
        if facilitator.transitional:
            self.trained |= bit
        if slots is None:
            self.free_always |= bit
        else:
            for slot in slots:
                self.free_in[slot] = self.free_in.get(slot, 0) | bit

    def sharing_a_slot(self, slots: frozenset[int] | None) -> int:
        if slots is None:
            return self.everybody
        bits = self.free_always
        for slot in slots:
            bits |= self.free_in.get(slot, 0)
        return bits


def cheapest_pairs(
    request: Request,
    people: Iterable[Facilitator],
    *,
    limit: int,
    seed: int,
    set_aside: Mapping[str, int] = NOTHING_SET_ASIDE,
    any_agency: bool = False,
    any_slot: bool = False,
) -> list[FoundPair]:
    """Return up to `limit` cheapest pairs of `people`, cheapest first: exactly those that brute force would return.

    `limit` is at least 1. The caller has chosen the people by capacity and blocks. Two agencies and a common half-day are required here unless
    `any_agency` or `any_slot` is set. `set_aside` charges a person with rules set aside for them, the first line of cost.
    """
    best: list[FoundPair] = []
    people = list(people)
    # Where nobody at all is trained, every pair pays for that, and the search may stop as early as without the rule.
    nobody_trained = request.transitional and not any(person.transitional for person in people)
    taken = _Taken()
    for cost, facilitator in _cheapest_first(request, people, seed=seed, set_aside=set_aside):
        slots = None if any_slot else suitable_slots(request, facilitator)
        if slots is not None and not slots:
            continue
        untrained_cost = (cost[0], cost[1] + 1, *cost[2:])
        if len(best) == limit:
            least = _sum(taken.people[0][0], untrained_cost if nobody_trained else cost)
            if least > _cost_of(best[-1]):
                break
        partners = taken.sharing_a_slot(slots)
        if not any_agency:
            partners &= ~taken.of_agency.get(facilitator.agency, 0)
        if request.transitional and not facilitator.transitional:
            _keep_cheapest(best, limit, taken, partners & taken.trained, cost, facilitator)
            _keep_cheapest(best, limit, taken, partners & ~taken.trained, untrained_cost, facilitator)
        else:
            _keep_cheapest(best, limit, taken, partners, cost, facilitator)
        taken.add(cost, facilitator, slots)
    return best


def _keep_cheapest(
    best: list[FoundPair], limit: int, taken: _Taken, partners: int, cost: Cost, facilitator: Facilitator
) -> None:
    """Add this person's pairs with `partners` to `best`, stopping at the first partner that is too dear."""
    while partners:
        lowest = partners & -partners
        partners ^= lowest
        partner_cost, partner = taken.people[lowest.bit_length() - 1]
        total = _sum(partner_cost, cost)
        if len(best) == limit and total > _cost_of(best[-1]):
            return
        first, second = (partner, facilitator) if partner.id < facilitator.id else (facilitator, partner)
        insort(
            best,
            FoundPair(total[0], PairScore(*total[1:], (first.id, second.id)), first, second),
            key=_set_aside_then_score,
        )
        del best[limit:]


def _cheapest_first(
    request: Request, people: Iterable[Facilitator], *, seed: int, set_aside: Mapping[str, int]
) -> Iterator[tuple[Cost, Facilitator]]:
    """Yield people by cost, then id; tie costs are hashed only for those who are reached."""
    travel, own_agency, tie_cost = request.travel, request.agency, tie_costs(seed, request.id)
    alike: dict[tuple[int, int, int, int], list[Facilitator]] = {}
    for person in people:
        line = (
            set_aside.get(person.id, 0),
            int(person.agency == own_agency),
            growth_of_squares(person.load),
            travel.get(person.id, 0),
        )
        alike.setdefault(line, []).append(person)
    lines = list(alike)
    heapify(lines)
    while lines:
        line = heappop(lines)
        tied = [(tie_cost(person.id), person.id, person) for person in alike[line]]
        heapify(tied)
        while tied:
            tie, _, person = heappop(tied)
            yield (*line, tie), person


def _sum(left: Cost, right: Cost) -> Cost:
    return (
        left[0] + right[0],
        left[1] + right[1],
        left[2] + right[2],
        left[3] + right[3],
        left[4] + right[4],
    )


def _cost_of(pair: FoundPair) -> Cost:
    score = pair.score
    return (pair.set_aside, score.soft, score.load_squares, score.travel, score.tie)


def _set_aside_then_score(pair: FoundPair) -> tuple[int, PairScore]:
    return pair.set_aside, pair.score
