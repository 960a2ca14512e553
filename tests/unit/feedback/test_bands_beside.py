"""The band of some answers beside the band of all: what all the others said never shows."""

from collections import defaultdict

import pytest

from jags.feedback.rules.bands import band, band_beside


@pytest.mark.parametrize(
    ("n", "of_n"), [(5, 11), (5, 10), (8, 9), (10, 20), (10, 33), (20, 40), (21, 52), (30, 31)]
)
def test_whoever_takes_one_band_from_the_other_never_finds_that_the_others_agree(n: int, of_n: int) -> None:
    others = of_n - n
    fits: dict[tuple[str, str], set[int]] = defaultdict(set)
    for whole in range(of_n + 1):
        of_band = band(whole, of_n)
        for agreed in range(max(0, whole - others), min(n, whole) + 1):
            fits[of_band, band_beside(agreed, n, of_n=of_n, of_band=of_band)].add(whole - agreed)

    assert [bands for bands, left in fits.items() if left in ({0}, {others})] == []


def test_a_band_is_told_where_it_tells_nothing_of_the_others() -> None:
    # Sixteen of twenty agreed, so that of the other ten at least six did, and nine at most where the band says five to seven.
    assert band_beside(9, 10, of_n=20, of_band="about 80 %") == "all or all but one"
    # Five of twenty agreed: were it five of these ten, it would be none of the others, and so nothing is told.
    assert [band_beside(agreed, 10, of_n=20, of_band="about 25 %") for agreed in range(6)] == [""] * 6


def test_four_bands_stand_where_fine_ones_would_tell() -> None:
    # 13 or 14 of 40 agreed. Each number of twenty has a fine band of its own, and 14 would leave none of the others; 10 to 15 do not.
    assert band(14, 40) == band(13, 40) == "about 35 %"
    assert band_beside(10, 20, of_n=40, of_band="about 35 %") == "half to three quarters"


def test_answers_of_all_are_told_as_they_are() -> None:
    assert band_beside(5, 6, of_n=6, of_band="all or all but one") == "all or all but one"
    assert band_beside(5, 6, of_n=0, of_band="") == "all or all but one"
