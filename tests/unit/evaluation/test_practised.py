"""The spans of a period in which a report tells what happened over time."""

from datetime import date

import pytest

from jags.evaluation.rules import Period
from jags.evaluation.rules.practised import spans_of


def told(first: date, last: date) -> list[tuple[str, date, date]]:
    return [(one.words, one.first_on, one.last_on) for one in spans_of(Period(first, last))]


def test_a_period_is_told_by_calendar_months_of_which_the_ends_may_be_parts() -> None:
    found = told(date(2026, 1, 13), date(2026, 3, 2))

    assert found == [
        ("Jan 2026", date(2026, 1, 13), date(2026, 1, 31)),
        ("Feb 2026", date(2026, 2, 1), date(2026, 2, 28)),
        ("Mar 2026", date(2026, 3, 1), date(2026, 3, 2)),
    ]


def test_a_year_across_december_has_twelve_months() -> None:
    found = told(date(2025, 4, 1), date(2026, 3, 31))

    assert [words for words, _, _ in found][8:10] == ["Dec 2025", "Jan 2026"]
    assert len(found) == 12


@pytest.mark.parametrize(
    ("last", "number", "first_words", "last_words"),
    [
        (date(2027, 1, 31), 13, "Jan 2026", "Jan 2027"),
        (date(2027, 2, 1), 5, "2026 Q1", "2027 Q1"),
        (date(2029, 3, 31), 13, "2026 Q1", "2029 Q1"),
        (date(2029, 4, 1), 4, "2026", "2029"),
    ],
)
def test_more_than_a_page_has_room_for_is_told_by_quarters_and_then_by_years(
    last: date, number: int, first_words: str, last_words: str
) -> None:
    found = told(date(2026, 1, 1), last)

    assert (len(found), found[0][0], found[-1][0], found[-1][2]) == (number, first_words, last_words, last)
