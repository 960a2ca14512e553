"""Who may look after records: set rules, list what is due, approve what another put forward, and take a file of the audit trail."""

import uuid

from jags.accounts.policy import person_who, require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor
from jags.kernel.errors import NotAllowed


class NeedsTwoPeople(NotAllowed):
    """You asked for this, so somebody else approves it."""


def require_records(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor looks after records."""
    require(actor, Permission.RETENTION_MANAGE)


def person_of_records(actor: Actor) -> uuid.UUID:
    """Return who acts; raises `NotAllowed` unless it is somebody with an account who looks after records: no job decides."""
    return person_who(actor, Permission.RETENTION_MANAGE)


def second_person(actor: Actor, first: uuid.UUID | None, *, otherwise: str = "") -> uuid.UUID:
    """Return who approves; raises `NeedsTwoPeople` to whoever put it forward, with the words of `otherwise`."""
    person = person_of_records(actor)
    if first is None or person == first:
        raise NeedsTwoPeople(otherwise)
    return person


def person_of_trail(actor: Actor) -> uuid.UUID:
    """Return who asks for a file of the audit trail, or takes it; raises `NotAllowed` unless they read it."""
    return person_who(actor, Permission.AUDIT_READ)
