"""Actors: who does something, by an opaque reference and with what permission."""

import uuid
from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    """How an actor came to us."""

    ANONYMOUS = "anonymous"
    LINK = "link"
    ACCOUNT = "account"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts.

    `ref` is opaque: an account id, a link id or a job's name; never a name or an address. `person_id` is set for
    accounts and for links that belong to a person of the pool. `subject_id` is what a link is bound to. `only` names the
    requests to which everything about requests is limited; None where it is not limited.
    """

    kind: ActorKind
    ref: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    person_id: uuid.UUID | None = None
    purpose: str = ""
    subject_id: uuid.UUID | None = None
    only: frozenset[uuid.UUID] | None = None

    def can(self, permission: str) -> bool:
        """Tell whether the actor holds a permission."""
        return permission in self.permissions


ANONYMOUS = Actor(ActorKind.ANONYMOUS, "anonymous")


def system(job: str, *, permissions: frozenset[str] = frozenset()) -> Actor:
    """Return the actor of a job or a command."""
    return Actor(ActorKind.SYSTEM, f"system:{job}", permissions)
