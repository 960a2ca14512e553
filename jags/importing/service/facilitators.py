"""Take over the list of facilitators, each known by the e-mail address."""

from jags.accounts.model import Affiliation, Agency, Person
from jags.accounts.policy import require
from jags.accounts.queries import contact_of, find_person_by_email, get_agency
from jags.accounts.rules import Permission
from jags.accounts.service import add_person
from jags.facilitators.model import Facilitator
from jags.facilitators.queries import find_facilitator
from jags.facilitators.service import add_facilitator, add_training
from jags.importing import queries
from jags.importing.rules.guard import Guard
from jags.importing.rules.pool import (
    FACILITATORS_GUARDED,
    FacilitatorColumn,
    FacilitatorEntry,
    read_facilitator_row,
)
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import RowReading, Sheet
from jags.importing.service.agencies import Watch, record_reading
from jags.kernel.errors import Invalid
from jags.kernel.work import Work


def import_facilitators(work: Work, sheet: Sheet, *, watch: Watch = iter) -> Report:
    """Take the people who are not in the pool yet into it; without a training date they are in it but not current.

    Nothing that stands here is overwritten: a row that says something else is listed. An agency that was not known when
    the row came first is filled in when it comes again.
    """
    require(work.actor, Permission.IMPORT_RUN)
    report = Report(problems=list(sheet.findings))
    words = queries.vocabulary(work)
    for row in watch(sheet.rows):
        reading = RowReading(row, report, Guard(FACILITATORS_GUARDED, work.today, words.agencies))
        entry = read_facilitator_row(reading, words)
        if entry is None:
            report.rejected += 1
            continue
        person = find_person_by_email(work, entry.contact.email)
        facilitator = find_facilitator(work, person.id) if person else None
        if person is not None and facilitator is not None:
            _compare(work, reading, report, entry, facilitator)
        else:
            _add(work, reading, entry, person)
            report.imported += 1
    record_reading(work, "facilitators", report)
    return report


def _add(work: Work, reading: RowReading, entry: FacilitatorEntry, person: Person | None) -> None:
    agency = get_agency(work, entry.agency_id) if entry.agency_id else None
    if person is None:
        person = add_person(work, contact=entry.contact, agency=agency, team=entry.team, job_title=entry.role)
    elif agency is not None and person.agency_id is None:
        _fill_agency(work, person, agency, entry.team)
    elif agency is not None and person.agency_id != agency.id:
        reading.problem(
            FacilitatorColumn.AGENCY, "This person is known here under another agency: nothing was changed."
        )
    if entry.manager_email:
        person.line_manager_email_index = work.vault.blind_index("email", entry.manager_email)
    add_facilitator(
        work,
        person=person,
        sessions_per_quarter=entry.sessions_per_quarter,
        transitional_training=entry.transitional_training,
        localities=entry.localities,
        status=entry.status,
    )
    if entry.trained_on is None:
        if entry.course:
            reading.problem(
                FacilitatorColumn.TRAINED_ON, "A course without a date: this person is not current."
            )
        return
    try:
        add_training(work, person.id, trained_on=entry.trained_on, course=entry.course)
    except Invalid as error:
        reading.problem(FacilitatorColumn.TRAINED_ON, f"Left empty: {error}")


def _compare(
    work: Work, reading: RowReading, report: Report, entry: FacilitatorEntry, facilitator: Facilitator
) -> None:
    person = facilitator.person
    filled = person.agency_id is None and entry.agency_id is not None
    if entry.agency_id is not None and filled:
        _fill_agency(work, person, get_agency(work, entry.agency_id), entry.team)
        work.record("facilitator:changed", person.id, status=facilitator.status)
    manager = work.vault.blind_index("email", entry.manager_email) if entry.manager_email else None
    trained = entry.trained_on is None or (entry.trained_on, entry.course) in {
        (t.trained_on, t.course) for t in facilitator.training
    }
    different = [
        column
        for column, same in (
            (FacilitatorColumn.NAME, entry.contact.name == contact_of(work, person).name),
            (FacilitatorColumn.AGENCY, entry.agency_id in {None, person.agency_id}),
            (FacilitatorColumn.TEAM, entry.team == person.team),
            (FacilitatorColumn.ROLE, entry.role == person.job_title),
            (FacilitatorColumn.LOCALITIES, entry.localities == {x.locality for x in facilitator.localities}),
            (FacilitatorColumn.TRAINED_ON, trained),
            (
                FacilitatorColumn.TRANSITIONAL,
                entry.transitional_training == facilitator.transitional_training,
            ),
            (FacilitatorColumn.SESSIONS, entry.sessions_per_quarter == facilitator.sessions_per_quarter),
            (FacilitatorColumn.STATUS, entry.status is facilitator.status),
            (FacilitatorColumn.MANAGER, manager == person.line_manager_email_index),
        )
        if not same
    ]
    for column in different:
        reading.problem(column, "This differs from what stands here: nothing was changed.")
    if different or filled:
        report.changed += 1
    else:
        report.unchanged += 1


def _fill_agency(work: Work, person: Person, agency: Agency, team: str) -> None:
    person.agency = agency
    work.session.add(
        Affiliation(person_id=person.id, agency_id=agency.id, team=team, valid_from=work.today, valid_to=None)
    )
    work.session.flush()
