"""Who may take over what there is."""

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.work import Work


def require_import(work: Work) -> None:
    """Raise `NotAllowed` unless the actor may take over what there is."""
    require(work.actor, Permission.IMPORT_RUN)
