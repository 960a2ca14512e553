"""The clock stands where its offset puts it."""

from datetime import UTC, datetime, timedelta

import pytest

from jags.adapters.clock import SystemClock, parse_offset
from jags.kernel.errors import SetupIncomplete


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("-2h", timedelta(hours=-2)),
        ("+15d", timedelta(days=15)),
        ("3m", timedelta(minutes=3)),
    ],
)
def test_an_offset_is_a_number_and_a_unit(text, offset):
    assert parse_offset(text) == offset


@pytest.mark.parametrize("text", ["15", "d", "1 week", "1.5d", "--1d"])
def test_another_offset_is_refused(text):
    with pytest.raises(SetupIncomplete, match=r"^Set JAGS_CLOCK_OFFSET"):
        parse_offset(text)


def test_the_system_clock_is_aware_and_moved():
    before = datetime.now(UTC) + timedelta(days=15)
    now = SystemClock(parse_offset("15d")).now()
    assert before <= now <= before + timedelta(seconds=5)
    assert now.tzinfo is UTC
