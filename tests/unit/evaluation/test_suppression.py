"""Hidden cells stay hidden: against every filling of small tables, and at the least cost of all choices."""

from itertools import combinations, product
from random import Random

import pytest

from jags.evaluation.engine.attack import found_out, possible
from jags.evaluation.engine.suppression import hidden_cells
from jags.evaluation.engine.tables import Cell, Linked, Showing, Sum, linked, two_way

ROWS, COLUMNS = ("14-15", "16-17", "18-21"), ("yes", "no")


def table(counts: list[int]) -> Linked:
    """Return a table of three rows and two columns from its six inner counts."""
    rows = {row: dict(zip(COLUMNS, counts[2 * n : 2 * n + 2], strict=True)) for n, row in enumerate(ROWS)}
    return linked(*two_way("age", rows))


def every_table(total: int) -> list[dict[str, int]]:
    """Return every table of three rows and two columns with this grand total, as cell → count."""
    inner = product(range(total + 1), repeat=5)
    whole = [[*five, total - sum(five)] for five in inner if sum(five) <= total]
    return [{name: cell.count for name, cell in table(counts).cells.items()} for counts in whole]


def safe_against_all(tables: Linked, hidden: frozenset[str], others: list[dict[str, int]]) -> bool:
    """Tell whether each hidden cell has three values in the tables that look the same to somebody who knows the rules."""
    same = [
        other
        for other in others
        if all(
            (count >= 1) if name in hidden else (count == tables.cells[name].count)
            for name, count in other.items()
        )
    ]
    return all(len({other[name] for other in same}) >= 3 for name in hidden)


def cost(tables: Linked, hidden: frozenset[str]) -> int:
    return sum(tables.cells[name].cost for name in hidden)


@pytest.fixture(scope="module")
def others() -> list[dict[str, int]]:
    return every_table(12)


@pytest.mark.parametrize("seed", range(12))
def test_the_choice_is_safe_and_none_is_cheaper(seed: int, others: list[dict[str, int]]) -> None:
    random = Random(seed)  # noqa: S311 - Repeatable, no secret.
    counts = [0] * 6
    for _ in range(12):
        counts[min(int(random.expovariate(0.5)), 5)] += 1
    tables = table(counts)
    hidden = hidden_cells(tables)
    further = sorted(tables.may_hide - tables.must_hide)
    choices = (
        tables.must_hide | frozenset(more)
        for number in range(len(further) + 1)
        for more in combinations(further, number)
    )
    cheapest_first = sorted(choices, key=lambda choice: cost(tables, choice))
    best = next((choice for choice in cheapest_first if safe_against_all(tables, choice, others)), None)
    if best is None:
        assert hidden is None
    else:
        assert hidden is not None
        assert safe_against_all(tables, hidden, others)
        assert cost(tables, hidden) == cost(tables, best)


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden_cells(table([6, 9, 0, 12, 7, 0])) == frozenset()


def test_a_count_that_the_headline_gives_away_needs_the_table_left_out() -> None:
    cells = [Cell("all", 4, Showing.SHOWN), Cell("care leavers", 4), Cell("others", 0)]
    tables = linked(cells, [Sum("all", ("care leavers", "others"))])
    assert found_out(tables, frozenset({"care leavers"})) == {"care leavers"}
    assert hidden_cells(tables) is None


def test_two_hidden_parts_of_a_small_sum_are_not_safe() -> None:
    # 2 + 1 = 3, both at least 1: each is 1 or 2, and two values are too few.
    cells = [Cell("all", 3, Showing.SHOWN), Cell("a", 2), Cell("b", 1)]
    tables = linked(cells, [Sum("all", ("a", "b"))])
    assert possible(tables, frozenset({"a", "b"}), "a") == (1, 2)
    assert found_out(tables, frozenset({"a", "b"})) == {"a", "b"}


def half_and_year(first: int, year: int, *, released: Showing) -> Linked:
    """Return a count in a release of half a year and in one of the year; the second half is in neither."""
    cells = [
        *(
            Cell("half", first, released),
            Cell("year", year),
            Cell("second half", year - first, Showing.UNPUBLISHED),
        ),
        *(Cell("year, others", 30), Cell("year, all", year + 30, Showing.SHOWN)),
    ]
    sums = [Sum("year", ("half", "second half")), Sum("year, all", ("year", "year, others"))]
    return linked(cells, sums)


def test_what_two_releases_differ_by_is_kept_as_well() -> None:
    # Twelve were shown for the half year. The year's fourteen would say that two came in the second half.
    tables = half_and_year(12, 14, released=Showing.SHOWN)
    assert found_out(tables, frozenset()) == {"second half"}
    assert hidden_cells(tables) == {"year", "year, others"}


def test_what_two_releases_differ_by_may_be_known_when_it_is_many() -> None:
    assert hidden_cells(half_and_year(12, 24, released=Showing.SHOWN)) == frozenset()


def test_what_was_hidden_before_stays_hidden_in_the_next_release() -> None:
    # Three in the first half were hidden, and nine in the second: the year's twelve leaves both open.
    tables = half_and_year(3, 12, released=Showing.HIDDEN)
    assert hidden_cells(tables) == {"half"}
    assert possible(tables, frozenset({"half"}), "half", most=20) == tuple(range(1, 13))


def test_a_zero_is_shown() -> None:
    tables = table([0, 8, 3, 9, 2, 7])
    hidden = hidden_cells(tables)
    assert hidden is not None
    assert "age/14-15/yes" not in hidden


def test_tables_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        linked([Cell("all", 3), Cell("a", 2)], [Sum("all", ("a",))])
    with pytest.raises(ValueError, match="same name"):
        linked([Cell("a", 3), Cell("a", 2)], [])
