"""Tell the survey some weeks later: then and now, in bands and medians."""

from collections.abc import Mapping

from jags.evaluation.rules import LaterLine, median
from jags.feedback.rules.bands import band, band_beside
from jags.feedback.rules.forms import LESS

# Which answers count as said, in a band. Choices are kept by their place (jags.feedback.rules.forms.LATER_ITEMS).
_SAID: tuple[tuple[str, frozenset[str], str], ...] = (
    (
        "contact_then",
        frozenset("34"),
        "Before the JAGS, contact between the agencies was regular or close",
    ),
    ("contact_now", frozenset("34"), "Now it is regular or close"),
    ("stuck_change", frozenset({LESS}), "The work feels less stuck now than before the JAGS"),
    ("practice", frozenset("23"), "Practice has changed because of the JAGS, a little or clearly"),
    ("difference", frozenset("34"), "There is some or a clear difference for the young person"),
)
_MEDIANS: tuple[tuple[str, str], ...] = (
    ("stuck_then", "Before the JAGS, how stuck the work felt, from 0 to 10"),
    ("stuck_now", "Now, how stuck it feels, from 0 to 10"),
)


def few_answers(least: int) -> str:
    """Return why opinions are hidden."""
    return f"Opinions are shown from {least} answers, so that nobody can be found in them."


def later_lines(
    ratings: Mapping[str, Mapping[str, int]], least: int, *, beside: Mapping[str, Mapping[str, int]]
) -> tuple[LaterLine, ...]:
    """Return what was said of then and now; what fewer than `least` answered is told empty.

    `beside` are the ratings of all, where these are some of them: then nothing is told that shows what all the others said.
    """
    lines = []
    for item, words in _MEDIANS:
        histogram = {int(option): number for option, number in ratings.get(item, {}).items()}
        n, middle = sum(histogram.values()), median(histogram)
        shown = n >= least and middle is not None
        lines.append(LaterLine(item, words, n, f"{middle:g} (median)" if shown else ""))
    for item, said, words in _SAID:
        (agreed, n), (all_agreed, of_n) = (_said(found.get(item, {}), said) for found in (ratings, beside))
        of_band = band(all_agreed, of_n) if of_n >= least else ""
        told = band_beside(agreed, n, of_n=of_n, of_band=of_band) if n >= least else ""
        lines.append(LaterLine(item, words, n, told))
    return tuple(lines)


def _said(options: Mapping[str, int], said: frozenset[str]) -> tuple[int, int]:
    """Return how many gave one of some answers, and of how many."""
    return sum(number for option, number in options.items() if option in said), sum(options.values())
