"""The table of speed: what was measured, against which goal, met or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.load import Figures

SLOWEST_GOAL_MS = 44.0
HEADINGS = ("Work", "Figure", "Ratio to bare Flask", "Goal", "Met")


@dataclass(frozen=True)
class Row:
    """One line; `met` is None where a figure stands for comparison only."""

    work: str
    figure: str
    ratio: str
    goal: str
    met: bool | None

    @property
    def cells(self) -> tuple[str, ...]:
        """The words of the line, cell by cell."""
        verdict = "–" if self.met is None else "yes" if self.met else "NO"
        return (self.work, self.figure, self.ratio, self.goal, verdict)


# A line is put into words at the end of the run, when the best of bare Flask is known.
Line = Callable[[], Row]


def show(rows: Sequence[Row]) -> None:
    """Print the lines as one Markdown table, its columns aligned."""
    lines = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADINGS))]
    for number, line in enumerate(lines):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def rate_row(work: str, figures: Figures, goal: float | None) -> Line:
    """Return the line of a rate; without a goal it stands for comparison."""

    def line() -> Row:
        figure, ratio = f"{figures.mine.a_second:,.0f} a second", as_ratio(figures.ratio)
        if goal is None:
            return Row(work, figure, ratio, "–", None)
        return Row(work, figure, ratio, f"≥ {as_ratio(goal)}", figures.ratio >= goal)

    return line


def slowest_row(work: str, figures: Figures, goal: float | None = SLOWEST_GOAL_MS) -> Line:
    """Return the line of the latency that one answer in a hundred exceeds."""

    def line() -> Row:
        slowest, words = figures.mine.slowest_percent_ms, f"{work}, slowest 1 %"
        ratio = f"{as_ratio(slowest / figures.bare.slowest_percent_ms)} × as long"
        if goal is None:
            return Row(words, f"{slowest:.0f} ms", ratio, "–", None)
        return Row(words, f"{slowest:.0f} ms", ratio, f"≤ {goal:.0f} ms", slowest <= goal)

    return line


def settled(row: Row) -> Line:
    """Return a line that no later round changes."""
    return lambda: row


def as_ratio(value: float) -> str:
    """Return a ratio with two figures that count: .42, .034, 5.1."""
    if value >= 1:
        return f"{value:.1f}"
    return f"{value:.2f}".lstrip("0") if value >= 0.1 else f"{value:.3f}".lstrip("0")
