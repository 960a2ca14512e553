"""Take over sessions that were held before from the template, and fill the gaps of those that are here."""

from collections.abc import Callable

from jags.accounts.rules import spelling
from jags.importing import queries
from jags.importing.policy import require_import
from jags.importing.rules.guard import Guard
from jags.importing.rules.held import (
    GAP_WORDS,
    HeldEntry,
    NamedFacilitator,
    SessionColumn,
    gaps_of,
    together,
)
from jags.importing.rules.held_sheet import SESSIONS_GUARDED, read_session_row
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import Row, RowReading, Sheet
from jags.importing.service.agencies import Watch, record_reading
from jags.importing.service.back_entry import HeldAlready, change_session, enter_session
from jags.kernel.errors import Invalid
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession


def import_sessions(work: Work, sheet: Sheet, *, watch: Watch = iter) -> Report:
    """Take over each session of the template that is not here yet; fill the gaps of one that was imported before.

    A session is known by its number, or by its day and the agency that asked. Nothing that stands here is replaced: what
    differs is listed, and so is what is missing, as a gap. Nobody is written to, and nothing becomes due.
    """
    require_import(work)
    report = Report(problems=list(sheet.findings))
    words = queries.vocabulary(work)
    person_of = _pool(work)
    first: dict[object, Row] = {}
    for row in watch(sheet.rows):
        reading = RowReading(row, report, Guard(SESSIONS_GUARDED, work.today, words.agencies))
        entry = read_session_row(reading, words, person_of, today=work.today)
        if entry is None:
            report.rejected += 1
            continue
        earlier = first.setdefault(entry.number or (entry.held_on, entry.agency), row)
        if earlier is row:
            _take_over(work, reading, entry)
            continue
        report.rejected += 1
        reading.problem(
            SessionColumn.NUMBER,
            f"Rejected: row {earlier.number} tells of the same session. If this is another one, give both a number.",
        )
    record_reading(work, "sessions", report)
    return report


def _pool(work: Work) -> Callable[[str], NamedFacilitator]:
    by_name = queries.pool_by_name(work)

    def person_of(typed: str) -> NamedFacilitator:
        people = by_name.get(spelling(typed), [])
        return NamedFacilitator(people[0].person_id) if len(people) == 1 else NamedFacilitator(None, typed)

    return person_of


def _take_over(work: Work, reading: RowReading, entry: HeldEntry) -> None:
    report = reading.report
    here = queries.same_session(work, entry)
    if here is None:
        try:
            session = enter_session(work, entry, source="sessions")
        except HeldAlready:
            # Somebody entered it at the same moment.
            here = queries.same_session(work, entry)
        else:
            report.imported += 1
            _list_gaps(reading, session.request.reference, entry)
            return
    if here is None or not queries.may_see(work, here):
        report.rejected += 1
        reading.problem(
            SessionColumn.HELD, "Rejected: somebody else has to look at this row. Ask a colleague."
        )
        return
    if not here.imported:
        report.linked += 1
        reading.problem(
            SessionColumn.HELD,
            f"Held and recorded here as {here.request.reference}: not imported, so that it counts once.",
        )
        return
    _fill(work, reading, entry, here)


def _fill(work: Work, reading: RowReading, entry: HeldEntry, here: JagsSession) -> None:
    report, reference = reading.report, here.request.reference
    stands = queries.entry_of(work, here)
    joined, different = together(stands, entry)
    for column in different:
        reading.problem(column, f"This differs from what stands here as {reference}: nothing was changed.")
    if joined != stands:
        try:
            change_session(work, here, joined)
        except Invalid as error:
            reading.problem(SessionColumn.HELD, f"Nothing was filled in as {reference}: {error}")
            joined = stands
            different = (*different, SessionColumn.HELD)
    if different or joined != stands:
        report.changed += 1
    else:
        report.unchanged += 1
    _list_gaps(reading, reference, joined)


def _list_gaps(reading: RowReading, reference: str | None, entry: HeldEntry) -> None:
    """List what is not recorded of a session."""
    missing = [GAP_WORDS[gap] for gap in gaps_of(entry)]
    if missing:
        reading.report.gaps.append(
            reading.row.finding("", f"Not recorded of {reference}: {listing(missing)}.")
        )
