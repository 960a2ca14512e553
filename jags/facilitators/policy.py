"""Whether an actor may change the pool, or somebody's own time."""

import uuid

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor
from jags.kernel.errors import NotAllowed


def require_pool(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor looks after the pool."""
    require(actor, Permission.FACILITATOR_MANAGE)


def require_themes(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor chooses facilitators: what somebody would rather avoid is for nobody else."""
    require(actor, Permission.PAIR_OFFER)


def require_own_time(actor: Actor, person_id: uuid.UUID) -> None:
    """Raise `NotAllowed` unless it is the actor's own time, or the actor looks after the pool."""
    if actor.person_id == person_id and actor.can(Permission.OFFER_ANSWER):
        return
    require_pool(actor)


def require_own_calendar(actor: Actor, person_id: uuid.UUID) -> None:
    """Raise `NotAllowed` unless it is the actor's own: whoever has its address can read the whole calendar."""
    if actor.person_id != person_id:
        raise NotAllowed
    require(actor, Permission.OFFER_ANSWER)
