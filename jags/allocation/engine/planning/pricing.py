"""Find the cheapest pairs of every request at once under given prices, exactly, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jags.allocation.engine.planning.tables import Tables, Truth, Whole

HUGE = 1 << 62
"""More than anything costs: stands for "there is none"."""

NOBODY = -1

FIRST_LOOK = 24
"""So many of the cheapest people of a request are paired first; most requests need no more."""

MOST_CELLS = 1_000_000
"""At most so many pairs are laid out at once, which bounds memory."""

LOOKS = 4
MOST_LOOKED_THROUGH = 30_000_000
"""Pairs are listed in small looks, so that too many are noticed early, and not at all if so many would be looked at."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What a pair costs each request: `request[r] + member[r, f] + member[r, g]`, and `untrained[r]` where it applies."""

    request: Whole
    member: Whole
    untrained: Whole


@dataclass(frozen=True, slots=True)
class Limit:
    """A pair may be chosen only if it costs at most `most[r]` by these costs."""

    costs: Costs
    most: Whole


@dataclass(frozen=True, slots=True)
class Found:
    """The cheapest pairs: `best[r]` is exact (`HUGE` without any); the lists hold a few of the cheapest of each request."""

    best: Whole
    r: Whole
    f: Whole
    g: Whole
    cost: Whole


@dataclass(frozen=True, slots=True)
class Listed:
    """Pairs written out one by one, in the order of their keys."""

    r: Whole
    f: Whole
    g: Whole

    def only(self, which: Truth) -> Listed:
        """Keep some of the pairs."""
        return Listed(self.r[which], self.f[which], self.g[which])

    def having(self, r: int, f: int) -> Truth:
        """Say which are pairs of this request with this person."""
        having: Truth = (self.r == r) & ((self.f == f) | (self.g == f))
        return having

    def keys(self, tables: Tables) -> Whole:
        """Return a number for each pair that no other pair has."""
        size = len(tables.facilitators)
        return (self.r * size + self.f) * size + self.g


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pairs may be chosen: members that are allowed, one who is required (or `NOBODY`), and limits on costs.

    Once few enough are left they are `listed`, which then is all that counts; the rest stays as it was.
    """

    allowed: Truth
    required: Whole
    limits: tuple[Limit, ...] = ()
    listed: Listed | None = None

    def without(self, r: int, f: int) -> Choice:
        """Keep one person out of the pair of one request."""
        if self.listed is not None:
            return replace(self, listed=self.listed.only(~self.listed.having(r, f)))
        allowed = self.allowed.copy()
        allowed[r, f] = False
        return replace(self, allowed=allowed)

    def requiring(self, r: int, f: int) -> Choice:
        """Have one person in the pair of one request."""
        if self.listed is not None:
            return replace(self, listed=self.listed.only((self.listed.r != r) | self.listed.having(r, f)))
        required, allowed = self.required.copy(), self.allowed
        if required[r] == NOBODY:
            required[r] = f
        else:
            allowed = allowed.copy()
            both = [int(required[r]), f]
            kept = allowed[r, both]
            allowed[r] = False
            allowed[r, both] = kept
        return replace(self, required=required, allowed=allowed)

    def admits(self, tables: Tables, r: Whole, f: Whole, g: Whole) -> Truth:
        """Say which of some pairs may be chosen."""
        if self.listed is not None:
            sought, listed = Listed(r, f, g).keys(tables), self.listed.keys(tables)
            known: Truth = np.append(listed, -1)[np.searchsorted(listed, sought)] == sought
            return known
        required = self.required[r]
        within: Truth = self.allowed[r, f] & self.allowed[r, g]
        within &= (required == NOBODY) | (required == f) | (required == g)
        for limit in self.limits:
            within &= pair_costs(tables, limit.costs, r, f, g) <= limit.most[r]
        return within


def cheapest(tables: Tables, choice: Choice, costs: Costs, *, keep: int) -> Found:
    """Find the `keep` cheapest pairs of each request among those looked at, the very cheapest for certain.

    People are paired from the cheapest on. As soon as the cheapest with the next who was not looked at would cost more
    than the best pair known, no other pair can be better; where that is not yet so, more people are looked at.
    """
    best = np.full(len(tables.requests), HUGE, np.int64)
    if choice.listed is not None:
        listed = choice.listed
        cost = pair_costs(tables, costs, listed.r, listed.f, listed.g)
        np.minimum.at(best, listed.r, cost)
        return Found(best, listed.r, listed.f, listed.g, cost)
    todo = np.arange(len(tables.requests))
    parts: list[tuple[Whole, Whole, Whole, Whole]] = []
    width = FIRST_LOOK
    everybody = len(tables.facilitators)
    while len(todo) and everybody:
        width = min(width, everybody)
        undecided = []
        step = max(1, MOST_CELLS // max(1, width * (width - 1) // 2))
        for start in range(0, len(todo), step):
            chunk = todo[start : start + step]
            settled, part = _look(tables, choice, costs, chunk, width, keep)
            undecided.append(chunk[~settled])
            r, _, _, cost = part
            np.minimum.at(best, r, cost)
            parts.append(part)
        todo = np.concatenate(undecided)
        width *= 4
    r, f, g, cost = (
        (np.concatenate(column) for column in zip(*parts, strict=True))
        if parts
        else (np.zeros(0, np.int64),) * 4
    )
    return Found(best, r, f, g, cost)


def listed_if_few(tables: Tables, choice: Choice, *, most: int) -> Choice:
    """List the pairs that may be chosen, unless there are more than `most`."""
    if choice.listed is not None:
        return choice
    nothing = np.zeros(len(tables.requests), np.int64)
    costs = Costs(nothing, np.zeros(tables.fits.shape, np.int64), nothing)
    people = choice.allowed.sum(axis=1)
    rows = np.nonzero(people > 1)[0]
    if int((people[rows] ** 2).sum()) // 2 > MOST_LOOKED_THROUGH:
        return choice
    rows = rows[np.argsort(-people[rows], kind="stable")]
    parts, total, start = [Listed(nothing[:0], nothing[:0], nothing[:0])], 0, 0
    while start < len(rows):
        # Requests with about as many people are laid out together.
        width = int(people[rows[start]])
        step = max(1, MOST_CELLS // (LOOKS * (width * (width - 1) // 2)))
        _, (r, f, g, _) = _look(tables, choice, costs, rows[start : start + step], width, HUGE)
        parts.append(Listed(r, f, g))
        total += len(r)
        start += step
        if total > most:
            return choice
    listed = Listed(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("r", "f", "g")))
    order = np.argsort(listed.keys(tables))
    return replace(choice, listed=Listed(listed.r[order], listed.f[order], listed.g[order]))


def _look(
    tables: Tables, choice: Choice, costs: Costs, rows: Whole, width: int, keep: int
) -> tuple[Truth, tuple[Whole, Whole, Whole, Whole]]:
    """Pair the `width` cheapest people of some requests; say for which of them nobody else can matter."""
    people, next_one = _cheapest_people(choice, costs, rows, width)
    member = np.take_along_axis(costs.member[rows], people, axis=1)
    allowed = np.take_along_axis(choice.allowed[rows], people, axis=1)
    left, right = np.triu_indices(width, 1)
    valid = allowed[:, left] & allowed[:, right]
    agency, trained = tables.agency[people], tables.trained[people]
    valid &= agency[:, left] != agency[:, right]
    shared = np.zeros_like(valid)
    for free, wanted in zip(tables.free, tables.wanted, strict=True):
        suits = free[people] & wanted[rows, None]
        shared |= (suits[:, left] & suits[:, right]) != 0
    valid &= shared
    valid &= (choice.required[rows] == NOBODY)[:, None] | (left == 0)
    untrained = ~(trained[:, left] | trained[:, right])
    for limit in choice.limits:
        by_limit = _pair_costs(limit.costs, rows, people, left, right, untrained)
        valid &= by_limit <= limit.most[rows, None]
    total = costs.request[rows, None] + member[:, left] + member[:, right]
    total += np.where(untrained, costs.untrained[rows, None], 0)
    total[~valid] = HUGE
    kept = min(keep, total.shape[1])
    if kept < total.shape[1]:
        chosen = np.argpartition(total, kept - 1, axis=1)[:, :kept] if kept else np.zeros((len(rows), 0), int)
    else:
        chosen = np.broadcast_to(np.arange(kept), (len(rows), kept))
    cost = np.take_along_axis(total, chosen, axis=1)
    least = cost.min(axis=1, initial=HUGE)
    # Before the sum is taken, "there is nobody else" is told apart: HUGE must not overflow.
    more = next_one < HUGE
    floor = costs.request[rows] + member[:, 0] + np.where(more, next_one, 0)
    settled = ~more | (least <= floor)
    real = cost < HUGE
    row, _ = np.nonzero(real)
    one = np.take_along_axis(people, left[chosen], axis=1)[real]
    other = np.take_along_axis(people, right[chosen], axis=1)[real]
    return settled, (rows[row], np.minimum(one, other), np.maximum(one, other), cost[real])


def _cheapest_people(choice: Choice, costs: Costs, rows: Whole, width: int) -> tuple[Whole, Whole]:
    """Return the cheapest people, a required one first of all, and what the next one costs (`HUGE`: there is none)."""
    key = np.where(choice.allowed[rows], costs.member[rows], HUGE)
    needy = np.nonzero(choice.required[rows] != NOBODY)[0]
    key[needy, choice.required[rows[needy]]] = -HUGE
    if width < key.shape[1]:
        order = np.argpartition(key, width, axis=1)
        people = order[:, :width]
        next_one = np.take_along_axis(key, order[:, width : width + 1], axis=1)[:, 0]
    else:
        people = np.broadcast_to(np.arange(width), key.shape)
        next_one = np.full(len(rows), HUGE, np.int64)
    by_cost = np.argsort(np.take_along_axis(key, people, axis=1), axis=1, kind="stable")
    return np.take_along_axis(people, by_cost, axis=1), next_one


def pair_costs(tables: Tables, costs: Costs, r: Whole, f: Whole, g: Whole) -> Whole:
    """Return what given pairs cost."""
    untrained = ~(tables.trained[f] | tables.trained[g])
    return (
        costs.request[r]
        + costs.member[r, f]
        + costs.member[r, g]
        + np.where(untrained, costs.untrained[r], 0)
    )


def _pair_costs(
    costs: Costs, rows: Whole, people: Whole, left: Whole, right: Whole, untrained: Truth
) -> Whole:
    member = np.take_along_axis(costs.member[rows], people, axis=1)
    total = costs.request[rows, None] + member[:, left] + member[:, right]
    total += np.where(untrained, costs.untrained[rows, None], 0)
    return total
