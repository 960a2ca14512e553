"""Climb to good prices of sessions by many cheap steps, before HiGHS polishes them.

The bound of `bound_at` is a concave function of the prices, and at any prices the difference between the sessions that the
cheapest pairs ask for and the sessions that are worth giving is a direction in which it rises (a supergradient: who is asked
for too often gets dearer). Steps that grow shorter lead close to the best bound. HiGHS, begun with pairs that are cheap at
such prices, needs a few relaxations where it would otherwise need many long ones.
"""

from __future__ import annotations

import numpy as np

from jags.allocation.engine.planning.bounding import SCALE, Bound, bound_at, scaled_prices
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.master import Columns, Frame, Real
from jags.allocation.engine.planning.pricing import Choice, pair_costs
from jags.allocation.engine.planning.tables import Line, Tables

ROUNDS, STEPS = 12, 60
"""In every round all pairs are priced exactly; between two rounds so many steps look only at the pairs that were cheap so far."""

ONWARD = 0.85
"""Each step carries on a part of the one before, which evens out the to and fro."""

SHORTER, BOLDER, HUMBLER = 0.99, 1.5, 0.4
"""Steps grow shorter within a round, longer after one that gained, and much shorter after one that lost, which is undone."""

KEEP = 24
NEAR = 8
"""So many of the cheapest pairs of a request join those looked at in every round; so many are handed on to HiGHS."""


def climb(
    tables: Tables, line: Line, frame: Frame, choice: Choice, start: Bound, value: int, effort: Effort
) -> tuple[Bound, Columns]:
    """Climb from the prices of a bound towards `value`, the cost of a plan that is known.

    Returns the best bound on the way, and the cheapest pairs of each request there.
    """
    best = start
    prices, onward = start.prices / SCALE, np.zeros(len(start.prices))
    columns = Columns()
    step: float | None = None
    for _ in range(ROUNDS):
        if effort.over or best.reaches(value):
            break
        effort.step(line.name)
        scaled, _ = scaled_prices(frame, prices, np.zeros(len(frame.budgets)))
        bound = bound_at(tables, line, frame, choice, scaled, start.budget_prices, keep=KEEP)
        columns.add(tables, bound.found.r, bound.found.f, bound.found.g)
        pairs = _Pairs(tables, frame, start, columns)
        if step is None:
            # Such a step, with what is carried on of it, would lead to the value if the bound rose on as it does here.
            excess = pairs.excess(prices)
            step = (1 - ONWARD) * (value - bound.scaled / SCALE) / max(1.0, float(excess @ excess))
        elif bound.scaled > best.scaled:
            step *= BOLDER
        else:
            step *= HUMBLER
            prices, onward = best.prices / SCALE, np.zeros(len(prices))
        best = max(best, bound, key=lambda one: one.scaled)
        for _ in range(STEPS):
            onward = ONWARD * onward + pairs.excess(prices)
            prices = prices + step * onward
            step *= SHORTER
    return best, _cheap(tables, best, columns)


class _Pairs:
    """Some pairs in the order of their requests, to be priced quickly again and again."""

    def __init__(self, tables: Tables, frame: Frame, start: Bound, columns: Columns) -> None:
        order = np.argsort(columns.r, kind="stable")
        self._r, self._f, self._g = columns.r[order], columns.f[order], columns.g[order]
        priced = pair_costs(tables, start.costs, self._r, self._f, self._g)
        self._cost = (priced - start.prices[self._f] - start.prices[self._g]) / SCALE
        self._first = np.nonzero(np.diff(self._r, prepend=-1))[0]
        self._must = frame.must[self._r[self._first]]
        self._load, self._rate, self._frame = tables.load, start.rate / SCALE, frame

    def excess(self, prices: Real) -> Real:
        """Return for each person the sessions that the cheapest pairs ask for beyond, or short of, what is worth giving."""
        cost = self._cost + prices[self._f] + prices[self._g]
        least = np.minimum.reduceat(cost, self._first)
        pays = self._must | (least < 0)
        lengths = np.diff(self._first, append=len(cost))
        hit = np.nonzero(cost <= np.repeat(least, lengths))[0]
        cheapest = hit[np.diff(self._r[hit], prepend=-1) > 0][pays]
        people = len(prices)
        asked = np.bincount(self._f[cheapest], minlength=people) + np.bincount(
            self._g[cheapest], minlength=people
        )
        low, high = self._frame.lowest, self._frame.highest
        if self._rate:
            # One more session pays while rate × (2 × (load + n) + 1) is no more than the price.
            paying = (prices / self._rate + 1) / 2 - self._load
            fewest, most = np.ceil(paying) - 1, np.floor(paying)
        else:
            fewest, most = np.where(prices > 0, high, 0), np.where(prices < 0, 0, high)
        worth = np.clip(asked, np.clip(fewest, low, high), np.clip(most, low, high))
        excess: Real = asked - worth
        return excess


def _cheap(tables: Tables, bound: Bound, columns: Columns) -> Columns:
    """Keep the cheapest few of each request."""
    cost = pair_costs(tables, bound.costs, columns.r, columns.f, columns.g)
    order = np.lexsort((cost, columns.r))
    r = columns.r[order]
    few = order[np.arange(len(r)) - np.searchsorted(r, r) < NEAR]
    kept = Columns()
    kept.add(tables, columns.r[few], columns.f[few], columns.g[few])
    return kept
