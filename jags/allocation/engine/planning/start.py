"""Find a plan quickly, one request after another: a place for the search to start, and never a broken rule."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.pricing import HUGE, NOBODY, Choice, Costs, cheapest
from jags.allocation.engine.planning.tables import Line, Tables, Truth, Whole

Pairs = dict[int, tuple[int, int]]

LINE_BITS = 22
"""Costs below 2**22 a line keep soft, load and travel apart in one 64-bit number."""


NOBODY_KEPT: Mapping[int, int] = MappingProxyType({})


def fill(
    tables: Tables, lines: tuple[Line, ...], pairs: Pairs, *, keeping: Mapping[int, int] = NOBODY_KEPT
) -> Pairs:
    """Add a pair for every request that still can have one, by weight, each time the best at that moment.

    With `keeping`, only these requests get a pair, and the person given for each is in it.
    """
    by_name = {line.name: line for line in lines}
    soft, travel = by_name["soft"], by_name["travel"]
    fixed = (soft.member << (2 * LINE_BITS)) + np.minimum(travel.member, (1 << (LINE_BITS - 1)) - 1)
    untrained = soft.untrained << (2 * LINE_BITS)
    filled = dict(pairs)
    given = np.zeros(len(tables.facilitators), np.int64)
    for f, g in filled.values():
        given[[f, g]] += 1
    allowed = tables.fits & (given < tables.capacity)
    nothing = np.zeros(len(tables.requests), np.int64)
    required = np.full(len(tables.requests), NOBODY, np.int64)
    for r, f in keeping.items():
        required[r] = f
    for r in by_weight(tables).tolist():
        if (
            r in filled
            or (keeping and r not in keeping)
            or not allowed[r, required[r] if keeping else slice(None)].any()
        ):
            continue
        grows = np.minimum(2 * (tables.load + given) + 1, (1 << (LINE_BITS - 1)) - 1) << LINE_BITS
        row = slice(r, r + 1)
        one = _one_request(tables, row)
        found = cheapest(
            one,
            Choice(allowed[row], required[row]),
            Costs(nothing[row], fixed[row] + grows, untrained[row]),
            keep=1,
        )
        if found.best[0] == HUGE:
            continue
        place = int(np.argmin(found.cost))
        f, g = int(found.f[place]), int(found.g[place])
        filled[r] = (f, g)
        for one_of_two in (f, g):
            given[one_of_two] += 1
            if given[one_of_two] == tables.capacity[one_of_two]:
                allowed[:, one_of_two] = False
    return filled


def balance(tables: Tables, lines: tuple[Line, ...], pairs: Pairs, *, effort: Effort) -> Pairs:
    """Shift sessions from the busiest to the least busy along chains of replacements, as long as that makes loads fairer.

    A replacement keeps the pair valid and never costs more in the soft rules. Each chain takes one session from a person and
    gives it to another whose load is lower by at least two.
    """
    soft = next(line for line in lines if line.name == "soft")
    pairs = dict(pairs)
    given = np.zeros(len(tables.facilitators), np.int64)
    for f, g in pairs.values():
        given[[f, g]] += 1
    # swaps[f] are (request, who may replace f there), for every request of f.
    swaps: dict[int, dict[int, Truth]] = {}

    def look(r: int) -> None:
        for f, g in (pairs[r], pairs[r][::-1]):
            swaps.setdefault(f, {})[r] = _replacements(tables, soft, r, f, g)

    for r in pairs:
        look(r)
    stuck = np.zeros(len(given), bool)
    while not effort.over:
        load = tables.load + given
        busy = np.nonzero((given > 0) & ~stuck)[0]
        if not len(busy):
            break
        busiest = int(busy[np.argmax(load[busy])])
        chain, reached = _chain(busiest, swaps, load, given < tables.capacity)
        if not chain:
            # Whoever was reached and is no busier reaches nobody else, so they are done with as well.
            stuck |= reached & (load <= load[busiest])
        for f, r, replacement in chain:
            g = sum(pairs[r]) - f
            for one in (f, g):
                del swaps[one][r]
            pairs[r] = (min(g, replacement), max(g, replacement))
            given[f] -= 1
            given[replacement] += 1
            look(r)
    return pairs


def _replacements(tables: Tables, soft: Line, r: int, f: int, g: int) -> Truth:
    suits = (tables.free & (tables.free[:, g] & tables.wanted[:, r])[:, None]).any(axis=0)
    fits: Truth = tables.fits[r] & (tables.agency != tables.agency[g]) & suits
    untrained = soft.untrained[r] * ~(tables.trained | tables.trained[g])
    cost = soft.member[r] + untrained
    fits &= cost <= cost[f]
    fits[[f, g]] = False
    return fits


Chain = list[tuple[int, int, int]]
"""Who gives up which request to whom."""


def _chain(busy: int, swaps: dict[int, dict[int, Truth]], load: Whole, room: Truth) -> tuple[Chain, Truth]:
    """Find the shortest chain of replacements from somebody to anybody with room and a load lower by two or more.

    The chain is empty if there is none; then everybody who was reached is told.
    """
    goal = room & (load <= load[busy] - 2)
    came: dict[int, tuple[int, int]] = {}
    seen = np.zeros(len(load), bool)
    seen[busy] = True
    queue = deque([busy])
    while queue and goal.any():
        f = queue.popleft()
        for r, fits in swaps.get(f, {}).items():
            new = fits & ~seen
            if not new.any():
                continue
            seen |= new
            for replacement in np.nonzero(new)[0].tolist():
                came[replacement] = (f, r)
            reached = np.nonzero(new & goal)[0]
            if len(reached):
                chain = _walk(came, int(reached[0]), busy)
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


def by_weight(tables: Tables) -> Whole:
    """Order requests by weight, then by how few people fit, then by id."""
    weight = np.array([-request.weight for request in tables.requests], np.int64)
    return np.lexsort((tables.fits.sum(axis=1), weight))


def _one_request(tables: Tables, row: slice) -> Tables:
    return Tables(
        tables.facilitators,
        tables.requests[row],
        tables.capacity,
        tables.load,
        tables.agency,
        tables.trained,
        tables.fits[row],
        tables.free,
        tables.wanted[:, row],
    )
