"""Read how rounds of feedback stand: numbers and days, never who."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from jags.feedback.model import LostLink, Pot, Round
from jags.feedback.queries.tickets import last_day
from jags.feedback.rules import Door, FormKey, RoundState, spares_for
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession, SessionRecord


@dataclass(frozen=True)
class RoundStatus:
    """How the feedback of a session stands: numbers and days, never who."""

    session_id: uuid.UUID | None
    state: RoundState
    invited: int
    door: Door
    # How often another link was asked for.
    replaced: int
    # People who were present and got neither link nor slip, as those have who have no address of their own.
    not_reached: int
    # Slips beyond the people who were there: whoever kept them could have answered more than once.
    over: int
    # The last day on which answers are taken.
    closes_on: date


@dataclass(frozen=True)
class LostLinks:
    """Links of an open round that were lost: how often another was asked for, has yet to be sent, and can still be asked for."""

    replaced: int
    on_their_way: int
    left: int
    # Why none can be replaced now, in words; empty when one can.
    refused: str = ""
    form: FormKey = FormKey.PARTICIPANT
    closes_on: date | None = None


def not_yet_prolonged(work: Work) -> frozenset[str]:
    """Return the requests whose pause was lifted while a round's closing moment has not moved yet, as the outbox refers to them.

    Their invitations would still say the day that was planned before the pause.
    """
    owed = work.session.scalars(
        select(JagsSession.request_id)
        .join(Round, Round.session_id == JagsSession.id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(Round.state == RoundState.OPEN, Request.paused_seconds > Round.paused_seconds)
    )
    return frozenset(map(str, owed))


def round_status(work: Work, request: Request) -> RoundStatus | None:
    """Return how the feedback of the request's latest held session stands; None before a round was opened."""
    found = work.session.execute(
        select(Round, SessionRecord.people_present)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .outerjoin(SessionRecord, SessionRecord.session_id == JagsSession.id)
        .where(JagsSession.request_id == request.id, Round.form == FormKey.PARTICIPANT)
        .order_by(JagsSession.starts_at.desc(), Round.id)
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    feedback_round, present = found
    return RoundStatus(
        feedback_round.session_id,
        feedback_round.state,
        feedback_round.invited,
        feedback_round.door,
        feedback_round.replaced,
        max(0, (present or 0) - feedback_round.invited),
        max(0, feedback_round.invited - present) if present and feedback_round.door is Door.SLIPS else 0,
        last_day(feedback_round.closes_at),
    )


def slips_made(work: Work, session_id: uuid.UUID) -> int:
    """Return how many slips were made for a session; none where those who were there are asked by mail."""
    made = select(Round.invited).where(
        Round.session_id == session_id, Round.form == FormKey.PARTICIPANT, Round.door == Door.SLIPS
    )
    return work.session.scalar(made) or 0


def open_by_links(session_id: uuid.UUID, now: datetime) -> Select[Round]:
    """Return the query for the round of a session that is open and was asked by mail."""
    return select(Round).where(
        Round.session_id == session_id,
        Round.state == RoundState.OPEN,
        Round.door == Door.LINKS,
        Round.closes_at > now,
    )


def lost_links(work: Work, session: JagsSession) -> LostLinks:
    """Return how many links of a session's open round were replaced, are about to be, and still can be."""
    found = work.session.scalars(open_by_links(session.id, work.now)).one_or_none()
    if found is None:
        return LostLinks(
            0, 0, 0, "Links can be replaced while feedback that was asked for by e-mail is open."
        )
    on_their_way = (
        work.session.scalar(select(func.count()).select_from(LostLink).where(LostLink.round_id == found.id))
        or 0
    )
    left = spares_for(found.invited) - found.replaced - on_their_way
    refused = ""
    if session.request.paused:
        refused = "Everything about this request is paused. Nobody is asked until the pause is lifted."
    elif left < 1:
        refused = "All spare links of this session have been used. No other can be made, so that nobody can be found by theirs."
    return LostLinks(
        found.replaced, on_their_way, max(0, left), refused, found.form, last_day(found.closes_at)
    )


def waiting_rounds(work: Work) -> list[tuple[Round, int]]:
    """Return the rounds whose answers stay sealed, closed longest ago first, with the bytes in their pots."""
    held = (
        select(Pot.round_id, func.sum(func.length(Pot.body)).label("held")).group_by(Pot.round_id).subquery()
    )
    rows = work.session.execute(
        select(Round, func.coalesce(held.c.held, 0))
        .outerjoin(held, held.c.round_id == Round.id)
        .where(Round.state == RoundState.WAITING)
        .order_by(Round.closes_at, Round.id)
    )
    return [(found, int(size)) for found, size in rows]


def rounds_not_opened(
    work: Work,
    *,
    held_from: datetime,
    held_before: datetime,
    transitional: bool,
    form: FormKey = FormKey.PARTICIPANT,
) -> dict[RoundState, int]:
    """Return how many rounds of sessions held in a half-open span are open, or wait sealed for others."""
    wanted = (
        select(Round.state, func.count())
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(
            Round.form == form,
            Round.state != RoundState.OPENED,
            JagsSession.starts_at >= held_from,
            JagsSession.starts_at < held_before,
        )
        .group_by(Round.state)
    )
    if transitional:
        wanted = wanted.join(Request, Request.id == JagsSession.request_id).where(
            Request.transitional_confirmed.is_(True)
        )
    return {state: number for state, number in work.session.execute(wanted)}  # noqa: C416 - A row is not a pair for dict().
