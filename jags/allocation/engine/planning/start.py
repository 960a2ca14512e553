"""Find a plan quickly, one request after another: a place for the search to start, and never a broken rule."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from jags.allocation.engine.planning.pricing import HUGE, NOBODY, Choice, Costs, cheapest
from jags.allocation.engine.planning.tables import Line, Tables, Whole

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
        one = tables.of_requests(row)
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


def by_weight(tables: Tables) -> Whole:
    """Order requests by weight, then by how few people fit, then by id."""
    weight = np.array([-request.weight for request in tables.requests], np.int64)
    return np.lexsort((tables.fits.sum(axis=1), weight))
