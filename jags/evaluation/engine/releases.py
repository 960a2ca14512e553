"""Decide what a table about children shows in a release, beside all that was released before.

A release counts whole blocks. The reader knows every release, what two of them differ by, and how many requests there were in any
time. Blocks that the same releases count make an atom, so that whatever releases say together is a sum of atoms.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jags.evaluation.engine.tables import SECONDS, Cell, Linked, Showing, Sum, linked
from jags.evaluation.rules.children import ChildTable, Counts, added

Blocks = frozenset[str]
# A cell of a table: row and column, either of which is empty for a total.
Place = tuple[str, str]
# Hiding a total loses more than hiding a part of it.
_TOTAL_COST = 10
_NO = "no "
# The known number within which a cell lies, and how many of it are not in the cell.
_AT_MOST, _BESIDE = "at most ", "beside "


@dataclass(frozen=True)
class Shown:
    """What a release shows of a table: over which blocks, with or without the cross-break, and the cells that are hidden."""

    blocks: Blocks
    crossed: bool
    hidden: frozenset[Place]


def decide(
    table: ChildTable,
    counts: Mapping[str, Counts],
    blocks: Blocks,
    earlier: Sequence[Shown],
    *,
    seconds: float = SECONDS,
) -> Shown | None:
    """Return what a new release over some blocks may show of a table; None when the table has to be left out.

    `counts` are those of every block of this release and of the earlier ones. What was released of the same blocks before stays as
    it was. Without the cross-break rather than with most of it hidden; left out rather than with nothing in it. `seconds` are
    for all that is tried together.
    """
    # The solver is loaded where something is decided: no page and no other command waits for it.
    from jags.evaluation.engine.suppression import hidden_cells  # noqa: PLC0415 - See above.

    ends = time.monotonic() + seconds
    for before in earlier:
        if before.blocks == blocks:
            return before
    for crossed in (True, False) if len(table.columns) > 1 else (False,):
        asked = Shown(blocks, crossed, frozenset())
        found = hidden_cells(
            tables_of(table, counts, [*earlier, asked], new=asked), seconds=ends - time.monotonic()
        )
        if found is None:
            continue
        places = _places(table, crossed=crossed)
        hidden = frozenset(place for place in places if _name(place, blocks) in found)
        inner = [place for place in places if place[0] and bool(place[1]) == crossed]
        seen = sum(place not in hidden for place in inner)
        if 2 * seen >= len(inner) or (seen and not crossed):
            return Shown(blocks, crossed, hidden)
    return None


def tables_of(
    table: ChildTable, counts: Mapping[str, Counts], releases: Sequence[Shown], *, new: Shown | None = None
) -> Linked:
    """Return the linked tables of several releases, and of the blocks that they count; `new` is still to be decided."""
    unions = {one.blocks: one for one in _together(releases, new)}
    atoms = _atoms(unions)
    # What two releases tell beside themselves: all that one counts and the other does not, and what both count.
    beside = {
        part
        for one in unions
        for other in unions
        if one != other
        for part in (one - other, one & other)
        if part
    }
    every = sorted({*unions, *atoms, *beside}, key=lambda blocks: (len(blocks), sorted(blocks)))
    cells: list[Cell] = []
    sums: list[Sum] = []
    for blocks in every:
        whole = added(counts[block] for block in sorted(blocks))
        cells += _cells(table, whole, blocks, unions.get(blocks), new=new)
        sums += _sums(table, blocks)
        if blocks not in atoms:
            parts = [atom for atom in atoms if atom <= blocks]
            sums += [
                Sum(_name(place, blocks), tuple(_name(place, part) for part in parts))
                for place in _places(table, crossed=True)
            ]
    return linked(cells, sums)


def value(counts: Counts, place: Place) -> int:
    """Return the count of a cell of a table; a row is empty for the total over rows, a column for that over columns."""
    row, column = place
    rows = [counts[row]] if row or "" in counts else list(counts.values())
    return sum(number for one in rows for name, number in one.items() if column in {"", name})


def _together(releases: Sequence[Shown], new: Shown | None) -> list[Shown]:
    """Return the releases that share blocks with the new one, or with one that does: what others say tells nothing of these."""
    if new is None:
        return list(releases)
    found, left = [new], [one for one in releases if one is not new]
    for reached in found:
        near = [one for one in left if one.blocks & reached.blocks]
        found += near
        left = [one for one in left if one not in near]
    return found


def _atoms(unions: Iterable[Blocks]) -> list[Blocks]:
    """Return the blocks that the same releases count, together, in order."""
    by_releases: dict[tuple[bool, ...], set[str]] = {}
    listed = list(unions)
    for block in frozenset().union(*listed):
        by_releases.setdefault(tuple(block in one for one in listed), set()).add(block)
    return sorted((frozenset(atom) for atom in by_releases.values()), key=sorted)


def _cells(
    table: ChildTable, counts: Counts, blocks: Blocks, shown: Shown | None, *, new: Shown | None
) -> Iterable[Cell]:
    published = set(_places(table, crossed=shown.crossed)) if shown else set()
    for place in _places(table, crossed=True):
        showing = Showing.UNPUBLISHED
        if not place[0]:
            # How many requests there are, and in how many transitional safeguarding is confirmed, are headlines.
            showing = Showing.SHOWN
        elif shown and place in published:
            showing = Showing.HIDDEN if place in shown.hidden else Showing.SHOWN
            showing = Showing.OPEN if shown is new else showing
        cost = 1 if place[1] else _TOTAL_COST
        yield Cell(_name(place, blocks), value(counts, place), showing, cost)
        if place[0] and not table.partition:
            rest = value(counts, ("", place[1])) - value(counts, place)
            yield Cell(_NO + _name(place, blocks), rest, Showing.REST)
        if place[0] in table.within:
            known = value(counts, (table.within[place[0]], place[1]))
            yield Cell(_AT_MOST + _name(place, blocks), known, Showing.SHOWN)
            yield Cell(_BESIDE + _name(place, blocks), known - value(counts, place), Showing.REST)


def _sums(table: ChildTable, blocks: Blocks) -> Iterable[Sum]:
    columns = table.columns if len(table.columns) > 1 else ()
    for row in ("", *table.rows) if columns else ():
        yield Sum(_name((row, ""), blocks), tuple(_name((row, column), blocks) for column in columns))
    for column in ("", *columns):
        total = _name(("", column), blocks)
        parts = [_name((row, column), blocks) for row in table.rows]
        if table.partition:
            yield Sum(total, tuple(parts))
        else:
            yield from (Sum(total, (part, _NO + part)) for part in parts)
        for row in table.within:
            part = _name((row, column), blocks)
            yield Sum(_AT_MOST + part, (part, _BESIDE + part))


def _places(table: ChildTable, *, crossed: bool) -> list[Place]:
    columns = ("", *table.columns) if crossed and len(table.columns) > 1 else ("",)
    return [(row, column) for row in ("", *table.rows) for column in columns]


def _name(place: Place, blocks: Blocks) -> str:
    return f"{place[0]}/{place[1]}@{','.join(sorted(blocks))}"
