"""Who may write and read what belongs to a session's facilitators, and what is the Business Unit's."""

import uuid

from jags.accounts.policy import require
from jags.accounts.queries import is_recused
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession


def require_own_session(work: Work, session: JagsSession) -> uuid.UUID:
    """Return the actor's person; raises `NotFound` unless they are one of the two who held the session."""
    require(work.actor, Permission.SESSION_RECORD)
    person_id = work.actor.person_id
    if (
        person_id is None
        or person_id not in {f.person_id for f in session.facilitators}
        or is_recused(work, person_id, session.request_id)
    ):
        raise NotFound("There is no such session.")
    return person_id


def require_unit(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor arranges sessions: calls and concerns are theirs to follow."""
    require(actor, Permission.SESSION_ARRANGE)
