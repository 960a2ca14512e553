"""A report of one locality: whatever somebody takes from each other, ten requests or more are left."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations, product
from random import Random

import pytest

from jags.evaluation.rules import Period
from jags.evaluation.rules.localities import Narrowed, localities_told, why_not_beside, why_not_narrowed

FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
MIDDLE = Period(date(2026, 4, 1), date(2026, 9, 30))
NINE_MONTHS = Period(date(2026, 1, 1), date(2026, 9, 30))
SECOND_HALF = Period(date(2026, 7, 1), date(2026, 12, 31))


def releasable(*blocks: tuple[int, Mapping[str, int]], others: tuple[str, ...] = ()) -> bool:
    return not why_not_narrowed("A", others, blocks)


@pytest.mark.parametrize(
    ("blocks", "released"),
    [
        # Nine requests are few by themselves.
        ([(30, {"A": 9})], False),
        ([(20, {"A": 10})], True),
        # All but nine of the quarter: the report of all localities tells of the nine.
        ([(30, {"A": 21})], False),
        # All of it: one request of elsewhere that comes late would stand by itself.
        ([(30, {"A": 30})], False),
        # A few of each quarter, over a year.
        ([(12, {"A": 4}), (12, {"A": 4}), (12, {"A": 4})], True),
        # Nearly all of the spring and nobody else: the report of the spring differs by three.
        ([(13, {"A": 11}), (20, {"A": 1})], False),
    ],
)
def test_a_locality_is_told_of_where_ten_are_in_it_and_ten_are_not(
    blocks: list[tuple[int, dict[str, int]]], *, released: bool
) -> None:
    assert releasable(*blocks) is released


@pytest.mark.parametrize(("elsewhere", "released"), [(1, False), (9, False), (10, True)])
def test_what_is_left_of_the_whole_after_every_locality_is_ten_or_more(
    elsewhere: int, *, released: bool
) -> None:
    block = (30 + elsewhere, {"A": 15, "B": 15, "C": elsewhere})

    assert releasable(block)
    assert releasable(block, others=("B",)) is released


@pytest.mark.parametrize(
    ("locality", "period", "says"),
    [
        ("A", FIRST_HALF, "these dates of this locality were told before"),
        ("A", MIDDLE, "a report of A tells of 1 January 2026 to 30 June 2026, which shares days"),
        ("B", NINE_MONTHS, "a report of A tells of 1 January 2026 to 30 June 2026, which shares days"),
        ("B", FIRST_HALF, ""),
        ("A", SECOND_HALF, ""),
    ],
)
def test_reports_of_localities_are_of_the_same_dates_or_share_no_day(
    locality: str, period: Period, says: str
) -> None:
    why = why_not_beside(locality, period, [Narrowed("A", (FIRST_HALF,))])

    assert bool(why) is bool(says)
    assert says in why
    assert localities_told(FIRST_HALF, [Narrowed("A", (FIRST_HALF,)), Narrowed("B", (SECOND_HALF,))]) == {"A"}


@pytest.mark.parametrize("seed", range(60))
def test_whoever_lays_reports_of_localities_beside_any_of_the_whole_finds_ten(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - Made-up reports.
    names = ("A", "B", "C", "D")
    of = [{name: chance.choice((0, 3, chance.randint(5, 20))) for name in names} for _ in range(3)]
    people = {(b, name, n) for b, block in enumerate(of) for name in names for n in range(block[name])}

    def told(localities: tuple[str, ...], blocks: tuple[int, ...]) -> set[tuple[int, str, int]]:
        return {one for one in people if one[0] in blocks and one[1] in localities}

    wholes = [told(names, some) for n in range(4) for some in combinations(range(3), n)]
    unions = [told(("A", *some), (0, 1, 2)) for n in range(3) for some in combinations(("B", "C"), n)]
    apart = [len(one ^ other) for one, other in product(unions, wholes)]

    found = not why_not_narrowed("A", ("B", "C"), [(sum(block.values()), block) for block in of])

    assert found == (min(apart) >= 10)
