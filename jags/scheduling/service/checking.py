"""Check before a date is set or changed: that it can be, that it is open to change, and that these two may hold it that day."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from jags.allocation.service import what_stands_against
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import HappensTwice, day_in_words, from_wall, hour_in_words, london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import is_working_day
from jags.scheduling.model import JagsSession
from jags.scheduling.policy import require_arrange
from jags.scheduling.queries import get_session
from jags.scheduling.rules import FURTHEST_AHEAD, Appointment, Place, SessionFormat, SessionState, check_place
from jags.settings.queries import partnership
from jags.venues.queries import details_of, get_venue


def open_for_change(work: Work, session_id: uuid.UUID, version: int) -> JagsSession:
    """Return an arranged session that a coordinator may change; raises `MoveNotPossible`, `NotFound` or `Stale`."""
    require_arrange(work.actor)
    session = get_session(work, session_id)
    session.expect(version)
    if session.state is not SessionState.SCHEDULED:
        raise MoveNotPossible("This session is not arranged any more, so it cannot be changed.")
    return session


def check_appointment(work: Work, wanted: Appointment) -> datetime:
    """Return the instant of a date that can be arranged; raises `Invalid` at the field that needs another look."""
    starts_at = check_time(work, wanted)
    check_place(wanted.format, wanted.place)
    return starts_at


def check_time(work: Work, wanted: Appointment) -> datetime:
    """Return the instant of a time that can be arranged, wherever it is; raises `Invalid` as above."""
    settings = partnership(work)
    least, most = settings.session_minutes_least, settings.session_minutes_most
    if not least <= wanted.minutes <= most:
        raise Invalid(f"Enter a length between {least} and {most} minutes.", field="minutes")
    starts_at = _instant(work, wanted)
    if starts_at <= work.now:
        raise Invalid("Enter a date and time in the future.", field="day")
    if starts_at > work.now + FURTHEST_AHEAD:
        raise Invalid("Enter a date within the next year. Is the year right?", field="day")
    return starts_at


def with_venue(work: Work, session: JagsSession | None, wanted: Appointment) -> Appointment:
    """Return an appointment whose place is written out where one of the known places was selected.

    A place that is not offered any more stays with a session that has it. Raises `Invalid` for it elsewhere.
    """
    had = session.venue_id if session else None
    venue_id, place = written_out(work, wanted.format, wanted.place, wanted.venue_id, had=had)
    return replace(wanted, venue_id=venue_id, place=place)


def written_out(
    work: Work, how: SessionFormat, place: Place, venue_id: uuid.UUID | None, *, had: uuid.UUID | None
) -> tuple[uuid.UUID | None, Place]:
    """Return which of the known places is booked, and where people meet with it written out; `had` is booked already.

    Nothing is booked where all meet online. Raises `Invalid` for a place that is not offered any more.
    """
    if how is SessionFormat.ONLINE or venue_id is None:
        return None, place
    venue = get_venue(work, venue_id)
    if venue.retired_at is not None and had != venue.id:
        raise Invalid("This place is not offered any more. Select another one.", field="venue_id")
    details = details_of(work, venue)
    written = ", ".join(part for part in (details.name, details.address) if part)
    return venue_id, replace(place, venue=written)


def check_day(wanted: Appointment) -> None:
    """Ask once more for a day on which most people do not work; raises `Invalid`."""
    day = wanted.wall_start.date()
    if not is_working_day(day) and not wanted.unusual_day_ok:
        raise Invalid(
            f"{day_in_words(day)} is a weekend or a bank holiday. Change the date, or tick that it is meant.",
            field="unusual_day_ok",
        )


def check_pair(work: Work, request: Request, pair: Sequence[uuid.UUID], starts_at: datetime) -> None:
    """Refuse a day on which these two may not hold a request; raises `Invalid`."""
    day = london_date(starts_at)
    against = what_stands_against(work, request, pair, on=day)
    if against:
        raise Invalid(
            f"The facilitators cannot hold it on {day_in_words(day)} ({'; '.join(against)}). Choose another day, put right "
            "what is recorded of them, or note that one of them steps back and find somebody else.",
            field="day",
        )


def _instant(work: Work, wanted: Appointment) -> datetime:
    """Return the instant of a wall time: one that does not exist is refused, and of one that happens twice is asked which."""
    twice = ""
    try:
        starts_at = from_wall(wanted.wall_start, second=wanted.second_hour)
    except HappensTwice as error:
        starts_at, twice = from_wall(wanted.wall_start, second=False), str(error)
    except Invalid as error:
        raise Invalid(str(error), field="start_time") from error
    settings, clock = partnership(work), wanted.wall_start.time()
    first, last = settings.session_earliest_hour, settings.session_latest_hour
    if clock.hour < first or (clock.hour, clock.minute) > (last, 0):
        raise Invalid(
            f"Enter a start time between {hour_in_words(first)} and {hour_in_words(last)}. Is it morning or afternoon?",
            field="start_time",
        )
    if twice:
        raise Invalid(twice, field="second_hour")
    return starts_at
