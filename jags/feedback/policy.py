"""Decide who may open and close rounds, and hand out slips."""

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotAllowed, NotFound
from jags.scheduling.model import JagsSession


def require_job(actor: Actor) -> None:
    """Raise `NotAllowed` unless the machine itself acts: nobody opens or closes a round by hand."""
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed


def require_hand_out(actor: Actor, session: JagsSession) -> None:
    """Raise `NotAllowed` unless it is a coordinator, or one of the two who hold the session."""
    if not actor.can(Permission.SESSION_ARRANGE):
        require_own_session(actor, session)


def require_own_session(actor: Actor, session: JagsSession) -> None:
    """Raise `NotFound` unless the actor is one of the two who held the session."""
    require(actor, Permission.SESSION_RECORD)
    if actor.person_id is None or actor.person_id not in {f.person_id for f in session.facilitators}:
        raise NotFound
