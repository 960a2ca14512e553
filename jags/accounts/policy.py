"""Whether an actor may do something at all; ownership is checked by the capability that owns the thing."""

import uuid

from jags.accounts.rules import Permission, Purpose
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import LinkNotValid, NotAllowed


def require(actor: Actor, permission: Permission) -> None:
    """Raise `NotAllowed` unless the actor holds the permission; the machine's own jobs hold all."""
    if actor.kind is ActorKind.SYSTEM or actor.can(permission):
        return
    raise NotAllowed


def person_who(actor: Actor, permission: Permission) -> uuid.UUID:
    """Return who acts; raises `NotAllowed` unless it is somebody with an account who holds the permission: no job does."""
    require(actor, permission)
    if actor.kind is not ActorKind.ACCOUNT or actor.person_id is None:
        raise NotAllowed
    return actor.person_id


def require_link(actor: Actor, purpose: Purpose) -> None:
    """Raise `LinkNotValid` unless the actor came by a link of this purpose."""
    if actor.kind is not ActorKind.LINK or actor.purpose != purpose:
        raise LinkNotValid
