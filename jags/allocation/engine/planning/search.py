"""Settle one line of the objective by branch and bound, with a bound in whole numbers at every node."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count

import numpy as np

from jags.allocation.engine.planning.bounding import SCALE, Bound, bound_at, rounded_up, scaled_prices
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.master import HALF, Columns, Frame, Master, Relaxed
from jags.allocation.engine.planning.pricing import HUGE, NOBODY, Choice, pair_costs
from jags.allocation.engine.planning.start import Pairs
from jags.allocation.engine.planning.tables import Line, Tables, Whole

KEEP = 3
"""So many of the cheapest pairs of a request join those at hand at once."""

MIP_NODES = 200
LOOK_EVERY = 64
"""HiGHS looks for a whole plan at the first node and at every so many, and gives up after so many of its own."""

NEAR = 40
"""Besides the pairs at hand, it chooses among so many of the cheapest of a request, at most."""

WIDE = 4
"""Pairs that cost so many times more than is missing to the next better value join what the relaxation takes wholly."""

WHOLE = 1e-6


class Best:
    """The best plan known, by all lines and then by the order of ids; worse ones are ignored."""

    def __init__(self, tables: Tables, lines: tuple[Line, ...], pairs: Pairs) -> None:
        self._tables, self._lines = tables, lines
        self.pairs = pairs
        self.costs = self._costs(pairs)

    def columns(self) -> tuple[Whole, Whole, Whole]:
        """Return the plan as columns: requests, and the two people of each."""
        listed = np.array(_listed(self.pairs), np.int64).reshape(-1, 3)
        return listed[:, 0], listed[:, 1], listed[:, 2]

    def offer(self, pairs: Pairs) -> None:
        """Take a plan if it is better and gives nobody more than they have."""
        given = np.zeros(len(self._tables.facilitators), np.int64)
        for pair in pairs.values():
            given[list(pair)] += 1
        costs = self._costs(pairs)
        better = (costs, _listed(pairs)) < (self.costs, _listed(self.pairs))
        if better and (given <= self._tables.capacity).all():
            self.pairs, self.costs = pairs, costs

    def _costs(self, pairs: Pairs) -> tuple[int, ...]:
        return tuple(self._tables.cost(line, pairs) for line in self._lines)


def _listed(pairs: Pairs) -> list[tuple[int, int, int]]:
    return sorted((r, f, g) for r, (f, g) in pairs.items())


@dataclass(frozen=True, slots=True)
class Settled:
    """How far a line was settled: the bound on it, whether it is proven, and the bound at the root."""

    bound: int
    proven: bool
    root: Bound


@dataclass(order=True, slots=True)
class _Node:
    bound: int
    depth: int
    number: int
    choice: Choice = field(compare=False)
    must: np.ndarray = field(compare=False)


class Guard:
    """Watches over a budget: what a node can still have without exceeding it."""

    def __init__(self, tables: Tables, frame: Frame, place: int, columns: Columns) -> None:
        self._tables, self._budget = tables, frame.budgets[place]
        self._frame = replace(frame, budgets=frame.budgets[:place])
        self._master = Master(tables, self._budget.line, self._frame, columns)

    def within_budget(self, choice: Choice, must: np.ndarray, effort: Effort) -> Choice | None:
        """Leave out the pairs that would exceed the budget; None if every plan would."""
        frame = replace(self._frame, must=must)
        self._master.allow(choice, must)
        while True:
            effort.step(self._budget.line.name)
            relaxed = self._master.relax(seconds=effort.left)
            if relaxed is None:
                return choice
            prices = scaled_prices(frame, relaxed.prices, relaxed.budget_prices)
            bound = bound_at(self._tables, self._budget.line, frame, choice, *prices, keep=KEEP)
            if bound.scaled > self._budget.value * SCALE:
                return None
            choice = _cut_down(choice, bound, self._budget.value * SCALE - bound.scaled)
            added = _add_missing(self._master, bound, relaxed)
            if not added:
                return choice


def _add_missing(master: Master, bound: Bound, relaxed: Relaxed) -> bool:
    """Add the cheapest of what costs less than its request pays, and sessions that pay; say whether anything was missing."""
    found = bound.found
    pays = relaxed.request_prices[found.r] * SCALE
    wanted = np.nonzero(found.cost < pays - SCALE * master.scale * WHOLE)[0]
    wanted = wanted[np.lexsort((found.cost[wanted], found.r[wanted]))]
    first = np.searchsorted(found.r[wanted], found.r[wanted])
    wanted = wanted[np.arange(len(wanted)) - first < KEEP]
    added = master.add(found.r[wanted], found.f[wanted], found.g[wanted])
    return master.more_units(relaxed) or added > 0


def _cut_down(choice: Choice, bound: Bound, slack: int) -> Choice:
    """Leave out listed pairs that cost more than the least and the slack."""
    if choice.listed is None:
        return choice
    dear = bound.found.cost > bound.base[bound.found.r] + slack
    return replace(choice, listed=choice.listed.only(~dear))


class LineSearch:
    """The search for the best plan in one line, among plans that are best in the lines before."""

    def __init__(
        self,
        tables: Tables,
        line: Line,
        place: int,
        frame: Frame,
        choice: Choice,
        best: Best,
        columns: Columns,
        effort: Effort,
        *,
        last: bool,
    ) -> None:
        self._tables, self._line, self._place, self._last = tables, line, place, last
        self._step = line.step
        self._frame, self._choice, self._best = frame, choice, best
        self._effort = effort
        self._master = Master(tables, self._line, frame, columns)
        self._guards = (
            [Guard(tables, frame, place, columns) for place in range(len(frame.budgets))]
            if choice.listed is not None
            else []
        )
        self._numbers = count()
        self._heap: list[_Node] = []
        self._open_bound: int | None = None

    @property
    def columns(self) -> Columns:
        """The pairs at hand, to begin the next line with."""
        return self._master.columns

    @property
    def _value(self) -> int:
        return self._best.costs[self._place]

    def run(self, first: Bound) -> Settled:
        """Search until the line is settled or the effort spent; `first` is a bound known already."""
        self._root = first
        self._push(first.scaled, 0, self._choice, self._frame.must)
        given_up: list[int] = []
        while self._heap and not self._done(self._heap[0].bound):
            if self._effort.over:
                break
            node = heappop(self._heap)
            left_open = self._process(node)
            if left_open is not None:
                given_up.append(left_open)
        unsettled = [node.bound for node in self._heap if not self._done(node.bound)]
        unsettled += [bound for bound in given_up if not self._done(bound)]
        bound = min([rounded_up(one, self._step) for one in unsettled], default=self._value)
        return Settled(min(bound, self._value), not unsettled, self._root)

    def _done(self, scaled: int) -> bool:
        """Say whether a bound rules out anything better; on the last line, anything as good as well."""
        whole = rounded_up(scaled, self._step)
        return whole > self._value if self._last else whole >= self._value

    def _push(self, bound: int, depth: int, choice: Choice, must: np.ndarray) -> None:
        heappush(self._heap, _Node(bound, -depth, next(self._numbers), choice, must))

    def _process(self, node: _Node) -> int | None:
        """Work on one node; return its bound if it had to be left open."""
        frame = replace(self._frame, must=node.must)
        for guard in self._guards:
            choice = guard.within_budget(node.choice, node.must, self._effort)
            if choice is None:
                return None
            node = replace(node, choice=choice)
        relaxed, bound = self._relax(node, frame)
        if bound is None:
            return node.bound
        node = replace(node, bound=max(bound.scaled, node.bound))
        if relaxed is None or self._done(node.bound):
            return node.bound
        whole = self._whole(relaxed)
        if whole is None:
            self._divide(node, relaxed, bound)
            return None
        self._best.offer(whole)
        if self._last and not self._done(node.bound):
            self._others(node, frame, bound, whole)
            return None
        return node.bound

    def _divide(self, node: _Node, relaxed: Relaxed, bound: Bound) -> None:
        """Narrow a node down, look for a plan in it from time to time, and divide it unless that settled it."""
        slack = (self._value - self._step * (not self._last)) * SCALE - bound.scaled
        node = replace(node, choice=_cut_down(node.choice, bound, slack))
        # On the last line a plan is known that is hard to beat, and dividing finds better ones by itself for a while.
        if node.number % LOOK_EVERY == 0 and (node.number or not self._last):
            self._look_for_plan(node, relaxed, bound)
        if not self._done(node.bound):
            self._branch(node, relaxed)

    def _relax(self, node: _Node, frame: Frame) -> tuple[Relaxed | None, Bound | None]:
        """Add the pairs that prices ask for until none is missing or the bound suffices."""
        self._master.allow(node.choice, node.must)
        best: Bound | None = None
        relaxed: Relaxed | None = None
        while True:
            if self._effort.over:
                return None, best
            self._effort.step(self._line.name)
            relaxed = self._master.relax(seconds=self._effort.left)
            if relaxed is None:
                return None, best
            prices = scaled_prices(frame, relaxed.prices, relaxed.budget_prices)
            bound = bound_at(self._tables, self._line, frame, node.choice, *prices, keep=KEEP)
            if best is None or bound.scaled > best.scaled:
                best = bound
            if self._done(best.scaled):
                if node.depth == 0:
                    best = self._rounder(frame, node.choice, best)
                    self._root = best
                return relaxed, best
            if node.depth == 0 and bound.scaled > self._root.scaled:
                self._root = bound
            if not _add_missing(self._master, bound, relaxed):
                return relaxed, best

    def _rounder(self, frame: Frame, choice: Choice, bound: Bound) -> Bound:
        """Try the same prices as whole numbers: where they do as well, the bound is met exactly and nothing is left to guard."""
        whole = (bound.prices + SCALE // 2) // SCALE * SCALE
        rounded = bound_at(self._tables, self._line, frame, choice, whole, bound.budget_prices, keep=KEEP)
        return rounded if rounded.scaled >= bound.scaled else bound

    def _whole(self, relaxed: Relaxed) -> Pairs | None:
        """Return the plan that the relaxation is, if it takes every pair wholly or not at all."""
        taken = relaxed.taken
        if relaxed.short or (np.abs(taken - np.rint(taken)) > WHOLE).any():
            return None
        return _pairs_at(self._master.columns, np.nonzero(taken > HALF)[0].tolist())

    def _look_for_plan(self, node: _Node, relaxed: Relaxed, bound: Bound) -> None:
        """Let HiGHS look for a whole plan among pairs that are cheap at the prices of the bound.

        First what the relaxation takes wholly is kept, which leaves little to decide. Then all is open, but only few pairs take part: a
        plan that costs so much more than the bound has no pair that costs more than this beyond the cheapest.
        """
        frame = replace(self._frame, must=node.must)
        found = bound_at(
            self._tables, self._line, frame, node.choice, bound.prices, bound.budget_prices, keep=NEAR
        ).found
        at_hand, near = self._master.columns, Columns()
        near.add(self._tables, at_hand.r, at_hand.f, at_hand.g)
        near.add(self._tables, found.r, found.f, found.g)
        beyond = pair_costs(self._tables, bound.costs, near.r, near.f, near.g) - bound.base[near.r]
        whole = np.nonzero(relaxed.taken > 1 - WHOLE)[0]
        decided = np.zeros(len(self._tables.requests), bool)
        decided[at_hand.r[whole]] = True
        aim = rounded_up(node.bound, self._step)
        slack = max(self._step * SCALE // 4, aim * SCALE - bound.scaled)
        keeping, window = True, WIDE * slack
        while aim < self._value and not self._effort.over:
            self._effort.step(self._line.name)
            most = (self._value - self._step) * SCALE - bound.scaled
            within = (beyond <= min(window, most)) & ~(keeping & decided[near.r])
            chosen = Columns()
            chosen.add(self._tables, near.r[within], near.f[within], near.g[within])
            if keeping:
                chosen.add(self._tables, at_hand.r[whole], at_hand.f[whole], at_hand.g[whole])
            master = Master(self._tables, self._line, frame, chosen, self._master.units)
            places = master.plan(node.choice, seconds=self._effort.left, nodes=MIP_NODES, until=aim)
            self._best.offer(_pairs_at(master.columns, places))
            # With few enough pairs to be listed, dividing does the rest more quickly.
            if (places and node.choice.listed is not None) or (window >= most and not keeping):
                break
            keeping, window = False, slack // 4 if keeping else 2 * window

    def _branch(self, node: _Node, relaxed: Relaxed) -> None:
        """Divide on whether one person is among the two of one request: the one most in doubt."""
        columns = self._master.columns
        size = len(self._tables.facilitators)
        share = np.zeros(len(self._tables.requests) * size)
        np.add.at(share, columns.r * size + columns.f, relaxed.taken)
        np.add.at(share, columns.r * size + columns.g, relaxed.taken)
        doubt = np.abs(share - np.rint(share))
        r, f = divmod(int(np.argmax(np.round(doubt, 6))), size)
        self._push(node.bound, -node.depth + 1, *self._with(node, r, f))
        self._push(node.bound, -node.depth + 1, *self._without(node, r, f))

    def _with(self, node: _Node, r: int, f: int) -> tuple[Choice, np.ndarray]:
        must = node.must.copy()
        must[r] = True
        return node.choice.requiring(r, f), must

    def _without(self, node: _Node, r: int, f: int) -> tuple[Choice, np.ndarray]:
        return node.choice.without(r, f), node.must

    def _others(self, node: _Node, frame: Frame, bound: Bound, pairs: Pairs) -> None:
        """Open what could be exactly as good as a plan that was found: it must do without one of its people somewhere."""
        choice, must = node.choice, node.must
        for position in (0, 1):
            apart = node.choice
            allowed = apart.allowed.copy()
            for r, pair in pairs.items():
                allowed[r, pair[position]] = False
            if apart.listed is not None:
                listed = apart.listed
                apart = replace(
                    apart, listed=listed.only(allowed[listed.r, listed.f] & allowed[listed.r, listed.g])
                )
            apart = replace(apart, allowed=allowed, required=_nobody(self._tables))
            without = bound_at(
                self._tables, self._line, frame, apart, bound.prices, bound.budget_prices, keep=1
            )
            for r in sorted(pairs):
                other = max(node.bound, bound.scaled - int(bound.base[r]) + int(without.base[r]))
                if without.base[r] < HUGE and not self._done(other):
                    now = replace(node, choice=choice, must=must)
                    self._push(other, 1 - node.depth, *self._without(now, r, pairs[r][position]))
                    choice, must = self._with(now, r, pairs[r][position])


def _nobody(tables: Tables) -> Whole:
    return np.full(len(tables.requests), NOBODY, np.int64)


def _pairs_at(columns: Columns, places: list[int]) -> Pairs:
    return {int(columns.r[n]): (int(columns.f[n]), int(columns.g[n])) for n in places}
