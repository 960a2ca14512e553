"""A report of one locality: beside any other reports it tells of nobody, or of ten requests or more."""

from itertools import combinations
from random import Random

import pytest

from jags.evaluation.rules.localities import why_not_narrowed


def releasable(of_locality: dict[str, int], whole: dict[str, int], *earlier: dict[str, int]) -> bool:
    return not why_not_narrowed(of_locality, whole, earlier)


@pytest.mark.parametrize(
    ("of_locality", "whole", "released"),
    [
        # Nine requests are few by themselves.
        ({"spring": 9}, {"spring": 30}, False),
        ({"spring": 10}, {"spring": 20}, True),
        # All but nine of the quarter: the report of all localities tells of the nine.
        ({"spring": 21}, {"spring": 30}, False),
        # All of it is the same as the quarter.
        ({"spring": 30}, {"spring": 30}, True),
        # A few of each quarter, over a year.
        ({"spring": 4, "summer": 4, "autumn": 4}, {"spring": 12, "summer": 12, "autumn": 12}, True),
        # Nearly all of the spring and nobody else: the report of the spring differs by three.
        ({"spring": 11, "summer": 1}, {"spring": 13, "summer": 20}, False),
    ],
)
def test_a_locality_is_told_of_where_ten_are_in_it_and_ten_are_not(
    of_locality: dict[str, int], whole: dict[str, int], *, released: bool
) -> None:
    assert releasable(of_locality, whole) is released


def test_two_reports_of_a_locality_differ_by_nobody_or_by_ten() -> None:
    whole = {"spring": 40, "summer": 40}

    assert releasable({"spring": 15, "summer": 12}, whole, {"spring": 15})
    assert not releasable({"spring": 15, "summer": 9}, whole, {"spring": 15})
    assert releasable({"spring": 15, "summer": 0}, whole, {"spring": 15})


@pytest.mark.parametrize("seed", range(60))
def test_whoever_lays_any_two_reports_beside_each_other_finds_nobody_or_ten(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - Made-up reports.
    blocks = [f"b{number}" for number in range(5)]
    whole = {block: chance.randint(10, 24) for block in blocks}
    of = {block: chance.choice((0, chance.randint(0, whole[block]), whole[block])) for block in blocks}
    # Who a request is from, by its block, its locality and a number.
    people = {(block, number < of[block], number) for block in blocks for number in range(whole[block])}
    mine = frozenset(chance.sample(blocks, chance.randint(1, 4)))
    other = frozenset(chance.sample(blocks, chance.randint(1, 4)))

    def told(counted: frozenset[str], *, of_locality: bool) -> set[tuple[str, bool, int]]:
        return {one for one in people if one[0] in counted and (one[1] or not of_locality)}

    narrowed = told(mine, of_locality=True)
    others = [told(frozenset(some), of_locality=False) for n in range(6) for some in combinations(blocks, n)]
    others.append(told(other, of_locality=True))
    apart = {len(narrowed ^ one) for one in others if one}

    found = releasable({b: of[b] for b in mine}, whole, {b: of[b] for b in other})

    assert found == (len(narrowed) >= 10 and not any(0 < number < 10 for number in apart))
