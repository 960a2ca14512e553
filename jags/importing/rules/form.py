"""Read one row of the old request form's export."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from jags.accounts.rules import spelling
from jags.importing.rules.answers import (
    PLANS,
    REASONS,
    age_bands,
    choices,
    email_address,
    locality_of,
    split_agencies,
    split_people,
)
from jags.importing.rules.guard import ABOUT_A_PERSON, EVERYTHING
from jags.importing.rules.sheets import LIST, SHORT, Layout, RowReading
from jags.importing.rules.words import clean, excerpt, moment_of, number_of, yes_or_no
from jags.kernel.identifiers import Kind
from jags.requests.rules import CaseDetail, NetworkContact, Plan, Question, RequesterContact, YesNoUnsure


class FormColumn(StrEnum):
    """The headings of the form's export."""

    ID = "ID"
    STARTED = "Start time"
    COMPLETED = "Completion time"
    EMAIL = "Email"
    NAME = "Name"
    AGENCY = "Your agency"
    ROLE = "Your role"
    TEAM = "Your team"
    PHONE = "Contact number"
    MANAGER = "Is your line manager or safeguarding lead aware of this request?"
    OWN_REFERENCE = "Your own case reference"
    AGE = "Age of the child or young person"
    SIBLINGS = "Is this about a sibling group?"
    LOCALITY = "Locality"
    PLAN = "Current plan or status"
    REASONS = "Why are you asking for a JAGS? (choose all that apply)"
    HOPES = "What do you hope reflection will help with?"
    TRIED = "What has been tried so far?"
    AGENCIES = "Which agencies are involved?"
    PEOPLE = "Names and e-mails of the professionals you would like to invite"
    FAMILY_KNOWS = "Does the family know about this request?"
    TRANSITIONAL = (
        "Does this request involve a young person moving towards adulthood (transitional safeguarding)?"
    )
    NOT_THESE_DATES = "Dates that do NOT work in the next six weeks"
    ANYTHING_ELSE = "Anything else we should know (for example who should not facilitate)"


FORM = Layout(
    FormColumn,
    required=(FormColumn.ID, FormColumn.COMPLETED, FormColumn.AGENCY),
    dated=(FormColumn.STARTED, FormColumn.COMPLETED),
)


# What people write freely, guarded as the pages of the form guard it: names are those of professionals, and a telephone number
# may look like any number.
FORM_GUARDED: Mapping[str, frozenset[Kind]] = {
    **dict.fromkeys(
        (
            FormColumn.NAME,
            FormColumn.ROLE,
            FormColumn.MANAGER,
            FormColumn.OWN_REFERENCE,
            FormColumn.AGE,
            FormColumn.SIBLINGS,
            FormColumn.LOCALITY,
            FormColumn.PLAN,
            FormColumn.REASONS,
            FormColumn.HOPES,
            FormColumn.TRIED,
            FormColumn.FAMILY_KNOWS,
            FormColumn.TRANSITIONAL,
            FormColumn.NOT_THESE_DATES,
            FormColumn.ANYTHING_ELSE,
            FormColumn.AGENCY,
            FormColumn.AGENCIES,
        ),
        EVERYTHING,
    ),
    **dict.fromkeys((FormColumn.EMAIL, FormColumn.TEAM, FormColumn.PEOPLE), ABOUT_A_PERSON),
}


@dataclass(frozen=True)
class Vocabulary:
    """What the software knows by name: agencies by spelling, localities and other routes with their words."""

    agencies: Mapping[str, UUID]
    localities: Mapping[str, tuple[str, ...]]
    routes: Mapping[str, str]

    def agency(self, text: str) -> UUID | None:
        """Return the agency of a spelling."""
        return self.agencies.get(spelling(text))


@dataclass(frozen=True)
class NamedAgency:
    """An agency that is known, or one as it was typed."""

    agency_id: UUID | None
    typed: str = ""


@dataclass(frozen=True)
class FormEntry:
    """A request as a row of the form tells it, or in the same shape as it stands here."""

    number: str
    received_at: datetime
    started_at: datetime
    contact: RequesterContact
    agency: NamedAgency
    detail: CaseDetail
    sibling_group: bool | None
    locality: str | None
    chosen: Mapping[Question, frozenset[str]]
    transitional_view: YesNoUnsure | None
    involved: tuple[NamedAgency, ...]
    people: tuple[NetworkContact, ...]


# What is compared when a row comes again: the column, and what the entry holds of it.
COMPARED: tuple[tuple[FormColumn, Callable[[FormEntry], object]], ...] = (
    (FormColumn.STARTED, lambda e: e.started_at),
    (FormColumn.COMPLETED, lambda e: e.received_at),
    (FormColumn.EMAIL, lambda e: e.contact.email),
    (FormColumn.NAME, lambda e: e.contact.name),
    (FormColumn.AGENCY, lambda e: e.agency),
    (FormColumn.ROLE, lambda e: e.contact.role),
    (FormColumn.TEAM, lambda e: e.contact.team),
    (FormColumn.PHONE, lambda e: e.contact.phone),
    (FormColumn.MANAGER, lambda e: e.detail.line_manager_aware),
    (FormColumn.OWN_REFERENCE, lambda e: e.detail.own_reference),
    (FormColumn.AGE, lambda e: (e.detail.age_as_typed, e.chosen.get(Question.AGE_BAND, frozenset()))),
    (FormColumn.SIBLINGS, lambda e: (e.sibling_group, e.detail.sibling_note)),
    (FormColumn.LOCALITY, lambda e: (e.locality, e.detail.locality_as_typed)),
    (FormColumn.PLAN, lambda e: e.chosen.get(Question.PLAN, frozenset())),
    (FormColumn.REASONS, lambda e: (e.chosen.get(Question.REASON, frozenset()), e.detail.reason_other)),
    (FormColumn.HOPES, lambda e: e.detail.hopes),
    (FormColumn.TRIED, lambda e: e.detail.tried),
    (FormColumn.AGENCIES, lambda e: (e.detail.agencies_as_typed, e.involved)),
    (FormColumn.PEOPLE, lambda e: e.people),
    (FormColumn.FAMILY_KNOWS, lambda e: e.detail.family_knows),
    (FormColumn.TRANSITIONAL, lambda e: e.transitional_view),
    (FormColumn.NOT_THESE_DATES, lambda e: e.detail.not_these_dates),
    (FormColumn.ANYTHING_ELSE, lambda e: e.detail.anything_else),
)


def differences(now: FormEntry, here: FormEntry) -> tuple[FormColumn, ...]:
    """Return the columns in which a row differs from the request that stands here.

    An agency that was typed and has been settled since is no difference.
    """
    settled = now.agency.agency_id is None and here.agency.agency_id is not None
    return tuple(
        column
        for column, held in COMPARED
        if held(now) != held(here) and not (settled and column is FormColumn.AGENCY)
    )


def form_number(reading: RowReading) -> str:
    """Return the form's ID; where it is missing the completion time stands in, and that is listed."""
    number = number_of(reading.cell(FormColumn.ID))
    completed = moment_of(reading.cell(FormColumn.COMPLETED))
    if not number and completed is not None:
        number = f"completed {completed:%Y-%m-%dT%H:%M:%S}"
        reading.problem(FormColumn.ID, "There is no ID; the completion time stands in for it.")
    return number


def read_form_row(reading: RowReading, words: Vocabulary, *, now: datetime) -> FormEntry | None:
    """Read one row of the form; None when it is rejected: without a date it was received on, or without an agency."""
    received_at = moment_of(reading.cell(FormColumn.COMPLETED))
    typed = reading.agency(FormColumn.AGENCY)
    if received_at is None or received_at > now:
        reading.problem(FormColumn.COMPLETED, "Rejected: there is no date that can be read and has passed.")
        return None
    if not typed:
        reading.problem(FormColumn.AGENCY, "Rejected: the agency is missing.")
        return None
    agency = _agency(reading, typed, words)
    started_at = moment_of(reading.cell(FormColumn.STARTED))
    if started_at is None or started_at > received_at:
        if reading.text(FormColumn.STARTED):
            reading.problem(
                FormColumn.STARTED, "This is not a time before the completion: the completion time is used."
            )
        started_at = received_at
    contact = RequesterContact(
        name=reading.name(FormColumn.NAME),
        role=reading.short(FormColumn.ROLE),
        team=reading.short(FormColumn.TEAM),
        email=_address(reading),
        phone=reading.short(FormColumn.PHONE),
    )
    age = reading.text(FormColumn.AGE)
    locality = reading.text(FormColumn.LOCALITY)
    siblings, sibling_note = _siblings(reading)
    reasons, reason_other = _reasons(reading)
    chosen = {
        Question.AGE_BAND: _bands(reading, age),
        Question.PLAN: _plans(reading),
        Question.REASON: reasons,
    }
    agencies = reading.text(FormColumn.AGENCIES)
    people = _people(reading)
    detail = CaseDetail(
        hopes=reading.text(FormColumn.HOPES),
        reason_other=reason_other,
        own_reference=reading.short(FormColumn.OWN_REFERENCE),
        tried=reading.text(FormColumn.TRIED),
        family_knows=reading.text(FormColumn.FAMILY_KNOWS),
        not_these_dates=reading.text(FormColumn.NOT_THESE_DATES),
        line_manager_aware=reading.text(FormColumn.MANAGER),
        agencies_as_typed=agencies,
        sibling_note=sibling_note,
        age_as_typed=age,
        locality_as_typed=locality,
    )
    entry = FormEntry(
        number=form_number(reading),
        received_at=received_at,
        started_at=started_at,
        contact=contact,
        agency=agency,
        detail=detail,
        sibling_group=siblings,
        locality=_locality(reading, locality, words),
        chosen=chosen,
        transitional_view=_view(reading),
        involved=_involved(reading, agencies, words),
        people=people,
    )
    return _with_the_rest(entry, reading)


def _with_the_rest(entry: FormEntry, reading: RowReading) -> FormEntry:
    """Put what found no field of its own beside what else there is to know."""
    said = reading.text(FormColumn.ANYTHING_ELSE)
    everything = "\n".join(part for part in (said, *reading.kept) if part)
    values = {**vars(entry), "detail": CaseDetail(**{**vars(entry.detail), "anything_else": everything})}
    return FormEntry(**values)


def _agency(reading: RowReading, typed: str, words: Vocabulary) -> NamedAgency:
    known = words.agency(typed)
    if known is not None:
        return NamedAgency(known)
    reading.problem(
        FormColumn.AGENCY, f"{excerpt(typed)} is not a known agency: kept as typed, to be settled."
    )
    return NamedAgency(None, _on_a_list(reading, FormColumn.AGENCY, typed))


def _on_a_list(reading: RowReading, column: FormColumn, typed: str) -> str:
    """Return a name short enough for a list; a longer one is kept whole with the request."""
    line = " ".join(typed.split())
    if len(line) <= SHORT:
        return line
    reading.keep(column, typed)
    return line[: SHORT - 1] + "…"


def _address(reading: RowReading) -> str:
    typed = reading.short(FormColumn.EMAIL)
    address = email_address(typed) if typed else ""
    if address is None:
        reading.problem(FormColumn.EMAIL, f"{excerpt(typed)} is not an e-mail address: left empty.")
        reading.keep(FormColumn.EMAIL, typed)
    return address or ""


def _bands(reading: RowReading, typed: str) -> frozenset[str]:
    bands = age_bands(typed) if typed and len(typed) <= SHORT else None
    if typed and bands is None:
        reading.problem(FormColumn.AGE, "This cannot be read as an age: left empty, and kept as typed.")
    return frozenset(bands or ())


def _siblings(reading: RowReading) -> tuple[bool | None, str]:
    typed = reading.text(FormColumn.SIBLINGS)
    answer, rest = yes_or_no(typed)
    if typed and answer is None:
        reading.problem(FormColumn.SIBLINGS, "This is neither yes nor no: left empty, and kept as typed.")
    return answer, rest


def _locality(reading: RowReading, typed: str, words: Vocabulary) -> str | None:
    locality = locality_of(typed, words.localities) if typed else None
    if typed and locality is None:
        reading.problem(
            FormColumn.LOCALITY, f"{excerpt(typed)} is not a known locality: left empty, and kept as typed."
        )
    return locality


def _plans(reading: RowReading) -> frozenset[str]:
    plans, unknown = choices(reading.text(FormColumn.PLAN), PLANS)
    for entry in unknown:
        reading.problem(FormColumn.PLAN, f"{excerpt(entry)} is not a known plan or status: kept as typed.")
        reading.keep(FormColumn.PLAN, entry)
    if Plan.NONE in plans and len(plans) > 1:
        reading.problem(FormColumn.PLAN, "“None” stands beside another answer: “None” was left out.")
        plans -= {Plan.NONE}
    return frozenset(plans)


def _reasons(reading: RowReading) -> tuple[frozenset[str], str]:
    reasons, unknown = choices(reading.text(FormColumn.REASONS), REASONS)
    for entry in unknown:
        reading.problem(
            FormColumn.REASONS, f"{excerpt(entry)} is not a known reason: kept as typed, under other."
        )
    return frozenset(reasons), "\n".join(unknown)


def _view(reading: RowReading) -> YesNoUnsure | None:
    typed = reading.text(FormColumn.TRANSITIONAL)
    try:
        return YesNoUnsure(spelling(typed)) if typed else None
    except ValueError:
        reading.problem(FormColumn.TRANSITIONAL, f"{excerpt(typed)} is not yes, no or unsure: left empty.")
        reading.keep(FormColumn.TRANSITIONAL, typed)
        return None


def _involved(reading: RowReading, typed: str, words: Vocabulary) -> tuple[NamedAgency, ...]:
    if len(typed) > LIST:
        reading.problem(
            FormColumn.AGENCIES, f"This is longer than {LIST} characters: kept as typed, not told apart."
        )
        return ()
    found: dict[NamedAgency, None] = {}
    for name in split_agencies(typed, lambda text: words.agency(text) is not None):
        known = words.agency(name)
        if known is None:
            reading.problem(
                FormColumn.AGENCIES, f"{excerpt(name)} is not a known agency: kept as typed, to be settled."
            )
        found[NamedAgency(known, "" if known else clean(name)[:SHORT])] = None
    return tuple(found)


def _people(reading: RowReading) -> tuple[NetworkContact, ...]:
    typed = reading.text(FormColumn.PEOPLE)
    if len(typed) > LIST:
        reading.problem(
            FormColumn.PEOPLE, f"This is longer than {LIST} characters: kept as typed, not told apart."
        )
        reading.keep(FormColumn.PEOPLE, typed)
        return ()
    found = split_people(typed)
    for entry in found.unreadable:
        reading.problem(
            FormColumn.PEOPLE, f"{excerpt(entry)} cannot be read as one person's address: kept as typed."
        )
        reading.keep(FormColumn.PEOPLE, entry)
    return found.people
