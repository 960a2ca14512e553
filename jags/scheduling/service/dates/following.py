"""Nudge who is silent once, while their answer can still change which date is best; tell who finds the date when nobody can answer any more."""

from datetime import datetime, time, timedelta

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.time import from_wall, london_date
from jags.kernel.work import Work
from jags.requests.rules import working_day_after
from jags.scheduling.model import DateQuestion
from jags.scheduling.queries import answers_until, questions_due, takes_answers, waiting_for
from jags.scheduling.service.dates.messages import ask_once_more, tell_of_last_day
from jags.settings.queries import partnership

# In the morning, so that nothing is due between 1 and 2 in the night, when the clocks change.
_AT = time(8)


def nudge_about_dates(work: Work) -> int:
    """Send the nudges that are due; return how many e-mails.

    So many working days after a question was asked (a setting), and once only: to those whose answer can still change which
    date is best, and to nobody else. Nothing is written about a paused request.
    """
    require(work.actor, Permission.SESSION_ARRANGE)
    return sum(_nudge(work, question) for question in questions_due(work) if _is_due(work, question))


def _is_due(work: Work, question: DateQuestion) -> bool:
    day = working_day_after(london_date(question.asked_at), partnership(work).date_nudge_days)
    return (
        question.nudged_at is None
        and takes_answers(work, question)
        and work.now >= from_wall(datetime.combine(day, _AT))
    )


def _nudge(work: Work, question: DateQuestion) -> int:
    sent = ask_once_more(work, question, waiting_for(question))
    # Also where nobody's answer mattered: the one nudge of this question has had its day.
    question.nudged_at = work.now
    work.record("date_question:nudged", question.id, request=str(question.request_id), people=sent)
    return sent


def tell_of_dates_over(work: Work) -> int:
    """Tell whoever finds the date that the last day for answers is over and none is set; return how many e-mails.

    In the morning after that day, once for each last day: it comes again only where a later one has gone by, too. Nothing is
    written about a paused request, and nothing once the last of the dates has come.
    """
    require(work.actor, Permission.SESSION_ARRANGE)
    return sum(
        tell_of_last_day(work, question) for question in questions_due(work) if _is_over(work, question)
    )


def _is_over(work: Work, question: DateQuestion) -> bool:
    next_day = answers_until(question) + timedelta(days=1)
    return work.now >= from_wall(datetime.combine(next_day, _AT))
