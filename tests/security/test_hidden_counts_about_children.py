"""A promise of privacy: a hidden count about children keeps at least three possible values; releases differ by nobody or by a whole block.

Two made-up years of releases: somebody who knows the rules and holds all of them can work out no hidden count.
"""

import os
from itertools import combinations

import pytest

from factories.released_years import (
    PATIENCE,
    QUARTERS,
    RELEASES,
    all_joined,
    cells_shown,
    counted,
    joined,
    narrowed,
    released,
    two_years,
)
from jags.evaluation.engine.releases import Shown, decide, tables_of
from jags.evaluation.rules.children import AGE, CHILD_TABLES, PLAN, ChildTable, Counts

SOAK = os.environ.get("JAGS_SOAK") == "1"
SEEDS = range(5) if SOAK else range(1)
TWENTY_SESSIONS = 20
# `make test` holds the releases of one year: its quarters, the year, and a half of it that is no half-year.
RELEASED = RELEASES if SOAK else (*((quarter,) for quarter in QUARTERS[:4]), QUARTERS[:4], QUARTERS[1:3])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("table", CHILD_TABLES, ids=[table.key for table in CHILD_TABLES])
def test_no_hidden_count_is_found_alone_in_pairs_or_all_together(table: ChildTable, seed: int) -> None:
    counts = two_years(seed)[table.key]
    shown = released(table, counts, RELEASED)
    pairs = [pair for pair in combinations(shown, 2) if pair[0].blocks & pair[1].blocks]

    for held in ([one] for one in shown):
        assert narrowed(tables_of(table, counts, held)) == []
    for pair in pairs:
        assert narrowed(tables_of(table, counts, pair)) == []
    assert narrowed(tables_of(table, counts, shown)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_no_hidden_count_is_found_by_joining_all_tables_of_all_releases(seed: int) -> None:
    counts = two_years(seed)
    shown = {table.key: released(table, counts[table.key], RELEASED) for table in CHILD_TABLES}

    together = all_joined(counts, shown)

    assert {name.partition(":")[0] for name in together.must_hide} > {"age"}
    assert narrowed(together) == []


def test_releases_differ_by_nobody_or_by_a_whole_block() -> None:
    sizes = {
        quarter: sum(sum(row.values()) for row in rows.values())
        for quarter, rows in two_years(0)[AGE.key].items()
    }
    for one, other in combinations(map(frozenset, RELEASES), 2):
        apart = sum(sizes[quarter] for quarter in one ^ other)
        assert apart == 0 or apart >= 10


def test_attacker_finds_what_a_careless_release_gives_away() -> None:
    counts = two_years(0)[AGE.key]
    # Only small counts are hidden, and nothing beside them: the sums give some of them away.
    careless = Shown(frozenset({"q0"}), crossed=True, hidden=_small(counts["q0"]))

    assert narrowed(tables_of(AGE, counts, [careless])) != []


def test_attacker_joins_what_two_tables_tell_of_the_same_total() -> None:
    # The confirmed of this table are hidden, and another table shows how many there are.
    rows = {
        "under_16": {"confirmed": 0, "other": 9},
        "16_25": {"confirmed": 2, "other": 8},
        "both": {"confirmed": 0, "other": 9},
        "not_recorded": {"confirmed": 0, "other": 0},
    }
    hidden = frozenset({("16_25", "confirmed"), ("16_25", "other")})
    told = tables_of(AGE, {"b": rows}, [Shown(frozenset({"b"}), crossed=True, hidden=hidden)])
    plan = {
        row: dict(zip(("confirmed", "other"), found, strict=True))
        for row, found in {"care": (2, 6), "protection": (0, 8), "other": (0, 6), "none": (0, 6)}.items()
    }
    other = tables_of(PLAN, {"b": plan}, [Shown(frozenset({"b"}), crossed=False, hidden=frozenset())])

    assert [name for name, _ in narrowed(joined({"age": (AGE, told), "plan": (PLAN, other)}))] != []


def test_a_public_report_on_twenty_sessions_shows_most_cells_and_most_tables() -> None:
    cells, tables = [], 0
    seeds = range(20) if SOAK else range(4)
    for seed in seeds:
        counts = counted(seed, TWENTY_SESSIONS)
        for table in CHILD_TABLES:
            shown = decide(table, {"b": counts[table.key]}, frozenset({"b"}), [], seconds=PATIENCE)
            cells.append(cells_shown(table, shown))
            tables += shown is not None

    assert sum(shown for shown, _ in cells) > sum(every for _, every in cells) / 2
    assert tables > len(seeds) * len(CHILD_TABLES) / 2


def test_rows_are_merged_before_they_are_hidden() -> None:
    # Eight small counts in fine rows; put together, nothing has to be hidden.
    counts = {
        "b": {
            "care": {"confirmed": 5, "other": 0},
            "protection": {"confirmed": 3, "other": 0},
            "other": {"confirmed": 4, "other": 0},
            "none": {"confirmed": 4, "other": 0},
        }
    }

    shown = decide(PLAN, counts, frozenset({"b"}), [], seconds=PATIENCE)

    assert shown is not None
    assert (shown.merged, shown.hidden) == (True, frozenset())


def _small(counts: Counts) -> frozenset[tuple[str, str]]:
    return frozenset(
        (row, column) for row, columns in counts.items() for column, n in columns.items() if 1 <= n <= 2
    )
