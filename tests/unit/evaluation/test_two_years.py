"""Two made-up years of releases: somebody who knows the rules and holds all of them can work out no hidden count."""

import os
from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest

from jags.evaluation.engine.attack import possible
from jags.evaluation.engine.releases import Shown, decide, tables_of
from jags.evaluation.engine.tables import LEAST_POSSIBLE
from jags.evaluation.rules.children import AGE, CHILD_TABLES, ChildFacts, ChildTable, Counts, count_children

SEEDS = range(3) if os.environ.get("JAGS_SOAK") == "1" else range(1)
# Ten requests a quarter, over two years; a release of each quarter, of both years, and of the half-year around the new year.
QUARTERS = tuple(f"q{number}" for number in range(8))
RELEASES = (
    *((quarter,) for quarter in QUARTERS),
    QUARTERS[:4],
    QUARTERS[4:],
    QUARTERS[3:5],
)
_AGES = (frozenset({"5-10"}), frozenset({"16-17"}), frozenset({"18-21"}), frozenset({"14-15", "16-17"}))
_PLANS = ("looked_after", "child_protection", "early_help", "none")
_FEATURES = ("care_leaver", "mental_health", "none_eligible", "neither_care_leaver_nor_disabled")
_DATES = ("no", "turns_18_in_3", "turns_18_in_6")


def made_up(chance: Random) -> ChildFacts:
    ages = chance.choice(_AGES)
    confirmed = bool(ages - {"5-10"}) and chance.random() < 0.7
    return ChildFacts(
        ages=ages,
        plans=frozenset({chance.choice(_PLANS)}),
        features=frozenset({chance.choice(_FEATURES)}) if confirmed else frozenset(),
        dates=frozenset({chance.choice(_DATES)}),
        confirmed=confirmed,
        held_after=chance.choice((20, 60, 120, None)),
    )


def two_years(seed: int) -> dict[str, dict[str, Counts]]:
    chance = Random(seed)  # noqa: S311 - Made-up records.
    counted = {
        quarter: count_children((made_up(chance), 1) for _ in range(chance.randint(10, 14)))
        for quarter in QUARTERS
    }
    return {
        table.key: {quarter: counted[quarter][table.key] for quarter in QUARTERS} for table in CHILD_TABLES
    }


def released(table: ChildTable, counts: dict[str, Counts]) -> list[Shown]:
    """Return what is shown of a table, release after release; those that leave it out show nothing."""
    shown: list[Shown] = []
    for blocks in RELEASES:
        found = decide(table, counts, frozenset(blocks), shown, seconds=60)
        if found is not None:
            shown.append(found)
    return shown


def found_out(
    table: ChildTable, counts: dict[str, Counts], held: Sequence[Shown]
) -> list[tuple[str, tuple[int, ...]]]:
    """Return the hidden cells that whoever holds some releases can narrow too far."""
    tables = tables_of(table, counts, held)
    hidden = tables.must_hide
    values = {name: possible(tables, hidden, name) for name in sorted(hidden)}
    return [(name, found) for name, found in values.items() if len(found) < LEAST_POSSIBLE]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("table", CHILD_TABLES, ids=[table.key for table in CHILD_TABLES])
def test_no_hidden_count_is_found_alone_in_pairs_or_all_together(table: ChildTable, seed: int) -> None:
    counts = two_years(seed)[table.key]
    shown = released(table, counts)
    pairs = [pair for pair in combinations(shown, 2) if pair[0].blocks & pair[1].blocks]

    assert [
        found_out(table, counts, held) for held in ([one] for one in shown) if found_out(table, counts, held)
    ] == []
    assert [found for pair in pairs if (found := found_out(table, counts, pair))] == []
    assert found_out(table, counts, shown) == []


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

    assert found_out(AGE, counts, [careless]) != []


def _small(counts: Counts) -> frozenset[tuple[str, str]]:
    return frozenset(
        (row, column) for row, columns in counts.items() for column, n in columns.items() if 1 <= n <= 2
    )
