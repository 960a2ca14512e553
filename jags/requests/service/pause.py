"""Pause everything about a request, lift the pause, and lift its legal hold; see docs/glossary.md, "pause everything"."""

import uuid
from datetime import datetime

from jags.accounts.rules import Permission
from jags.kernel.errors import MoveNotPossible
from jags.kernel.time import day_in_words, london_date, time_in_words
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.notifications.service import withdraw_mail
from jags.requests.model import Request
from jags.requests.policy import request_for
from jags.requests.queries import asked_by_school, held_back
from jags.requests.rules import PauseReason, State, counts_after_pause, school_holidays
from jags.requests.service.checks import needed_reason
from jags.requests.service.lead import tell_lead
from jags.settings.queries import partnership


def pause_request(work: Work, request_id: uuid.UUID, *, reason: PauseReason) -> Request:
    """Stop all mail about a request at once, until a person lifts the pause; legal hold is on from now.

    The lead of the Business Unit is told by a mail that says why to nobody. Notes to the requester and the facilitators follow
    when somebody has had time to write them: `jags.scheduling.service.tell_of_pause`. A pause is never refused because
    somebody else changed the request meanwhile, and pausing again changes nothing.
    """
    request = request_for(work, request_id, Permission.REQUEST_PAUSE)
    if request.paused:
        return request
    request.paused_at, request.paused_reason = work.now, reason
    request.legal_hold_at = request.legal_hold_at or work.now
    work.record("request:paused", request.id, why=reason)
    tell_lead(
        work,
        request,
        kind=MailKind.LEAD_TOLD_OF_PAUSE,
        cause=f"paused:{work.now.isoformat()}",
        params={"when": f"{day_in_words(london_date(work.now))}, {time_in_words(work.now)}"},
        sent_when_paused=True,
    )
    return request


def lift_pause(work: Work, request_id: uuid.UUID, *, version: int, send_held_back: bool = True) -> Request:
    """Let mail about a request leave again. What was held back goes now, unless its time has passed or nobody wants it.

    The length of the pause is kept: the job that lets offers lapse gives it back to those that are open, a silent
    requester is nudged that much later, and the local targets count from that many working days later. Legal hold stays on.
    """
    request = request_for(work, request_id, Permission.REQUEST_PAUSE)
    request.expect(version)
    if request.paused_at is not None:
        if not send_held_back:
            for kind in sorted({mail.kind for mail in held_back(work, request)}):
                withdraw_mail(work, about_ref=str(request.id), kind=kind)
        request.paused_seconds += int((work.now - request.paused_at).total_seconds())
        _give_days_back(work, request, paused_at=request.paused_at)
        request.paused_at, request.paused_reason = None, None
        work.record("request:pause_lifted", request.id)
    return request


def lift_legal_hold(work: Work, request_id: uuid.UUID, *, reason: str, version: int) -> Request:
    """Let the rules for deleting apply to a request again, with a reason; never while everything is paused."""
    request = request_for(work, request_id, Permission.REQUEST_PAUSE)
    request.expect(version)
    why = needed_reason(reason)
    if request.paused:
        raise MoveNotPossible("Everything about this request is paused. Lift the pause first.")
    if request.legal_hold_at is not None:
        request.legal_hold_at = None
        work.record("request:legal_hold_lifted", request.id, reason=why)
    return request


def _give_days_back(work: Work, request: Request, *, paused_at: datetime) -> None:
    """Put forward from when the local targets count by the working days of a pause, whatever state it is in by now.

    While the requester is asked the clock stands still anyway: their answer gives those days back.
    """
    if request.received_on is None:
        return
    school = asked_by_school(request) and request.state is not State.UNCONFIRMED
    request.received_counts_from = counts_after_pause(
        request.received_counts_from or request.received_on,
        paused_on=london_date(paused_at),
        lifted_on=work.today,
        closed=school_holidays(partnership(work)) if school else (),
    )
    if request.state is not State.WAITING_FOR_REQUESTER:
        request.counts_from = counts_after_pause(
            request.counts_from or london_date(request.state_changed_at),
            paused_on=london_date(max(paused_at, request.state_changed_at)),
            lifted_on=work.today,
        )
