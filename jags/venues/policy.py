"""Whether an actor may change the places in which people meet."""

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor


def require_venues(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor arranges where people meet."""
    require(actor, Permission.SESSION_ARRANGE)
