"""Take over requests from the old form's export, with what the tracker tells of them."""

from collections.abc import Mapping
from datetime import date

from jags.importing import queries
from jags.importing.policy import require_import
from jags.importing.rules.form import (
    FORM_GUARDED,
    FormColumn,
    FormEntry,
    NamedAgency,
    Vocabulary,
    differences,
    read_form_row,
)
from jags.importing.rules.guard import Guard
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import Row, RowReading, Sheet
from jags.importing.rules.tracker import (
    TRACKER_GUARDED,
    TrackerColumn,
    TrackerEntry,
    read_tracker_row,
    told_twice,
)
from jags.importing.rules.words import day_of, excerpt, number_of
from jags.importing.service.agencies import Watch, record_reading
from jags.importing.service.live import LiveIntake, list_double, list_likeness, list_link, list_received
from jags.importing.service.outcomes import Outcomes
from jags.kernel.time import date_in_words, london_date
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request
from jags.requests.queries import find_by_reference
from jags.requests.rules import MoveNote, Source, State, Verb, reference_from
from jags.requests.service import move_request, next_reference


def import_requests(work: Work, form: Sheet, *, tracker: Sheet | None = None, watch: Watch = iter) -> Report:
    """Take over each row of the form that is not here yet, and move it on as the tracker tells.

    The natural key is the form's ID. What stands here is never overwritten: a row that says something else is listed,
    and so is each disagreement between form, tracker and what came in here. A row whose request came in here as well is
    linked with it and not imported. Nothing is queued: no mail, reminder or feedback arises.
    """
    require_import(work)
    report = Report(problems=[*form.findings, *(tracker.findings if tracker else ())])
    words = queries.vocabulary(work)
    run = _Run(work, report, form, _told(work, tracker, words, report) if tracker else None)
    first: dict[str, Row] = {}
    for row in watch(form.rows):
        reading = RowReading(row, report, _guard(work, row, words))
        number = number_of(reading.cell(FormColumn.ID))
        if number and number in first:
            reading.problem(
                FormColumn.ID, f"{excerpt(number)} is there twice: row {first[number].number} counts."
            )
        entry = read_form_row(reading, words, now=work.now)
        first.setdefault(entry.number if entry else number, row)
        if entry is None:
            report.rejected += 1
        else:
            run.take(reading, entry)
    run.look_at_the_rest(first)
    record_reading(work, "form", report)
    if tracker is not None:
        work.record("import:read", "file:tracker", source="tracker")
    return report


class _Run:
    """One import: what stands here, what came in here meanwhile, and what the tracker tells, None where there is none."""

    def __init__(self, work: Work, report: Report, form: Sheet, told: dict[str, TrackerEntry] | None) -> None:
        self._work = work
        self._report = report
        self._told = told
        self._outcomes = Outcomes(work)
        self._here = queries.requests_by_number(work)
        self._live = LiveIntake(work, _days_received(form))
        for request in self._here.values():
            if request.source is not Source.IMPORT:
                self._live.take(request)

    def take(self, reading: RowReading, entry: FormEntry) -> None:
        """Deal with a row: imported earlier, asked here as well, or new."""
        entered = (self._told or {}).get(entry.number)
        if self._told is not None:
            _compare_dates(reading, entry, entered, self._report)
        request = self._here.get(entry.number)
        if request is not None and request.source is not Source.IMPORT:
            self._link(reading, request, entered)
            return
        match = self._live.match(entry)
        if request is not None:
            if match is not None:
                list_double(reading, request, match)
            _compare(self._work, reading, entry, request, entered, self._outcomes)
        elif match is not None and not match.apart:
            self._link_first(reading, entry, match.request, entered)
        else:
            if match is not None:
                list_likeness(reading, match)
            self._import(entry, entered)

    def look_at_the_rest(self, first: Mapping[str, Row]) -> None:
        """Deal with rows of the tracker for which the form has none: one may name a request that came in here."""
        for number, entered in (self._told or {}).items():
            if number in first:
                continue
            reading = RowReading(entered.row, self._report)
            request = find_by_reference(self._work, number) if reference_from(number) else None
            if request is not None:
                self._compare_live(request, entered, reading)
            else:
                reading.problem(
                    TrackerColumn.FORM_ID,
                    f"The form has no row {excerpt(number)}: {entered.number} was not imported.",
                )

    def _import(self, entry: FormEntry, entered: TrackerEntry | None) -> None:
        request = self._here[entry.number] = _add(self._work, entry)
        self._report.imported += 1
        if entered is not None:
            beside = RowReading(entered.row, self._report)
            _take_number(self._work, request, entered, beside)
            self._outcomes.take_over(request, entered, beside)

    def _link_first(
        self, reading: RowReading, entry: FormEntry, request: Request, entered: TrackerEntry | None
    ) -> None:
        self._live.take(request)
        self._here[entry.number] = request
        # The row is known by this link when it comes again, even if the requester's address has changed by then.
        if request.legacy_number is None:
            request.legacy_number = entry.number
            self._work.record("request:linked", request.id, source="form")
        self._link(reading, request, entered)

    def _link(self, reading: RowReading, request: Request, entered: TrackerEntry | None) -> None:
        """Count a row whose request came in here as well; where the tracker says something else, it is listed only."""
        self._report.linked += 1
        list_link(reading, request)
        if entered is not None:
            self._compare_live(request, entered, RowReading(entered.row, self._report))

    def _compare_live(self, request: Request, entered: TrackerEntry, reading: RowReading) -> None:
        _take_number(self._work, request, entered, reading)
        list_received(reading, TrackerColumn.RECEIVED, entered.received_on, request)
        self._outcomes.disagree(request, entered, reading)


def _guard(work: Work, row: Row, words: Vocabulary) -> Guard:
    """Return what is left out of a row. Who was young when it was written was young, however late it is imported."""
    return Guard(FORM_GUARDED, day_of(row.cells.get(FormColumn.COMPLETED)) or work.today, words.agencies)


def _days_received(form: Sheet) -> list[date]:
    found = (day_of(row.cells.get(FormColumn.COMPLETED)) for row in form.rows)
    return [day for day in found if day is not None]


def _told(work: Work, tracker: Sheet, words: Vocabulary, report: Report) -> dict[str, TrackerEntry]:
    """Return what the tracker tells, by the form's ID; where it tells twice the first row counts."""
    told: dict[str, TrackerEntry] = {}
    for row in tracker.rows:
        reading = RowReading(row, report, Guard(TRACKER_GUARDED, work.today, words.agencies))
        entry = read_tracker_row(reading, words.routes, today=work.today)
        number = reference_from(entry.form_number) or entry.form_number or reference_from(entry.number)
        if not number:
            reading.problem(TrackerColumn.FORM_ID, f"There is no form ID: {entry.number} was not imported.")
            continue
        first = told.setdefault(number, entry)
        if first is entry:
            continue
        reading.problem(
            TrackerColumn.FORM_ID,
            f"{excerpt(number)} was entered twice: row {first.row.number} counts, this one does not.",
        )
        for column in told_twice(first, entry):
            reading.disagreement(column, f"Entered twice, and row {first.row.number} says something else.")
    return told


def _compare_dates(
    reading: RowReading, entry: FormEntry, entered: TrackerEntry | None, report: Report
) -> None:
    if entered is None:
        reading.disagreement(FormColumn.ID, f"The tracker has no row for {excerpt(entry.number)}.")
        return
    received_on = london_date(entry.received_at)
    if entered.received_on is not None and entered.received_on != received_on:
        RowReading(entered.row, report).disagreement(
            TrackerColumn.RECEIVED,
            f"The tracker says {date_in_words(entered.received_on)}, "
            f"the form {date_in_words(received_on)}: the form counts.",
        )


def _compare(
    work: Work,
    reading: RowReading,
    entry: FormEntry,
    request: Request,
    entered: TrackerEntry | None,
    outcomes: Outcomes,
) -> None:
    """Count a row that is here already, and list where it, or the tracker's, says something else."""
    different = differences(entry, queries.as_it_stands(work, request))
    for column in different:
        reading.problem(
            column, f"This differs from what stands here as {request.reference}: nothing was changed."
        )
    moved_on = entered is not None and _compare_outcome(
        work, request, entered, outcomes, RowReading(entered.row, reading.report)
    )
    if different or moved_on:
        reading.report.changed += 1
    else:
        reading.report.unchanged += 1


def _compare_outcome(
    work: Work, request: Request, entered: TrackerEntry, outcomes: Outcomes, reading: RowReading
) -> bool:
    """Return whether the tracker says something else than what stands here.

    Where nobody has decided anything here yet, the tracker's outcome is taken over: that overwrites nothing.
    """
    numbered = _take_number(work, request, entered, reading)
    if entered.outcome is not None and outcomes.undecided(request):
        outcomes.take_over(request, entered, reading)
        return True
    return outcomes.disagree(request, entered, reading) or numbered


def _take_number(work: Work, request: Request, entered: TrackerEntry, reading: RowReading) -> bool:
    """Fill in the tracker's number where there is none yet; return whether it was added, or is another than here."""
    number = entered.number.upper()
    if not number or number == request.tracker_number or reference_from(number) == request.reference:
        return False
    if request.tracker_number is None:
        request.tracker_number = number
        work.record("request:linked", request.id, source="tracker")
    else:
        reading.disagreement(
            TrackerColumn.NUMBER,
            f"The tracker says something else than what stands here as {request.reference}.",
        )
    return True


def _add(work: Work, entry: FormEntry) -> Request:
    received_on = london_date(entry.received_at)
    request = Request(
        key_id=work.vault.new_key(),
        reference=next_reference(work, received_on=received_on),
        source=Source.IMPORT,
        legacy_number=entry.number,
        state=State.DRAFT,
        state_changed_at=entry.received_at,
        started_at=entry.started_at,
        received_at=entry.received_at,
        received_on=received_on,
        confirmed_at=entry.received_at,
        agency_id=entry.agency.agency_id,
        agency_typed=entry.agency.typed,
        sibling_group=entry.sibling_group,
        locality=entry.locality,
        transitional_view=entry.transitional_view,
        requester_email_index=_index(work, entry.contact.email),
    )
    work.vault.seal(request, "contact", entry.contact)
    work.vault.seal(request, "detail", entry.detail)
    for question, values in entry.chosen.items():
        request.choose(question, values)
    request.involved = [_involved(position, agency) for position, agency in enumerate(entry.involved)]
    for position, person in enumerate(entry.people):
        # Whose agency is whose is not stated on the form, so it stays open.
        member = NetworkMember(
            key_id=request.key_id, position=position, email_index=_index(work, person.email)
        )
        work.vault.seal(member, "contact", person)
        request.network.append(member)
    work.session.add(request)
    work.session.flush()
    work.record("request:imported", request.id, source="form")
    move_request(
        work, request, Verb.SUBMIT, at=entry.received_at, note=MoveNote(reason="From the old request form.")
    )
    # The old form knew who was signed in, so nobody had to confirm an address.
    move_request(work, request, Verb.CONFIRM, at=entry.received_at)
    return request


def _involved(position: int, agency: NamedAgency) -> InvolvedAgency:
    return InvolvedAgency(position=position, agency_id=agency.agency_id, agency_typed=agency.typed)


def _index(work: Work, email: str) -> bytes | None:
    return work.vault.blind_index("email", email) if email else None
