"""Decide what a table about children shows in a release, beside all that was released before.

A release counts whole blocks. The reader knows every release, what two of them differ by, and how many requests there were in any
time. Blocks that the same releases count make an atom, so that whatever releases say together is a sum of atoms.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
# Of rows that overlap: all of them added up, how much of that is counted twice, and what of a merged row is not in one of them.
_EACH, _TWICE, _WITHOUT = "each of ", "twice in ", "without "


@dataclass(frozen=True)
class Shown:
    """What a release shows of a table: over which blocks, with or without the cross-break, which cells are hidden, and whether rows are merged."""

    blocks: Blocks
    crossed: bool
    hidden: frozenset[Place]
    merged: bool = False


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
    it was. Rows are merged, and then the cross-break is left out, rather than most cells hidden; where most are hidden in every
    shape, the one of which the largest part is seen is told, and a table is left out rather than with nothing in it. `seconds` are for all that is tried together.
    """
    # The solver is loaded where something is decided: no page and no other command waits for it.
    from jags.evaluation.engine.suppression import hidden_cells  # noqa: PLC0415 - See above.

    ends = time.monotonic() + seconds
    for before in earlier:
        if before.blocks == blocks:
            return before
    little: Shown | None = None
    most = 0.0
    shapes = list(_shapes(table, blocks, merges=all(map(table.counts_merged, counts.values()))))
    for number, asked in enumerate(shapes):
        # A shape that is hard to decide leaves time for those that tell less.
        left = (ends - time.monotonic()) / (len(shapes) - number)
        found = hidden_cells(tables_of(table, counts, [*earlier, asked], new=asked), seconds=left)
        if found is None:
            continue
        places = _places(table, asked)
        shown = replace(asked, hidden=frozenset(place for place in places if _name(place, blocks) in found))
        inner = [place for place in places if place[0] and bool(place[1]) == asked.crossed]
        seen = sum(place not in shown.hidden for place in inner)
        if 2 * seen > len(inner):
            return shown
        if not asked.crossed and seen > most * len(inner):
            little, most = shown, seen / len(inner)
    return little


def _shapes(table: ChildTable, blocks: Blocks, *, merges: bool) -> Iterator[Shown]:
    """Return the shapes in which a table may be told, the one that tells most first."""
    for crossed in (True, False) if len(table.columns) > 1 else (False,):
        for merged in (False, True) if table.merged and merges else (False,):
            yield Shown(blocks, crossed, frozenset(), merged)


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
    # Where rows overlap, what holds any of them is a row of its own, which every block counts.
    overlapping = not table.partition and any(one.merged for one in unions.values())
    places = _every_place(table, overlapping=overlapping)
    cells: list[Cell] = []
    sums: list[Sum] = []
    for blocks in every:
        whole = added(counts[block] for block in sorted(blocks))
        shown = unions.get(blocks)
        cells += _cells(table, whole, blocks, shown, places, new=new)
        sums += _sums(table, blocks, places)
        if table.partition and shown and shown.merged:
            merged = [place for place in _places(table, shown) if place[0] in table.merged]
            cells += [
                Cell(
                    _name(place, blocks),
                    value(table, whole, place),
                    _showing(place, shown, new=new),
                    _cost(place),
                )
                for place in merged
            ]
            sums += [
                Sum(
                    _name(place, blocks),
                    tuple(_name((part, place[1]), blocks) for part in table.parts(place[0])),
                )
                for place in merged
            ]
        if overlapping:
            more, joins = _overlapping(table, whole, blocks)
            cells += more
            sums += joins
        if blocks not in atoms:
            parts = [atom for atom in atoms if atom <= blocks]
            sums += [
                Sum(_name(place, blocks), tuple(_name(place, part) for part in parts)) for place in places
            ]
    return linked(cells, sums)


def value(table: ChildTable, counts: Counts, place: Place) -> int:
    """Return the count of a cell of a table; a row is empty for the total over rows, a column for that over columns."""
    row, column = place
    parts = table.parts(row) if table.partition else (row,)
    rows = [counts[part] for part in parts] if row or "" in counts else list(counts.values())
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
    table: ChildTable,
    counts: Counts,
    blocks: Blocks,
    shown: Shown | None,
    places: Sequence[Place],
    *,
    new: Shown | None,
) -> Iterable[Cell]:
    published = set(_places(table, shown)) if shown else set()
    for place in places:
        showing = Showing.UNPUBLISHED
        if not place[0]:
            # How many requests there are, and in how many transitional safeguarding is confirmed, are headlines.
            showing = Showing.SHOWN
        elif shown and place in published:
            showing = _showing(place, shown, new=new)
        count = value(table, counts, place)
        yield Cell(_name(place, blocks), count, showing, _cost(place))
        if place[0] and not table.partition:
            rest = value(table, counts, ("", place[1])) - count
            yield Cell(_NO + _name(place, blocks), rest, Showing.REST)
        if place[0] in table.within:
            known = value(table, counts, (table.within[place[0]], place[1]))
            yield Cell(_AT_MOST + _name(place, blocks), known, Showing.SHOWN)
            yield Cell(_BESIDE + _name(place, blocks), known - count, Showing.REST)


def _overlapping(table: ChildTable, counts: Counts, blocks: Blocks) -> tuple[list[Cell], list[Sum]]:
    """Return what everybody knows of merged rows that overlap: what holds any of them is at least each, and at most all together."""
    cells: list[Cell] = []
    sums: list[Sum] = []
    for row in table.merged:
        merged, each, twice = (f"{what}{_name((row, ''), blocks)}" for what in ("", _EACH, _TWICE))
        held = value(table, counts, (row, ""))
        parts = {_name((part, ""), blocks): value(table, counts, (part, "")) for part in table.parts(row)}
        together = sum(parts.values())
        cells += [Cell(each, together, Showing.REST), Cell(twice, together - held, Showing.REST)]
        sums += [Sum(each, tuple(parts)), Sum(each, (merged, twice))]
        for part, count in parts.items():
            cells.append(Cell(_WITHOUT + part, held - count, Showing.REST))
            sums.append(Sum(merged, (part, _WITHOUT + part)))
    return cells, sums


def _showing(place: Place, shown: Shown, *, new: Shown | None) -> Showing:
    """Return what becomes, or has become, of a cell that a release publishes."""
    if shown is new:
        return Showing.OPEN
    return Showing.HIDDEN if place in shown.hidden else Showing.SHOWN


def _cost(place: Place) -> int:
    return 1 if place[1] else _TOTAL_COST


def _sums(table: ChildTable, blocks: Blocks, places: Sequence[Place]) -> Iterable[Sum]:
    columns = table.columns if len(table.columns) > 1 else ()
    for row in ("", *table.rows) if columns else ():
        yield Sum(_name((row, ""), blocks), tuple(_name((row, column), blocks) for column in columns))
    for column in ("", *columns):
        total = _name(("", column), blocks)
        parts = [_name(place, blocks) for place in places if place[0] and place[1] == column]
        if table.partition:
            yield Sum(total, tuple(parts))
        else:
            yield from (Sum(total, (part, _NO + part)) for part in parts)
        for row in table.within:
            part = _name((row, column), blocks)
            yield Sum(_AT_MOST + part, (part, _BESIDE + part))


def _places(table: ChildTable, shown: Shown) -> list[Place]:
    """Return the cells that a release has of a table, shown or hidden."""
    columns = ("", *table.columns) if shown.crossed and len(table.columns) > 1 else ("",)
    return [(row, column) for row in ("", *table.rows_shown(merged=shown.merged)) for column in columns]


def _every_place(table: ChildTable, *, overlapping: bool) -> list[Place]:
    """Return every cell of a table, whether or not a release has it; those of merged rows only where they are no sums of others."""
    places = _places(table, Shown(frozenset(), crossed=True, hidden=frozenset()))
    return places + [(row, "") for row in table.merged] if overlapping else places


def _name(place: Place, blocks: Blocks) -> str:
    return f"{place[0]}/{place[1]}@{','.join(sorted(blocks))}"
