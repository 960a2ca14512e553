"""What nearly every verb of triage checks first: the request, a reason, a day that is over."""

import uuid
from collections.abc import Callable
from datetime import date

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.time import date_in_words
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.policy import request_for
from jags.requests.queries import find_by_reference


def triaged(work: Work, request_id: uuid.UUID, version: int) -> Request:
    """Return a request on which the actor decides; raises `NotAllowed`, `NotFound`, or `Stale` for another version."""
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    return request


def needed(text: str, field: str, message: str) -> str:
    """Return a text without outer spaces; raises `Invalid` with the message at the field when nothing is left."""
    if not text.strip():
        raise Invalid(message, field=field)
    return text.strip()


def needed_reason(text: str) -> str:
    """Return a reason that has to be given; raises `Invalid` without one."""
    return needed(text, "reason", "Enter the reason.")


def open_to_writing(work: Work, request_id: uuid.UUID, version: int) -> Request:
    """Return a request on which the actor decides, and of which people are told; as `triaged`, and `MoveNotPossible` while paused."""
    request = triaged(work, request_id, version)
    request.expect_unpaused()
    return request


def problems_of(*checks: Callable[[], object]) -> tuple[Invalid, ...]:
    """Return what each check raises, so that a form says everything at once; a check changes nothing."""
    found = []
    for check in checks:
        try:
            check()
        except Invalid as problem:
            found.append(problem)
    return tuple(found)


def telling_problems(
    work: Work, request: Request, told_on: date | None, *, must: bool = False
) -> tuple[Invalid, ...]:
    """Return what is wrong with how the requester is told; `must`: somebody has told whom no mail of ours reaches."""
    return problems_of(
        lambda: told_by_telephone(work, request, told_on),
        *([lambda: need_telling(request, told_on)] if must else []),
    )


def told_by_telephone(work: Work, request: Request, told_on: date | None) -> str:
    """Return what is kept of a requester whom somebody told by telephone on a London date; empty where nobody did."""
    if told_on is None:
        return ""
    return f"Told the requester by telephone on {date_in_words(past_day(work, request, told_on, field='told_on'))}."


def need_telling(request: Request, told_on: date | None) -> None:
    """Raise `Invalid` where no mail of ours reaches the requester and nobody has told them."""
    if told_on is None and request.requester_email_index is None:
        raise Invalid(
            "We have no e-mail address of the requester. Ring them, then enter the day on which you told them.",
            field="told_on",
        )


def past_day(work: Work, request: Request, on: date, *, field: str) -> date:
    """Return a London date from the day on which the request was received to today; raises `Invalid` for another."""
    if on > work.today:
        raise Invalid("Enter a date that is not in the future.", field=field)
    if request.received_on is not None and on < request.received_on:
        raise Invalid("Enter a date that is not before the request was received.", field=field)
    return on


def other_request(work: Work, request: Request, reference: str) -> Request:
    """Return another request by its reference, as far as the actor may see it; raises `Invalid` at `of_reference`."""
    other = find_by_reference(work, reference)
    if other is None:
        raise Invalid(
            f"There is no request with the reference “{reference.strip()}”. Enter it like JAGS-2026-0042.",
            field="of_reference",
        )
    if other.id == request.id:
        raise Invalid(
            "This is the request itself. Enter the reference of the other one.", field="of_reference"
        )
    return other
