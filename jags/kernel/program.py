"""A small linear program in fractions or whole numbers, solved by HiGHS."""

import math
from collections.abc import Mapping
from typing import Any


def new_solver() -> Any:
    """Return HiGHS itself, silent, with one thread and a fixed seed; it loads here, so that only who needs it pays for it."""
    # The public class around this one only adds callbacks, and writes a line of greeting to standard output.
    from highspy._core import _Highs  # noqa: PLC0415 - See above.

    highs = _Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        highs.setOptionValue(option, value)
    return highs


class Program:
    """Unknowns, rows that bind them, and an objective; unknowns are numbered from 0 as they are added.

    The same program has the same answer on every machine.
    """

    def __init__(self) -> None:
        self._highs = new_solver()
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        self._unknowns = 0

    def unknown(self, least: float, most: float = math.inf, *, whole: bool = False) -> int:
        """Add an unknown between two bounds, both included, and return its number."""
        import highspy  # noqa: PLC0415 - Loaded above.
        import numpy as np  # noqa: PLC0415 - It came with the solver.

        self._highs.addCol(0.0, least, most, 0, np.array([], np.int32), np.array([], np.float64))
        if whole:
            self._highs.changeColIntegrality(self._unknowns, highspy.HighsVarType.kInteger)
        self._unknowns += 1
        return self._unknowns - 1

    def bind(self, terms: Mapping[int, float], least: float, most: float = math.inf) -> None:
        """Ask that the sum of factor × unknown lies between two bounds, both included."""
        import numpy as np  # noqa: PLC0415 - It came with the solver.

        numbers, factors = np.array(list(terms), np.int32), np.array(list(terms.values()), np.float64)
        self._highs.addRow(least, most, len(terms), numbers, factors)

    def minimise(self, costs: Mapping[int, float], *, seconds: float = math.inf) -> list[float] | None:
        """Return the values that make the sum of cost × unknown least; None without a solution, or without proof in time."""
        import highspy  # noqa: PLC0415 - Loaded above.

        for number in range(self._unknowns):
            self._highs.changeColCost(number, costs.get(number, 0.0))
        # The solver counts the time of all its runs.
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + seconds)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return list(self._highs.getSolution().col_value)
