"""Whether an actor may arrange meetings and training, answer an invitation, or use the toolbox."""

import uuid

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor


def require_gatherings(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor looks after the pool."""
    require(actor, Permission.FACILITATOR_MANAGE)


def require_own_answer(actor: Actor, person_id: uuid.UUID) -> None:
    """Raise `NotAllowed` unless it is the actor's own invitation, or the actor looks after the pool."""
    if actor.person_id == person_id and actor.can(Permission.OFFER_ANSWER):
        return
    require_gatherings(actor)


def require_toolbox(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor keeps the toolbox."""
    require(actor, Permission.FACILITATOR_MANAGE)
