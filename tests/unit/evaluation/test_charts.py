"""Charts: drawn from the cells that are shown, never divided by zero, and read in grey."""

import itertools
import re

import pytest

from factories.reports import report
from jags.evaluation.render.charts import WIDTH, Drawing, draw
from jags.evaluation.render.html import html_body, html_page
from jags.evaluation.rules.document import (
    Cell,
    Chart,
    ChartKind,
    Column,
    Row,
    Table,
    hidden,
    not_recorded,
    number,
)

EVERY = pytest.mark.parametrize("kind", list(ChartKind))


def table(*rows: tuple[Cell, ...], title: str = "Row") -> Table:
    columns = tuple(Column(f"c{n}", f"Column {n}") for n in range(len(rows[0]) if rows else 1))
    return Table("t", "T", "Row", columns, tuple(Row(f"{title} {n}", cells) for n, cells in enumerate(rows)))


def drawn(
    kind: ChartKind, *rows: tuple[Cell, ...], columns: tuple[str, ...] = (), title: str = "Row"
) -> Drawing:
    found = draw(Chart("c", kind, "C", "It shows.", "t", columns), table(*rows, title=title))
    assert found is not None
    return found


@EVERY
def test_nothing_is_drawn_where_no_number_is_shown(kind: ChartKind) -> None:
    chart = Chart("c", kind, "C", "It shows.", "t")
    assert draw(chart, table()) is None
    assert draw(chart, table((hidden(),), (not_recorded(),))) is None


@EVERY
def test_zero_alone_is_drawn_without_dividing_by_it(kind: ChartKind) -> None:
    found = drawn(kind, (number(0),), (number(0),))
    assert found.height > 0
    assert "0" in {words.text.removeprefix("Row 0: ") for words in found.words}


@EVERY
@pytest.mark.parametrize("rows", [1, 2, 40])
@pytest.mark.parametrize("columns", [1, 4, 30])
def test_everything_stands_inside_the_ground(kind: ChartKind, rows: int, columns: int) -> None:
    cells = tuple(tuple(number(1 + (r * c) % 97) for c in range(columns)) for r in range(rows))
    found = drawn(
        kind,
        *cells,
        title="A row with a rather long heading that has to be broken over lines for the drawing",
    )
    assert found.width >= WIDTH
    for bar in found.rectangles:
        assert bar.x >= 0
        assert bar.x + bar.width <= found.width + 0.01
        assert bar.y >= 0
        assert bar.y + bar.height <= found.height + 0.01
    for words in found.words:
        assert 0 < words.y <= found.height
        if words.anchor == "start":
            assert words.x + 6 * len(words.text) <= found.width + 20
    for mark in found.marks:
        assert 0 <= mark.x <= found.width
        assert 0 <= mark.y <= found.height


def test_bars_are_as_long_as_their_numbers_and_say_them() -> None:
    found = drawn(ChartKind.BARS, (number(24), number(6)), (hidden(), number(12)))
    lengths = [bar.width for bar in found.rectangles if bar.height == 14]
    assert [round(length / max(lengths), 3) for length in lengths] == [1, 0.25, 0.5]
    assert [words.text for words in found.words] == [
        "Column 0",
        "Column 1",
        "Row 0",
        "24",
        "6",
        "Row 1",
        "c",
        "12",
    ]


def test_only_the_columns_that_are_named_are_drawn() -> None:
    found = drawn(ChartKind.BARS, (number(24), number(6)), columns=("c1",))
    assert [words.text for words in found.words] == ["Row 0", "6"]


def test_line_is_broken_where_nothing_was_recorded() -> None:
    rows = [(number(n),) if n != 2 else (not_recorded(),) for n in range(6)]
    found = drawn(ChartKind.LINES, *rows)
    lines = [line for line in found.strokes if line.dash == "0"]
    assert [len(line.points) for line in lines] == [2, 3]
    assert len(found.marks) == 5
    heights = [mark.y for mark in found.marks]
    assert heights == sorted(heights, reverse=True)


def test_lonely_number_in_a_line_is_a_mark() -> None:
    found = drawn(ChartKind.LINES, (not_recorded(),), (number(3),), (not_recorded(),), (number(4),))
    assert ([line for line in found.strokes if line.dash == "0"], len(found.marks)) == ([], 2)


def test_lines_and_dots_of_series_differ_in_more_than_colour() -> None:
    rows = ((number(1), number(2), number(3), number(4)), (number(2), number(3), number(4), number(5)))
    lines = drawn(ChartKind.LINES, *rows)
    assert {line.dash for line in lines.strokes if line.dash != "grid"} == {"0", "1", "2", "3"}
    assert {mark.shape for mark in drawn(ChartKind.DOTS, *rows).marks} == {0, 1, 2, 3}


def test_funnel_is_widest_where_most_are() -> None:
    found = drawn(ChartKind.FUNNEL, (number(24),), (number(20),), (number(4),))
    assert [round(bar.width) for bar in found.rectangles] == [640, 533, 107]
    assert all(bar.x + bar.width / 2 == pytest.approx(WIDTH / 2) for bar in found.rectangles)


def test_heat_map_is_darker_where_there_is_more_and_says_each_number() -> None:
    found = drawn(ChartKind.HEAT_MAP, (number(0), number(1), hidden()), (number(4), number(8), number(5)))
    assert [bar.shade for bar in found.rectangles] == [f"heat-{n}" for n in (0, 1, 0, 2, 4, 3)]
    assert [words.text for words in found.words if words.anchor == "middle"][3:] == [
        "0",
        "1",
        "c",
        "4",
        "8",
        "5",
    ]
    assert [words.text for words in found.words if words.light] == ["8", "5"]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def fills_of(kind: ChartKind, *rows: tuple[Cell, ...]) -> list[str]:
    body = html_body(report(table(*rows), Chart("extra", kind, "C", "It shows.", "t")))
    svg = body.split('id="extra-title"')[1].split("</svg>")[0]
    return re.findall(r'<rect[^>]*fill="(#\w{6})"', svg)


def test_shades_of_series_differ_in_grey() -> None:
    shades = fills_of(ChartKind.BARS, tuple(number(n) for n in (1, 2, 3, 4)))[:4]
    grey = sorted(luminance(shade) for shade in shades)
    assert all((b + 0.05) / (a + 0.05) > 1.5 for a, b in itertools.pairwise(grey))


def test_words_on_a_heat_map_can_be_read() -> None:
    shades = fills_of(ChartKind.HEAT_MAP, tuple(number(n) for n in (0, 1, 2, 3, 4)))
    ink = ["#1c2b2e", "#1c2b2e", "#1c2b2e", "#ffffff", "#ffffff"]
    assert all(contrast(*pair) >= 4.5 for pair in zip(shades, ink, strict=True))


def test_page_says_in_words_that_there_is_nothing_to_draw() -> None:
    page = html_page(report(table((hidden(),)), Chart("extra", ChartKind.BARS, "C", "It shows.", "t")))
    assert "There is nothing to draw here: no number of this table is shown." in page
    assert page.count("<svg") == 5


def test_page_has_no_inline_style_and_no_script() -> None:
    body = html_body(report())
    assert not re.search(r"\sstyle=|<script|\son\w+=|javascript:", body)
    assert "&lt;b&gt;" in body
    assert "<b>" not in body


def test_page_begins_with_its_contents_and_says_that_a_wide_chart_is_slid() -> None:
    body = html_body(report())
    contents = body.split("</nav>")[0]

    anchors = re.findall(r'<li><a class="govuk-link" href="#([\w-]+)">', contents)
    assert anchors == [*(one.key for one in report().sections), "report-method", "report-definitions"]
    assert all(f'<section id="{anchor}">' in body for anchor in anchors)
    assert body.index("<nav") < body.index("<section")
    # Whoever has no mouse reaches what is slid as well.
    assert body.count("Slide the chart sideways") == body.count("<svg")
    assert body.count('<div class="report-wide" tabindex="0" role="group" aria-label="') == body.count("<svg")
