"""Say to the requester whose move it is, what comes next, and by when."""

from dataclasses import dataclass
from datetime import date

from jags.kernel.time import day_in_words
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import caller_of, promised_call, target_of
from jags.requests.rules import State
from jags.settings.queries import partnership

_YOURS, _OURS, _FACILITATORS, _ALL = "Your move", "Our move", "The facilitators’ move", "All of you"
AHEAD: dict[State, tuple[str, str]] = {
    State.UNCONFIRMED: (_YOURS, "Please confirm your e-mail address."),
    State.IN_TRIAGE: (_OURS, "We read your request and ring you."),
    State.WAITING_FOR_REQUESTER: (_YOURS, "Please answer our question."),
    State.ACCEPTED: (_OURS, "We look for two facilitators from different agencies."),
    State.OFFERED: (_FACILITATORS, "Two facilitators have been asked and are looking at their diaries."),
    State.FACILITATORS_AGREED: (_OURS, "The facilitators talk with you, and we arrange a date."),
    State.SCHEDULED: (_ALL, "The date is set, and the session takes place then."),
    State.HELD: (_ALL, "We ask those who took part how it was."),
    State.SIGNPOSTED: (_YOURS, "Please get in touch with the route that we suggested."),
}


@dataclass(frozen=True)
class WhoseMove:
    """Whose move it is, what comes next, and the London date by which we aim to be there; None without one, or once past."""

    whose: str
    what: str
    by: date | None


def whose_move(work: Work, request: Request) -> WhoseMove | None:
    """Return whose move it is; None once there is none, or while everything is paused."""
    heard = request.state is State.SIGNPOSTED and (request.followed_up_at or request.talk_wished_at)
    if request.state not in AHEAD or request.paused or heard:
        return None
    whose, what = AHEAD[request.state]
    call = promised_call(work, request)
    if request.state is State.IN_TRIAGE and call is not None and work.today <= call:
        return WhoseMove(whose, _rings(work, request, by=call), None)
    target = target_of(work, request)
    return WhoseMove(whose, what, None if target is None or target.passed else target.due_on)


def _rings(work: Work, request: Request, *, by: date) -> str:
    caller = caller_of(work, request)
    if not caller:
        return f"We read your request and ring you by {day_in_words(by)}."
    unit = partnership(work).business_unit
    return f"{caller} from the {unit} reads your request and rings you by {day_in_words(by)}."
