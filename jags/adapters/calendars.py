"""Read calendars, each in a process of its own: with no key and no setting in its environment, little memory, and little time.

What comes from outside is fetched and taken apart there; this process learns when somebody is busy, or one word for what went wrong.
"""

import json
import os
import resource
import subprocess  # nosec B404 - See above: this process is the wall between us and what comes from outside.
import sys
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from config import ROOT
from jags.adapters.calendar_fetching import HttpsFetcher
from jags.facilitators.readers import busy_times
from jags.facilitators.rules import Span
from jags.facilitators.rules.calendar import CalendarNotRead, CalendarProblem, Reading, host_of
from jags.kernel.time import from_wall, london_date

# Fetching has its own limit within this; a name that is not found, a header that drips and a rule without an end have this one.
SECONDS_MOST = 30.0
_MEMORY_MOST = 768 * 1024 * 1024
_PROCESSOR_SECONDS_MOST = 20
# Where the machine keeps the certificates that it trusts, if not in the usual place.
_PASSED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class Calendars(Protocol):
    """Reads calendars."""

    def read(self, address: str, *, starts_at: datetime, ends_at: datetime) -> Reading:
        """Return when the owner of a calendar is busy between two instants; raises `CalendarNotRead`."""
        ...


@dataclass(frozen=True)
class FetchedCalendars:
    """Fetches and reads in this process: what the process of its own does, and what tests look into."""

    fetcher: HttpsFetcher

    def read(self, address: str, *, starts_at: datetime, ends_at: datetime) -> Reading:
        """Return when the owner of a calendar is busy; raises `CalendarNotRead`."""
        return busy_times(self.fetcher.fetch(address), starts_at=starts_at, ends_at=ends_at)


@dataclass(frozen=True)
class SeparateCalendars:
    """Reads each calendar in a process of its own."""

    seconds_most: float = SECONDS_MOST

    def read(self, address: str, *, starts_at: datetime, ends_at: datetime) -> Reading:
        """Return when the owner of a calendar is busy; raises `CalendarNotRead`."""
        asked = json.dumps([address, starts_at.isoformat(), ends_at.isoformat()])
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        try:
            done = subprocess.run(  # noqa: S603 # nosec B603 - Our own module, without a shell; the address goes through a pipe.
                [sys.executable, "-m", __name__],
                input=asked.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.seconds_most,
                cwd=ROOT,
                env=kept,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CalendarNotRead(CalendarProblem.TOO_SLOW) from None
        if done.returncode:
            # It came to the end of its memory or its time.
            raise CalendarNotRead(CalendarProblem.TOO_LARGE)
        answer = json.loads(done.stdout)
        if "problem" in answer:
            raise CalendarNotRead(CalendarProblem(answer["problem"]))
        return Reading(
            tuple(Span(*map(datetime.fromisoformat, one)) for one in answer["busy"]), answer["left_out"]
        )


@dataclass(frozen=True)
class MadeUpCalendars:
    """Made-up busy times for the demonstration, which fetches nothing: Tuesday mornings, and every other Thursday.

    A server under .invalid, where there never is one, does not answer.
    """

    def read(self, address: str, *, starts_at: datetime, ends_at: datetime) -> Reading:
        """Return the made-up busy times, whatever the address; raises `CalendarNotRead` for one under .invalid."""
        if host_of(address).endswith(".invalid"):
            raise CalendarNotRead(CalendarProblem.NO_ANSWER)
        first = london_date(starts_at)
        days = [first + timedelta(days=n) for n in range((ends_at - starts_at).days)]
        busy = [
            Span(*(from_wall(datetime.combine(day, time(hour))) for hour in hours))
            for day in days
            for hours in _made_up_hours(day.isoweekday(), day.isocalendar().week)
        ]
        return Reading(tuple(one for one in busy if one.starts_at >= starts_at))


def _made_up_hours(weekday: int, week: int) -> list[tuple[int, int]]:
    if weekday == 2:  # noqa: PLR2004 - Tuesday.
        return [(9, 12)]
    return [(9, 17)] if weekday == 4 and week % 2 else []  # noqa: PLR2004 - Thursday.


def answer_to(asked: str, calendars: Calendars) -> str:
    """Return what the process of its own answers: busy times, or a problem; never anything else of a calendar."""
    address, starts_at, ends_at = json.loads(asked)
    try:
        reading = calendars.read(
            address,
            starts_at=datetime.fromisoformat(starts_at),
            ends_at=datetime.fromisoformat(ends_at),
        )
    except CalendarNotRead as error:
        return json.dumps({"problem": error.problem})
    busy = [[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in reading.busy]
    return json.dumps({"busy": busy, "left_out": reading.left_out})


def main() -> None:
    """Answer one question from standard input, within small limits of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MOST, _MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS_MOST, _PROCESSOR_SECONDS_MOST))
    sys.stdout.write(answer_to(sys.stdin.read(), FetchedCalendars(HttpsFetcher())))


if __name__ == "__main__":
    main()
