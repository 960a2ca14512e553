"""Who answers complaints and concerns, finds what is held about somebody, and completes documents."""

import uuid

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.audit.queries import subjects_of_tag
from jags.kernel.actor import Actor
from jags.kernel.errors import NotAllowed, TooMany
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.policy import request_for
from jags.rights.rules import TAKEN_IN_A_DAY, TAKEN_WITHIN


def require_rights(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor looks after complaints and concerns."""
    require(actor, Permission.RIGHTS_MANAGE)


def somebody_else(actor: Actor, person_id: uuid.UUID) -> uuid.UUID:
    """Return who acts; raises `NotAllowed` to whoever has no account, and about oneself."""
    require_rights(actor)
    if actor.person_id is None or actor.person_id == person_id:
        raise NotAllowed("Somebody else looks after a concern about you.")
    return actor.person_id


def require_documents(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor completes the documents of the partnership."""
    require(actor, Permission.RETENTION_MANAGE)


def request_to_hand_out(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request whose whole content the actor may take along for the person it is about.

    Raises as `request_for` does, and `TooMany` after so many in a day: many cases do not leave one by one
    (docs/adr/0028-two-people-for-bulk-exports.md).
    """
    found = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    taken = subjects_of_tag(work, "rights:exported", by=work.actor.ref, since=work.now - TAKEN_WITHIN)
    if str(found.id) not in taken and len(taken) >= TAKEN_IN_A_DAY:
        raise TooMany(
            f"You have put together {TAKEN_IN_A_DAY} requests in a day, which is the most that one person can. "
            "A colleague can go on, or you tomorrow."
        )
    return found
