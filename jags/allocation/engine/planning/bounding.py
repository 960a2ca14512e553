"""Turn prices into a bound that is exact in whole numbers, and into the pairs and loads that a best plan can still have."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jags.allocation.engine.planning.master import Budget, Frame, Real
from jags.allocation.engine.planning.pricing import HUGE, Choice, Costs, Found, Limit, cheapest, pair_costs
from jags.allocation.engine.planning.tables import Line, Tables, Truth, Whole
from jags.allocation.engine.remedy import PAIR

SCALE = 5_040 * 64
"""Prices are whole multiples of 1/SCALE: most prices of such problems are fractions that this represents exactly."""

NO_PLAN = 1 << 200
"""More than any plan can cost."""

DEAREST = 1 << 56
"""Prices are cut off here, so that no sum leaves 64 bits; a bound from any price is right, only perhaps weaker."""


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan costs less than `scaled` / SCALE (`NO_PLAN`: none is possible at all); all cost multiples of `step`.

    `costs` are the costs of pairs at these prices and `found` the cheapest of them; `base[r]` is the least that a request
    can add.
    """

    scaled: int
    step: int
    prices: Whole
    budget_prices: Whole
    rate: int
    costs: Costs
    found: Found
    base: Whole

    def reaches(self, value: int) -> bool:
        """Say whether nothing costs less than `value`."""
        return self.scaled > (value - self.step) * SCALE


def rounded_up(scaled: int, step: int) -> int:
    """Return the least cost, a multiple of `step`, that is not below a scaled one."""
    return -(-scaled // (SCALE * step)) * step


def scaled_prices(frame: Frame, prices: Real, budget_prices: Real) -> tuple[Whole, Whole]:
    """Round prices to whole multiples of 1/SCALE; a budget's is never below 0."""
    dearest = np.array([DEAREST // budget.line.largest for budget in frame.budgets], float)
    return (
        np.clip(np.rint(prices * SCALE), -DEAREST, DEAREST).astype(np.int64),
        np.clip(np.rint(budget_prices * SCALE), 0, dearest).astype(np.int64),
    )


def bound_at(
    tables: Tables,
    line: Line,
    frame: Frame,
    choice: Choice,
    prices: Whole,
    budget_prices: Whole,
    *,
    keep: int,
) -> Bound:
    """Compute the Lagrangian bound at given prices, in 1/SCALE, of sessions (per person) and of the budgets.

    Every plan pays for each request's pair and, for each person, what the sessions cost beyond their price. The least of
    each, added up, bounds the whole from below, whatever the prices are.
    """
    request, untrained = line.request * SCALE, line.untrained * SCALE
    member = line.member * SCALE + prices
    rate = SCALE if line.squares else 0
    spare = 0
    for price, budget in zip(budget_prices.tolist(), frame.budgets, strict=True):
        if price:
            request = request + price * budget.line.request
            untrained = untrained + price * budget.line.untrained
            member += price * budget.line.member
            rate += price if budget.line.squares else 0
            spare += price * budget.value
    costs = Costs(request, member, untrained)
    found = cheapest(tables, choice, costs, keep=keep)
    base = np.where(frame.must, found.best, np.minimum(found.best, 0))
    if (base == HUGE).any():
        return Bound(NO_PLAN, line.step, prices, budget_prices, rate, costs, found, base)
    scaled = sum(base.tolist()) + sum(least_of_loads(tables, frame, prices, rate)) - spare
    return Bound(scaled, line.step, prices, budget_prices, rate, costs, found, base)


def uniform_price(frame: Frame, bound: Bound) -> Whole:
    """Return the one price for everybody that gives the best bound, unless squares count; `bound` is one at no prices.

    The bound then is a concave function of the price that bends where a request that may go without just pays for its pair.
    """
    best = bound.found.best[~frame.must & (bound.found.best < HUGE)]
    bends = np.append(-best // PAIR, 0)
    sessions = np.where(bends > 0, frame.highest.sum(), frame.lowest.sum())
    free = np.minimum(0, best + PAIR * bends[:, None]).sum(axis=1)
    total = free + (PAIR * int(frame.must.sum()) - sessions) * bends
    return np.full_like(bound.prices, bends[np.argmax(total)])


def least_of_loads(tables: Tables, frame: Frame, prices: Whole, rate: int) -> list[int]:
    """Return for each person the least of `rate` × growth of squares − price × sessions, over the sessions allowed."""
    least = []
    for load, price, low, high in zip(
        tables.load.tolist(), prices.tolist(), frame.lowest.tolist(), frame.highest.tolist(), strict=True
    ):
        least.append(_of_sessions(rate, load, price, _best_sessions(rate, load, price, low, high)))
    return least


def _of_sessions(rate: int, load: int, price: int, sessions: int) -> int:
    return rate * sessions * (2 * load + sessions) - price * sessions


def _best_sessions(rate: int, load: int, price: int, low: int, high: int) -> int:
    """Return how many sessions are cheapest; the cost is convex, so the place is computed."""
    if rate == 0:
        return high if price > 0 else low
    # One more session pays while rate × (2 × (load + n) + 1) is no more than the price.
    return min(max(low, (price // rate + 1) // 2 - load), high)


def narrowed(
    tables: Tables, line: Line, frame: Frame, choice: Choice, bound: Bound, value: int
) -> tuple[Frame, Choice]:
    """Keep what a plan that costs `value` in this line can have: pairs and loads that do not cost too much more than the least.

    Where the bound does not imply that every plan of what is kept costs `value`, the line stays as a budget.
    """
    slack = value * SCALE - bound.scaled
    costs, base = bound.costs, bound.base
    most = base + slack
    must = frame.must | (base < -slack)
    allowed = choice.allowed & (bound.found.best <= most)[:, None]
    allowed &= _members_within(costs, most, allowed)
    lowest, highest = _loads_within(tables, frame, bound, slack)
    # What is kept deviates by at most the slack in each of so many places.
    freedom = int(allowed.any(axis=1).sum()) + int((lowest < highest).sum())
    implied = freedom * slack < SCALE
    listed = choice.listed
    if listed is not None:
        cost = pair_costs(tables, costs, listed.r, listed.f, listed.g)
        listed = listed.only(cost <= most[listed.r])
    flat = listed is not None or (not costs.member.any() and not costs.untrained.any())
    return (
        replace(
            frame,
            lowest=lowest,
            highest=highest,
            must=must,
            budgets=frame.budgets if implied else (*frame.budgets, Budget(line, value)),
        ),
        replace(
            choice,
            allowed=allowed,
            listed=listed,
            limits=choice.limits if flat else (*choice.limits, Limit(costs, most)),
        ),
    )


def _members_within(costs: Costs, most: Whole, allowed: Truth) -> Truth:
    """Say who can be in a pair within the limit even with the cheapest partner."""
    if allowed.shape[1] < PAIR:
        return allowed
    member = np.where(allowed, costs.member, HUGE >> 2)
    two = np.partition(member, 1, axis=1)[:, :PAIR]
    partner = np.where(member == two[:, :1], two[:, 1:], two[:, :1])
    return costs.request[:, None] + member + partner <= most[:, None]


def _loads_within(tables: Tables, frame: Frame, bound: Bound, slack: int) -> tuple[Whole, Whole]:
    """Narrow how many sessions each person can have; the costs are convex, so what is kept is an interval."""
    lowest, highest = frame.lowest.copy(), frame.highest.copy()
    for place, (load, price, low, high) in enumerate(
        zip(tables.load.tolist(), bound.prices.tolist(), lowest.tolist(), highest.tolist(), strict=True)
    ):
        fewest = best = most = _best_sessions(bound.rate, load, price, low, high)
        dearest = _of_sessions(bound.rate, load, price, best) + slack
        while fewest > low and _of_sessions(bound.rate, load, price, fewest - 1) <= dearest:
            fewest -= 1
        while most < high and _of_sessions(bound.rate, load, price, most + 1) <= dearest:
            most += 1
        lowest[place], highest[place] = fewest, most
    return lowest, highest
