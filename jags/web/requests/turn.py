"""Whose move a request is, what they are to do, and by when."""

from dataclasses import dataclass
from datetime import date, datetime

from jags.kernel.time import date_in_words, london_date
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import Target, detail_of, follow_up, open_promise, target_of
from jags.requests.rules import RUNG_WHEN_SOONER, DateMatters, Question, State
from jags.web.wording import words


@dataclass(frozen=True)
class Turn:
    """Whose move it is, what it is, by when and how long that is from now; `more` says what happens by itself."""

    whose: str
    what: str
    by: date | None
    left: str
    more: str


_OURS, _THEIRS, _FACILITATORS = "Ours", "The requester’s", "The facilitators’"
_MOVES: dict[State, tuple[str, str]] = {
    State.UNCONFIRMED: (_OURS, "Ring the requester. They may also confirm by e-mail."),
    State.IN_TRIAGE: (_OURS, "Decide on this request."),
    State.WAITING_FOR_REQUESTER: (_THEIRS, "Answer our question."),
    State.ACCEPTED: (_OURS, "Choose two facilitators."),
    State.OFFERED: (_FACILITATORS, "Answer the offer."),
    State.FACILITATORS_AGREED: (_OURS, "Arrange the date."),
    State.SCHEDULED: (_FACILITATORS, "Hold the session, and record it."),
    State.HELD: ("Those who took part", "Say how it was. The request closes by itself."),
    State.SIGNPOSTED: (_THEIRS, "Take the other route."),
}


def turn(work: Work, request: Request, *, lapses_at: datetime | None) -> Turn | None:
    """Return whose move a request is; None where it is nobody's, because it has ended or everything is paused."""
    if request.paused or request.state not in _MOVES:
        return None
    whose, what = _MOVES[request.state]
    if request.talk_wished_at is not None and request.followed_up_at is None:
        whose, what = _OURS, "Ring the requester, who would like to talk."
    target = target_of(work, request)
    answer_by = london_date(lapses_at) if lapses_at and request.state is State.OFFERED else None
    by = answer_by or (target.due_on if target else None)
    more = " ".join(part for part in (_how_soon(work, request), _more(work, request)) if part)
    return Turn(whose, what, by, _left(work.today, target) if target and not answer_by else "", more)


def _how_soon(work: Work, request: Request) -> str:
    """Return why it may have to go sooner, as long as nobody has said whether it does."""
    why = [
        one
        for one in DateMatters
        if one in request.chosen(Question.DATE_MATTERS) and one is not DateMatters.NO
    ]
    if not why or request.state not in RUNG_WHEN_SOONER or detail_of(work, request).priority_reason:
        return ""
    return f"They say that a date matters ({listing([words(one) for one in why])}): say whether it is routine or sooner."


def _left(today: date, target: Target) -> str:
    number = abs(target.days_left)
    if target.due_on == today:
        return "today"
    return f"{number} working {'day' if number == 1 else 'days'} {'late' if target.passed else 'left'}"


def _more(work: Work, request: Request) -> str:
    """Return what becomes of a requester from whom we wait to hear."""
    if request.followed_up_at is not None:
        return f"We heard from them on {date_in_words(london_date(request.followed_up_at))}."
    promised = open_promise(work, request)
    if promised is not None:
        return f"They were told that we ring by {date_in_words(promised)}."
    follows = follow_up(work, request)
    if follows is None:
        return ""
    # Who has not confirmed is rung by the target, which the page says already; the reminder goes by itself.
    waits = request.state is not State.UNCONFIRMED
    ring = f" Without an answer, ring them from {date_in_words(follows.ring_on)}." if waits else ""
    if follows.nudged_on is not None:
        return f"A reminder went on {date_in_words(follows.nudged_on)}.{ring}"
    if follows.nudge_on is not None:
        return f"One reminder goes by itself on {date_in_words(follows.nudge_on)}.{ring}"
    return f"There is no e-mail address for a reminder.{ring}"
