"""Pause everything about a request, and lift the pause; see docs/glossary.md, "pause everything"."""

import uuid

from jags.accounts.rules import Permission
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.policy import request_for
from jags.requests.rules import PauseReason
from jags.requests.service.moves import once, tell_requester


def pause_request(work: Work, request_id: uuid.UUID, *, reason: PauseReason, note: str = "") -> Request:
    """Stop all mail about a request at once, until a person lifts the pause.

    A note that is not empty goes to the requester; it is the only mail that leaves. A pause is never refused because somebody
    else changed the request meanwhile, and pausing again changes nothing.
    """
    request = request_for(work, request_id, Permission.REQUEST_PAUSE)
    if request.paused:
        return request
    request.paused_at, request.paused_reason = work.now, reason
    work.record("request:paused", request.id, why=reason)
    if note.strip():
        tell_requester(
            work,
            request,
            kind=MailKind.PAUSE_NOTE,
            cause=once(),
            params={"note": note.strip()},
            sent_when_paused=True,
        )
    return request


def lift_pause(work: Work, request_id: uuid.UUID, *, version: int) -> Request:
    """Let mail about a request leave again; what was withheld goes now, unless its time has passed meanwhile.

    The length of the pause is kept: the job that lets offers lapse gives it back to those that are open.
    """
    request = request_for(work, request_id, Permission.REQUEST_PAUSE)
    request.expect(version)
    if request.paused_at is not None:
        request.paused_seconds += int((work.now - request.paused_at).total_seconds())
        request.paused_at, request.paused_reason = None, None
        work.record("request:pause_lifted", request.id)
    return request
