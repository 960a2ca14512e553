"""Keep the wall time of sessions that are to come when the rules of their zone change: the instant follows."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from jags.facilitators.rules import FacilitatorAlreadyBooked
from jags.kernel.errors import Invalid
from jags.kernel.time import from_wall
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState
from jags.scheduling.service.time import take_time
from jags.venues.rules import VenueAlreadyBooked


@dataclass(frozen=True)
class MovedInstant:
    """A session whose instant is no longer what its wall time says.

    `problem` says why somebody has to look at it: then nothing of it was changed.
    """

    session_id: uuid.UUID
    reference: str
    wall_start: datetime
    before: datetime
    after: datetime | None
    problem: str = ""


def keep_wall_times(work: Work) -> list[MovedInstant]:
    """Let every session that is to come begin when its wall time says; return what moved, by date.

    The wall time was agreed with people and stands in their calendars, so it wins. Where it no longer exists, or the new
    instant is taken, nothing is changed and the session is listed with its problem.
    """
    left = list(
        work.session.scalars(
            select(JagsSession)
            .where(JagsSession.state == SessionState.SCHEDULED, JagsSession.starts_at > work.now)
            .order_by(JagsSession.starts_at, JagsSession.id)
        ).all()
    )
    moved: dict[uuid.UUID, MovedInstant] = {}
    while left:
        found = [(session, _follow(work, session)) for session in left]
        moved |= {session.id: one for session, one in found if one is not None}
        in_the_way = [session for session, one in found if one is not None and one.after and one.problem]
        # What moved may have been in the way of another one, so those are tried again.
        left = in_the_way if any(one is not None and not one.problem for _, one in found) else []
    return sorted(moved.values(), key=lambda one: (one.before, one.session_id))


def keep_wall_times_by_job(work: Work) -> int:
    """Do the same as a job; return how many sessions moved. What has a problem stays to be found by the command."""
    return sum(not one.problem for one in keep_wall_times(work))


def _follow(work: Work, session: JagsSession) -> MovedInstant | None:
    before, reference = session.starts_at, session.request.reference or ""
    try:
        after = from_wall(session.wall_start, ZoneInfo(session.zone), second=session.second_hour)
    except Invalid as error:
        return MovedInstant(session.id, reference, session.wall_start, before, None, str(error))
    if after == before:
        return None
    try:
        with work.session.begin_nested():
            session.starts_at = after
            take_time(work, session)
    except (FacilitatorAlreadyBooked, VenueAlreadyBooked) as error:
        return MovedInstant(session.id, reference, session.wall_start, before, after, str(error))
    work.record("session:instant_changed", session.id, request=str(session.request_id))
    return MovedInstant(session.id, reference, session.wall_start, before, after)
