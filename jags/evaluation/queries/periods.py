"""Of which periods somebody sees figures (docs/adr/0027-what-a-release-narrows.md)."""

from datetime import timedelta

from jags.accounts.queries import recusals_of
from jags.evaluation.queries.reports import closed_spans
from jags.evaluation.rules import Period, year_of
from jags.evaluation.rules.blocks import is_cut, segment_of, why_not_releasable
from jags.kernel.actor import ActorKind
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.queries import partnership

_DAY = timedelta(days=1)
# A year of figures begins here, whatever dates are listed.
_YEAR_BEGINS = "04-01"


def cuts_of(work: Work) -> frozenset[str]:
    """Return the months and days on which a report that is released may begin."""
    return frozenset(part.strip() for part in partnership(work).report_cuts.split(",") if part.strip())


def last_ended(work: Work) -> Period:
    """Return the period that is told outside the Business Unit when nobody asks for another: the year up to the last listed date."""
    cuts = cuts_of(work)
    last = segment_of(work.today, cuts) - _DAY
    year = year_of(last).from_on
    return Period(year if is_cut(year, cuts) else segment_of(last, cuts), last)


def check_outside(work: Work, period: Period) -> None:
    """Raise `Invalid` for a period that is not told outside the Business Unit: only those of which a report could be released are."""
    cuts = cuts_of(work)
    if why_not_releasable(period, cuts=cuts, closed=closed_spans(work), today=work.today):
        listed = ", ".join(f"{segment_of(work.today, {cut}):%-d %B}" for cut in sorted(cuts))
        raise Invalid(
            f"Choose dates of which a report can be released: from one of {listed} to the day before one, in the past and as "
            "released before.",
            field="from_on",
        )


def check_aside(work: Work, period: Period) -> None:
    """Raise `Invalid` where somebody who stands aside from a request would see figures of other than whole listed periods.

    Two periods that are chosen freely differ by a day, and so by one request. A period may go on until today.
    """
    cuts = {*cuts_of(work), _YEAR_BEGINS}
    ends = is_cut(period.to_on + _DAY, cuts) or period.to_on == work.today
    if work.actor.kind is ActorKind.SYSTEM or (is_cut(period.from_on, cuts) and ends):
        return
    if work.session.scalar(recusals_of(work.actor.person_id).limit(1)) is not None:
        listed = ", ".join(f"{segment_of(work.today, {cut}):%-d %B}" for cut in sorted(cuts))
        raise Invalid(
            f"You stand aside from a request, so figures are shown to you of longer periods only: begin with one of {listed}, and "
            "end on the day before one, or today.",
            field="from_on",
        )
