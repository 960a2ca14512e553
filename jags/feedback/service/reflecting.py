"""Keep a facilitator's own reflection on a session; nobody else reads it."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jags.feedback.model import FacilitatorReflection
from jags.feedback.policy import require_own_session
from jags.feedback.queries import find_reflection, open_reflection
from jags.feedback.rules import Reflection
from jags.kernel.errors import MoveNotPossible, NotFound
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState


@dataclass(frozen=True)
class OwnReflection:
    """A session with the actor's own reflection on it; version 0 means that nothing is kept yet."""

    session: JagsSession
    reflection: Reflection
    version: int


def reflection_of(work: Work, session_id: uuid.UUID) -> OwnReflection:
    """Return the actor's own reflection; raises `NotFound` for a session that is not theirs.

    Raises `MoveNotPossible` before the session has begun, or when it did not take place.
    """
    session = _own_session(work, session_id)
    row = _own_row(work, session)
    return OwnReflection(session, open_reflection(work, row), row.version if row else 0)


def save_reflection(work: Work, session_id: uuid.UUID, *, reflection: Reflection, version: int) -> None:
    """Keep the actor's own reflection; `version` is what their page showed.

    Raises `NotFound` and `MoveNotPossible` like `reflection_of`, and `Stale` when it was saved elsewhere since.
    """
    session = _own_session(work, session_id)
    row = _own_row(work, session)
    if row is None:
        row = FacilitatorReflection(
            key_id=session.key_id, session_id=session.id, person_id=work.actor.person_id
        )
        work.session.add(row)
    else:
        row.expect(version)
    row.saved_at = work.now
    work.vault.seal(row, "reflection", reflection)
    work.record("reflection:saved", row.id, session=str(session.id))


def _own_session(work: Work, session_id: uuid.UUID) -> JagsSession:
    session = work.session.scalar(
        select(JagsSession)
        .where(JagsSession.id == session_id)
        .options(selectinload(JagsSession.facilitators))
    )
    if session is None:
        raise NotFound
    require_own_session(work.actor, session)
    took_place = session.state in {SessionState.SCHEDULED, SessionState.HELD}
    if not took_place or session.starts_at > work.now:
        raise MoveNotPossible("You can write your reflection once the session has begun.")
    return session


def _own_row(work: Work, session: JagsSession) -> FacilitatorReflection | None:
    person_id = work.actor.person_id
    return find_reflection(work, session_id=session.id, person_id=person_id) if person_id else None
