"""How far two readers of the same texts agree on a theme: per cent always; kappa and alpha only when there is enough to say.

Percentage agreement is the share of texts on which both readers say the same. Cohen's kappa (1960) takes away what two
given readers would agree on by chance; Krippendorff's alpha for two values and two readers a text does the same for any
readers. Intervals are percentiles of a bootstrap over texts. Below `UNITS_LEAST` texts there is too little to say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Reals = npt.NDArray[np.float64]

# The functions that count import numpy themselves: it loads slowly, and few pages ask for an interval.
UNITS_LEAST = 50
RESAMPLES = 2000
# Fixed, so that the same readings always give the same interval.
SEED = 20260113
_LOW, _HIGH = 2.5, 97.5


@dataclass(frozen=True)
class Interval:
    """A coefficient (1 is full agreement, 0 is what chance gives) with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Cells:
    """How often two readers said: both, only the first, only the second, neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def texts(self) -> int:
        """Return how many texts both have read."""
        return self.both + self.first + self.second + self.neither

    @property
    def same(self) -> int:
        """Return on how many texts they say the same."""
        return self.both + self.neither


@dataclass(frozen=True)
class Agreement:
    """Agreement on one theme; a coefficient is None where there is too little, or too little difference, to say."""

    cells: Cells
    kappa: Interval | None = None
    alpha: Interval | None = None

    @property
    def per_cent(self) -> int | None:
        """Return the percentage of texts on which both say the same, to the nearest whole number."""
        texts = self.cells.texts
        return (200 * self.cells.same + texts) // (2 * texts) if texts else None


def cells_of(pairs: Iterable[tuple[bool, bool]]) -> Cells:
    """Return the four counts of what two readers said of each text."""
    counted = Counter(pairs)
    return Cells(counted[True, True], counted[True, False], counted[False, True], counted[False, False])


def agreement(cells: Cells, *, same_two_readers: bool) -> Agreement:
    """Return the agreement on a theme; kappa needs the same two readers throughout, alpha does not."""
    if cells.texts < UNITS_LEAST:
        return Agreement(cells)
    return Agreement(cells, _interval(_kappa, cells) if same_two_readers else None, _interval(_alpha, cells))


def _interval(coefficient: Callable[["Reals"], "Reals"], cells: Cells) -> Interval | None:
    import numpy as np  # noqa: PLC0415 - See above.

    counted = np.array([[cells.both, cells.first, cells.second, cells.neither]], dtype=np.float64)
    value = float(coefficient(counted)[0])
    if np.isnan(value):
        return None
    draws = np.random.default_rng(SEED).multinomial(cells.texts, counted[0] / cells.texts, size=RESAMPLES)
    values = coefficient(draws.astype(np.float64))
    # A resample in which nobody ever, or everybody always, used the theme says nothing of agreement.
    low, high = np.nanpercentile(values, [_LOW, _HIGH])
    return Interval(value, float(low), float(high))


def _kappa(cells: "Reals") -> "Reals":
    """Return Cohen's kappa of rows of both, first, second, neither; nan where only one value was ever given."""
    both, first, second, neither = cells.T
    texts = cells.sum(axis=1)
    observed = (both + neither) / texts
    one, other = (both + first) / texts, (both + second) / texts
    expected = one * other + (1 - one) * (1 - other)
    return _over_chance(observed, expected)


def _alpha(cells: "Reals") -> "Reals":
    """Return Krippendorff's alpha of rows as above; nan where only one value was ever given."""
    both, first, second, neither = cells.T
    values = 2 * cells.sum(axis=1)
    yes, no = 2 * both + first + second, 2 * neither + first + second
    observed = 2 * (first + second) / values
    expected = 2 * yes * no / (values * (values - 1))
    return _over_chance(1 - observed, 1 - expected)


def _over_chance(observed: "Reals", expected: "Reals") -> "Reals":
    import numpy as np  # noqa: PLC0415 - See above.

    certain = np.isclose(expected, 1.0)
    beyond: Reals = (observed - expected) / np.where(certain, 1.0, 1 - expected)
    return np.where(certain, np.nan, beyond)


def mean_per_cent(found: Sequence[Agreement]) -> int | None:
    """Return the percentage of all decisions, over all themes, on which the readers say the same."""
    texts = sum(one.cells.texts for one in found)
    same = sum(one.cells.same for one in found)
    return (200 * same + texts) // (2 * texts) if texts else None
