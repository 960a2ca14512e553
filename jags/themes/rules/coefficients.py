"""Cohen's kappa and Krippendorff's alpha of two readers, with bootstrap intervals; the only part of themes that counts with arrays."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from jags.themes.rules.interval import Interval

RESAMPLES = 2000
# Fixed, so that the same readings always give the same interval.
SEED = 20260113
_LOW, _HIGH = 2.5, 97.5

Reals = npt.NDArray[np.float64]


def kappa(cells: tuple[int, int, int, int]) -> Interval | None:
    """Return Cohen's kappa of how often two readers said both, only the first, only the second, neither; None where it says nothing."""
    return _interval(_kappa, cells)


def alpha(cells: tuple[int, int, int, int]) -> Interval | None:
    """Return Krippendorff's alpha of the same four counts; None where it says nothing."""
    return _interval(_alpha, cells)


def _interval(coefficient: Callable[[Reals], Reals], cells: tuple[int, int, int, int]) -> Interval | None:
    counted = np.array([cells], dtype=np.float64)
    value = float(coefficient(counted)[0])
    if np.isnan(value):
        return None
    draws = np.random.default_rng(SEED).multinomial(sum(cells), counted[0] / sum(cells), size=RESAMPLES)
    values = coefficient(draws.astype(np.float64))
    # A resample in which nobody ever, or everybody always, used the theme says nothing of agreement.
    low, high = np.nanpercentile(values, [_LOW, _HIGH])
    return Interval(value, float(low), float(high))


def _kappa(cells: Reals) -> Reals:
    """Return Cohen's kappa of rows of both, first, second, neither; nan where only one value was ever given."""
    both, first, second, neither = cells.T
    texts = cells.sum(axis=1)
    observed = (both + neither) / texts
    one, other = (both + first) / texts, (both + second) / texts
    expected = one * other + (1 - one) * (1 - other)
    return _over_chance(observed, expected)


def _alpha(cells: Reals) -> Reals:
    """Return Krippendorff's alpha of rows as above; nan where only one value was ever given."""
    both, first, second, neither = cells.T
    values = 2 * cells.sum(axis=1)
    yes, no = 2 * both + first + second, 2 * neither + first + second
    observed = 2 * (first + second) / values
    expected = 2 * yes * no / (values * (values - 1))
    return _over_chance(1 - observed, 1 - expected)


def _over_chance(observed: Reals, expected: Reals) -> Reals:
    certain = np.isclose(expected, 1.0)
    beyond: Reals = (observed - expected) / np.where(certain, 1.0, 1 - expected)
    return np.where(certain, np.nan, beyond)
