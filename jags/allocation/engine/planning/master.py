"""Ask HiGHS, a linear programming solver, for prices of sessions and for good plans among given pairs.

Nothing that HiGHS answers is believed: prices are rounded and the bound that follows from them is computed anew in whole
numbers, and plans are checked. A bad answer costs time, never correctness. HiGHS loads when first used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from jags.allocation.engine.planning.pricing import Choice
from jags.allocation.engine.planning.tables import Line, Tables, Whole, growth
from jags.kernel.program import new_solver

Real = npt.NDArray[np.float64]

TOP = 1_000.0
"""Costs are scaled so that the largest is about this, which suits the tolerances of HiGHS."""

DUAL, PRIMAL = 1, 4
"""The dual and the primal simplex method, among the strategies of HiGHS."""

ARTIFICIAL = 64.0
"""A row that the pairs at hand cannot satisfy may be left short at so many times the largest cost."""


LEFT_SHORT = 1e-7
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Budget:
    """A line that was settled before and must not cost more than `value`."""

    line: Line
    value: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for every plan that is looked for: who gets how many sessions, and which requests must get a pair."""

    lowest: Whole
    highest: Whole
    must: npt.NDArray[np.bool_]
    budgets: tuple[Budget, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A solution of the relaxation: its prices (per facilitator and budget), and how much of each pair it takes."""

    prices: Real
    budget_prices: Real
    request_prices: Real
    taken: Real
    short: bool


@dataclass(slots=True)
class Columns:
    """The pairs at hand."""

    r: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    f: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    g: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    known: set[int] = field(default_factory=set)

    def add(self, tables: Tables, r: Whole, f: Whole, g: Whole) -> tuple[Whole, Whole, Whole]:
        """Add the pairs that are not at hand yet, and return these."""
        size = len(tables.facilitators)
        new = []
        for place, key in enumerate(((r * size + f) * size + g).tolist()):
            if key not in self.known:
                self.known.add(key)
                new.append(place)
        added = (r[new], f[new], g[new])
        self.r, self.f, self.g = (
            np.concatenate(both) for both in zip((self.r, self.f, self.g), added, strict=True)
        )
        return added


class Master:
    """The relaxation over the pairs at hand, for one line of the objective."""

    def __init__(
        self, tables: Tables, line: Line, frame: Frame, columns: Columns, units: Whole | None = None
    ) -> None:
        self._tables, self._line, self._frame = tables, line, frame
        self._requests, self._people = len(tables.requests), len(tables.facilitators)
        self._counts_squares = line.squares or any(budget.line.squares for budget in frame.budgets)
        largest = line.largest
        if line.squares:
            largest = max(largest, int((2 * tables.load + frame.highest).max(initial=1)))
        self.scale = max(1.0, largest / TOP)
        self._dear = ARTIFICIAL * largest / self.scale
        self.columns = Columns()
        self._place: list[int] = []
        self.units = np.zeros(self._people, np.int64)
        self._highs = new_solver()
        self._rows()
        self._artificials()
        self.add_units(np.minimum(frame.highest, frame.lowest + 2 if units is None else units))
        self.add(columns.r, columns.f, columns.g)

    def _rows(self) -> None:
        frame, infinity = self._frame, _infinity()
        low = [*np.where(frame.must, 1.0, 0.0), *[0.0] * self._people, *[-infinity] * len(frame.budgets)]
        high = [*[1.0] * self._requests, *[0.0] * self._people, *[float(b.value) for b in frame.budgets]]
        self._rows_count = len(low)
        nothing = np.zeros(0)
        self._highs.addRows(
            len(low),
            np.array(low),
            np.array(high),
            0,
            np.zeros(len(low), np.int32),
            nothing.astype(np.int32),
            nothing,
        )

    def _artificials(self) -> None:
        """Let every row be left short, dearly, so that there is always an answer and a price."""
        signs = [
            *((row, 1.0) for row in range(self._requests)),
            *(
                (row, sign)
                for row in range(self._requests, self._requests + self._people)
                for sign in (1.0, -1.0)
            ),
            *((row, -1.0) for row in range(self._requests + self._people, self._rows_count)),
        ]
        self._short = self._add(
            [self._dear] * len(signs), [[row] for row, _ in signs], [[sign] for _, sign in signs]
        )

    def add_units(self, until: Whole) -> bool:
        """Let people give up to `until` sessions; say whether that was more than before."""
        costs, rows, values, low, high = [], [], [], [], []
        frame, before = self._frame, self.units.copy()
        for f in np.nonzero(until > self.units)[0].tolist():
            row = self._requests + f
            if not self._counts_squares:
                # All sessions cost the same, so one column stands for all of them.
                costs.append(0.0)
                rows.append([row])
                values.append([-1.0])
                low.append(float(frame.lowest[f]))
                high.append(float(frame.highest[f]))
                self.units[f] = frame.highest[f]
                continue
            for session in range(int(self.units[f]), int(until[f])):
                grows = growth(self._tables, f, session)
                entries = [
                    (self._requests + self._people + place, float(grows))
                    for place, budget in enumerate(frame.budgets)
                    if budget.line.squares
                ]
                costs.append(grows / self.scale if self._line.squares else 0.0)
                rows.append([row, *(place for place, _ in entries)])
                values.append([-1.0, *(value for _, value in entries)])
                low.append(float(session < frame.lowest[f]))
                high.append(1.0)
            self.units[f] = until[f]
        self._add(costs, rows, values, low, high)
        return bool((self.units > before).any())

    def more_units(self, relaxed: Relaxed) -> bool:
        """Offer more sessions of everybody whose price is above what the next one costs; say whether there was any."""
        if not self._counts_squares:
            return False
        rate = float(self._line.squares) + sum(
            float(price)
            for price, budget in zip(relaxed.budget_prices, self._frame.budgets, strict=True)
            if budget.line.squares
        )
        following = (2 * (self._tables.load + self.units) + 1) * rate
        wanted = (self.units < self._frame.highest) & (relaxed.prices > following)
        return self.add_units(np.where(wanted, np.minimum(self.units + 2, self._frame.highest), 0))

    def add(self, r: Whole, f: Whole, g: Whole) -> int:
        """Put pairs at hand; return how many of them are new."""
        r, f, g = self.columns.add(self._tables, r, f, g)
        line = self._line
        untrained = ~(self._tables.trained[f] | self._tables.trained[g])

        def cost_by(one: Line) -> list[int]:
            cost = (
                one.request[r]
                + one.member[r, f]
                + one.member[r, g]
                + np.where(untrained, one.untrained[r], 0)
            )
            return list(cost.tolist())

        budgets = [cost_by(budget.line) for budget in self._frame.budgets]
        rows, values = [], []
        first = self._requests + self._people
        for place, (one, left, right) in enumerate(zip(r.tolist(), f.tolist(), g.tolist(), strict=True)):
            row, value = [one, self._requests + left, self._requests + right], [1.0, 1.0, 1.0]
            for number, by in enumerate(budgets):
                if by[place]:
                    row.append(first + number)
                    value.append(float(by[place]))
            rows.append(row)
            values.append(value)
        self._place.extend(self._add([cost / self.scale for cost in cost_by(line)], rows, values))
        return len(r)

    def _add(
        self,
        costs: Sequence[float],
        rows: Sequence[Sequence[int]],
        values: Sequence[Sequence[float]],
        low: Sequence[float] | None = None,
        high: Sequence[float] | None = None,
    ) -> range:
        before = self._highs.getNumCol()
        if costs:
            lengths = [len(row) for row in rows]
            starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int32)
            self._highs.addCols(
                len(costs),
                np.array(costs, float),
                np.zeros(len(costs)) if low is None else np.array(low),
                np.full(len(costs), _infinity()) if high is None else np.array(high),
                sum(lengths),
                starts,
                np.array([place for row in rows for place in row], np.int32),
                np.array([value for row in values for value in row], float),
            )
        return range(before, before + len(costs))

    def allow(self, choice: Choice, must: npt.NDArray[np.bool_]) -> None:
        """Take the pairs that may not be chosen here out of the relaxation, and put the others back."""
        within = choice.admits(self._tables, self.columns.r, self.columns.f, self.columns.g)
        places = np.array(self._place, np.int32)
        self._highs.changeColsBounds(
            len(places), places, np.zeros(len(places)), np.where(within, _infinity(), 0.0)
        )
        # What is taken away leaves the basis feasible in the dual sense, what is added later in the primal.
        self._highs.setOptionValue("simplex_strategy", DUAL)
        rows = np.arange(self._requests, dtype=np.int32)
        self._highs.changeRowsBounds(len(rows), rows, must.astype(float), np.ones(len(rows)))

    def relax(self, *, seconds: float) -> Relaxed | None:
        """Solve the relaxation; None where time ran out or HiGHS lost its way."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(0.01, seconds))
        self._highs.run()
        if self._highs.getModelStatus() != _status("kOptimal"):
            return None
        self._highs.setOptionValue("simplex_strategy", PRIMAL)
        solution = self._highs.getSolution()
        dual = np.array(solution.row_dual)
        value = np.array(solution.col_value)
        people_end = self._requests + self._people
        return Relaxed(
            prices=-dual[self._requests : people_end] * self.scale,
            budget_prices=np.maximum(0.0, -dual[people_end:]) * self.scale,
            request_prices=dual[: self._requests] * self.scale,
            taken=value[self._place] if self._place else np.zeros(0),
            short=bool((value[self._short.start : self._short.stop] > LEFT_SHORT).any()),
        )

    def plan(self, choice: Choice, *, seconds: float, nodes: int, until: int) -> list[int]:
        """Look for a good plan among the pairs at hand: their places, none where HiGHS finds nothing.

        The search ends at `nodes` nodes, after `seconds`, or when the line costs no more than `until`.
        """
        highs = self._highs
        within = choice.admits(self._tables, self.columns.r, self.columns.f, self.columns.g)
        places = np.array(self._place, np.int32)
        highs.changeColsBounds(len(places), places, np.zeros(len(places)), within.astype(float))
        short = np.array(self._short, np.int32)
        highs.changeColsBounds(len(short), short, np.zeros(len(short)), np.zeros(len(short)))
        highs.changeColsIntegrality(len(places), places, np.ones(len(places), np.uint8))
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.01, seconds))
        highs.setOptionValue("mip_max_nodes", nodes)
        highs.setOptionValue("mip_abs_gap", 0.9 / self.scale)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("objective_target", (until + 0.1) / self.scale)
        highs.run()
        solution = highs.getSolution()
        value = np.array(solution.col_value)[self._place] if solution.value_valid else np.zeros(0)
        return np.nonzero(value > HALF)[0].tolist()


def _infinity() -> float:
    import highspy  # noqa: PLC0415

    return float(highspy.kHighsInf)


def _status(name: str) -> Any:
    import highspy  # noqa: PLC0415

    return getattr(highspy.HighsModelStatus, name)
