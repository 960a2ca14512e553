"""Linked tables of counts about children: cells, the sums that join them, and what a reader may know of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# A count of one to so many children is never shown; a true zero is.
MOST_HIDDEN = 5
# A hidden cell keeps at least so many values that it might have.
# A choice of hidden cells may take so long, in seconds; then the finer table is left out.
SECONDS = 10.0
LEAST_POSSIBLE = 3


class Showing(StrEnum):
    """What becomes, or has become, of a cell."""

    # To be decided: shown if that tells nothing, hidden otherwise.
    OPEN = "open"
    # A headline, or a cell of an earlier release that was shown: everybody knows it.
    SHOWN = "shown"
    # Hidden in an earlier release, which stays as it is.
    HIDDEN = "hidden"
    # In no table, but what it is follows from others: the difference of two releases, for instance.
    UNPUBLISHED = "unpublished"
    # What is left of a total beside a cell that no table breaks down further: it bounds that cell and is not itself protected.
    REST = "rest"


IN_NO_TABLE = frozenset({Showing.UNPUBLISHED, Showing.REST})


@dataclass(frozen=True)
class Cell:
    """A count of children (0 or more); `cost` says how much is lost when it is hidden, more for what readers need more."""

    name: str
    count: int
    showing: Showing = Showing.OPEN
    cost: int = 1

    @property
    def is_small(self) -> bool:
        """Tell whether the count itself must not be known."""
        return 1 <= self.count <= MOST_HIDDEN


@dataclass(frozen=True)
class Sum:
    """A total and its parts, each the name of a cell."""

    total: str
    parts: tuple[str, ...]

    @property
    def signs(self) -> list[tuple[str, int]]:
        """Return each cell with the sign with which all of them add up to nothing."""
        return [(self.total, 1), *((part, -1) for part in self.parts)]


@dataclass(frozen=True)
class Linked:
    """Tables that share cells, of one release or of several; raises `ValueError` when a sum does not hold."""

    cells: Mapping[str, Cell]
    sums: tuple[Sum, ...]

    def __post_init__(self) -> None:
        for one in self.sums:
            if self.cells[one.total].count != sum(self.cells[part].count for part in one.parts):
                raise ValueError(f"the parts of {one.total} do not add up to it")

    @property
    def must_hide(self) -> frozenset[str]:
        """Return the cells that are hidden whatever else is: small counts, and what was hidden before."""
        return frozenset(
            cell.name
            for cell in self.cells.values()
            if cell.showing is Showing.HIDDEN or (cell.showing is Showing.OPEN and cell.is_small)
        )

    @property
    def may_hide(self) -> frozenset[str]:
        """Return the cells that can be hidden: a true zero is shown, so that hiding one would tell nothing."""
        return self.must_hide | {
            cell.name for cell in self.cells.values() if cell.showing is Showing.OPEN and cell.count
        }

    def at_risk(self, hidden: frozenset[str]) -> frozenset[str]:
        """Return the cells of which nobody may find out too much: all that are hidden, and small ones in no table."""
        return hidden | {
            cell.name for cell in self.cells.values() if cell.showing is Showing.UNPUBLISHED and cell.is_small
        }


def linked(cells: Iterable[Cell], sums: Iterable[Sum]) -> Linked:
    """Return tables of cells and sums; raises `ValueError` when two cells have one name or a sum does not hold."""
    listed = list(cells)
    by_name = {cell.name: cell for cell in listed}
    if len(by_name) < len(listed):
        raise ValueError("two cells have the same name")
    return Linked(by_name, tuple(sums))


def two_way(
    name: str, rows: Mapping[str, Mapping[str, int]], *, total_cost: int = 10
) -> tuple[list[Cell], list[Sum]]:
    """Return the cells and sums of a table with one cross-break, its totals included; row → column → count.

    Cells are named "name/row/column", totals "name/row/", "name//column" and "name//". The grand total is a headline.
    """
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    counts = {(row, column): rows[row].get(column, 0) for row in rows for column in columns}
    cells = [Cell(f"{name}/{row}/{column}", count) for (row, column), count in counts.items()]
    cells += [
        Cell(f"{name}/{row}/", sum(counts[row, column] for column in columns), cost=total_cost)
        for row in rows
    ]
    cells += [
        Cell(f"{name}//{column}", sum(counts[row, column] for row in rows), cost=total_cost)
        for column in columns
    ]
    cells.append(Cell(f"{name}//", sum(counts.values()), Showing.SHOWN))
    sums = [Sum(f"{name}/{row}/", tuple(f"{name}/{row}/{column}" for column in columns)) for row in rows]
    sums += [Sum(f"{name}//{column}", tuple(f"{name}/{row}/{column}" for row in rows)) for column in columns]
    sums.append(Sum(f"{name}//", tuple(f"{name}/{row}/" for row in rows)))
    sums.append(Sum(f"{name}//", tuple(f"{name}//{column}" for column in columns)))
    return cells, sums
