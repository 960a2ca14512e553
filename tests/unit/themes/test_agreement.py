"""Agreement of two readers: equal to an independent implementation, to an example worked by hand, and silent below fifty."""

import random

import pytest
from nltk.metrics.agreement import AnnotationTask

from jags.themes.rules.agreement import UNITS_LEAST, Cells, agreement, cells_of, mean_per_cent


def independent(pairs):
    """Kappa and alpha of another implementation, for readers "a" and "b"."""
    data = [
        (reader, text, value)
        for text, pair in enumerate(pairs)
        for reader, value in zip("ab", pair, strict=True)
    ]
    task = AnnotationTask(data=data)
    return task.kappa(), task.alpha()


@pytest.mark.parametrize("seed", range(20))
def test_kappa_and_alpha_equal_an_independent_implementation(seed):
    rng = random.Random(seed)  # noqa: S311 - Made-up readings.
    share, same = rng.uniform(0.1, 0.9), rng.uniform(0.3, 0.95)
    pairs = []
    for _ in range(rng.randint(UNITS_LEAST, 200)):
        one = rng.random() < share
        pairs.append((one, one if rng.random() < same else not one))
    found = agreement(cells_of(pairs), same_two_readers=True)
    kappa, alpha = independent(pairs)
    assert found.kappa.value == pytest.approx(kappa)
    assert found.alpha.value == pytest.approx(alpha)
    assert found.kappa.low <= found.kappa.value <= found.kappa.high
    assert found.alpha.low <= found.alpha.value <= found.alpha.high


def test_a_worked_example():
    # 20 both, 5 the first, 10 the second, 15 neither: observed .70, by chance .5 × .6 + .5 × .4 = .50, so kappa is .40.
    found = agreement(Cells(20, 5, 10, 15), same_two_readers=True)
    assert found.kappa.value == pytest.approx(0.40)
    # 55 of 100 answers are yes: expected difference 2 × 55 × 45 / (100 × 99) = .50, observed .30, so alpha is .40.
    assert found.alpha.value == pytest.approx(0.40)
    assert found.per_cent == 70


def test_an_interval_is_the_same_each_time_and_narrower_with_more_texts():
    few, many = (agreement(Cells(*(n * k for k in (20, 5, 10, 15))), same_two_readers=True) for n in (1, 16))
    assert few == agreement(Cells(20, 5, 10, 15), same_two_readers=True)
    assert many.kappa.high - many.kappa.low == pytest.approx((few.kappa.high - few.kappa.low) / 4, rel=0.15)


def test_below_fifty_texts_only_the_percentage_is_given():
    found = agreement(Cells(20, 4, 10, 15), same_two_readers=True)
    assert (found.kappa, found.alpha, found.per_cent) == (None, None, 71)


def test_kappa_needs_the_same_two_readers():
    found = agreement(Cells(20, 5, 10, 15), same_two_readers=False)
    assert found.kappa is None
    assert found.alpha.value == pytest.approx(0.40)


@pytest.mark.parametrize("cells", [Cells(0, 0, 0, 60), Cells(60, 0, 0, 0)])
def test_a_theme_that_nobody_or_everybody_finds_says_nothing_of_agreement(cells):
    found = agreement(cells, same_two_readers=True)
    assert (found.kappa, found.alpha, found.per_cent) == (None, None, 100)


def test_no_text_gives_no_percentage():
    assert agreement(Cells(0, 0, 0, 0), same_two_readers=True).per_cent is None
    assert mean_per_cent([]) is None


def test_the_mean_counts_every_answer_once():
    found = [
        agreement(Cells(1, 1, 0, 0), same_two_readers=True),
        agreement(Cells(2, 0, 0, 2), same_two_readers=True),
    ]
    assert mean_per_cent(found) == 83
