"""Read what calendars show: sessions, network meetings, training and leave, of everybody or of one person; and the feed."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from jags.accounts.queries import names_of, recusals_of, secret_hash
from jags.facilitators.model import Booking
from jags.facilitators.rules import BookingKind
from jags.kernel.errors import NotFound
from jags.kernel.time import LONDON, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import visible_to
from jags.scheduling.model import CalendarFeed, JagsSession, SessionFacilitator
from jags.scheduling.rules import FeedEntry, SessionFormat, SessionState, title
from jags.settings.queries import partnership

_DAY = timedelta(days=1)
# A feed reaches so far back and ahead.
_FEED_BACK, _FEED_AHEAD = timedelta(days=92), timedelta(days=366)
_SHOWN = (SessionState.SCHEDULED, SessionState.HELD)
# What a feed calls the time that is not a session; leave is the person's own.
_FEED_TITLES = {BookingKind.NETWORK_MEETING: "JAGS network meeting", BookingKind.TRAINING: "JAGS training"}


@dataclass(frozen=True)
class CalendarItem:
    """Something in a calendar, in naive London time; `session_id` is None for what is no session.

    Of a session that the actor may not see, nothing is there at all.
    """

    kind: BookingKind
    ref: uuid.UUID
    starts: datetime
    ends: datetime
    hour_known: bool = True
    session_id: uuid.UUID | None = None
    reference: str = ""
    state: SessionState | None = None
    format: SessionFormat | None = None
    paused: bool = False
    people: tuple[str, ...] = ()

    @property
    def last_day(self) -> date:
        """Return the last day of it; what ends at midnight has none of the next day."""
        return (self.ends - timedelta(microseconds=1)).date()

    @property
    def days(self) -> list[date]:
        """Return every day on which some of it is."""
        first = self.starts.date()
        return [first + n * _DAY for n in range((self.last_day - first).days + 1)]


def calendar_between(work: Work, first_day: date, last_day: date) -> list[CalendarItem]:
    """Return what the Business Unit has in its calendar from one London day to another, both included, by date.

    Sessions that the actor may see, network meetings and training; three queries, however much there is.
    """
    sessions = _sessions(work, first_day, last_day, visible_to(work.actor))
    meetings = work.session.execute(
        select(Booking.kind, Booking.ref, func.min(Booking.starts_at), func.max(Booking.ends_at))
        .where(
            Booking.kind.in_([BookingKind.NETWORK_MEETING, BookingKind.TRAINING]),
            *_within(first_day, last_day),
        )
        .group_by(Booking.kind, Booking.ref)
        .order_by(Booking.ref)
    ).all()
    return _in_order([*sessions, *(_other(kind, ref, a, b) for kind, ref, a, b in meetings)])


def own_calendar_between(
    work: Work, person_id: uuid.UUID, first_day: date, last_day: date
) -> list[CalendarItem]:
    """Return what a facilitator has in their own calendar, leave included, as `calendar_between`."""
    mine = JagsSession.facilitators.any(SessionFacilitator.person_id == person_id)
    sessions = _sessions(
        work, first_day, last_day, mine & JagsSession.request_id.not_in(recusals_of(work.actor.person_id))
    )
    others = work.session.execute(
        select(Booking.kind, Booking.ref, Booking.starts_at, Booking.ends_at)
        .where(
            Booking.person_id == person_id,
            Booking.kind != BookingKind.SESSION,
            *_within(first_day, last_day),
        )
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    return _in_order([*sessions, *(_other(kind, ref, a, b) for kind, ref, a, b in others)])


def find_feed(work: Work, person_id: uuid.UUID) -> CalendarFeed | None:
    """Return how it stands with somebody's secret calendar address, if they have one."""
    return work.session.get(CalendarFeed, person_id)


def feed_entries(work: Work, secret: str) -> list[FeedEntry]:
    """Return what the calendar behind a secret address shows; raises `NotFound` for an address that is none, or no more."""
    person_id = work.session.scalar(
        select(CalendarFeed.person_id).where(CalendarFeed.secret_hash == secret_hash(secret))
    )
    if person_id is None:
        raise NotFound(
            "This calendar address does not work any more. Ask for a new one on the page of your sessions."
        )
    settings = partnership(work)
    before, after = (timedelta(minutes=m) for m in (settings.preparation_minutes, settings.debrief_minutes))
    since, until = work.now - _FEED_BACK, work.now + _FEED_AHEAD
    sessions = work.session.execute(
        select(JagsSession, Request.reference)
        .join(JagsSession.request)
        .where(
            JagsSession.facilitators.any(SessionFacilitator.person_id == person_id),
            JagsSession.state.in_(_SHOWN),
            JagsSession.starts_at.between(since, until),
            JagsSession.hour_known.is_(True),
        )
        .order_by(JagsSession.starts_at, JagsSession.id)
    ).all()
    entries = [
        FeedEntry(
            uid=session.calendar_uid,
            sequence=session.calendar_sequence,
            stamped_at=work.now,
            title=title(reference or ""),
            wall_start=session.wall_start - before,
            wall_end=session.wall_start + timedelta(minutes=session.minutes) + after,
        )
        for session, reference in sessions
    ]
    host = settings.email.rpartition("@")[2]
    others = work.session.execute(
        select(Booking.id, Booking.kind, Booking.starts_at, Booking.ends_at)
        .where(
            Booking.person_id == person_id,
            Booking.kind.in_(_FEED_TITLES),
            Booking.starts_at.between(since, until),
        )
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    return entries + [
        FeedEntry(f"{key}@{host}", 0, work.now, _FEED_TITLES[kind], _wall(starts), _wall(ends))
        for key, kind, starts, ends in others
    ]


def _sessions(work: Work, first_day: date, last_day: date, which: ColumnElement[bool]) -> list[CalendarItem]:
    # Columns alone: a month of hundreds of sessions needs nothing that whole entities would bring along.
    rows = work.session.execute(
        select(
            JagsSession.id,
            JagsSession.wall_start,
            JagsSession.minutes,
            JagsSession.hour_known,
            JagsSession.state,
            JagsSession.format,
            Request.reference,
            Request.paused_at.is_not(None).label("paused"),
            SessionFacilitator.person_id,
        )
        .join(JagsSession.request)
        .outerjoin(SessionFacilitator, SessionFacilitator.session_id == JagsSession.id)
        .where(
            JagsSession.state.in_(_SHOWN),
            JagsSession.starts_at >= start_of_day(first_day),
            JagsSession.starts_at < start_of_day(last_day + _DAY),
            which,
        )
        .order_by(JagsSession.starts_at, JagsSession.id, SessionFacilitator.position)
    ).all()
    names = names_of(work, {row.person_id for row in rows if row.person_id})
    return [_session(list(found), names) for _, found in groupby(rows, key=lambda row: row.id)]


def _session(rows: Sequence[Row[*tuple[Any, ...]]], names: Mapping[uuid.UUID, str]) -> CalendarItem:
    """Return a session from its rows, one for each facilitator."""
    first = rows[0]
    return CalendarItem(
        kind=BookingKind.SESSION,
        ref=first.id,
        starts=first.wall_start,
        ends=first.wall_start + timedelta(minutes=first.minutes),
        hour_known=first.hour_known,
        session_id=first.id,
        reference=first.reference or "",
        state=first.state,
        format=first.format,
        paused=first.paused,
        people=tuple(names[row.person_id] for row in rows if row.person_id),
    )


def _within(first_day: date, last_day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Booking.ends_at > start_of_day(first_day), Booking.starts_at < start_of_day(last_day + _DAY)


def _other(kind: BookingKind, ref: uuid.UUID, starts_at: datetime, ends_at: datetime) -> CalendarItem:
    return CalendarItem(kind, ref, _wall(starts_at), _wall(ends_at))


def _wall(instant: datetime) -> datetime:
    return instant.astimezone(LONDON).replace(tzinfo=None)


def _in_order(items: Iterable[CalendarItem]) -> list[CalendarItem]:
    return sorted(items, key=lambda item: (item.starts, item.kind, item.ref))
