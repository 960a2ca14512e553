"""Tell how many agreed as a band, in which no single answer can be seen (docs/adr/0005-anonymous-feedback.md)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Below this many answers an opinion is told in four bands, from it in steps of five per cent.
_FINE_FROM = 20
_STEPS = 20


@dataclass(frozen=True)
class Opinion:
    """How many agreed with a statement, as a band; `n` leaves "not applicable" out. Hidden: the band is empty."""

    item: str
    words: str
    n: int
    band: str


def band(agreed: int, n: int) -> str:
    """Return the band of an opinion: how many of `n` agreed. Unanimity never shows.

    Below 20 answers there are four bands; from 20 it is told to the nearest five per cent with the ends merged.
    """
    if n < 1 or not 0 <= agreed <= n:
        raise ValueError("a band needs answers, and no more agree than answered")
    if n >= _FINE_FROM:
        # The nearest step, halves upward, in whole numbers.
        percent = 5 * ((2 * _STEPS * agreed + n) // (2 * n))
        if percent >= 95:  # noqa: PLR2004 - The merged ends.
            return "95 % or more"
        return "5 % or less" if percent <= 5 else f"about {percent} %"  # noqa: PLR2004 - The same.
    return coarse_band(agreed, n)


def coarse_band(agreed: int, n: int) -> str:
    """Return one of four bands, however many answered. Unanimity never shows."""
    if n < 1 or not 0 <= agreed <= n:
        raise ValueError("a band needs answers, and no more agree than answered")
    if agreed >= n - 1:
        return "all or all but one"
    if 4 * agreed > 3 * n:
        return "more than three quarters"
    return "half to three quarters" if 2 * agreed >= n else "fewer than half"


def band_beside(agreed: int, n: int, *, of_n: int, of_band: str) -> str:
    """Return the band of some answers, told beside the band of all `of_n` answers that hold them; empty where neither fits.

    Unanimity of the others must not show by taking one from the other. Whether that could be is decided by what everybody sees,
    `n`, `of_n` and `of_band`, and never by `agreed`: otherwise a hidden band would tell it. Where the fine bands could, the four
    are told. Raises `ValueError` as `band` does.
    """
    others = of_n - n
    if not of_band or others < 1:
        return band(agreed, n)
    # Of all, at least and at most so many agreed.
    least, most = _ends(whole for whole in range(of_n + 1) if band(whole, of_n) == of_band)
    for told in (band, coarse_band):
        if not any(
            least - last >= others or most - first <= 0
            for first, last in _spans(told, n, range(max(0, least - others), min(n, most) + 1))
        ):
            return told(agreed, n)
    return ""


def _spans(told: Callable[[int, int], str], n: int, possible: Iterable[int]) -> list[tuple[int, int]]:
    """Return the least and the most of the numbers that each band stands for, of those that are possible."""
    by_band: dict[str, list[int]] = {}
    for agreed in possible:
        by_band.setdefault(told(agreed, n), []).append(agreed)
    return [_ends(numbers) for numbers in by_band.values()]


def _ends(numbers: Iterable[int]) -> tuple[int, int]:
    found = list(numbers)
    return found[0], found[-1]
