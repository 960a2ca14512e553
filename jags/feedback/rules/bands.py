"""Tell how many agreed as a band, in which no single answer can be seen (docs/adr/0005-anonymous-feedback.md)."""

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
