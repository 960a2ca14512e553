"""Lay charts out: from the cells of a table to rectangles, lines, marks and texts, which the templates write as SVG.

Every number stands in words beside what is drawn of it, and shades and marks differ in lightness and shape, so that a chart is read in
print and in grey. What has no number is not drawn; its words stand there.
"""

import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

from jags.evaluation.rules.document import Cell, Chart, ChartKind, Table

WIDTH = 640
_LINE = 18
_BAR = 14
_GAP = 10
# Room at the right of a bar for the words that say its number.
_BAR_END = WIDTH - 130
_LABEL_CHARACTERS = 78
_SHADES = 4
_PLOT_HEIGHT = 220
_PLOT_LEFT = 48
_HEAT_LABELS = 200
_HEAT_CHARACTERS = 27
_HEAT_LEAST = 36
_HEAT_ROW = 24
# About how wide a letter is at the size in which charts are written.
_LETTER = 7


@dataclass(frozen=True)
class Rectangle:
    """`shade` is a number of the four that series have, or "heat-0" (none) to "heat-4" (most)."""

    x: float
    y: float
    width: float
    height: float
    shade: str


@dataclass(frozen=True)
class Words:
    """A line of text whose baseline is `y`; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    light: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line through points; `dash` tells series apart, "grid" is part of the ground."""

    points: tuple[tuple[float, float], ...]
    dash: str


@dataclass(frozen=True)
class Mark:
    """A point; `shape` is the number of its series: disc, square, triangle, ring."""

    x: float
    y: float
    shape: int


@dataclass
class Drawing:
    """What a chart is made of, back to front, on a ground of `WIDTH` by `height` units; `width` is more where there is much."""

    height: float = 0
    width: float = WIDTH
    rectangles: list[Rectangle] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class _Picked:
    """The columns that a chart draws."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]

    @property
    def most(self) -> float:
        """Return the largest number, at least one, so that nothing is ever divided by zero."""
        return max([1.0, *(_size(cell) for _, cells in self.rows for cell in cells)])


def draw(chart: Chart, table: Table) -> Drawing | None:
    """Return the layout of a chart; None where its table shows no number."""
    wanted = [n for n, column in enumerate(table.columns) if not chart.columns or column.key in chart.columns]
    picked = _Picked(
        tuple(table.columns[n].title for n in wanted),
        tuple((row.title, tuple(row.cells[n] for n in wanted)) for row in table.rows),
    )
    if all(cell.value is None for _, cells in picked.rows for cell in cells):
        return None
    return _LAYOUTS[chart.kind](picked)


def _size(cell: Cell) -> float:
    return max(0.0, float(cell.value or 0))


def _lines(text: str, most: int = _LABEL_CHARACTERS) -> list[str]:
    return textwrap.wrap(text, most) or [""]


def _label(drawing: Drawing, text: str) -> None:
    """Write a label on lines of its own beneath what is there."""
    for line in _lines(text):
        drawing.height += _LINE
        drawing.words.append(Words(0, drawing.height - 4, line))


def _shade(series: int) -> str:
    return str(series % _SHADES)


def _legend(drawing: Drawing, picked: _Picked, sign: Callable[[Drawing, int, float], None]) -> None:
    """Say which shade, mark or dash belongs to which column; one column needs no legend."""
    if len(picked.titles) == 1:
        return
    for series, title in enumerate(picked.titles):
        for n, line in enumerate(_lines(title)):
            drawing.height += _LINE
            if n == 0:
                sign(drawing, series, drawing.height - 9)
            drawing.words.append(Words(36, drawing.height - 4, line))
    drawing.height += _GAP


def _bars(picked: _Picked) -> Drawing:
    drawing = Drawing()
    _legend(
        drawing, picked, lambda d, series, y: d.rectangles.append(Rectangle(0, y - 6, 28, 12, _shade(series)))
    )
    for title, cells in picked.rows:
        _label(drawing, title)
        for series, cell in enumerate(cells):
            length = _BAR_END * _size(cell) / picked.most
            if length:
                drawing.rectangles.append(Rectangle(0, drawing.height, length, _BAR, _shade(series)))
            drawing.words.append(Words(length + 6, drawing.height + _BAR - 2, cell.shown))
            drawing.height += _BAR + 3
        drawing.height += _GAP
    return drawing


def _funnel(picked: _Picked) -> Drawing:
    drawing = Drawing()
    for title, cells in picked.rows:
        _label(drawing, f"{title}: {cells[0].shown}")
        length = WIDTH * _size(cells[0]) / picked.most
        if length:
            drawing.rectangles.append(Rectangle((WIDTH - length) / 2, drawing.height, length, 2 * _BAR, "0"))
        drawing.height += 2 * _BAR + _GAP
    return drawing


def _dots(picked: _Picked) -> Drawing:
    drawing = Drawing()
    _legend(drawing, picked, lambda d, series, y: d.marks.append(Mark(14, y, series)))
    for title, cells in picked.rows:
        told = " · ".join(cell.shown for cell in cells)
        _label(drawing, title)
        y = drawing.height + _BAR / 2
        drawing.strokes.append(Stroke(((8, y), (_BAR_END, y)), "grid"))
        drawing.marks += [
            Mark(8 + (_BAR_END - 8) * _size(cell) / picked.most, y, series)
            for series, cell in enumerate(cells)
            if cell.value is not None
        ]
        drawing.words.append(Words(_BAR_END + 12, y + 5, told))
        # A phrase that is too long for its place beside the line goes beneath it.
        if len(told) * _LETTER > WIDTH - _BAR_END - 12:
            drawing.words.pop()
            drawing.height += _BAR
            _label(drawing, told)
        else:
            drawing.height += _BAR
        drawing.height += _GAP
    return drawing


def _line_chart(picked: _Picked) -> Drawing:
    drawing = Drawing()

    def sign(d: Drawing, series: int, y: float) -> None:
        d.strokes.append(Stroke(((0, y), (28, y)), _shade(series)))
        d.marks.append(Mark(14, y, series))

    _legend(drawing, picked, sign)
    top, bottom = drawing.height + 12, drawing.height + 12 + _PLOT_HEIGHT
    step = _step(picked.most)
    ceiling = step * math.ceil(picked.most / step)
    for n in range(round(ceiling / step) + 1):
        y = bottom - _PLOT_HEIGHT * n * step / ceiling
        drawing.strokes.append(Stroke(((_PLOT_LEFT, y), (WIDTH, y)), "grid"))
        drawing.words.append(Words(_PLOT_LEFT - 6, y + 5, f"{n * step:g}", "end"))
    spaces = max(1, len(picked.rows) - 1)
    across = [_PLOT_LEFT + 10 + (WIDTH - _PLOT_LEFT - 50) * n / spaces for n in range(len(picked.rows))]
    for series in range(len(picked.titles)):
        _one_line(drawing, picked, series, across, lambda size: bottom - _PLOT_HEIGHT * size / ceiling)
    drawing.height = bottom + _moments(drawing, picked, across, bottom) + _GAP
    drawing.height = max(drawing.height, top)
    return drawing


def _one_line(
    drawing: Drawing, picked: _Picked, series: int, across: list[float], height_of: Callable[[float], float]
) -> None:
    """Draw one column as a line with a mark for each number; where there is none, the line is broken."""
    run: list[tuple[float, float]] = []
    for x, (_, cells) in zip(across, picked.rows, strict=True):
        cell = cells[series]
        if cell.value is not None:
            run.append((x, height_of(_size(cell))))
            drawing.marks.append(Mark(*run[-1], series))
            continue
        if len(run) > 1:
            drawing.strokes.append(Stroke(tuple(run), _shade(series)))
        run = []
    if len(run) > 1:
        drawing.strokes.append(Stroke(tuple(run), _shade(series)))


def _moments(drawing: Drawing, picked: _Picked, across: list[float], bottom: float) -> float:
    """Write the moments under the lines, each where it has room; return how high they stand."""
    widest = max(len(line) for title, _ in picked.rows for line in _lines(title, 14)) * _LETTER + 8
    each = max(1, math.ceil(widest * len(picked.rows) / (WIDTH - _PLOT_LEFT)))
    deepest = 0
    for n, (x, (title, _)) in enumerate(zip(across, picked.rows, strict=True)):
        if n % each:
            continue
        lines = _lines(title, 14)
        deepest = max(deepest, len(lines))
        for row, line in enumerate(lines, 1):
            drawing.words.append(Words(x, bottom + _LINE * row, line, "middle"))
    return deepest * _LINE


def _step(most: float) -> float:
    """Return a round step in which at most five reach the largest number; whole numbers have no finer one than 1."""
    rough = most / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return max(1.0, next(times * power for times in (1, 2, 5, 10) if times * power >= rough))


def _heat_map(picked: _Picked) -> Drawing:
    columns = len(picked.titles)
    cell_width = max(_HEAT_LEAST, (WIDTH - _HEAT_LABELS) / columns)
    drawing = Drawing(width=_HEAT_LABELS + cell_width * columns)
    heads = [_lines(title, max(4, int(cell_width / _LETTER))) for title in picked.titles]
    drawing.height = max(map(len, heads)) * _LINE
    for n, lines in enumerate(heads):
        for row, line in enumerate(lines, 1):
            drawing.words.append(
                Words(_HEAT_LABELS + cell_width * (n + 0.5), _LINE * row - 4, line, "middle")
            )
    for title, cells in picked.rows:
        lines = _lines(title, _HEAT_CHARACTERS)
        height = max(_HEAT_ROW, _LINE * len(lines) + 4)
        for row, line in enumerate(lines):
            y = drawing.height + height / 2 + 5 + _LINE * (row - (len(lines) - 1) / 2)
            drawing.words.append(Words(0, y, line))
        for n, cell in enumerate(cells):
            x, shade = _HEAT_LABELS + cell_width * n, math.ceil(4 * _size(cell) / picked.most)
            drawing.rectangles.append(Rectangle(x, drawing.height, cell_width, height, f"heat-{shade}"))
            middle = drawing.height + height / 2 + 5
            drawing.words.append(
                Words(x + cell_width / 2, middle, cell.shown, "middle", light=shade > 2)  # noqa: PLR2004 - The two dark ones.
            )
        drawing.height += height
    return drawing


_LAYOUTS: dict[ChartKind, Callable[[_Picked], Drawing]] = {
    ChartKind.BARS: _bars,
    ChartKind.LINES: _line_chart,
    ChartKind.DOTS: _dots,
    ChartKind.FUNNEL: _funnel,
    ChartKind.HEAT_MAP: _heat_map,
}
