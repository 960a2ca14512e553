"""Count optional equalities answers by year, apart from the request that they came with."""

from collections.abc import Mapping

from sqlalchemy import text

from jags.accounts.rules import Purpose
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.policy import request_by_link
from jags.requests.rules import Equality, equality_choices
from jags.settings.queries import partnership

# Counts in the database, so that two answers at once are both counted.
_COUNT = text(
    "INSERT INTO equality_tally (year, question, choice, number) VALUES (:year, :question, :choice, 1) "
    "ON CONFLICT (year, question, choice) DO UPDATE SET number = equality_tally.number + 1"
)


def count_equalities(work: Work, request: Request, answers: Mapping[Equality, str]) -> None:
    """Add one request's answers to the tallies of the London year in which it was received; what is empty is not counted.

    Answered once for each request: a second time changes nothing. Nothing that was answered is kept with the request or in
    the audit trail. Raises `Invalid` for an answer that is not offered, `LinkNotValid` for somebody else's request.
    """
    request_by_link(work, request.id, Purpose.REQUEST_DRAFT)
    if request.received_on is None:
        raise Invalid("Send your request first.")
    choices = equality_choices(partnership(work))
    for question, choice in answers.items():
        if choice and choice not in choices[question]:
            raise Invalid("Select one of the answers that are offered.", field=question)
    if request.equalities_counted:
        return
    request.equalities_counted = True
    for question, choice in answers.items():
        if choice:
            work.session.execute(
                _COUNT, {"year": request.received_on.year, "question": question.value, "choice": choice}
            )
    work.record("request:changed", request.id, part="equalities")
