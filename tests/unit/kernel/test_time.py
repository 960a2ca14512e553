"""Wall times become instants, or are refused where the clocks change; days are London's."""

from datetime import UTC, date, datetime, time

import pytest

from jags.kernel.errors import Invalid
from jags.kernel.time import (
    date_in_words,
    day_in_words,
    from_wall,
    london_date,
    overlaps,
    start_of_day,
    time_in_words,
)


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (datetime.fromisoformat("2027-03-28T00:59"), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (datetime.fromisoformat("2027-03-28T02:00"), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime.fromisoformat("2027-03-28T09:30"), datetime(2027, 3, 28, 8, 30, tzinfo=UTC)),
        (datetime.fromisoformat("2027-10-31T00:59"), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (datetime.fromisoformat("2027-10-31T02:00"), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
        (datetime.fromisoformat("2027-10-31T09:30"), datetime(2027, 10, 31, 9, 30, tzinfo=UTC)),
    ],
)
def test_wall_time_on_the_days_when_the_clocks_change(wall, instant):
    assert from_wall(wall) == instant


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_that_does_not_exist_is_refused(minute):
    with pytest.raises(Invalid, match="does not exist: the clocks go forward"):
        from_wall(datetime.fromisoformat(f"2027-03-28T01:{minute:02}"))


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_that_exists_twice_is_refused(minute):
    with pytest.raises(Invalid, match="happens twice: the clocks go back"):
        from_wall(datetime.fromisoformat(f"2027-10-31T01:{minute:02}"))


def test_a_day_begins_and_ends_at_midnight_in_london():
    assert start_of_day(date(2027, 7, 1)) == datetime(2027, 6, 30, 23, 0, tzinfo=UTC)
    assert london_date(datetime(2027, 6, 30, 22, 59, tzinfo=UTC)) == date(2027, 6, 30)
    assert london_date(datetime(2027, 6, 30, 23, 0, tzinfo=UTC)) == date(2027, 7, 1)


def test_days_of_the_clock_change_have_23_and_25_hours():
    spring = start_of_day(date(2027, 3, 29)) - start_of_day(date(2027, 3, 28))
    autumn = start_of_day(date(2027, 11, 1)) - start_of_day(date(2027, 10, 31))
    assert (spring.total_seconds() / 3600, autumn.total_seconds() / 3600) == (23, 25)


def test_spans_that_only_touch_do_not_overlap():
    nine, ten, eleven = (datetime(2027, 5, 1, hour, tzinfo=UTC) for hour in (9, 10, 11))
    assert not overlaps(nine, ten, ten, eleven)
    assert overlaps(nine, eleven, ten, eleven)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2027, 7, 1, 8, 0, tzinfo=UTC), "9am"),
        (datetime.fromisoformat("2027-07-01T12:05"), "12:05pm"),
        (time(0, 30), "12:30am"),
    ],
)
def test_a_time_of_day_is_said_as_the_clock_on_the_wall_shows_it(value, said):
    assert time_in_words(value) == said


def test_a_date_is_said_with_and_without_its_day_of_the_week():
    on = date(2026, 3, 3)
    assert (date_in_words(on), day_in_words(on)) == ("3 March 2026", "Tuesday 3 March 2026")
