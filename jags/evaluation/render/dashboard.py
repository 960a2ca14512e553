"""Tell the dashboard in the shape of a report, so that its figures look and are defined as everywhere."""

from collections.abc import Iterator

from jags.evaluation.render.sections.how_much import OTHERWISE, STEPS, time_blocks
from jags.evaluation.render.sections.how_well import opinions
from jags.evaluation.render.sections.networks import agency_blocks
from jags.evaluation.rules.dashboard import Dashboard
from jags.evaluation.rules.definitions import CATALOGUE
from jags.evaluation.rules.document import Chart, ChartKind, Column, Document, Edition, Paragraph
from jags.evaluation.rules.editions import edition_of
from jags.evaluation.rules.measured import (
    Counted,
    RawBlock,
    RawReport,
    RawRow,
    RawSection,
    RawTable,
    Said,
    row,
)
from jags.kernel.time import date_in_words
from jags.requests.rules import State

# In the order in which a request comes through them.
_OPEN = {
    State.UNCONFIRMED: "E-mail not yet confirmed",
    State.IN_TRIAGE: "Being considered",
    State.WAITING_FOR_REQUESTER: "Waiting for the requester",
    State.ACCEPTED: "Finding facilitators",
    State.OFFERED: "Offered to facilitators",
    State.FACILITATORS_AGREED: "Facilitators agreed",
    State.SCHEDULED: "Date arranged",
    State.HELD: "Held, not closed yet",
}


def dashboard_document(found: Dashboard) -> Document:
    """Return the dashboard as an internal document."""
    return edition_of(
        RawReport(
            title="Dashboard",
            partnership=found.partnership,
            period=found.lately,
            dated_on=found.today,
            sections=(
                RawSection("open-now", "Open now", tuple(_open(found))),
                RawSection("so-far", "This year so far", (_so_far(found),)),
                RawSection("lately", "The last twelve months", tuple(_lately(found))),
                RawSection(
                    "opinions-closed", "What people said, as far as counted", tuple(opinions(found.feedback))
                ),
            ),
            definitions=CATALOGUE,
        ),
        Edition.INTERNAL,
    )


def _open(found: Dashboard) -> Iterator[RawBlock]:
    if not found.open_now:
        yield Paragraph("Nothing is open.")
        return
    table = RawTable(
        "open-now-table",
        "Open requests",
        "Where they stand",
        (Column("requests", "Requests"), Column("oldest", "The oldest was received on")),
        tuple(
            RawRow(words, (Counted(waiting.requests), Said(date_in_words(waiting.oldest_on))))
            for state, words in _OPEN.items()
            if (waiting := found.open_now.get(state))
        ),
        definition="open-now",
    )
    yield Chart(
        "open-now-drawn", ChartKind.BARS, "Open requests", "How many stand where.", table.key, ("requests",)
    )
    yield table


def _so_far(found: Dashboard) -> RawTable:
    return RawTable(
        "year-so-far",
        f"Requests received since {date_in_words(found.so_far.from_on)}",
        "What became of them",
        (Column("now", "This year"), Column("before", "The same days of last year")),
        tuple(
            row(title, Counted(of(found.this_year)), Counted(of(found.last_year)), definition=key)
            for title, key, of in (*STEPS, *OTHERWISE)
        ),
    )


def _lately(found: Dashboard) -> Iterator[RawBlock]:
    if not any((*found.over_time.received, *found.over_time.held)):
        yield Paragraph("No request was received and no session was held.")
        return
    yield from time_blocks(found.over_time)
    yield from agency_blocks(found.over_time)
