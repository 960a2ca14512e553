"""Whether an actor may do something to a request."""

import uuid

from jags.accounts.policy import require, require_link
from jags.accounts.rules import Permission, Purpose
from jags.kernel.actor import ActorKind
from jags.kernel.errors import LinkNotValid, NotAllowed
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import State


def request_for(work: Work, request_id: uuid.UUID, permission: Permission) -> Request:
    """Return a request on which the actor may act with a permission.

    Raises `NotAllowed` without the permission, and `NotFound` for somebody who is recused from the request.
    """
    require(work.actor, permission)
    return get_request(work, request_id)


def request_by_link(work: Work, request_id: uuid.UUID, purpose: Purpose) -> Request:
    """Return the request to which the actor's link is bound; raises `LinkNotValid` for any other."""
    require_link(work.actor, purpose)
    if work.actor.subject_id != request_id:
        raise LinkNotValid
    return get_request(work, request_id)


def require_writer(work: Work, request: Request) -> None:
    """Raise unless the actor may write the answers of a draft: whoever holds its link, or a coordinator.

    Raises `LinkNotValid` for another's draft, `NotAllowed` for what has been sent already.
    """
    actor = work.actor
    own = (
        actor.kind is ActorKind.LINK
        and actor.purpose == Purpose.REQUEST_DRAFT
        and actor.subject_id == request.id
    )
    if not (own or actor.kind is ActorKind.SYSTEM or actor.can(Permission.REQUEST_TRIAGE)):
        raise LinkNotValid
    if request.state is not State.DRAFT:
        raise NotAllowed("This request has been sent. Ring us to change something in it.")
