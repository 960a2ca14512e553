"""Place a session that was held before on its day, and tell the story of its request; no mail and no due job arises."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jags.facilitators.rules import BookingKind
from jags.facilitators.service import book
from jags.importing import queries
from jags.kernel.time import from_wall, overlaps
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import MoveNote, Verb
from jags.requests.service import move_request
from jags.scheduling.model import JagsSession, SessionFacilitator
from jags.scheduling.rules import SessionState
from jags.settings.queries import partnership

# The day of the session is known and not the hour; it is put where both facilitators are free, from nine o'clock.
_FIRST_HOUR = 9
_LAST_HOUR = 21
_TO_A_DATE = (Verb.ACCEPT, Verb.OFFER_PAIR, Verb.AGREE_FACILITATORS, Verb.SCHEDULE)


@dataclass(frozen=True)
class Placed:
    """Where a session is put on its day, as wall time and as instants; `free` when its facilitators have that time."""

    wall_start: datetime
    starts_at: datetime
    ends_at: datetime
    free: bool


def place(work: Work, person_ids: Collection[uuid.UUID], day: date, minutes: int) -> Placed:
    """Return the first span of the day in which these people have no other booking; if there is none, from nine."""
    taken = queries.taken_on(work, person_ids, day)
    for minute in range(_FIRST_HOUR * 60, _LAST_HOUR * 60 - minutes + 1, minutes):
        span = _span(day, minute, minutes, free=True)
        if not any(overlaps(span.starts_at, span.ends_at, t.starts_at, t.ends_at) for t in taken):
            return span
    return _span(day, _FIRST_HOUR * 60, minutes, free=False)


def take_over_session(
    work: Work, request: Request, *, placed: Placed, person_ids: Sequence[uuid.UUID]
) -> JagsSession:
    """Add the held session of a request with its pair, whose time it takes where they have it."""
    session = JagsSession(
        key_id=request.key_id,
        request=request,
        request_id=request.id,
        state=SessionState.HELD,
        starts_at=placed.starts_at,
        wall_start=placed.wall_start,
        minutes=_minutes(placed),
        minutes_known=False,
        hour_known=False,
        calendar_uid=f"{uuid.uuid4()}@{partnership(work).email.rpartition('@')[2]}",
        imported=True,
        facilitators=in_order(person_ids),
    )
    work.session.add(session)
    work.session.flush()
    work.record("session:imported", session.id, request=str(request.id))
    take_time(work, session, placed, person_ids)
    return session


def in_order(person_ids: Sequence[uuid.UUID]) -> list[SessionFacilitator]:
    """Return the facilitators of a session in their order."""
    return [
        SessionFacilitator(person_id=person_id, position=position)
        for position, person_id in enumerate(person_ids)
    ]


def take_time(work: Work, session: JagsSession, placed: Placed, person_ids: Collection[uuid.UUID]) -> None:
    """Take the facilitators' time for a session, where they have it: it counts in their load."""
    if placed.free:
        for person_id in sorted(person_ids):
            book(work, person_id, placed.starts_at, placed.ends_at, BookingKind.SESSION, session.id)


def tell_story(work: Work, request: Request, placed: Placed, *, note: MoveNote) -> None:
    """Move a request that is in triage on to closed.

    The dates of the steps before the session were not recorded: they are kept as of the session, "by then at the latest".
    """
    earliest = request.received_at or placed.starts_at
    by_then = min(max(earliest, placed.starts_at), work.now)
    for verb in _TO_A_DATE:
        move_request(work, request, verb, at=by_then, note=note if verb is Verb.ACCEPT else MoveNote())
    move_request(work, request, Verb.HOLD, at=min(max(by_then, placed.ends_at), work.now))
    move_request(work, request, Verb.CLOSE)


def _span(day: date, minute: int, minutes: int, *, free: bool) -> Placed:
    wall_start = datetime.combine(day, time(minute // 60, minute % 60))
    starts_at = from_wall(wall_start)
    return Placed(wall_start, starts_at, starts_at + timedelta(minutes=minutes), free)


def _minutes(placed: Placed) -> int:
    return int((placed.ends_at - placed.starts_at).total_seconds()) // 60
