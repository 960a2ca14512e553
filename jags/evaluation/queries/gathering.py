"""Read all that a report is made of."""

from jags.evaluation.queries.asking import who_asks
from jags.evaluation.queries.children import child_records
from jags.evaluation.queries.figures import figures
from jags.evaluation.queries.networks import networks
from jags.evaluation.queries.practised import (
    effort,
    families,
    over_time,
    practised,
    repeats_and_siblings,
)
from jags.evaluation.rules import By, Period
from jags.evaluation.rules.children import Children, count_children
from jags.evaluation.rules.gathered import Asked, Gathered, OfPeriod
from jags.kernel.work import Work
from jags.settings.queries import partnership
from jags.themes.queries.counts import themes_counted
from jags.themes.rules.counted import ThemesCounted


def gather(
    work: Work,
    asked: Asked,
    *,
    children: Children | None = None,
    themes_outside: ThemesCounted | None = None,
) -> Gathered:
    """Return all that a report of a period tells, for every edition.

    Children, and the themes that are told outside the Business Unit, are those of whole blocks where they are given;
    otherwise, in a draft, as they are now.
    """
    before = asked.compared_with
    themes = themes_counted(
        work,
        held_from=asked.period.from_on,
        held_to=asked.period.to_on,
        transitional=asked.transitional,
    )
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
        networks=networks(work, asked.period, transitional=asked.transitional),
        asking=who_asks(work, from_on=asked.period.from_on, to_on=asked.period.to_on),
        children=children or children_now(work, asked.period),
        themes=themes,
        themes_outside=themes if themes_outside is None else themes_outside,
        practised=practised(work, asked.period, transitional=asked.transitional),
        over_time=over_time(work, asked.period, transitional=asked.transitional),
    )


def children_now(work: Work, period: Period) -> Children:
    """Return what the tables about children count of the requests received in a period."""
    found = [record.facts for record in child_records(work, from_on=period.from_on, to_on=period.to_on)]
    return Children(count_children((one, 1) for one in found), len(found))


def _of(work: Work, period: Period, *, transitional: bool) -> OfPeriod:
    received, held = (
        figures(work, from_on=period.from_on, to_on=period.to_on, by=by, transitional=transitional)
        for by in (By.RECEIVED, By.HELD)
    )
    repeats, siblings = repeats_and_siblings(work, period, transitional=transitional)
    return OfPeriod(
        received,
        held,
        repeats,
        families(work, period, transitional=transitional),
        siblings,
        effort(work, period, transitional=transitional),
    )
