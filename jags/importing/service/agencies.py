"""Take over the list of agencies, with the spellings that people type."""

from collections.abc import Callable, Iterable

from jags.accounts.model import Agency
from jags.accounts.policy import require
from jags.accounts.rules import Permission, spelling
from jags.accounts.service import add_agency, add_aliases
from jags.importing import queries
from jags.importing.rules.guard import Guard
from jags.importing.rules.pool import AGENCIES_GUARDED, AgencyColumn, AgencyEntry, read_agency_row
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import Row, RowReading, Sheet
from jags.importing.rules.words import excerpt
from jags.kernel.errors import Invalid
from jags.kernel.work import Work

# What shows progress while rows are dealt with.
Watch = Callable[[Iterable[Row]], Iterable[Row]]


def import_agencies(work: Work, sheet: Sheet, *, watch: Watch = iter) -> Report:
    """Add the agencies that are not known by their key yet; give those that are new spellings, and what they lack.

    Nothing that stands here is overwritten: a row that says something else is listed.
    """
    require(work.actor, Permission.IMPORT_RUN)
    report = Report(problems=list(sheet.findings))
    known = queries.agencies_by_key(work)
    read = []
    for row in watch(sheet.rows):
        reading = RowReading(row, report, Guard(AGENCIES_GUARDED, work.today))
        entry = read_agency_row(reading)
        added = entry is not None and entry.key not in known
        if entry is None or (added and not _add(work, reading, entry, known)):
            report.rejected += 1
        else:
            read.append((reading, entry, added))
    # An agency's successor may stand further down than the agency itself.
    for reading, entry, added in read:
        _complete(work, reading, entry, known, added=added)
    report.problems.sort(key=lambda finding: finding.row)
    record_reading(work, "agencies", report)
    return report


def record_reading(work: Work, source: str, report: Report) -> None:
    """Record that a file was read, and what came of it."""
    work.record(
        "import:read",
        f"file:{source}",
        source=source,
        imported=report.imported,
        linked=report.linked,
        changed=report.changed,
        unchanged=report.unchanged,
        rejected=report.rejected,
    )


def _add(work: Work, reading: RowReading, entry: AgencyEntry, known: dict[str, Agency]) -> bool:
    try:
        known[entry.key] = add_agency(
            work, key=entry.key, name=entry.name, sector=entry.sector, age_remit=entry.age_remit
        )
    except Invalid as error:
        reading.problem(AgencyColumn.NAME, f"Rejected: {error}")
        return False
    return True


def _complete(
    work: Work, reading: RowReading, entry: AgencyEntry, known: dict[str, Agency], *, added: bool
) -> None:
    """Fill in what an agency lacks here, list what differs, and count the row."""
    agency, report = known[entry.key], reading.report
    filled, different = _fill(agency, entry, _successor(reading, entry, known))
    for column in different:
        reading.problem(column, "This differs from what stands here: nothing was changed.")
    gained = [*filled, *_add_spellings(work, reading, entry, agency)]
    if added:
        report.imported += 1
    elif gained or different:
        report.changed += 1
    else:
        report.unchanged += 1
    if gained and not added:
        work.record("agency:changed", agency.id)


def _fill(agency: Agency, entry: AgencyEntry, successor: Agency | None) -> tuple[list[str], list[str]]:
    """Fill the gaps of an agency; return the columns that were filled in, and those that say something else."""
    filled: list[str] = []
    different: list[str] = [
        column
        for column, told, here in (
            (AgencyColumn.NAME, spelling(entry.name), agency.spelling),
            (AgencyColumn.SECTOR, entry.sector, agency.sector),
            (AgencyColumn.AGE_REMIT, entry.age_remit, agency.age_remit),
        )
        if told != here
    ]
    for column, name, told in (
        (AgencyColumn.TYPE, "agency_type", entry.agency_type),
        (AgencyColumn.EMPLOYER, "employer", entry.employer),
        (AgencyColumn.VALID_FROM, "valid_from", entry.valid_from),
        (AgencyColumn.VALID_TO, "valid_to", entry.valid_to),
        (AgencyColumn.SUCCESSOR, "successor_id", successor and successor.id),
    ):
        here = getattr(agency, name)
        if not told or told == here:
            continue
        # An agency to which nobody has given a type bears its own name as one.
        if here is None or (column is AgencyColumn.TYPE and here == agency.name):
            setattr(agency, name, told)
            filled.append(column)
        else:
            different.append(column)
    return filled, different


def _successor(reading: RowReading, entry: AgencyEntry, known: dict[str, Agency]) -> Agency | None:
    if not entry.successor or (entry.successor != entry.key and entry.successor in known):
        return known.get(entry.successor)
    reading.problem(
        AgencyColumn.SUCCESSOR, f"{excerpt(entry.successor)} is not the key of another agency: left empty."
    )
    return None


def _add_spellings(work: Work, reading: RowReading, entry: AgencyEntry, agency: Agency) -> list[str]:
    added = []
    for text in entry.also:
        try:
            added += add_aliases(work, agency, [text])
        except Invalid as error:
            reading.problem(AgencyColumn.ALSO, f"Left out: {error}")
    return added
