"""Read all that a report is made of."""

from jags.evaluation.queries.figures import figures
from jags.evaluation.rules import By, Period
from jags.evaluation.rules.gathered import Asked, Gathered, OfPeriod
from jags.kernel.work import Work
from jags.settings.queries import partnership


def gather(work: Work, asked: Asked) -> Gathered:
    """Return all that a report of a period tells, for every edition."""
    before = asked.compared_with
    return Gathered(
        asked=asked,
        partnership=partnership(work).name,
        today=work.today,
        now=_of(work, asked.period, transitional=asked.transitional),
        before=_of(work, before, transitional=asked.transitional) if before else None,
        outside=figures(
            work,
            from_on=asked.period.from_on,
            to_on=asked.period.to_on,
            by=By.HELD,
            transitional=asked.transitional,
            outside=True,
        ),
    )


def _of(work: Work, period: Period, *, transitional: bool) -> OfPeriod:
    received, held = (
        figures(work, from_on=period.from_on, to_on=period.to_on, by=by, transitional=transitional)
        for by in (By.RECEIVED, By.HELD)
    )
    return OfPeriod(received, held)
