"""Read all that a report is made of."""

from collections.abc import Iterable
from dataclasses import replace

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
from jags.evaluation.rules import By, Figures, Period, Which
from jags.evaluation.rules.blocks import Span
from jags.evaluation.rules.children import Children, count_children
from jags.evaluation.rules.gathered import Asked, Gathered, OfPeriod, ToldInBlocks
from jags.evaluation.rules.practised import NOTHING_PRACTISED, OverTime, stretch_of
from jags.kernel.work import Work
from jags.quality.queries.approach import approach_of
from jags.quality.rules.approach import Approach, Share, Told
from jags.quality.rules.said import Tallies
from jags.settings.queries import partnership
from jags.themes.queries.counts import themes_counted
from jags.themes.rules.counted import NO_THEMES


def gather(work: Work, asked: Asked, blocks: ToldInBlocks | None = None) -> Gathered:
    """Return all that a report of a period tells, for every edition.

    What is told outside the Business Unit of children, themes and practice, and of what happened when, is that of whole `blocks`
    where they are given; otherwise, in a draft, as it is now.
    """
    period, which, before = asked.period, asked.which, asked.compared_with
    themes = (
        NO_THEMES
        if asked.locality
        else themes_counted(
            work, held_from=period.from_on, held_to=period.to_on, transitional=asked.transitional
        )
    )
    practice = NOTHING_PRACTISED if asked.locality else practised(work, period, which)
    return Gathered(
        asked=asked,
        partnership=partnership(work).name,
        today=work.today,
        now=_of(work, period, which),
        before=_of(work, before, which) if before else None,
        outside=_figures(work, period, By.HELD, which, outside=True),
        networks=networks(work, period, which),
        asking=who_asks(work, from_on=period.from_on, to_on=period.to_on, locality=asked.locality),
        children=(blocks and blocks.children) or children_now(work, period, locality=asked.locality),
        themes=themes,
        themes_outside=blocks.themes if blocks else themes,
        practised=practice,
        over_time=over_time(work, period, which),
        approach_outside=_in_blocks(practice.approach, blocks.said)
        if blocks and not asked.locality
        else practice.approach,
        over_time_outside=over_blocks(work, asked, blocks.spans) if blocks else OverTime((), (), ()),
    )


def over_blocks(work: Work, asked: Asked, spans: Iterable[Span]) -> OverTime:
    """Return what happened in the days of each of some blocks."""
    return over_time(work, asked.period, asked.which, [stretch_of(span) for span in spans])


def _in_blocks(now: Approach, said: Tallies) -> Approach:
    """Return how sessions of whole blocks kept to the approach; answers of participants are those of whole blocks already.

    What was said of sessions that wait for their block is too little to tell, which is not the same as nothing.
    """
    found = approach_of(said, {line.element: line.participants for line in now.elements})

    def told(share: Share, now: Share) -> Share:
        waits = share.told is Told.NOT_RECORDED and now.told is not Told.NOT_RECORDED
        return Share(Told.TOO_FEW) if waits else share

    return replace(
        found,
        elements=tuple(
            replace(
                line,
                facilitators=told(line.facilitators, before.facilitators),
                observers=told(line.observers, before.observers),
            )
            for line, before in zip(found.elements, now.elements, strict=True)
        ),
        recorded=told(found.recorded, now.recorded),
        line_managers=told(found.line_managers, now.line_managers),
        held_well=told(found.held_well, now.held_well),
        toolbox=told(found.toolbox, now.toolbox),
        principles=tuple(
            (principle, told(share, before))
            for (principle, share), (_, before) in zip(found.principles, now.principles, strict=True)
        ),
    )


def children_now(work: Work, period: Period, *, locality: str = "") -> Children:
    """Return what the tables about children count of the requests received in a period, of all localities or of one."""
    records = child_records(work, from_on=period.from_on, to_on=period.to_on)
    found = [one.facts for one in records if locality in {"", one.facts.locality}]
    return Children(count_children((one, 1) for one in found), len(found))


def _of(work: Work, period: Period, which: Which) -> OfPeriod:
    repeats, siblings = repeats_and_siblings(work, period, which)
    return OfPeriod(
        _figures(work, period, By.RECEIVED, which),
        _figures(work, period, By.HELD, which),
        repeats,
        families(work, period, which),
        siblings,
        effort(work, period, which),
    )


def _figures(work: Work, period: Period, by: By, which: Which, *, outside: bool = False) -> Figures:
    return figures(
        work,
        from_on=period.from_on,
        to_on=period.to_on,
        by=by,
        transitional=which.transitional,
        locality=which.locality,
        outside=outside,
    )
