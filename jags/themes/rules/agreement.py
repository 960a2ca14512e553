"""How far two readers of the same texts agree on a theme: per cent always; kappa and alpha only when there is enough to say.

Percentage agreement is the share of texts on which both readers say the same. Cohen's kappa (1960) takes away what two
given readers would agree on by chance; Krippendorff's alpha for two values and two readers a text does the same for any
readers. Intervals are percentiles of a bootstrap over texts. Below `UNITS_LEAST` texts there is too little to say.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jags.themes.rules.interval import Interval

UNITS_LEAST = 50


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
    # It counts with arrays, which no other page and no command loads.
    from jags.themes.rules.coefficients import alpha, kappa  # noqa: PLC0415 - See above.

    four = (cells.both, cells.first, cells.second, cells.neither)
    return Agreement(cells, kappa(four) if same_two_readers else None, alpha(four))


def mean_per_cent(found: Sequence[Agreement]) -> int | None:
    """Return the percentage of all decisions, over all themes, on which the readers say the same."""
    texts = sum(one.cells.texts for one in found)
    same = sum(one.cells.same for one in found)
    return (200 * same + texts) // (2 * texts) if texts else None
