"""Which slots are proposed, and what a text about dates that do not work says of a day."""

import random
from datetime import date, datetime, timedelta

import pytest

from jags.scheduling.rules import Slot, best_few, named_in

MONDAY = datetime.fromisoformat("2026-12-07T10:00")


def slots(*days, **details):
    return [Slot(MONDAY + timedelta(days=n), **details) for n in days]


def starts(found):
    return [(s.wall_start - MONDAY).days for s in found]


def test_two_dates_are_never_of_one_weekday_where_another_is_free() -> None:
    assert starts(best_few(slots(0, 7, 8), 2, school=False)) == [0, 8]
    assert starts(best_few(slots(0, 7, 14), 2, school=False)) == [0, 7]


def test_nothing_that_something_speaks_against_is_proposed() -> None:
    assert best_few(slots(0, against=("Ash Reed is not free then",)), 2, school=False) == []


def test_what_is_late_or_has_to_be_asked_for_comes_last() -> None:
    found = [*slots(1, late=True), *slots(2, ask=("Ash Reed",)), *slots(3)]
    assert starts(best_few(found, 1, school=False)) == [3]
    assert starts(best_few(found, 2, school=False)) == [2, 3]


def test_school_holidays_are_avoided_while_a_school_is_waited_for() -> None:
    found = [*slots(0, holiday="Christmas 2026"), *slots(1)]
    assert starts(best_few(found, 1, school=True)) == [1]
    assert starts(best_few(found, 1, school=False)) == [0]


def test_the_order_of_the_slots_does_not_matter() -> None:
    found = slots(*range(20))
    expected = best_few(found, 5, school=False)
    random.Random(1).shuffle(found)  # noqa: S311 - Nothing is secret here.
    assert best_few(found, 5, school=False) == expected


@pytest.mark.parametrize(
    "text",
    [
        "not Tuesdays",
        "I am away 8 December",
        "8th of December 2026",
        "7 to 9 December",
        "30 November – 11 Dec",
        "8/12",
        "5 Dec to 3 January",
        "08/12/2026 and 09/12/26",
        "8.12.26",
    ],
)
def test_a_text_names_a_day(text) -> None:
    assert named_in(text, date(2026, 12, 8))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not Fridays",
        "9 December",
        "8 December 2027",
        "8/11",
        "8/12/2027",
        "1 to 7 December",
        "8 people",
        "20 Dec to 3 January",
    ],
)
def test_a_text_does_not_name_a_day(text) -> None:
    assert not named_in(text, date(2026, 12, 8))
