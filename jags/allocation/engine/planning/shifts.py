"""Improve a plan by chains: somebody takes over a session, whoever had it is freed, and so on to somebody with room.

Chains are augmenting paths, as in matching. What they cannot improve is usually the best there is in the first three lines,
and who can reach whom then says at which prices of sessions this can be proven (`levels`).
"""

from __future__ import annotations

from collections import deque

import numpy as np

from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.pricing import HUGE, NOBODY, Choice, Costs, cheapest
from jags.allocation.engine.planning.start import LINE_BITS, Pairs, by_weight
from jags.allocation.engine.planning.tables import Line, Tables, Truth, Whole

TRIES = 12
"""So many pairs are tried for a request before it is left as it is."""

Chain = list[tuple[int, int, int]]
"""Who gives up which request to whom."""


class Shifts:
    """A plan, what everybody is given in it, and who could replace whom.

    A replacement keeps the pair valid, is `allowed` for the request, and never costs more in the soft rules.
    """

    def __init__(self, tables: Tables, soft: Line, pairs: Pairs, allowed: Truth) -> None:
        self._tables, self._soft, self._allowed = tables, soft, allowed
        self.pairs: Pairs = {}
        self.given = np.zeros(len(tables.facilitators), np.int64)
        # self._swaps[f] are (request, who may replace f there), for every request of f.
        self._swaps: dict[int, dict[int, Truth]] = {}
        for r, pair in pairs.items():
            self._put(r, pair)

    @property
    def load(self) -> Whole:
        """Everybody's load with what the plan gives them."""
        load: Whole = self._tables.load + self.given
        return load

    @property
    def room(self) -> Truth:
        """Who could give one more session."""
        room: Truth = self.given < self._tables.capacity
        return room

    def serve(self, r: int) -> bool:
        """Give a request a pair that costs less in the soft rules than the one it has, if it has one; say whether that was possible.

        Whoever of the pair has no room is freed by a chain first.
        """
        before = dict(self.pairs)
        pair = self.pairs.get(r)
        below = HUGE if pair is None else self._soft_cost(r, pair)
        if pair is not None:
            self._take(r)
        allowed = self._allowed[r].copy()
        for _ in range(TRIES):
            found = self._least_soft(r, allowed)
            if found is None or self._soft_cost(r, found) >= below:
                break
            stuck = next((one for one in found if not self._free(one, found)), None)
            if stuck is None:
                self._put(r, found)
                return True
            allowed[stuck] = False
        self._back_to(before)
        return False

    def balance(self, effort: Effort) -> None:
        """Shift sessions from the busiest to the less busy (by two or more), as long as that makes loads fairer."""
        stuck = np.zeros(len(self.given), bool)
        while not effort.over:
            load = self.load
            busy = np.nonzero((self.given > 0) & ~stuck)[0]
            if not len(busy):
                break
            busiest = int(busy[np.argmax(load[busy])])
            chain, reached = self._chain(busiest, self.room & (load <= load[busiest] - 2))
            if chain:
                self._shift(chain)
            else:
                # Whoever was reached and is no busier reaches nobody else, so they are done with as well.
                stuck |= reached & (load <= load[busiest])

    def levels(self, highest: Whole) -> Whole:
        """Price everybody at what the next session costs the least busy person whom a chain reaches from them.

        Nobody busier than that could be relieved, nobody less busy is reached: so at these prices every session given pays, no
        further one does, and no request has a cheaper pair, as far as chains tell.
        """
        people = len(self.given)
        replaces = np.zeros((people, people), bool)
        for f, by_request in self._swaps.items():
            for fits in by_request.values():
                replaces[fits, f] = True
        following = 2 * self.load + 1
        prices = np.full(people, following.max(initial=1))
        open_ = np.ones(people, bool)
        with_room = np.nonzero(self.given < highest)[0]
        for one in with_room[np.argsort(following[with_room], kind="stable")].tolist():
            todo = [one] if open_[one] else []
            open_[one] = False
            while todo:
                now = todo.pop()
                prices[now] = following[one]
                new = np.nonzero(replaces[now] & open_)[0]
                open_[new] = False
                todo.extend(new.tolist())
        return prices

    def _soft_cost(self, r: int, pair: tuple[int, int]) -> int:
        return self._tables.cost(self._soft, {r: pair})

    def _least_soft(self, r: int, allowed: Truth) -> tuple[int, int] | None:
        """Find the pair that costs least in the soft rules, then with the fewest to be freed, then the least busy."""
        row = slice(r, r + 1)
        load = np.minimum(self.load, (1 << (LINE_BITS - 1)) - 1)
        member = (
            (self._soft.member[r] << (2 * LINE_BITS))
            + (~self.room).astype(np.int64) * (1 << LINE_BITS)
            + load
        )
        nothing = np.zeros(1, np.int64)
        costs = Costs(nothing, member[None], self._soft.untrained[row] << (2 * LINE_BITS))
        found = cheapest(
            self._tables.of_requests(row), Choice(allowed[None], np.full(1, NOBODY)), costs, keep=1
        )
        if found.best[0] == HUGE:
            return None
        place = int(np.argmin(found.cost))
        return int(found.f[place]), int(found.g[place])

    def _free(self, f: int, kept: tuple[int, int]) -> bool:
        """Make room for one more session of a person, without taking that of their partner."""
        if self.room[f]:
            return True
        goal = self.room
        goal[list(kept)] = False
        chain, _ = self._chain(f, goal)
        self._shift(chain)
        return bool(chain)

    def _put(self, r: int, pair: tuple[int, int]) -> None:
        f, g = self.pairs[r] = (min(pair), max(pair))
        for one, other in ((f, g), (g, f)):
            self.given[one] += 1
            self._swaps.setdefault(one, {})[r] = self._replacements(r, one, other)

    def _take(self, r: int) -> None:
        for one in self.pairs.pop(r):
            self.given[one] -= 1
            del self._swaps[one][r]

    def _back_to(self, before: Pairs) -> None:
        for r in [r for r, pair in self.pairs.items() if before.get(r) != pair]:
            self._take(r)
        for r, pair in before.items():
            if r not in self.pairs:
                self._put(r, pair)

    def _shift(self, chain: Chain) -> None:
        for f, r, replacement in chain:
            other = sum(self.pairs[r]) - f
            self._take(r)
            self._put(r, (other, replacement))

    def _replacements(self, r: int, f: int, g: int) -> Truth:
        """Say who may take the place of f beside g."""
        tables, soft = self._tables, self._soft
        suits = (tables.free & (tables.free[:, g] & tables.wanted[:, r])[:, None]).any(axis=0)
        fits: Truth = self._allowed[r] & (tables.agency != tables.agency[g]) & suits
        cost = soft.member[r] + soft.untrained[r] * ~(tables.trained | tables.trained[g])
        fits &= cost <= cost[f]
        fits[[f, g]] = False
        return fits

    def _chain(self, start: int, goal: Truth) -> tuple[Chain, Truth]:
        """Find the shortest chain of replacements from somebody to anybody in `goal`.

        The chain is empty if there is none; then everybody who was reached is told.
        """
        came: dict[int, tuple[int, int]] = {}
        seen = np.zeros(len(goal), bool)
        seen[start] = True
        queue = deque([start])
        while queue and goal.any():
            f = queue.popleft()
            for r, fits in self._swaps.get(f, {}).items():
                new = fits & ~seen
                if not new.any():
                    continue
                seen |= new
                for replacement in np.nonzero(new)[0].tolist():
                    came[replacement] = (f, r)
                for end in np.nonzero(new & goal)[0][:1].tolist():
                    chain = _walk(came, end, start)
                    if chain:
                        return chain, seen
                queue.extend(np.nonzero(new)[0].tolist())
        return [], seen


def _walk(came: dict[int, tuple[int, int]], end: int, start: int) -> Chain:
    """Go back along a chain; it counts only if it changes no request twice, as each change looks at the pair as it was."""
    chain, used = [], set()
    while end != start:
        f, r = came[end]
        if r in used:
            return []
        used.add(r)
        chain.append((f, r, end))
        end = f
    return chain


def improved(
    tables: Tables, lines: tuple[Line, ...], pairs: Pairs, allowed: Truth, *, effort: Effort
) -> Shifts:
    """Serve whom chains can serve, the weightiest first, then mind the soft rules, then even out the loads."""
    soft = next(line for line in lines if line.name == "soft")
    shifts = Shifts(tables, soft, pairs, allowed)
    for r in by_weight(tables).tolist():
        if not effort.over and (r not in shifts.pairs or tables.cost(soft, {r: shifts.pairs[r]})):
            shifts.serve(r)
    shifts.balance(effort)
    return shifts
