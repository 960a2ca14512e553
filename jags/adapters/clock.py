"""The clock: the system's time, moved by a fixed offset outside production."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jags.kernel.errors import SetupIncomplete

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class SystemClock:
    """The system's clock, moved by an offset."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC) + self.offset


@dataclass
class FixedClock:
    """A clock that stands until it is set: for tests and for loading a made-up year."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self.instant


def parse_offset(text: str) -> timedelta:
    """Read an offset such as "90s", "-2h" or "+15d"; empty is none. Raises `SetupIncomplete`."""
    if not text:
        return timedelta(0)
    found = re.fullmatch(r"([+-]?\d+)([smhd])", text.strip())
    if found is None:
        raise SetupIncomplete("Set JAGS_CLOCK_OFFSET to a number and a unit, for example 15d, -2h or 90s.")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])
