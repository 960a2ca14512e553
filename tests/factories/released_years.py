"""Two made-up years of releases, and somebody who lays them beside each other: tables about children, of one kind or all joined."""

from collections.abc import Mapping, Sequence
from random import Random

from jags.evaluation.engine.attack import possible
from jags.evaluation.engine.releases import Shown, decide, tables_of
from jags.evaluation.engine.tables import LEAST_POSSIBLE, Cell, Linked, Sum, linked
from jags.evaluation.rules.children import (
    CHILD_TABLES,
    CONFIRMED,
    ChildFacts,
    ChildTable,
    Counts,
    count_children,
)

# Ten requests a quarter or a few more, over two years; a release of each quarter, of both years, and of the half-year around
# the new year.
QUARTERS = tuple(f"q{number}" for number in range(8))
RELEASES = (
    *((quarter,) for quarter in QUARTERS),
    QUARTERS[:4],
    QUARTERS[4:],
    QUARTERS[3:5],
)
# However slow a machine is, what is shown is the same.
PATIENCE = 3600.0
_AGES = (frozenset({"5-10"}), frozenset({"16-17"}), frozenset({"18-21"}), frozenset({"14-15", "16-17"}))
_PLANS = ("looked_after", "child_protection", "early_help", "none")
_FEATURES = ("care_leaver", "mental_health", "none_eligible", "neither_care_leaver_nor_disabled")
_DATES = ("no", "turns_18_in_3", "turns_18_in_6")


def made_up(chance: Random) -> ChildFacts:
    """Return a request of ages, plans and features as they happen to come, evenly: most counts are small."""
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


def counted(seed: int, number: int) -> dict[str, dict[str, dict[str, int]]]:
    """Return the counts of so many requests: table → row → column → requests."""
    chance = Random(seed)  # noqa: S311 - Made-up records.
    return count_children((made_up(chance), 1) for _ in range(number))


def two_years(seed: int) -> dict[str, dict[str, Counts]]:
    """Return what every table counts of each quarter: table → quarter → row → column → requests."""
    sizes = Random(seed)  # noqa: S311 - Made-up records.
    found = {
        quarter: counted(100 * seed + number, sizes.randint(10, 14))
        for number, quarter in enumerate(QUARTERS)
    }
    return {table.key: {quarter: found[quarter][table.key] for quarter in QUARTERS} for table in CHILD_TABLES}


def released(
    table: ChildTable, counts: Mapping[str, Counts], releases: Sequence[Sequence[str]] = RELEASES
) -> list[Shown]:
    """Return what is shown of a table, release after release; those that leave it out show nothing."""
    shown: list[Shown] = []
    for blocks in releases:
        found = decide(table, counts, frozenset(blocks), shown, seconds=PATIENCE)
        if found is not None:
            shown.append(found)
    return shown


def narrowed(tables: Linked) -> list[tuple[str, tuple[int, ...]]]:
    """Return the hidden cells, and the small ones that no table shows, that whoever holds the tables narrows too far."""
    hidden = tables.must_hide
    values = {name: possible(tables, hidden, name) for name in sorted(tables.at_risk(hidden))}
    return [(name, found) for name, found in values.items() if len(found) < LEAST_POSSIBLE]


def joined(of_tables: Mapping[str, tuple[ChildTable, Linked]]) -> Linked:
    """Return all tables as one: every total that two of them share is the same number in both."""
    cells: list[Cell] = []
    sums: list[Sum] = []
    first: dict[str, str] = {}
    for key, (table, tables) in of_tables.items():
        cells += [
            Cell(f"{key}:{name}", cell.count, cell.showing, cell.cost) for name, cell in tables.cells.items()
        ]
        sums += [
            Sum(f"{key}:{one.total}", tuple(f"{key}:{part}" for part in one.parts)) for one in tables.sums
        ]
        for name in tables.cells:
            if name.startswith("/"):
                # All of a table of confirmed requests are the confirmed ones of the others.
                total = name.replace("/@", f"/{CONFIRMED}@") if table.of_confirmed else name
                if total in first:
                    sums.append(Sum(first[total], (f"{key}:{name}",)))
                else:
                    first[total] = f"{key}:{name}"
    return linked(cells, sums)


def all_joined(counts: Mapping[str, Mapping[str, Counts]], shown: Mapping[str, Sequence[Shown]]) -> Linked:
    """Return everything that was released of every table, joined."""
    return joined(
        {
            table.key: (table, tables_of(table, counts[table.key], shown[table.key]))
            for table in CHILD_TABLES
            if shown[table.key]
        }
    )


def cells_shown(table: ChildTable, shown: Shown | None) -> tuple[int, int]:
    """Return how many cells of a released table are shown, and how many it has; one that is left out has a row each, none shown."""
    if shown is None:
        return 0, len(table.rows) + 1
    columns = len(table.columns) + 1 if shown.crossed and len(table.columns) > 1 else 1
    every = (len(table.rows_shown(merged=shown.merged)) + 1) * columns
    return every - len(shown.hidden), every
