"""Make single-use slips to hand out in the room: tickets like any others, with their codes on a sheet that is shown once."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from jags.feedback.model import Pot, Round, Ticket
from jags.feedback.policy import require_hand_out
from jags.feedback.queries import last_day
from jags.feedback.rules import SLIPS_DAYS_BEFORE, SLIPS_MOST, Door, FormKey, RoundState
from jags.feedback.service.rounds import begin_round, closing_moment
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.rules import working_day_after
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session
from jags.scheduling.rules import SessionState
from jags.settings.queries import partnership

_TAKES_PLACE = (SessionState.SCHEDULED, SessionState.HELD)


@dataclass(frozen=True)
class Slips:
    """What may be made for a session now; `made` slips of an earlier sheet stop working when others are made."""

    session: JagsSession
    made: int
    # Why none can be made now, in words; empty when they can.
    refused: str = ""


@dataclass(frozen=True)
class Sheet:
    """The codes of new slips; they are nowhere else."""

    codes: tuple[str, ...]
    closes_on: date


def slips_of(work: Work, session_id: uuid.UUID) -> Slips:
    """Return whether slips can be made for a session; raises `NotFound` and `NotAllowed` for whom it is no business of."""
    session = get_session(work, session_id)
    require_hand_out(work.actor, session)
    found = _round(work, session)
    made = found.invited if found and found.door is Door.SLIPS else 0
    return Slips(session, made, _refused(work, session, found))


def make_slips(work: Work, session_id: uuid.UUID, *, number: int, again: bool = False) -> Sheet:
    """Begin the round of a session with so many slips, and return their codes this once.

    Until the session begins, others can be made `again`: those of the earlier sheet stop working, and nobody has answered
    by them. Raises `Invalid` at `number` or `again`, `MoveNotPossible`, and as `slips_of`.
    """
    slips = slips_of(work, session_id)
    if slips.refused:
        raise MoveNotPossible(slips.refused)
    if not 1 <= number <= SLIPS_MOST:
        raise Invalid(f"Enter how many people come, from 1 to {SLIPS_MOST}.", field="number")
    session = work.session.get_one(JagsSession, session_id, with_for_update=True)
    if (earlier := _round(work, session)) is not None:
        if not again:
            raise Invalid(
                "Tick this to make another sheet: the slips of the first one stop working.", field="again"
            )
        _forget(work, earlier)
    found, codes = begin_round(
        work, session, form=FormKey.PARTICIPANT, number=number, last=_last_day(work, session), door=Door.SLIPS
    )
    return Sheet(tuple(codes), last_day(found.closes_at))


def follow_the_date(work: Work) -> None:
    """Let slips follow a session that was moved to a later day, and forget those of one that does not take place."""
    rounds = work.session.scalars(
        select(Round)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(Round.door == Door.SLIPS, Round.state == RoundState.OPEN)
        .order_by(Round.id)
        .with_for_update(of=Round)
    ).all()
    for found in rounds:
        session = work.session.get_one(JagsSession, found.session_id)
        if session.state not in _TAKES_PLACE:
            _forget(work, found)
        elif session.starts_at > work.now:
            found.closes_at = max(found.closes_at, closing_moment(_last_day(work, session)))
    work.session.flush()


def _refused(work: Work, session: JagsSession, found: Round | None) -> str:
    """Return why no slips can be made now."""
    if session.state not in _TAKES_PLACE or session.imported:
        return "Slips are for a session that is arranged or was held."
    if session.request.paused:
        return "Everything about this request is paused. Nobody is asked until the pause is lifted."
    if found is None:
        first = london_date(session.starts_at) - timedelta(days=SLIPS_DAYS_BEFORE)
        early = work.today < first
        return f"Slips can be made from {SLIPS_DAYS_BEFORE} days before the session." if early else ""
    if found.door is Door.LINKS:
        return "Those who were there have been asked by e-mail. A session has one way to answer, so that each person answers once."
    if session.starts_at <= work.now:
        return (
            "The slips of this session have been made. Once it has begun no others can be, because nobody knows which have "
            "been used."
        )
    return ""


def _last_day(work: Work, session: JagsSession) -> date:
    day = max(london_date(session.starts_at), work.today)
    return working_day_after(day, partnership(work).feedback_open_days)


def _round(work: Work, session: JagsSession) -> Round | None:
    return work.session.scalar(
        select(Round).where(Round.session_id == session.id, Round.form == FormKey.PARTICIPANT)
    )


def _forget(work: Work, found: Round) -> None:
    """Take away a round by which nobody could answer yet."""
    pots = select(Pot.id).where(Pot.round_id == found.id)
    for gone in (delete(Ticket).where(Ticket.pot_id.in_(pots)), delete(Pot).where(Pot.round_id == found.id)):
        work.session.execute(gone.execution_options(synchronize_session=False))
    work.record("feedback_round:forgotten", found.id, session=str(found.session_id))
    work.session.delete(found)
    work.session.flush()
