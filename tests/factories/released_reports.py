"""Made-up requests of a quarter, and reports on their way to release."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from conftest import WorkOn
from factories.held_sessions import add_request
from factories.people import account
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.evaluation.queries.reports import get_report
from jags.evaluation.rules import Period
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import begin_report, name_readers, release_report, send_for_review
from jags.kernel.actor import Actor
from jags.kernel.work import Work
from jags.requests.rules import AgeBand, Plan, Question, State, TransitionalFeature

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
QUARTER_BEFORE = Period(date(2026, 4, 1), date(2026, 6, 30))
_AGES = (
    AgeBand.FIVE_TO_TEN,
    AgeBand.FOURTEEN_FIFTEEN,
    AgeBand.SIXTEEN_SEVENTEEN,
    AgeBand.EIGHTEEN_TO_TWENTY_ONE,
)
_PLANS = (Plan.LOOKED_AFTER, Plan.CHILD_PROTECTION, Plan.EARLY_HELP, Plan.NONE)


def add_requests(work: Work, period: Period, number: int, *, seed: int = 0) -> None:
    """Add so many requests over a period, of ages and plans as they happen to come."""
    chance = Random(seed)  # noqa: S311 - Made-up records.
    days = (period.to_on - period.from_on).days
    for _ in range(number):
        on = period.from_on + timedelta(days=chance.randint(0, days))
        age = chance.choice(_AGES)
        confirmed = (
            age in {AgeBand.SIXTEEN_SEVENTEEN, AgeBand.EIGHTEEN_TO_TWENTY_ONE} and chance.random() < 0.8
        )
        request = add_request(
            work,
            state=chance.choice((State.CLOSED, State.CLOSED, State.HELD, State.SIGNPOSTED)),
            received_at=datetime.combine(on, time(12), UTC),
            age_bands=frozenset({age}),
            confirmed=confirmed,
        )
        request.choose(Question.PLAN, frozenset({chance.choice(_PLANS)}))
        if confirmed:
            request.choose(
                Question.TRANSITIONAL_FEATURE, frozenset({chance.choice(list(TransitionalFeature))})
            )
    work.session.flush()


def person(work_on: WorkOn, role: Role, name: str = "Ash Reed") -> Actor:
    """Return a new account's actor."""
    with work_on() as work:
        return actor_of(account(work, role, name=name))


def sent(work_on: WorkOn, writer: Actor, asked: Asked, *, readers: tuple[uuid.UUID, ...] = ()) -> uuid.UUID:
    """Begin a report and send it for review."""
    with work_on(writer) as work:
        report = begin_report(work, asked)
        if readers:
            name_readers(work, report.id, readers)
        work.session.flush()
        send_for_review(work, report.id, version=report.version)
        return report.id


def released(
    work_on: WorkOn, writer: Actor, reviewer: Actor, asked: Asked, *, readers: tuple[uuid.UUID, ...] = ()
) -> uuid.UUID:
    """Bring a report to its release."""
    report_id = sent(work_on, writer, asked, readers=readers)
    with work_on(reviewer) as work:
        release_report(work, report_id, version=get_report(work, report_id).version)
    return report_id
