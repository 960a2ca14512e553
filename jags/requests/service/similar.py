"""Link a request to the first about the same work: by a coordinator's hand, or by the requester's own tick."""

import uuid
from datetime import datetime

from sqlalchemy import select

from jags.accounts.rules import Permission, Purpose
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.work import Work
from jags.requests.model import NotSameWork, Request
from jags.requests.policy import request_by_link, request_for
from jags.requests.queries import own_earlier
from jags.requests.rules import State
from jags.requests.service.checks import other_request


def link_as_repeat(work: Work, request_id: uuid.UUID, *, of_reference: str, version: int) -> Request:
    """Link a request as a repeat to the first about the same work, which a reference leads to.

    Raises `Invalid` for a reference that is not that of an earlier request, `MoveNotPossible` for a duplicate.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    other = other_request(work, request, of_reference)
    _link(work, request, other)
    return request


def say_same_work(work: Work, request_id: uuid.UUID, *, version: int) -> Request:
    """Link a request to the requester's own earlier one with the same reference of theirs, because they say so.

    Raises `MoveNotPossible` where there is none.
    """
    request = request_by_link(work, request_id, Purpose.REQUEST_STATUS)
    request.expect(version)
    earlier = own_earlier(work, request)
    if earlier is None:
        raise MoveNotPossible
    _link(work, request, work.session.get_one(Request, earlier.request_id))
    return request


def unlink_repeat(work: Work, request_id: uuid.UUID, *, version: int) -> Request:
    """Take away that a request is a repeat; raises `MoveNotPossible` where it is none."""
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    if request.previous_request_id is None or request.state is State.DUPLICATE:
        raise MoveNotPossible
    part_from(work, request)
    return request


def say_other_work(work: Work, request_id: uuid.UUID, *, other_id: uuid.UUID) -> Request:
    """Keep that two requests are not about the same work, so that they are not proposed to each other again.

    Saying it twice has one effect. Raises `NotFound` where the actor may not see one of them.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    other = request_for(work, other_id, Permission.REQUEST_TRIAGE)
    pair = {"request_id": request.id, "other_id": other.id}
    if request.id != other.id and work.session.get(NotSameWork, pair) is None:
        work.session.add(NotSameWork(**pair))
        work.record("request:other_work", request.id, other=str(other.id))
    return request


def join_to(work: Work, request: Request, other: Request) -> None:
    """Let a duplicate point at the request that it is joined to, and its own repeats at the first about the same work."""
    _lead_to(work, request, _first(work, other))
    request.previous_request_id = other.id


def part_from(work: Work, request: Request) -> None:
    """Take away what a request was linked to."""
    if request.previous_request_id is not None:
        work.record("request:repeat_unlinked", request.id, first=str(request.previous_request_id))
        request.previous_request_id = None


def _link(work: Work, request: Request, other: Request) -> None:
    if request.state is State.DUPLICATE:
        raise MoveNotPossible
    first = _first(work, other)
    if first.id == request.id or _received(first) > _received(request):
        raise Invalid(
            "Enter the reference of an earlier request: the later one is linked to the first.",
            field="of_reference",
        )
    _lead_to(work, request, first)
    request.previous_request_id = first.id
    work.record("request:repeat_linked", request.id, first=str(first.id))


def _first(work: Work, request: Request) -> Request:
    """Return the first request about the same work; a duplicate leads to the one that it was joined to."""
    seen = {request.id}
    while request.previous_request_id is not None and request.previous_request_id not in seen:
        request = work.session.get_one(Request, request.previous_request_id)
        seen.add(request.id)
    return request


def _lead_to(work: Work, request: Request, first: Request) -> None:
    """Let what led to a request lead to the first from now on, so that no chain is longer than one link."""
    repeats = select(Request).where(
        Request.previous_request_id == request.id, Request.state != State.DUPLICATE, Request.id != first.id
    )
    for repeat in work.session.scalars(repeats.order_by(Request.received_at, Request.id)):
        repeat.previous_request_id = first.id
        work.record("request:repeat_linked", repeat.id, first=str(first.id))


def _received(request: Request) -> datetime:
    return request.received_at or request.started_at
