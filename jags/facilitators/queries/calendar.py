"""Read how it stands with somebody's calendar, and when calendars say that people are busy."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, select

from jags.facilitators.model import BusyTime, CalendarAddress
from jags.facilitators.rules import Span
from jags.facilitators.rules.calendar import CalendarPlace, CalendarProblem, host_of
from jags.kernel.work import Work


@dataclass(frozen=True)
class CalendarState:
    """How it stands with a calendar, as a page says it; `problem` is that of the last reading, if it failed."""

    read_at: datetime | None
    read_until: date | None
    left_out: int
    problem: CalendarProblem | None
    problem_since: datetime | None


@dataclass
class BusyTimes:
    """When a calendar says that somebody is busy, and the last day of which it says anything."""

    until: date
    spans: list[Span] = field(default_factory=list)


def find_calendar(work: Work, person_id: uuid.UUID) -> CalendarAddress | None:
    """Return the row of somebody's calendar address, if there is one."""
    return work.session.scalar(select(CalendarAddress).where(CalendarAddress.person_id == person_id))


def calendar_state(work: Work, person_id: uuid.UUID) -> CalendarState | None:
    """Return how it stands with somebody's calendar; None when they have given none."""
    row = find_calendar(work, person_id)
    if row is None:
        return None
    return CalendarState(row.read_at, row.read_until, row.left_out, row.problem, row.problem_since)


def calendar_host(work: Work, person_id: uuid.UUID) -> str:
    """Return the name of the server of somebody's calendar; the caller has checked that it is the actor's own."""
    row = find_calendar(work, person_id)
    return host_of(work.vault.open(row, "address", CalendarPlace).address) if row else ""


def busy_times_of(work: Work, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, BusyTimes]:
    """Return the busy times that have not ended, of everybody whose calendar has been read, by one query."""
    rows = work.session.execute(
        select(CalendarAddress.person_id, CalendarAddress.read_until, BusyTime.starts_at, BusyTime.ends_at)
        .outerjoin(
            BusyTime,
            and_(BusyTime.person_id == CalendarAddress.person_id, BusyTime.ends_at > work.now),
        )
        .where(CalendarAddress.person_id.in_(person_ids))
        .order_by(CalendarAddress.person_id, BusyTime.starts_at)
    )
    found: dict[uuid.UUID, BusyTimes] = {}
    for person_id, until, starts_at, ends_at in rows:
        if until is None:
            continue
        times = found.setdefault(person_id, BusyTimes(until))
        # Nobody is busy in an empty calendar.
        if starts_at is not None:
            times.spans.append(Span(starts_at, ends_at))
    return found
