"""Keep what is asked "now, or after we have spoken", once a request has been sent and until its date is set."""

import uuid

from sqlalchemy.orm.attributes import flag_modified

from jags.accounts.rules import Permission, Purpose
from jags.kernel.actor import ActorKind
from jags.kernel.errors import MoveNotPossible
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.policy import request_by_link, request_for
from jags.requests.rules import OPEN_FOR_MORE
from jags.requests.service.answers import PARTS, SecondHalf, keep_answers


def save_second_half(work: Work, request_id: uuid.UUID, page: SecondHalf, *, version: int) -> Request:
    """Keep one page of the second half, from the requester's own link or from the coordinator.

    Raises `Stale` when the request has changed since `version`, `MoveNotPossible` once the date is set or the request has
    ended, `Invalid` for an e-mail address that is none.
    """
    if work.actor.kind is ActorKind.LINK:
        request = request_by_link(work, request_id, Purpose.REQUEST_STATUS)
    else:
        request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    if request.state not in OPEN_FOR_MORE:
        raise MoveNotPossible("The date is set, or the request has ended. Ring us to change something.")
    request.expect(version)
    keep_answers(work, request, page)
    # People and agencies lie in rows of their own; the request counts as changed all the same.
    flag_modified(request, "form_version")
    work.record("request:changed", request.id, part=PARTS[type(page)])
    return request
