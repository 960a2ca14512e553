"""Ask what a changed rule would have done to a past period; nothing is changed by it."""

from datetime import date

from jags.allocation.model import Calculation
from jags.allocation.rules.calculation import CalculationKind, Question
from jags.allocation.service.calculating import ask_for
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.queries import partnership

MOST_MORE = 20
MOST_WEIGHT = 100


def question_of_today(work: Work, *, from_on: date, to_on: date) -> Question:
    """Return a period with the rules as they are in force."""
    settings = partnership(work)
    return Question(
        from_on=from_on.isoformat(),
        to_on=to_on.isoformat(),
        weight_of_sooner=settings.weight_of_sooner,
        one_employer_is_one=not settings.employer_services_are_different,
    )


def ask_for_replay(work: Work, question: Question, *, seed: int = 0) -> Calculation:
    """Ask for a replay; raises `NotAllowed`, and `Invalid` with its field for a period or a number that cannot be."""
    check_question(work, question)
    return ask_for(work, CalculationKind.REPLAY, question=question, seed=seed)


def check_question(work: Work, question: Question) -> None:
    """Raise `Invalid` with its field for a period or a number that cannot be."""
    first, last = date.fromisoformat(question.from_on), date.fromisoformat(question.to_on)
    if last < first:
        raise Invalid("Enter a last day that is not before the first.", field="to_on")
    if first > work.today:
        raise Invalid("Enter a first day that has been: the period is one that has passed.", field="from_on")
    if not 1 <= question.weight_of_sooner <= MOST_WEIGHT:
        raise Invalid(f"Enter a whole number from 1 to {MOST_WEIGHT}.", field="weight_of_sooner")
    if not -MOST_MORE <= question.more_sessions <= MOST_MORE:
        raise Invalid(f"Enter a whole number from −{MOST_MORE} to {MOST_MORE}.", field="more_sessions")
