"""How much: from received to held, other routes, waiting times, and the two transitional cohorts."""

from collections.abc import Callable, Iterable, Iterator

from jags.evaluation.render.figures import STAGE_WORDS
from jags.evaluation.render.sections.side_by_side import cells, columns, count_rows, plural
from jags.evaluation.rules import Count, Funnel, Stage
from jags.evaluation.rules.document import Chart, ChartKind, Column, Paragraph
from jags.evaluation.rules.gathered import Gathered, OfPeriod
from jags.evaluation.rules.measured import (
    INSIDE,
    NOT_PUBLIC,
    OUTSIDE,
    PUBLIC,
    Counted,
    Measure,
    Middle,
    NotRecorded,
    Only,
    Raw,
    RawBlock,
    RawRow,
    RawSection,
    RawTable,
    only,
)
from jags.evaluation.rules.practised import OverTime

STEPS: tuple[tuple[str, str, Callable[[Funnel], int]], ...] = (
    ("Received", "received", lambda funnel: funnel.received),
    ("Proceeded", "proceeded", lambda funnel: funnel.proceeded),
    ("Proceeded and held", "held", lambda funnel: funnel.held),
)
OTHERWISE: tuple[tuple[str, str, Callable[[Funnel], int]], ...] = (
    ("Not proceeded", "not-proceeded", lambda funnel: funnel.not_proceeded),
    ("Undecided", "undecided", lambda funnel: funnel.undecided),
)
_BY_THE_UNIT = frozenset({"Withdrawn", "Cancelled"})
_OTHER_ROUTE = "Another route"


def how_much(gathered: Gathered) -> RawSection:
    """Return the section of how much there was."""
    funnel = gathered.now.received.funnel
    if not funnel.received and not gathered.now.held.funnel.received:
        told: tuple[RawBlock, ...] = (
            Paragraph(
                "No request was received and no session was held in this period, so there is little to tell."
            ),
        )
    else:
        told = (Paragraph(_in_a_sentence(gathered)),)
    return RawSection(
        "how-much",
        "How much",
        told,
        (
            RawSection("from-received-to-held", "From received to held", _funnel(gathered)),
            RawSection("over-time", "Over time", tuple(_over_time(gathered))),
            RawSection("waiting", "Waiting times", _waiting(gathered)),
            RawSection(
                "cohorts", "Transitional safeguarding: two cohorts", only(INSIDE, *_cohorts(gathered))
            ),
        ),
    )


def _in_a_sentence(gathered: Gathered) -> str:
    funnel = gathered.now.received.funnel
    return (
        f"Of {plural(funnel.received, 'request')} received, {funnel.proceeded:,} proceeded, {funnel.held:,} of them to a session that was held; "
        f"{funnel.not_proceeded:,} did not proceed and {funnel.undecided:,} are undecided. "
        f"In the period {plural(gathered.now.held.taking_part.sessions, 'session')} took place."
    )


def _over_time(gathered: Gathered) -> Iterator[Only]:
    yield from only(INSIDE, *time_blocks(gathered.over_time))
    outside = gathered.over_time_outside
    # Of one block alone everything is told already; a block of ten has few requests of one locality.
    if len(outside.spans) > 1 and not gathered.asked.locality:
        yield from only(OUTSIDE, *time_blocks(outside))


def time_blocks(found: OverTime) -> Iterator[RawBlock]:
    """Tell requests received and sessions held over time, in lines and in a table; nothing, where there were none."""
    if not any((*found.received, *found.held)):
        return
    table = RawTable(
        "over-time-table",
        "Requests received and sessions held",
        "When",
        (Column("received", "Received", "received"), Column("held", "Held", "held-in-period")),
        tuple(
            RawRow(span.words, (Counted(received), Counted(held)))
            for span, received, held in zip(found.spans, found.received, found.held, strict=True)
        ),
    )
    if len(found.spans) > 1:
        yield Chart(
            "over-time-drawn",
            ChartKind.LINES,
            "Requests received and sessions held",
            f"Most requests came in {_peak(found, found.received)}, most sessions were held in {_peak(found, found.held)}.",
            table.key,
        )
    yield table


def _peak(found: OverTime, numbers: tuple[int, ...]) -> str:
    """Return when there was most; the first, where there are several."""
    if not any(numbers):
        return "none"
    return found.spans[numbers.index(max(numbers))].words


def _waiting(gathered: Gathered) -> tuple[RawBlock, ...]:
    table = _waits(gathered)
    drawn = ("median", "median-before") if gathered.before else ("median",)
    chart = Chart(
        "waits-drawn",
        ChartKind.DOTS,
        "Waiting times",
        "Median days of each stage"
        + (", beside the period that it is compared with." if gathered.before else "."),
        table.key,
        drawn,
    )
    return (table, chart)


def _funnel(gathered: Gathered) -> tuple[RawBlock | Only, ...]:
    funnel = gathered.now.received.funnel
    steps = RawTable(
        "funnel",
        "From received to held",
        "Step",
        columns(gathered, "Requests"),
        tuple(_step_rows(gathered, STEPS)),
    )
    chart = Chart(
        "funnel-drawn",
        ChartKind.FUNNEL,
        "From received to held",
        f"{funnel.received:,} were received, {funnel.proceeded:,} proceeded, {funnel.held:,} were held.",
        "funnel",
        ("now",),
    )
    repeats = RawTable(
        "first-and-repeat",
        "First and repeat requests",
        "Which",
        columns(gathered, "Requests"),
        (
            RawRow(
                "First", cells(gathered, lambda part: Counted(part.received.funnel.received - part.repeats))
            ),
            RawRow("Repeat", cells(gathered, lambda part: Counted(part.repeats))),
        ),
        definition="first-and-repeat",
    )
    families = RawTable(
        "jags-and-children",
        "JAGS, and those whom they were about",
        "What",
        columns(gathered, "In the period"),
        (
            RawRow("Sessions held", cells(gathered, lambda part: Counted(part.held.taking_part.sessions))),
            RawRow(
                "Children, sibling groups or families",
                cells(gathered, lambda part: Counted(part.families)),
            ),
        ),
        definition="jags-and-children",
    )
    siblings = RawTable(
        "siblings",
        "One child, or a sibling group",
        "About",
        columns(gathered, "Requests"),
        (
            RawRow("One child or young person", cells(gathered, lambda part: Counted(part.siblings.one))),
            RawRow("A sibling group", cells(gathered, lambda part: Counted(part.siblings.several))),
            RawRow("Not recorded", cells(gathered, lambda part: Counted(part.siblings.not_recorded))),
        ),
        Measure.CHILDREN,
        definition="siblings",
    )
    return (
        steps,
        chart,
        repeats,
        families,
        *only(INSIDE, siblings),
        *only(NOT_PUBLIC, _ended(gathered, lambda part: part.received.not_proceeded_by)),
        *only(PUBLIC, _ended(gathered, _grouped)),
    )


def _step_rows(
    gathered: Gathered, steps: Iterable[tuple[str, str, Callable[[Funnel], int]]]
) -> Iterator[RawRow]:
    for title, key, of in steps:
        yield RawRow(
            title,
            cells(gathered, lambda part, of=of: Counted(of(part.received.funnel))),  # type: ignore[misc]
            key,
        )


def _ended(gathered: Gathered, of: Callable[[OfPeriod], Iterable[Count]]) -> RawTable:
    """Return what became of the others, with where those went that did not proceed."""
    ended, undecided = _step_rows(gathered, OTHERWISE)
    routes = (RawRow(f"of these: {one.title}", one.cells) for one in count_rows(gathered, of))
    return RawTable(
        "others",
        "Did not proceed, or not decided yet",
        "What became of them",
        columns(gathered, "Requests"),
        (ended, *routes, undecided),
        definition="other-routes",
    )


def _grouped(part: OfPeriod) -> Iterable[Count]:
    """Return how requests did not proceed without the routes, which may say what a child is going through."""
    counted = {_OTHER_ROUTE: 0}
    for one in part.received.not_proceeded_by:
        label = one.label if one.label in _BY_THE_UNIT else _OTHER_ROUTE
        counted[label] = counted.get(label, 0) + one.number
    return [Count(label, number) for label, number in counted.items() if number]


def _waits(gathered: Gathered) -> RawTable:
    held_columns = (Column("median", "Median days"), Column("requests", "Requests"))
    before = (
        Column("median-before", "Median days, other period"),
        Column("requests-before", "Requests, other period"),
    )
    return RawTable(
        "waits",
        "Waiting times",
        "Stage",
        held_columns + (before if gathered.before else ()),
        tuple(
            RawRow(
                STAGE_WORDS[wait.stage],
                tuple(
                    cell
                    for part in (gathered.now, gathered.before)
                    if part
                    for cell in _wait_cells(part, wait.stage)
                ),
            )
            for wait in gathered.now.received.waits
        ),
        definition="waits",
    )


def _wait_cells(part: OfPeriod, stage: Stage) -> tuple[Raw, Raw]:
    wait = next(one for one in part.received.waits if one.stage is stage)
    middle: Raw = NotRecorded() if wait.median is None else Middle(wait.median, wait.n)
    return middle, Counted(wait.n)


def _cohorts(gathered: Gathered) -> tuple[RawBlock, ...]:
    cohorts = gathered.now.received.cohorts
    parts = (cohorts.age_band, cohorts.confirmed, cohorts.overlap)
    table = RawTable(
        "two-cohorts",
        "By age band and as confirmed, side by side",
        "Requests",
        (
            Column("by-age", "Age band 16 to 25", "by-age-band"),
            Column("confirmed", "Confirmed", "confirmed"),
            Column("both", "In both"),
        ),
        tuple(
            RawRow(title, tuple(Counted(of(part)) for part in parts), key)
            for title, key, of in (*STEPS, *OTHERWISE)
        ),
        Measure.CHILDREN,
        note="Of all requests of the period. Transitional safeguarding is not an age: the age band only suggests it.",
    )
    waiting = RawTable(
        "not-confirmed-yet",
        "Suggested, and not confirmed yet",
        "What",
        (Column("now", "Requests"),),
        (RawRow("Suggested, not yet confirmed", (Counted(cohorts.unconfirmed),), "not-confirmed-yet"),),
        Measure.CHILDREN,
    )
    return (table, waiting)
