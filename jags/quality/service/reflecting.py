"""Keep a facilitator's own reflection on a session, also while it is being written."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jags.kernel.errors import MoveNotPossible, NotFound
from jags.kernel.work import Work
from jags.quality.model import FacilitatorReflection
from jags.quality.policy import require_own_session
from jags.quality.queries.reflections import find_reflection, open_own
from jags.quality.rules.reflections import Written
from jags.requests.service import Shown
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState


@dataclass(frozen=True)
class OwnReflection:
    """A session with the actor's own reflection on it; version 0 means that nothing is kept yet."""

    session: JagsSession
    written: Written
    version: int


def own_held_session(work: Work, session_id: uuid.UUID, *, lock: bool = False) -> JagsSession:
    """Return a session of the actor's own that has begun, perhaps with its row held.

    Raises `NotFound` for a session that is not theirs, and `MoveNotPossible` before it has begun or when it did not take place.
    """
    wanted = (
        select(JagsSession)
        .where(JagsSession.id == session_id)
        .options(selectinload(JagsSession.facilitators))
    )
    session = work.session.scalar(wanted.with_for_update() if lock else wanted)
    if session is None:
        raise NotFound("There is no such session.")
    require_own_session(work, session)
    took_place = session.state in {SessionState.SCHEDULED, SessionState.HELD}
    if not took_place or session.starts_at > work.now:
        raise MoveNotPossible("You can come back to this page once the session has begun.")
    return session


def reflection_of(work: Work, session_id: uuid.UUID) -> OwnReflection:
    """Return the actor's own reflection; raises like `own_held_session`."""
    session = own_held_session(work, session_id)
    row = _own_row(work, session)
    return OwnReflection(session, open_own(work, row), row.version if row else 0)


def save_reflection(
    work: Work, session_id: uuid.UUID, *, written: Written, shown: Shown, finished: bool = True
) -> None:
    """Keep the actor's own reflection, or what there is of it so far; `shown` is what their page was shown.

    What a page sent earlier and the network delivers late changes nothing. Raises like `own_held_session`, and `Stale`
    when another page has saved it since.
    """
    session = own_held_session(work, session_id, lock=True)
    row = _own_row(work, session)
    new = row is None
    if row is None:
        row = FacilitatorReflection(
            key_id=session.key_id, session_id=session.id, person_id=work.actor.person_id
        )
        work.session.add(row)
    elif not _in_turn(row, shown):
        return
    row.saved_at = work.now
    row.page = f"{shown.page}:{shown.step}" if shown.page else ""
    work.vault.seal(row, "reflection", written.own)
    work.vault.seal(row, "both", written.both)
    work.vault.seal(row, "unit", written.unit)
    work.vault.seal(row, "pooled", written.pooled)
    if new or finished:
        # What the page saves by itself while somebody writes is one act, not fifty.
        work.record("reflection:saved", row.id, session=str(session.id))


def _in_turn(row: FacilitatorReflection, shown: Shown) -> bool:
    """Tell whether a page's words are newer than what is kept; raises `Stale` when another page saved it since."""
    mark, _, step = row.page.partition(":")
    if mark and mark == shown.page:
        return shown.step >= int(step or 0)
    row.expect(shown.version)
    return True


def _own_row(work: Work, session: JagsSession) -> FacilitatorReflection | None:
    person_id = work.actor.person_id
    return find_reflection(work, session_id=session.id, person_id=person_id) if person_id else None
