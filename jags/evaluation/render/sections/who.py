"""Who: agencies requesting, agencies taking part, and facilitators."""

from collections.abc import Callable, Iterable, Iterator

from jags.evaluation.render.figures import counted_text
from jags.evaluation.render.sections.networks import (
    adult_services,
    agencies_over_time,
    invited,
    localities,
    never_asked,
    not_there,
)
from jags.evaluation.render.sections.side_by_side import cells, columns, count_rows, plural
from jags.evaluation.rules import Count
from jags.evaluation.rules.document import Chart, ChartKind, Paragraph
from jags.evaluation.rules.gathered import Gathered, OfPeriod
from jags.evaluation.rules.measured import (
    Counted,
    Measure,
    NotApplicable,
    Raw,
    RawBlock,
    RawRow,
    RawSection,
    RawTable,
)


def who(gathered: Gathered) -> RawSection:
    """Return the section of who asked, took part and facilitated."""
    # Agencies belong to no locality, so that none can be said never to have asked there.
    of_everybody = (
        RawSection("by-locality", "Where from", tuple(localities(gathered))),
        RawSection("never-asked", "Who has never asked", tuple(never_asked(gathered))),
    )
    return RawSection(
        "who",
        "Who",
        (),
        (
            RawSection("requesting", "Agencies requesting", tuple(_requesting(gathered))),
            *(() if gathered.asked.locality else of_everybody),
            RawSection("taking-part", "Agencies taking part", tuple(_taking_part(gathered))),
            RawSection("taking-part-over-time", "Agencies over time", tuple(agencies_over_time(gathered))),
            RawSection(
                "not-there",
                "Who was invited, who was not there, and why",
                (*invited(gathered), *not_there(gathered)),
            ),
            RawSection("adult-services", "Adult services", tuple(adult_services(gathered))),
            RawSection("facilitators", "Facilitators", tuple(facilitators(gathered))),
        ),
    )


def _requesting(gathered: Gathered) -> Iterator[RawBlock]:
    table = _by_agency(
        gathered,
        "agencies-requesting",
        "Requests by agency",
        "Requests",
        lambda part: part.received.requesting,
        definition="requesting",
    )
    if not table.rows:
        yield Paragraph("No agency that we know has asked for a JAGS in this period.")
    else:
        yield table
        yield Chart(
            "agencies-requesting-drawn",
            ChartKind.BARS,
            "Requests by agency",
            "How many requests came from each agency.",
            table.key,
        )
    if unsettled := gathered.now.received.requesting_unsettled:
        came = "came from an agency that was" if unsettled == 1 else "came from agencies that were"
        yield Paragraph(f"{plural(unsettled, 'more request')} {came} typed in and not settled yet.")


def _taking_part(gathered: Gathered) -> Iterator[RawBlock]:
    part = gathered.now.held.taking_part
    table = _by_agency(
        gathered,
        "agencies-taking-part",
        "Sessions by agency",
        "Sessions",
        lambda period: period.held.taking_part.agencies,
        definition="taking-part",
    )
    if not part.sessions:
        yield Paragraph("No session was held in this period.")
        return
    yield Paragraph(
        f"Agencies are recorded by name for {part.sessions_named:,} of {plural(part.sessions, 'session')} held in this period."
    )
    if part.sessions_counted:
        yield Paragraph(
            f"For {plural(part.sessions_counted, 'earlier session')} only the number of agencies is known: {counted_text(part)} in each."
        )
    if part.unsettled:
        yield Paragraph(
            f"{plural(part.unsettled, 'more attendance')} of agencies that were typed are not settled yet."
        )
    if table.rows:
        yield table
        yield Chart(
            "agencies-taking-part-drawn",
            ChartKind.BARS,
            "Sessions by agency",
            "At how many sessions each agency was present.",
            table.key,
        )


def _by_agency(
    gathered: Gathered,
    key: str,
    title: str,
    what: str,
    of: Callable[[OfPeriod], Iterable[Count]],
    *,
    definition: str,
) -> RawTable:
    return RawTable(
        key,
        title,
        "Agency",
        columns(gathered, what, definition=definition),
        count_rows(gathered, of),
        Measure.ORGANISATIONS,
        ranked=True,
    )


def facilitators(gathered: Gathered) -> Iterator[RawBlock]:
    """Tell how many pairs were of two agencies, and which rules were set aside for them."""
    if not gathered.now.held.pairs.agreed:
        yield Paragraph("No pair of facilitators that was agreed here has held a session of this period.")
        return

    def of_two(part: OfPeriod) -> Raw:
        pairs = part.held.pairs
        return Counted(pairs.two_agencies, pairs.agreed) if pairs.agreed else NotApplicable()

    exceptions = count_rows(gathered, lambda part: part.held.pairs.exceptions)
    yield RawTable(
        "pairs",
        "Pairs of facilitators",
        "What",
        columns(gathered, "Pairs", definition="pairs"),
        (
            RawRow("Of two agencies, of pairs that agreed", cells(gathered, of_two)),
            *(RawRow(f"Agreed exception: {one.title}", one.cells) for one in exceptions),
        ),
    )
    if not exceptions:
        yield Paragraph("No rule for choosing facilitators was set aside.")
