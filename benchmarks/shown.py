"""Print how much a public report on twenty sessions still shows of its tables about children: `python -m benchmarks.shown`.

The requests are made up so that ages, plans and features come evenly, which is the worst case: most counts are small.
"""

from collections import Counter

from factories.released_years import cells_shown, counted
from jags.evaluation.engine.releases import decide
from jags.evaluation.rules.children import CHILD_TABLES

SESSIONS, REPORTS = 20, 20


def main() -> None:
    """Decide the tables of twenty reports, each on its own, and print the share of cells shown."""
    shapes: Counter[tuple[str, str]] = Counter()
    cells: Counter[tuple[str, str]] = Counter()
    for seed in range(REPORTS):
        counts = counted(seed, SESSIONS)
        for table in CHILD_TABLES:
            shown = decide(table, {"b": counts[table.key]}, frozenset({"b"}), [])
            seen, every = cells_shown(table, shown)
            cells[table.key, "seen"] += seen
            cells[table.key, "every"] += every
            shapes[table.key, "told"] += shown is not None
            shapes[table.key, "merged"] += shown is not None and shown.merged
            shapes[table.key, "crossed"] += shown is not None and shown.crossed
    print(f"Public reports on {SESSIONS} sessions, {REPORTS} of them, each by itself:")
    for table in CHILD_TABLES:
        key = table.key
        print(
            f"  {table.title:60} told in {shapes[key, 'told']:2} of {REPORTS} (rows merged {shapes[key, 'merged']:2}, "
            f"cross-break {shapes[key, 'crossed']:2}), cells shown {cells[key, 'seen']:3} of {cells[key, 'every']:3}"
        )
    told = sum(shapes[table.key, "told"] for table in CHILD_TABLES)
    seen, every = (sum(cells[table.key, what] for table in CHILD_TABLES) for what in ("seen", "every"))
    print(
        f"  In all: {told} of {REPORTS * len(CHILD_TABLES)} tables, {seen} of {every} cells ({seen / every:.0%})"
    )


if __name__ == "__main__":
    main()
