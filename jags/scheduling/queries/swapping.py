"""Read with which sessions another one could change places: the nearest for which all four are free, or one that is named."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, select, union_all

from jags.facilitators.queries import Booked, coming_bookings
from jags.facilitators.rules import Span
from jags.kernel.time import overlaps
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import find_by_reference, visible_to
from jags.requests.rules import State
from jags.scheduling.model import JagsSession
from jags.scheduling.queries.sessions import SessionLine, session_lines, with_people
from jags.scheduling.rules import SessionState, around, together_from
from jags.settings.queries import partnership

# How many sessions before and after are looked at, and how many of those that would do are offered.
_LOOKED_AT, _OFFERED = 20, 10
# A session takes less of anybody's time than this, with all that belongs to it.
_DAY = timedelta(days=1)


def sessions_to_swap_with(work: Work, session: JagsSession) -> list[SessionLine]:
    """Return the few sessions nearest to this one with which it could change places, by date; three queries.

    They are arranged, to come, not paused, and the actor may see them; nobody of either is known to be booked elsewhere at the
    time of the other. Whoever wants one that is further away names it (`session_to_swap_with`).
    """
    near = session_lines(work, with_people().where(JagsSession.id.in_(_nearest(work, session))))
    all_of_them = [session, *(line.session for line in near)]
    people = {f.person_id for one in all_of_them for f in one.facilitators}
    starts = [one.starts_at for one in all_of_them]
    booked = coming_bookings(work, people, within=Span(min(starts) - _DAY, max(starts) + _DAY))
    free = [line for line in near if _could(work, session, line.session, booked)]
    free.sort(key=lambda line: abs(line.session.starts_at - session.starts_at))
    return sorted(free[:_OFFERED], key=lambda line: (line.session.starts_at, line.session.id))


def session_to_swap_with(work: Work, session: JagsSession, *, reference: str) -> SessionLine | None:
    """Return the arranged session to come of a request that is named, if the actor may see it; else None."""
    request = find_by_reference(work, reference)
    if request is None:
        return None
    found = session_lines(
        work,
        with_people()
        .join(JagsSession.request)
        .where(JagsSession.request_id == request.id, *_may_move(work, session)),
    )
    return found[0] if found else None


def _nearest(work: Work, session: JagsSession) -> CompoundSelect[UUID]:
    coming = select(JagsSession.id).join(JagsSession.request).where(*_may_move(work, session))
    later = coming.where(JagsSession.starts_at >= session.starts_at).order_by(
        JagsSession.starts_at, JagsSession.id
    )
    sooner = coming.where(JagsSession.starts_at < session.starts_at).order_by(
        JagsSession.starts_at.desc(), JagsSession.id
    )
    each = (part.limit(_LOOKED_AT).subquery() for part in (sooner, later))
    return union_all(*(select(part.c.id) for part in each))


def _may_move(work: Work, session: JagsSession) -> Sequence[ColumnElement[bool]]:
    return (
        JagsSession.state == SessionState.SCHEDULED,
        JagsSession.starts_at > work.now,
        JagsSession.id != session.id,
        Request.state == State.SCHEDULED,
        Request.paused_at.is_(None),
        visible_to(work.actor),
    )


def _could(
    work: Work, first: JagsSession, second: JagsSession, booked: Mapping[UUID, Sequence[Booked]]
) -> bool:
    """Tell whether nothing but the two themselves takes the time that each would need."""
    house, both = partnership(work), {first.id, second.id}
    for mine, theirs in ((first, second), (second, first)):
        needed = around(house, together_from(house, theirs.starts_at, mine.minutes), theirs.format)
        others = [one.span for f in mine.facilitators for one in booked[f.person_id] if one.ref not in both]
        if any(overlaps(needed.starts_at, needed.ends_at, span.starts_at, span.ends_at) for span in others):
            return False
    return True
