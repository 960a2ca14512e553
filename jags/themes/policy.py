"""Who changes the code frame, reads texts for themes, and says something about drafts."""

import uuid

from jags.accounts.policy import person_who, require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor


def require_frame(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor changes the code frame."""
    require(actor, Permission.THEME_MANAGE)


def reader(actor: Actor) -> uuid.UUID:
    """Return who reads a text for themes; raises `NotAllowed` unless it is somebody with an account who may: no job reads."""
    return person_who(actor, Permission.THEME_READ)


def who_remarks(actor: Actor) -> uuid.UUID:
    """Return who says something about a draft theme; raises `NotAllowed` unless they are a facilitator."""
    return person_who(actor, Permission.SESSION_RECORD)
