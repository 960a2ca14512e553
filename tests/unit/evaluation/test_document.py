"""The document that a report is: it holds together, holds no more than it shows, and survives being written and read."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.reports import RELEASED, WHY, by_month_table, funnel_table, report
from jags.evaluation.rules import Period
from jags.evaluation.rules.canonical import from_json, to_json
from jags.evaluation.rules.document import (
    Bullets,
    Cell,
    Chart,
    ChartKind,
    Column,
    Document,
    Edition,
    Paragraph,
    Recommendation,
    Row,
    Section,
    Table,
    cells_of,
    hidden,
    number,
    out_of,
    sections_of,
    tables_of,
)


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("c", 3),
        ("6–10", 6),
        ("6-10", 6),
        ("4 to 7", 4),
        ("about 40 %", 41),
        ("11 of 12", 10),
        ("1", 1.5),
        ("4", float("nan")),
    ],
)
def test_cell_holds_no_number_that_it_does_not_show(shown: str, value: float) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        Cell(shown, value)


@pytest.mark.parametrize(
    ("shown", "value"),
    [("1,180", 1180), ("11 of 12", 11), ("4.5 (n = 3)", 4.5), ("-3", -3), ("about 40 %", 40)],
)
def test_cell_holds_a_number_that_it_shows(shown: str, value: float) -> None:
    assert Cell(shown, value).value == value


def test_hidden_cell_with_a_reason_holds_no_number() -> None:
    assert hidden(WHY) == Cell("c", None, WHY)
    with pytest.raises(ValueError, match="cannot hold"):
        Cell("4", 4, WHY)


def test_cell_that_shows_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a colon"):
        Cell(" ")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (1180, Cell("1,180", 1180)),
        (12.0, Cell("12", 12.0)),
        (2.5, Cell("2.5", 2.5)),
        (1234567.25, Cell("1,234,567.25", 1234567.25)),
        (1 / 3, Cell("0.333", 0.333)),
        (0, Cell("0", 0)),
    ],
)
def test_number_is_shown_as_people_write_it(value: float, cell: Cell) -> None:
    assert number(value) == cell


def test_share_of_a_whole_counts_as_its_part() -> None:
    assert out_of(1100, 1200) == Cell("1,100 of 1,200", 1100)


def test_what_no_format_can_write_leaves_every_text() -> None:
    assert Paragraph("a\x0bb\ud800c\r\nd\ufffe").text == "a b c\nd "
    assert Bullets(("x\x00y",)).items == ("x y",)


def test_table_needs_a_cell_for_every_column() -> None:
    with pytest.raises(ValueError, match="a cell for each"):
        Table("t", "T", "Row", (Column("a", "A"), Column("b", "B")), (Row("x", (number(1),)),))
    with pytest.raises(ValueError, match="a cell for each"):
        Table("t", "T", "Row", (), ())
    with pytest.raises(ValueError, match="same key"):
        Table("t", "T", "Row", (Column("a", "A"), Column("a", "B")), ())


def test_chart_needs_words() -> None:
    with pytest.raises(ValueError, match="what c shows"):
        Chart("c", ChartKind.BARS, "C", " ", "t")


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (Chart("c", ChartKind.BARS, "C", "It shows.", "nowhere"), "no table of this document"),
        (Chart("c", ChartKind.BARS, "C", "It shows.", "funnel", ("nothing",)), "does not have"),
        (funnel_table(), "the same key"),
        (replace(by_month_table(), key="Not a key"), "is no key"),
        (replace(by_month_table(), key="other", definition="unheard-of"), "no definition of unheard-of"),
    ],
)
def test_document_that_does_not_hold_together_is_refused(block: Table | Chart, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        report(block)


def test_public_edition_does_not_say_why_a_cell_is_hidden() -> None:
    with pytest.raises(ValueError, match="does not say why"):
        report(edition=Edition.PUBLIC)
    assert report(edition=Edition.PUBLIC, why="").edition is Edition.PUBLIC


def test_sections_come_in_reading_order_with_their_level() -> None:
    assert [(level, section.key) for level, section in sections_of(report())] == [
        (1, "how-much"),
        (2, "who"),
        (1, "what-difference"),
    ]
    assert [table.key for table in tables_of(report())] == ["funnel", "by-month"]
    assert [cell.shown for cell in cells_of(report())][:4] == ["24", "1,180", "20 of 24", "6–10"]


def test_files_carry_the_date_of_the_release_or_of_the_figures() -> None:
    assert report().file_dated_on == date(2026, 7, 20)
    assert report(released=RELEASED).file_dated_on == date(2026, 8, 3)


@pytest.mark.parametrize(
    "document", [report(), report(released=RELEASED), report(edition=Edition.PUBLIC, why="")]
)
def test_document_is_read_back_as_it_was_written(document: Document) -> None:
    text = to_json(document)
    assert from_json(text) == document
    assert to_json(from_json(text)) == text


_WORDS = st.text(max_size=30)
_CELLS = st.one_of(
    st.integers(-10_000, 10_000_000).map(number),
    st.floats(0, 1e9).map(number),
    _WORDS.filter(lambda text: Paragraph(text).text.strip()).map(Cell),
    _WORDS.map(hidden),
)


@given(
    st.lists(st.tuples(_WORDS, _CELLS), max_size=5),
    st.one_of(st.none(), st.dates()),
    st.lists(_WORDS, max_size=3),
)
def test_any_document_is_read_back_as_it_was_written(
    rows: list[tuple[str, Cell]], due_on: date | None, items: list[str]
) -> None:
    day = date(2026, 1, 13)
    document = Document(
        "T",
        "P",
        Edition.RESTRICTED,
        Period(day, day),
        day,
        (
            Section(
                "s",
                "S",
                (
                    Table(
                        "t", "T", "", (Column("a", "A"),), tuple(Row(title, (cell,)) for title, cell in rows)
                    ),
                    Recommendation("R", "", due_on),
                    Bullets(tuple(items)),
                ),
            ),
        ),
    )
    read = from_json(to_json(document))
    assert read == document
    assert [type(cell.value) for cell in cells_of(read)] == [type(cell.value) for cell in cells_of(document)]


def test_canonical_text_is_sorted_and_leaves_out_what_is_not_there() -> None:
    text = to_json(report(why=""))
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert '"why"' not in text
    assert '"why"' in to_json(report())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _whole: {},
        lambda whole: {**whole, "format": "jags-report/2"},
        lambda whole: {"format": whole["format"]},
        lambda whole: {**whole, "document": {**whole["document"], "title": 3}},
        lambda whole: {**whole, "document": {**whole["document"], "edition": "secret"}},
        lambda whole: {**whole, "document": {**whole["document"], "more": 1}},
        lambda whole: {**whole, "document": {k: v for k, v in whole["document"].items() if k != "title"}},
    ],
)
def test_other_texts_are_refused(spoil) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(json.dumps(spoil(json.loads(to_json(report())))))
