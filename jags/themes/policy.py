"""Who changes the code frame, reads texts for themes, and says something about drafts."""

import uuid

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotAllowed


def require_frame(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor changes the code frame."""
    require(actor, Permission.THEME_MANAGE)


def reader(actor: Actor) -> uuid.UUID:
    """Return who reads a text for themes; raises `NotAllowed` unless it is somebody with an account who may: no job reads."""
    require(actor, Permission.THEME_READ)
    return _person(actor)


def who_remarks(actor: Actor) -> uuid.UUID:
    """Return who says something about a draft theme; raises `NotAllowed` unless they are a facilitator."""
    require(actor, Permission.SESSION_RECORD)
    return _person(actor)


def _person(actor: Actor) -> uuid.UUID:
    if actor.kind is not ActorKind.ACCOUNT or actor.person_id is None:
        raise NotAllowed
    return actor.person_id
