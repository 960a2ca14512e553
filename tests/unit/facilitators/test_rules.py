"""Half-days, spans of time and quarters."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jags.facilitators.rules import (
    Span,
    TrainingRecord,
    TrainingTerms,
    counts_since,
    entitlement,
    free_in,
    is_current,
    last_valid_day,
    merged,
    quarter_of,
    refresher_due,
    slot_count,
    slot_day,
    slot_number,
    slot_span,
    without,
)

MONDAY = date(2026, 11, 23)


def hours(first: float, last: float) -> Span:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    return Span(midnight + timedelta(hours=first), midnight + timedelta(hours=last))


@pytest.mark.parametrize(
    ("day", "first", "following"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_quarter_begins_and_ends_with_the_calendar(day, first, following):
    assert quarter_of(day) == (first, following)


def test_training_counts_from_its_day_until_its_refresher_is_due():
    course = (TrainingRecord(MONDAY, MONDAY + timedelta(days=10)),)
    current = [day for day in (-1, 0, 10, 11) if is_current(course, MONDAY + timedelta(days=day))]
    assert current == [0, 10]


@pytest.mark.parametrize(
    ("trained_on", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 11, date(2026, 12, 15)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 1), 0, None),
    ],
)
def test_a_refresher_is_due_by_the_interval_where_no_date_is_recorded(trained_on, months, due):
    assert refresher_due(TrainingRecord(trained_on, None), TrainingTerms(refresher_months=months)) == due
    recorded = date(2030, 5, 5)
    assert (
        refresher_due(TrainingRecord(trained_on, recorded), TrainingTerms(refresher_months=months))
        == recorded
    )


@pytest.mark.parametrize("months", [1, 2, 11, 12, 36])
def test_the_earliest_course_that_counts_is_the_first_that_is_current(months):
    # Round the ends of months, a leap year and the turn of a year; a month has no more days than it has.
    for first in (date(2028, 2, 24), date(2027, 2, 24), date(2026, 12, 28), date(2026, 5, 28)):
        for on in (first + timedelta(days=n) for n in range(9)):
            for grace in (0, 3):
                terms = TrainingTerms(grace_days=grace, refresher_months=months)
                since = counts_since(on, terms)
                assert since is not None
                days = (since, since - timedelta(days=1))
                assert [is_current((TrainingRecord(day, None),), on, terms) for day in days] == [True, False]
    assert counts_since(MONDAY, TrainingTerms()) is None


def test_days_of_grace_count_and_the_latest_course_decides():
    terms = TrainingTerms(grace_days=3, refresher_months=12)
    course = TrainingRecord(MONDAY, MONDAY + timedelta(days=10))
    assert [day for day in (10, 13, 14) if is_current((course,), MONDAY + timedelta(days=day), terms)] == [
        10,
        13,
    ]
    assert last_valid_day((course,), terms) == MONDAY + timedelta(days=13)
    again = TrainingRecord(MONDAY + timedelta(days=5), None)
    assert last_valid_day((course, again), terms) == date(2027, 11, 28) + timedelta(days=3)
    assert last_valid_day((course, again)) is None
    assert last_valid_day(()) is None


def test_training_without_refresher_never_lapses_and_without_training_nobody_is_current():
    assert is_current((TrainingRecord(MONDAY, None),), date(2099, 1, 1))
    assert not is_current((), MONDAY)


def test_half_days_are_numbered_two_a_day_in_london_time():
    assert slot_span(MONDAY, 0) == hours(9, 13)
    assert slot_span(MONDAY, 3) == Span(
        hours(13, 17).starts_at + timedelta(days=1), hours(13, 17).ends_at + timedelta(days=1)
    )
    summer = date(2026, 7, 1)
    assert slot_span(summer, 0).starts_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_numbers_and_dates_of_half_days_fit_together():
    assert slot_count(MONDAY, MONDAY + timedelta(days=1)) == 4
    assert slot_count(MONDAY, MONDAY - timedelta(days=1)) == 0
    assert slot_number(MONDAY, MONDAY + timedelta(days=3)) == 6
    assert slot_day(MONDAY, 7) == MONDAY + timedelta(days=3)


def test_spans_that_touch_or_overlap_become_one():
    assert merged([hours(13, 17), hours(9, 13), hours(10, 11), hours(18, 19)]) == [
        hours(9, 17),
        hours(18, 19),
    ]


def test_what_is_taken_leaves_what_lies_before_and_after():
    assert without([hours(9, 17)], [hours(10, 11), hours(16, 18)]) == [hours(9, 10), hours(11, 16)]
    assert without([hours(9, 17)], [hours(8, 18)]) == []
    assert without([hours(9, 13)], [hours(13, 17)]) == [hours(9, 13)]


def test_a_free_stretch_must_be_unbroken_and_long_enough():
    morning = hours(9, 13)
    assert free_in(morning, [hours(8, 12)], length=timedelta(hours=3))
    assert not free_in(morning, [hours(8, 11), hours(11.5, 13)], length=timedelta(hours=3))


@pytest.mark.parametrize(
    ("can_give", "given", "newcomers", "asked_for"),
    [(4, 0, 2, 2), (4, 1, 2, 2), (4, 2, 2, 4), (1, 0, 2, 1), (4, 0, 0, 4), (0, 0, 2, 0), (0, 5, 2, 0)],
)
def test_newcomers_are_asked_for_few_until_they_have_given_two(can_give, given, newcomers, asked_for):
    assert entitlement(can_give, given=given, newcomers=newcomers) == asked_for
