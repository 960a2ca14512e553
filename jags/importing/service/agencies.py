"""Take over the list of agencies, with the spellings that people type."""

from collections.abc import Callable, Iterable

from jags.accounts.model import Agency
from jags.accounts.policy import require
from jags.accounts.rules import Permission, spelling
from jags.accounts.service import add_agency, add_aliases
from jags.importing import queries
from jags.importing.rules.pool import AgencyColumn, AgencyEntry, read_agency_row
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import Row, RowReading, Sheet
from jags.kernel.errors import Invalid
from jags.kernel.work import Work

# What shows progress while rows are dealt with.
Watch = Callable[[Iterable[Row]], Iterable[Row]]


def import_agencies(work: Work, sheet: Sheet, *, watch: Watch = iter) -> Report:
    """Add the agencies that are not known by their key yet, and new spellings of those that are.

    Nothing that stands here is overwritten: a row that says something else is listed.
    """
    require(work.actor, Permission.IMPORT_RUN)
    report = Report(problems=list(sheet.findings))
    known = queries.agencies_by_key(work)
    for row in watch(sheet.rows):
        reading = RowReading(row, report)
        entry = read_agency_row(reading)
        if entry is None:
            report.rejected += 1
        elif entry.key in known:
            _compare(work, reading, report, entry, known[entry.key])
        else:
            _add(work, reading, report, entry, known)
    record_reading(work, "agencies", report)
    return report


def record_reading(work: Work, source: str, report: Report) -> None:
    """Record that a file was read, and what came of it."""
    work.record(
        "import:read",
        f"file:{source}",
        source=source,
        imported=report.imported,
        unchanged=report.unchanged,
        rejected=report.rejected,
    )


def _add(
    work: Work, reading: RowReading, report: Report, entry: AgencyEntry, known: dict[str, Agency]
) -> None:
    try:
        agency = add_agency(
            work, key=entry.key, name=entry.name, sector=entry.sector, age_remit=entry.age_remit
        )
    except Invalid as error:
        reading.problem(AgencyColumn.NAME, f"Rejected: {error}")
        report.rejected += 1
        return
    known[entry.key] = agency
    report.imported += 1
    _add_spellings(work, reading, entry, agency)


def _compare(work: Work, reading: RowReading, report: Report, entry: AgencyEntry, agency: Agency) -> None:
    different = [
        column
        for column, told, here in (
            (AgencyColumn.NAME, spelling(entry.name), agency.spelling),
            (AgencyColumn.SECTOR, entry.sector, agency.sector),
            (AgencyColumn.AGE_REMIT, entry.age_remit, agency.age_remit),
        )
        if told != here
    ]
    for column in different:
        reading.problem(column, "This differs from what stands here: nothing was changed.")
    added = _add_spellings(work, reading, entry, agency)
    if added:
        work.record("agency:changed", agency.id)
    if different or added:
        report.changed += 1
    else:
        report.unchanged += 1


def _add_spellings(work: Work, reading: RowReading, entry: AgencyEntry, agency: Agency) -> list[str]:
    added = []
    for text in entry.also:
        try:
            added += add_aliases(work, agency, [text])
        except Invalid as error:
            reading.problem(AgencyColumn.ALSO, f"Left out: {error}")
    return added
