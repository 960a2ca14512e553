"""Bands, medians, funnels and periods."""

from datetime import date

import pytest

from jags.evaluation.rules import Funnel, Period, funnel_of, median
from jags.feedback.rules.bands import band
from jags.kernel.errors import Invalid
from jags.requests.rules import State

ALL_BUT_ONE = "all or all but one"
MOST = "more than three quarters"
HALF = "half to three quarters"
FEW = "fewer than half"


@pytest.mark.parametrize(
    ("agreed", "n", "expected"),
    [
        (0, 5, FEW), (2, 5, FEW), (3, 5, HALF), (4, 5, ALL_BUT_ONE), (5, 5, ALL_BUT_ONE),
        (4, 8, HALF), (6, 8, HALF), (7, 8, ALL_BUT_ONE),
        (10, 12, MOST), (9, 12, HALF), (11, 12, ALL_BUT_ONE),
        (17, 19, MOST), (15, 19, MOST), (14, 19, HALF), (18, 19, ALL_BUT_ONE), (19, 19, ALL_BUT_ONE), (9, 19, FEW),
        (20, 20, "95 % or more"), (19, 20, "95 % or more"), (18, 20, "about 90 %"),
        (0, 20, "5 % or less"), (1, 20, "5 % or less"), (2, 20, "about 10 %"),
        (13, 40, "about 35 %"), (23, 40, "about 60 %"), (22, 41, "about 55 %"), (185, 200, "95 % or more"),
    ],
)  # fmt: skip
def test_band_of_an_opinion(agreed: int, n: int, expected: str) -> None:
    assert band(agreed, n) == expected


@pytest.mark.parametrize("n", range(2, 200))
def test_unanimity_looks_like_near_unanimity(n: int) -> None:
    assert band(n, n) == band(n - 1, n)
    assert band(0, n) == band(1, n) or n == 2


@pytest.mark.parametrize(("agreed", "n"), [(0, 0), (1, 0), (-1, 5), (6, 5)])
def test_band_of_impossible_counts_is_refused(agreed: int, n: int) -> None:
    with pytest.raises(ValueError, match="band"):
        band(agreed, n)


@pytest.mark.parametrize(
    ("histogram", "expected"),
    [
        ({}, None),
        ({3: 1}, 3.0),
        ({1: 1, 4: 1}, 2.5),
        ({1: 5, 9: 1}, 1.0),
        ({1: 2, 2: 1, 9: 2}, 2.0),
        ({2: 3, 5: 3}, 3.5),
    ],
)
def test_median_of_a_histogram(histogram: dict[int, int], expected: float | None) -> None:
    assert median(histogram) == expected


def test_every_state_is_counted_once_and_drafts_and_duplicates_not_at_all() -> None:
    counted = funnel_of((state, 1) for state in State)

    assert counted == Funnel(received=12, proceeded=6, not_proceeded=3, undecided=3, held=2)
    assert counted.received == counted.proceeded + counted.not_proceeded + counted.undecided


def test_reversed_period_is_refused_at_its_last_day() -> None:
    with pytest.raises(Invalid) as caught:
        Period(date(2026, 7, 12), date(2026, 1, 13))

    assert caught.value.field == "to_on"
    assert Period(date(2026, 7, 12), date(2026, 7, 12)).to_on == date(2026, 7, 12)
