"""What a reader who knows the rules can work out about hidden cells, in whole numbers.

The reader knows every cell that is shown, every sum, that counts are whole, that a hidden cell is at least one (a true zero
is shown), and nothing else. They do not know which cells are hidden for themselves and which to protect others.
"""

import math
import time

from jags.evaluation.engine.tables import IN_NO_TABLE, LEAST_POSSIBLE, Linked
from jags.kernel.program import Program


def found_out(tables: Linked, hidden: frozenset[str], *, ends: float = math.inf) -> frozenset[str] | None:
    """Return the cells at risk that keep fewer than `LEAST_POSSIBLE` values when these are hidden, each found exactly.

    None when `ends`, a moment of the monotonic clock, has passed before all were tried.
    """
    found = set()
    for name in sorted(tables.at_risk(hidden)):
        if time.monotonic() > ends:
            return None
        if len(possible(tables, hidden, name)) < LEAST_POSSIBLE:
            found.add(name)
    return frozenset(found)


def possible(
    tables: Linked, hidden: frozenset[str], name: str, *, most: int = LEAST_POSSIBLE
) -> tuple[int, ...]:
    """Return the smallest values, `most` of them at most, that a cell may have for somebody who reads the tables."""
    program, unknown = _known_to_readers(tables, hidden)
    if name not in unknown:
        return (tables.cells[name].count,)
    values: list[int] = []
    while len(values) < most:
        solved = program.minimise({unknown[name]: 1})
        if solved is None:
            break
        values.append(round(solved[unknown[name]]))
        program.bind({unknown[name]: 1}, values[-1] + 1)
    return tuple(values)


def _known_to_readers(tables: Linked, hidden: frozenset[str]) -> tuple[Program, dict[str, int]]:
    """Return what the reader knows as a program in whole numbers, and the numbers of its unknowns by the name of their cell."""
    program = Program()
    unknown = {
        cell.name: program.unknown(0 if cell.showing in IN_NO_TABLE else 1, whole=True)
        for cell in tables.cells.values()
        if cell.name in hidden or cell.showing in IN_NO_TABLE
    }
    for one in tables.sums:
        terms, shown = {}, 0
        for name, sign in one.signs:
            if name in unknown:
                terms[unknown[name]] = float(sign)
            else:
                shown += sign * tables.cells[name].count
        if terms:
            program.bind(terms, -shown, -shown)
    return program, unknown
