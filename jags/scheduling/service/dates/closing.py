"""End a question about dates: by hand, because a date was chosen or set, or because it became untrue."""

import uuid
from datetime import datetime

from jags.allocation.service import lock_request
from jags.kernel.errors import MoveNotPossible
from jags.kernel.work import Work
from jags.notifications.service import withdraw_mail
from jags.requests.rules import State
from jags.scheduling.model import DateQuestion
from jags.scheduling.queries import get_question, open_question_of
from jags.scheduling.rules import Outcome
from jags.scheduling.service.dates.messages import cause_prefix, tell_of_chosen


def close_question(work: Work, question_id: uuid.UUID, *, version: int) -> DateQuestion:
    """Close a question by hand: nobody can answer it any more, and what lies unsent of it is withdrawn.

    It can be asked again. Raises `MoveNotPossible` for one that is closed, `NotFound`, `Stale`.
    """
    question = _open_question(work, question_id, version)
    close(work, question, Outcome.CLOSED)
    return question


def choose_date(work: Work, question_id: uuid.UUID, option_id: uuid.UUID, *, version: int) -> DateQuestion:
    """Choose one of the dates, which the Business Unit sets then; whoever looks after the request is told.

    Nobody's time is taken by it: everything is checked when the date is set. Raises as `close_question`, and
    `MoveNotPossible` while everything is paused.
    """
    question = _open_question(work, question_id, version)
    request = lock_request(work, question.request_id)
    request.expect_unpaused()
    option = next((o for o in question.options if o.id == option_id), None)
    if option is None or request.state is not State.FACILITATORS_AGREED:
        raise MoveNotPossible("This date cannot be chosen any more. Look at the dates again.")
    option.chosen = True
    close(work, question, Outcome.DATE_CHOSEN)
    tell_of_chosen(work, question, option)
    return question


def end_question(
    work: Work, request_id: uuid.UUID, how: Outcome, *, wall_start: datetime | None = None
) -> None:
    """End the open question of a request, if there is one, because something else has happened to it.

    A date that was set is marked where it was one of those asked about. The caller has checked whether the actor may.
    """
    question = open_question_of(work, request_id)
    if question is not None:
        for option in question.options:
            option.chosen = option.wall_start == wall_start
        close(work, question, how)


def close(work: Work, question: DateQuestion, how: Outcome) -> None:
    """Close a question and withdraw what lies unsent of it; the caller has checked and holds it."""
    question.closed_at, question.outcome = work.now, how
    withdraw_mail(work, cause_prefix=cause_prefix(question))
    work.record("date_question:closed", question.id, request=str(question.request_id), how=how)


def _open_question(work: Work, question_id: uuid.UUID, version: int) -> DateQuestion:
    question = get_question(work, question_id, hold=True)
    question.expect(version)
    if question.closed_at is not None:
        raise MoveNotPossible("This question about dates is closed already.")
    return question
