"""Journeys begin alike, whenever they are run."""

from datetime import UTC, datetime, timedelta

import pytest

from jags.kernel.time import LONDON
from journeys.partnership import beginning_after


@pytest.mark.parametrize(
    ("run_at", "begins"),
    [
        # A minute before the hour of the digest; a Saturday; the day itself, before and after its half past nine.
        (datetime(2026, 11, 27, 7, 25, tzinfo=UTC), datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        (datetime(2026, 12, 1, 9, 29, tzinfo=UTC), datetime(2026, 12, 8, 9, 30, tzinfo=UTC)),
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        # Christmas is within two weeks of every Tuesday until the new year's.
        (datetime(2026, 12, 10, 12, 0, tzinfo=UTC), datetime(2027, 1, 5, 9, 30, tzinfo=UTC)),
        # Clocks go forward on 28 March, and Easter Monday is the day after: 30 March is the first Tuesday after both.
        (datetime(2027, 3, 10, 12, 0, tzinfo=UTC), datetime(2027, 3, 30, 8, 30, tzinfo=UTC)),
        # Past midnight in London, still Monday in UTC.
        (datetime(2027, 6, 7, 23, 30, tzinfo=UTC), datetime(2027, 6, 15, 8, 30, tzinfo=UTC)),
    ],
)
def test_journey_begins_on_a_tuesday_morning_before_two_whole_weeks(
    run_at: datetime, begins: datetime
) -> None:
    found = beginning_after(run_at)
    assert found == begins
    assert found > run_at
    assert (found.astimezone(LONDON).weekday(), found.astimezone(LONDON).hour) == (1, 9)
    assert found - run_at < timedelta(days=30)
