from datetime import UTC, date, datetime

import pytest

from jags.importing.rules.words import (
    as_text,
    clean,
    count_of,
    day_of,
    excerpt,
    moment_of,
    number_of,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("30.12.24", date(2024, 12, 30)),
        ("08.01.25", date(2025, 1, 8)),
        ("18/04/2025", date(2025, 4, 18)),
        ("3-2-2025", date(2025, 2, 3)),
        ("2025-02-03", date(2025, 2, 3)),
        ("3rd March 2025", date(2025, 3, 3)),
        ("3 Sept 25", date(2025, 9, 3)),
        (datetime.fromisoformat("2025-01-06"), date(2025, 1, 6)),
        (date(2025, 1, 6), date(2025, 1, 6)),
    ],
)
def test_a_day_is_read_day_first(cell: object, day: date) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        "12/30/24",
        "31.02.25",
        "soon",
        "30.12.",
        "30.12.202",
        "w/c 6 January",
        45613,
        True,
        None,
        "",
        "2025-02-30",
    ],
)
def test_what_is_no_date_is_not_guessed(cell: object) -> None:
    assert day_of(cell) is None


def test_a_moment_is_london_time_unless_it_says_otherwise() -> None:
    # In July London is an hour ahead of UTC, in January it is not.
    assert moment_of(datetime.fromisoformat("2025-07-01T00:30")) == datetime(2025, 6, 30, 23, 30, tzinfo=UTC)
    assert moment_of("2025-01-01 00:30") == datetime(2025, 1, 1, 0, 30, tzinfo=UTC)
    assert moment_of("1/7/2025 10:15:20") == datetime(2025, 7, 1, 9, 15, 20, tzinfo=UTC)
    assert moment_of("2025-07-01T10:15:20Z") == datetime(2025, 7, 1, 10, 15, 20, tzinfo=UTC)
    assert moment_of("2025-07-01 25:00") is None


def test_a_count_is_a_whole_number_and_an_empty_cell_is_not_zero() -> None:
    assert [count_of(cell) for cell in (0, 6, 6.0, " 4 ", "12")] == [0, 6, 6, 4, 12]
    assert [count_of(cell) for cell in (None, "", 2.5, -1, "six", True, 1000, "6 agencies")] == [None] * 8


def test_a_number_is_the_same_however_the_program_stored_it() -> None:
    assert {number_of(cell) for cell in (7, 7.0, "7", " 7 ", "7.0")} == {"7"}
    assert number_of("JAGS 7") == "JAGS 7"


def test_clean_text_loses_what_nobody_can_see_and_keeps_what_people_wrote() -> None:
    assert (
        clean("Si\u0302an\r\nand\x00 \u202eevil\u202c\x1b[31m \U0001f642\t")
        == "Sîan\nand evil[31m \U0001f642"
    )


def test_yes_and_no_are_read_at_the_beginning_of_a_remark() -> None:
    assert yes_or_no("Yes - 3 siblings") == (True, "3 siblings")
    assert yes_or_no("no") == (False, "")
    assert yes_or_no("None of them") == (None, "None of them")
    assert yes_or_no("") == (None, "")


def test_a_cell_reads_as_its_reader_sees_it() -> None:
    assert as_text(datetime.fromisoformat("2025-03-12")) == "12/3/2025"
    assert [as_text(cell) for cell in (None, 3.0, 3.5, True)] == ["", "3", "3.5", "Yes"]


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt("one\ntwo\x1b") == "“one two”"
    assert excerpt("x" * 61) == "“" + "x" * 60 + "…”"
