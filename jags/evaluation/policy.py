"""Whether an actor may keep the promotion log, and write reports."""

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.evaluation.model import Report
from jags.kernel.actor import Actor
from jags.kernel.errors import NotAllowed


def require_promotion(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor keeps the promotion log."""
    require(actor, Permission.PROMOTION_MANAGE)


def require_keys(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor makes and revokes keys to released figures."""
    require(actor, Permission.ACCOUNT_MANAGE)


def require_inside(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor sees figures as the Business Unit does."""
    require(actor, Permission.EVALUATION_READ_INSIDE)


def require_writing(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor writes reports."""
    require(actor, Permission.REPORT_WRITE)


def require_review(actor: Actor, report: Report) -> None:
    """Raise `NotAllowed` unless the actor reviews reports and has neither written nor sent this one."""
    require(actor, Permission.REPORT_REVIEW)
    if actor.person_id in {report.written_by, report.sent_by}:
        raise NotAllowed("Somebody else reviews a report: not who wrote it or sent it for review.")


def require_scrutiny(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor is the scrutineer."""
    require(actor, Permission.REPORT_SCRUTINISE)


def require_seen(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor sees reports that are not released: their writers, and who reviews them."""
    if not actor.can(Permission.EVALUATION_READ_INSIDE):
        require(actor, Permission.REPORT_REVIEW)
