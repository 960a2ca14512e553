"""Choose which further cells to hide, as cheaply as can be, so that no hidden cell can be worked out.

After Fischetti and Salazar-González: a cell is safe when the tables can be filled in two other ways that change hidden cells
only, one with a larger and one with a smaller value of it. One program holds the choice and, for each cell that needs it, these
two ways. It is solved in fractions for the ways, so what it proposes is tried in whole numbers (`attack.found_out`), and what
fails there is ruled out. The program is enlarged only by cells that were found out.
"""

import time

from jags.evaluation.engine.attack import found_out
from jags.evaluation.engine.tables import IN_NO_TABLE, LEAST_POSSIBLE, SECONDS, Linked
from jags.kernel.program import Program


def hidden_cells(tables: Linked, *, seconds: float = SECONDS) -> frozenset[str] | None:
    """Return the cheapest set of cells to hide that keeps every hidden cell safe from somebody who knows the rules.

    None when there is none (what was released before, or a headline, gives a cell away) or none was found in time: a table
    has to be left out.
    """
    ends = time.monotonic() + seconds
    choice = _Choice(tables)
    hidden = tables.must_hide
    while True:
        unsafe = found_out(tables, hidden, ends=ends)
        if unsafe is None:
            return None
        if not unsafe:
            return hidden
        for name in sorted(unsafe):
            choice.keep_safe(name, hidden)
        left = ends - time.monotonic()
        proposed = choice.best(seconds=left) if left > 0 else None
        if proposed is None:
            return None
        hidden = proposed


class _Choice:
    """The program: for each cell whether it is hidden, and for cells to be kept safe two other ways to fill the tables."""

    def __init__(self, tables: Linked) -> None:
        self._tables = tables
        self._program = Program()
        self._hides = {
            name: self._program.unknown(1 if name in tables.must_hide else 0, 1, whole=True)
            for name in sorted(tables.may_hide)
        }
        self._two_ways: set[str] = set()

    def keep_safe(self, name: str, hidden: frozenset[str]) -> None:
        """Ask for two ways for a cell; where they were asked for already, whole numbers need more: rule this choice out."""
        # A cell that is in no table is at risk whatever is hidden; others only if they are hidden.
        asks = {self._hides[name]: -1.0} if name in self._hides else {}
        always = 0 if asks else 1
        if name in self._two_ways:
            others = {self._hides[other]: 1.0 for other in self._tables.may_hide - hidden}
            self._program.bind(others | asks, always)
            return
        self._two_ways.add(name)
        apart = LEAST_POSSIBLE - 1
        larger, smaller = self._way()[name], self._way()[name]
        asks = {hides: factor * apart for hides, factor in asks.items()}
        self._program.bind({larger: 1.0, smaller: -1.0} | asks, always * apart)

    def best(self, *, seconds: float) -> frozenset[str] | None:
        """Return the cheapest choice, or None when there is none or time ran out."""
        costs = {hides: float(self._tables.cells[name].cost) for name, hides in self._hides.items()}
        solved = self._program.minimise(costs, seconds=seconds)
        if solved is None:
            return None
        return frozenset(name for name, hides in self._hides.items() if round(solved[hides]))

    def _way(self) -> dict[str, int]:
        """Add one other way to fill the tables: by how much each cell differs, not at all where it is shown."""
        most = float(sum(cell.count for cell in self._tables.cells.values()) + LEAST_POSSIBLE)
        differs = {}
        for cell in self._tables.cells.values():
            if cell.showing in IN_NO_TABLE:
                differs[cell.name] = self._program.unknown(-cell.count, most)
            elif cell.name in self._hides:
                differs[cell.name] = self._program.unknown(1 - cell.count, most)
                own, hides = differs[cell.name], self._hides[cell.name]
                self._program.bind({own: -1.0, hides: most}, 0)
                self._program.bind({own: 1.0, hides: cell.count - 1.0}, 0)
        for one in self._tables.sums:
            terms = {differs[name]: float(sign) for name, sign in one.signs if name in differs}
            if terms:
                self._program.bind(terms, 0, 0)
        return differs
