"""Whether an actor may keep the promotion log, and write reports."""

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor


def require_promotion(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor keeps the promotion log."""
    require(actor, Permission.PROMOTION_MANAGE)


def require_inside(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor sees figures as the Business Unit does."""
    require(actor, Permission.EVALUATION_READ_INSIDE)
