"""Whether an actor may keep the promotion log."""

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor


def require_promotion(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor keeps the promotion log."""
    require(actor, Permission.PROMOTION_MANAGE)
