"""Write once more to a requester who is silent, and keep that somebody rang; nobody is chased twice by machine."""

import uuid
from datetime import date, timedelta

from jags.accounts.policy import require
from jags.accounts.rules import Permission, Purpose
from jags.kernel.errors import MoveNotPossible
from jags.kernel.time import date_in_words, start_of_day
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import due_for_nudge, open_question
from jags.requests.rules import FOLLOWED_UP, RUNG_WHEN_SOONER, State, is_working_day
from jags.requests.service.checks import past_day, triaged
from jags.requests.service.moves import nudge_cause, tell_requester
from jags.requests.service.notes import add_note
from jags.settings.queries import partnership

# A nudge leaves when people are at work, not in the night in which it became due.
_MORNING = timedelta(hours=9)
_NOON = timedelta(hours=12)


def nudge_requesters(work: Work) -> int:
    """Write once more to each requester who has been silent for as many working days as the setting says; return how many.

    Whoever was signposted is asked whether it worked out, whoever has not confirmed or answered is asked again. Nothing leaves
    while everything is paused, nor at a weekend or on a bank holiday.
    """
    require(work.actor, Permission.REQUEST_TRIAGE)
    if not is_working_day(work.today):
        return 0
    due = due_for_nudge(work)
    for request in due:
        _nudge(work, request)
    return len(due)


def note_call(work: Work, request_id: uuid.UUID, *, on: date, note: str, version: int) -> Request:
    """Keep that somebody rang the requester, on which London date, and what came of it, as a note between coordinators.

    Raises `MoveNotPossible` where nobody is waited for, and `Invalid` for a day to come.
    """
    request = triaged(work, request_id, version)
    if request.state not in FOLLOWED_UP | RUNG_WHEN_SOONER:
        raise MoveNotPossible
    past_day(work, request, on, field="on")
    request.followed_up_at = work.now if on == work.today else start_of_day(on) + _NOON
    said = f"Rang the requester on {date_in_words(on)}."
    add_note(work, request_id, text=f"{said} {note.strip()}".strip())
    work.record("request:rung", request.id, on=on.isoformat())
    return request


def _nudge(work: Work, request: Request) -> None:
    kind, purpose = _NUDGES[request.state]
    params = {}
    if request.state is State.SIGNPOSTED:
        params = {"route": partnership(work).routes.get(request.route or "", "another route")}
    elif request.state is State.WAITING_FOR_REQUESTER:
        params = {"question": open_question(work, request)}
    tell_requester(
        work,
        request,
        kind=kind,
        cause=nudge_cause(request),
        params=params,
        purpose=purpose,
        due_at=max(work.now, start_of_day(work.today) + _MORNING),
    )
    request.nudged_at = work.now
    work.record("request:nudged", request.id, state=request.state)


_NUDGES: dict[State, tuple[MailKind, Purpose]] = {
    State.SIGNPOSTED: (MailKind.SIGNPOST_NUDGE, Purpose.REQUEST_STATUS),
    State.UNCONFIRMED: (MailKind.CONFIRM_REQUEST, Purpose.CONFIRM_REQUEST),
    State.WAITING_FOR_REQUESTER: (MailKind.QUESTION_NUDGE, Purpose.REQUEST_STATUS),
}
