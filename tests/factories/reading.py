"""Texts to read for themes: comments released, general learning of sessions, and what facilitators wrote."""

import uuid
from datetime import datetime, timedelta

from factories.held_sessions import add_held_session
from factories.opened import add_pool
from jags.accounts.model import Person
from jags.accounts.rules import Role
from jags.feedback.model import Comment
from jags.feedback.rules import CommentState, CommentText
from jags.kernel.work import Work
from jags.quality.model import FacilitatorReflection
from jags.quality.rules.reflections import ForTheUnit
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import Learning

READER = Role.OBSERVER


def add_comment(
    work: Work,
    text: str,
    *,
    state: CommentState = CommentState.RELEASED,
    held_at: datetime | None = None,
    confirmed: bool = False,
) -> uuid.UUID:
    """Add a comment of anonymous feedback about a session, which has a pool to itself that was opened two days ago."""
    session = add_held_session(work, starts_at=held_at, confirmed=confirmed)
    pool = add_pool(work, [session], opened_on=work.today - timedelta(days=2), confirmed=confirmed)
    row = Comment(
        key_id=work.vault.system_key_id("feedback-comments"),
        pool_id=pool.id,
        item="comment",
        may_quote=True,
        state=state,
    )
    work.vault.seal(row, "text", CommentText(text))
    work.session.add(row)
    work.session.flush()
    return row.id


def add_learning(work: Work, text: str, **details) -> JagsSession:
    """Add a held session with this general learning."""
    session = add_held_session(work, **details)
    work.vault.seal(session.record, "learning", Learning(text))
    work.session.flush()
    return session


def add_reflection(work: Work, session: JagsSession, text: str) -> uuid.UUID:
    """Add what the facilitator of a session wrote about how agencies work together."""
    person = work.session.get_one(Person, session.facilitators[0].person_id)
    row = FacilitatorReflection(
        key_id=session.key_id, session_id=session.id, person_id=person.id, saved_at=work.now
    )
    work.vault.seal(row, "unit", ForTheUnit(text))
    work.session.add(row)
    work.session.flush()
    return row.id
