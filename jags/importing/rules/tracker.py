"""Read one row of the Business Unit's own tracker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jags.accounts.rules import spelling
from jags.importing.rules.answers import route_of
from jags.importing.rules.guard import EVERYTHING
from jags.importing.rules.sheets import Layout, Row, RowReading
from jags.importing.rules.words import as_text, count_of, day_of, excerpt, number_of
from jags.kernel.identifiers import Kind
from jags.kernel.time import date_in_words


class TrackerColumn(StrEnum):
    """The headings of the tracker."""

    NUMBER = "JAGS no"
    FORM_ID = "Form ID"
    RECEIVED = "Date received"
    OUTCOME = "Outcome"
    WHERE_TO = "Reason / where to"
    FACILITATOR_1 = "Facilitator 1"
    FACILITATOR_2 = "Facilitator 2"
    HELD = "Date of JAGS"
    AGENCIES = "Agencies attended"
    FORMS = "Feedback forms received"
    NOTES = "Notes"


TRACKER = Layout(
    TrackerColumn,
    required=(TrackerColumn.FORM_ID, TrackerColumn.OUTCOME),
    dated=(TrackerColumn.RECEIVED, TrackerColumn.HELD),
)
# What people write freely.
TRACKER_GUARDED: Mapping[str, frozenset[Kind]] = dict.fromkeys(
    (
        TrackerColumn.NUMBER,
        TrackerColumn.RECEIVED,
        TrackerColumn.OUTCOME,
        TrackerColumn.WHERE_TO,
        TrackerColumn.FACILITATOR_1,
        TrackerColumn.FACILITATOR_2,
        TrackerColumn.HELD,
        TrackerColumn.AGENCIES,
        TrackerColumn.FORMS,
        TrackerColumn.NOTES,
    ),
    EVERYTHING,
)
FACILITATOR_COLUMNS = (TrackerColumn.FACILITATOR_1, TrackerColumn.FACILITATOR_2)


class Outcome(StrEnum):
    """What became of a request, as the tracker tells it."""

    PROCEEDED = "proceeded"
    SIGNPOSTED = "signposted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


OUTCOMES: Mapping[str, Outcome] = {
    "proceeded": Outcome.PROCEEDED,
    "progressed": Outcome.PROCEEDED,
    "accepted": Outcome.PROCEEDED,
    "n/a": Outcome.SIGNPOSTED,
    "not progressed": Outcome.SIGNPOSTED,
    "not proceeded": Outcome.SIGNPOSTED,
    "did not proceed": Outcome.SIGNPOSTED,
    "did not progress": Outcome.SIGNPOSTED,
    "signposted": Outcome.SIGNPOSTED,
    "withdrawn": Outcome.WITHDRAWN,
    "cancelled": Outcome.CANCELLED,
}


@dataclass(frozen=True)
class TrackerEntry:
    """What the tracker tells of one request; None means that it was not recorded, which is never zero."""

    row: Row
    number: str
    form_number: str
    received_on: date | None
    outcome: Outcome | None
    where_to: str
    route: str | None
    facilitators: tuple[str, str]
    held_on: date | None
    agencies: int | None
    forms: int | None
    notes: str


# What is compared where a request was entered twice.
_TOLD_TWICE: tuple[tuple[TrackerColumn, Callable[[TrackerEntry], object]], ...] = (
    (TrackerColumn.RECEIVED, lambda e: e.received_on),
    (TrackerColumn.OUTCOME, lambda e: e.outcome),
    (TrackerColumn.WHERE_TO, lambda e: e.where_to),
    (TrackerColumn.FACILITATOR_1, lambda e: e.facilitators[0]),
    (TrackerColumn.FACILITATOR_2, lambda e: e.facilitators[1]),
    (TrackerColumn.HELD, lambda e: e.held_on),
    (TrackerColumn.AGENCIES, lambda e: e.agencies),
    (TrackerColumn.FORMS, lambda e: e.forms),
)


def read_tracker_row(reading: RowReading, routes: Mapping[str, str], *, today: date) -> TrackerEntry:
    """Read one row of the tracker; what cannot be read is left empty and listed."""
    outcome_typed = reading.short(TrackerColumn.OUTCOME)
    outcome = OUTCOMES.get(spelling(outcome_typed))
    if outcome_typed and outcome is None:
        reading.problem(
            TrackerColumn.OUTCOME,
            f"{excerpt(outcome_typed)} is not a known outcome: the request stays undecided.",
        )
    where_to = reading.text(TrackerColumn.WHERE_TO)
    received_on = _day(reading, TrackerColumn.RECEIVED)
    return TrackerEntry(
        row=reading.row,
        number=reading.name(TrackerColumn.NUMBER),
        form_number=number_of(reading.cell(TrackerColumn.FORM_ID)),
        received_on=received_on,
        outcome=outcome,
        where_to=where_to,
        route=_route(reading, where_to, routes) if outcome is Outcome.SIGNPOSTED else None,
        facilitators=(reading.name(TrackerColumn.FACILITATOR_1), reading.name(TrackerColumn.FACILITATOR_2)),
        held_on=_held_on(reading, today),
        agencies=_count(reading, TrackerColumn.AGENCIES),
        forms=_count(reading, TrackerColumn.FORMS),
        notes=reading.text(TrackerColumn.NOTES),
    )


def told_twice(first: TrackerEntry, again: TrackerEntry) -> tuple[TrackerColumn, ...]:
    """Return the columns in which two rows for one request contradict each other."""
    return tuple(column for column, told in _TOLD_TWICE if told(first) != told(again))


def _day(reading: RowReading, column: TrackerColumn) -> date | None:
    cell = reading.cell(column)
    day = day_of(cell)
    if day is None and as_text(cell).strip():
        reading.problem(column, f"{excerpt(reading.text(column))} is not a date: left empty.")
    return day


def _held_on(reading: RowReading, today: date) -> date | None:
    day = _day(reading, TrackerColumn.HELD)
    if day is not None and day > today:
        reading.problem(
            TrackerColumn.HELD, f"{date_in_words(day)} is still to come: arrange this session here."
        )
        return None
    return day


def _count(reading: RowReading, column: TrackerColumn) -> int | None:
    cell = reading.cell(column)
    count = count_of(cell)
    if count is None and as_text(cell).strip():
        reading.problem(
            column,
            f"{excerpt(reading.text(column))} is not a number from 0 to 999: left empty, not recorded.",
        )
    return count


def _route(reading: RowReading, typed: str, routes: Mapping[str, str]) -> str | None:
    route = route_of(typed, routes) if typed else None
    if route is not None:
        return route
    said = f"{excerpt(typed)} is not a known route" if typed else "It is not recorded where this request went"
    reading.problem(TrackerColumn.WHERE_TO, f"{said}: “other” is used, and the words are kept.")
    return "other" if "other" in routes else None
