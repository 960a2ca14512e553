"""What nearly every verb of triage checks first: the request, a reason, a day that is over."""

import uuid
from datetime import date

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.policy import request_for


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


def past_day(work: Work, request: Request, on: date, *, field: str) -> date:
    """Return a London date from the day on which the request was received to today; raises `Invalid` for another."""
    if on > work.today:
        raise Invalid("Enter a date that is not in the future.", field=field)
    if request.received_on is not None and on < request.received_on:
        raise Invalid("Enter a date after the request was received.", field=field)
    return on
