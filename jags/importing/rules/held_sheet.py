"""Read one row of the template for sessions that were held before, and the words that its cells may hold."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from jags.accounts.rules import spelling
from jags.importing.rules.answers import age_bands, locality_of, split_agencies, split_list
from jags.importing.rules.form import NamedAgency, Vocabulary
from jags.importing.rules.guard import EVERYTHING, without_notes
from jags.importing.rules.held import HeldEntry, NamedFacilitator, SessionColumn, agency_key
from jags.importing.rules.sheets import SHORT, Layout, RowReading
from jags.importing.rules.words import as_text, count_of, day_of, excerpt, number_of, yes_or_no
from jags.kernel.identifiers import Kind
from jags.kernel.time import date_in_words
from jags.requests.rules import AgeBand, AskedBy, TransitionalFeature
from jags.scheduling.rules import (
    RECORDED_LEAST,
    RECORDED_MOST,
    AgencyRow,
    ApologyReason,
    Attendance,
    SessionFormat,
)

Choice = TypeVar("Choice", bound=StrEnum)

EXPLANATIONS = "How to fill it in"
ALLOWED = "Allowed values"
SESSIONS = Layout(
    SessionColumn,
    required=(SessionColumn.HELD,),
    # What a sheet has no column for is missing of each of its sessions, and listed there.
    optional=tuple(column for column in SessionColumn if column is not SessionColumn.HELD),
    dated=(SessionColumn.RECEIVED, SessionColumn.HELD),
    beside=(EXPLANATIONS, ALLOWED),
)
SESSIONS_GUARDED: Mapping[str, frozenset[Kind]] = dict.fromkeys(SessionColumn, EVERYTHING)
_OWN_WORDS: Mapping[StrEnum, str] = {
    AskedBy.FORM: "Old form",
    AskedBy.EMAIL: "E-mail",
    SessionFormat.BOTH: "In person and online",
    TransitionalFeature.EDUCATION_EMPLOYMENT: "Education, employment or training",
    TransitionalFeature.SEND: "SEND or learning disability",
}


def in_words(choice: StrEnum) -> str:
    """Return a choice as a cell holds it."""
    if isinstance(choice, AgeBand):
        return choice.value.replace("-", " to ").capitalize()
    return _OWN_WORDS.get(choice) or choice.value.replace("_", " ").capitalize()


def read_session_row(
    reading: RowReading,
    words: Vocabulary,
    person_of: Callable[[str], NamedFacilitator],
    *,
    today: date,
) -> HeldEntry | None:
    """Read one session; None when it is rejected, because the day on which it was held is not there or not over.

    What cannot be read is left open and listed: it is not recorded, and never zero. `person_of` finds a facilitator.
    """
    held_on = _day(reading, SessionColumn.HELD)
    if held_on is None or held_on > today:
        said = "it is still to come" if held_on else "there is no date that can be read"
        reading.problem(SessionColumn.HELD, f"Rejected: {said}.")
        return None
    received_on = _day(reading, SessionColumn.RECEIVED)
    if received_on is not None and received_on > held_on:
        reading.problem(
            SessionColumn.RECEIVED, f"{date_in_words(received_on)} is after the session: left open."
        )
        received_on = None
    transitional = _yes(reading)
    features = frozenset(_several(reading, SessionColumn.FEATURES, TransitionalFeature))
    if features and transitional is not True:
        reading.problem(
            SessionColumn.FEATURES, "This needs “Yes” under transitional safeguarding: left open."
        )
        features = frozenset()
    return HeldEntry(
        held_on=held_on,
        number=_number(reading),
        received_on=received_on,
        agency=_agency(reading, words),
        locality=_locality(reading, words),
        age_bands=_bands(reading),
        transitional=transitional,
        features=features,
        asked_by=_one(reading, SessionColumn.ASKED_BY, AskedBy),
        facilitators=_facilitators(reading, person_of),
        agencies=_agencies(reading, words),
        format=_one(reading, SessionColumn.FORMAT, SessionFormat),
        minutes=_minutes(reading),
    )


def _number(reading: RowReading) -> str:
    typed = number_of(reading.short(SessionColumn.NUMBER)).upper()
    return "" if "LEFT OUT]" in typed else typed


def _day(reading: RowReading, column: SessionColumn) -> date | None:
    cell = reading.cell(column)
    day = day_of(cell)
    if day is None and as_text(cell).strip():
        reading.problem(column, f"{excerpt(reading.text(column))} is not a date: left open.")
    return day


def _yes(reading: RowReading) -> bool | None:
    typed = reading.short(SessionColumn.TRANSITIONAL)
    answer, _ = yes_or_no(typed)
    if typed and answer is None and spelling(typed) != "not recorded":
        reading.problem(SessionColumn.TRANSITIONAL, f"{excerpt(typed)} is neither “Yes” nor “No”: left open.")
    return answer


def _agency(reading: RowReading, words: Vocabulary) -> NamedAgency | None:
    typed = reading.name(SessionColumn.AGENCY)
    return _named(reading, SessionColumn.AGENCY, typed, words) if typed else None


def _named(reading: RowReading, column: SessionColumn, typed: str, words: Vocabulary) -> NamedAgency:
    known = words.agency(typed)
    if known is None:
        reading.problem(column, f"{excerpt(typed)} is not a known agency: kept as typed, to be settled.")
    return NamedAgency(known, "" if known else " ".join(typed.split())[:SHORT])


def _locality(reading: RowReading, words: Vocabulary) -> str | None:
    typed = reading.short(SessionColumn.LOCALITY)
    locality = locality_of(typed, words.localities) if typed else None
    if typed and locality is None:
        reading.problem(SessionColumn.LOCALITY, f"{excerpt(typed)} is not a known locality: left open.")
    return locality


def _bands(reading: RowReading) -> frozenset[AgeBand]:
    typed = reading.short(SessionColumn.AGE)
    bands = age_bands(typed) if typed else None
    if typed and bands is None:
        reading.problem(SessionColumn.AGE, f"{excerpt(typed)} cannot be read as age bands: left open.")
    return bands or frozenset()


def _find(typed: str, kind: type[Choice]) -> Choice | None:
    wanted = spelling(typed)
    ways = {
        spelling(way): choice for choice in kind for way in (in_words(choice), choice.value.replace("_", " "))
    }
    return ways.get(wanted)


def _one(reading: RowReading, column: SessionColumn, kind: type[Choice]) -> Choice | None:
    typed = reading.short(column)
    choice = _find(typed, kind)
    if typed and choice is None:
        reading.problem(column, f"{excerpt(typed)} is not one of the allowed values: left open.")
    return choice


def _several(reading: RowReading, column: SessionColumn, kind: type[Choice]) -> list[Choice]:
    found = []
    for typed in split_list(reading.text(column)):
        choice = _find(typed, kind)
        if choice is None:
            reading.problem(column, f"{excerpt(typed)} is not one of the allowed values: left out.")
        else:
            found.append(choice)
    return found


def _minutes(reading: RowReading) -> int | None:
    typed = reading.text(SessionColumn.MINUTES)
    minutes = count_of(reading.cell(SessionColumn.MINUTES))
    if minutes is not None and RECORDED_LEAST <= minutes <= RECORDED_MOST:
        return minutes
    if typed:
        reading.problem(
            SessionColumn.MINUTES,
            f"{excerpt(typed)} is not a number of minutes from {RECORDED_LEAST} to {RECORDED_MOST}: left open.",
        )
    return None


def _facilitators(
    reading: RowReading, person_of: Callable[[str], NamedFacilitator]
) -> tuple[NamedFacilitator, ...]:
    found: list[NamedFacilitator] = []
    for column in (SessionColumn.FACILITATOR_1, SessionColumn.FACILITATOR_2):
        typed = reading.name(column)
        if not typed:
            continue
        one = person_of(typed)
        if one in found:
            reading.problem(column, f"{excerpt(typed)} is named twice: left open.")
            continue
        if one.person_id is None:
            reading.problem(
                column, f"{excerpt(typed)} is not one person of the pool: the name is kept as typed."
            )
        found.append(one)
    return tuple(found)


def _agencies(reading: RowReading, words: Vocabulary) -> tuple[AgencyRow, ...]:
    """Put the three lists of agencies together; each counts once, and who came counts before who was only invited."""
    rows: dict[str, AgencyRow] = {}

    def add(
        column: SessionColumn, typed: str, attendance: Attendance, reason: ApologyReason | None = None
    ) -> None:
        named = _named(reading, column, typed, words)
        row = AgencyRow(named.agency_id, named.typed, attendance, reason)
        before = rows.setdefault(agency_key(row), row)
        if before is not row and attendance is not Attendance.NOT_RECORDED:
            reading.problem(column, f"{excerpt(typed)} stands here twice: the first counts.")

    def known(name: str) -> bool:
        return words.agency(name) is not None

    for name in split_agencies(reading.text(SessionColumn.ATTENDED), known):
        add(SessionColumn.ATTENDED, name, Attendance.PRESENT)
    for entry in split_list(reading.text(SessionColumn.APOLOGIES)):
        name, reason = _with_reason(reading, entry, known)
        if name:
            add(SessionColumn.APOLOGIES, name, Attendance.APOLOGIES, reason)
    for name in split_agencies(reading.text(SessionColumn.INVITED), known):
        add(SessionColumn.INVITED, name, Attendance.NOT_RECORDED)
    return tuple(rows.values())


def _with_reason(reading: RowReading, entry: str, known: Callable[[str], bool]) -> tuple[str, ApologyReason]:
    """Part “Housing: no capacity” into agency and reason; a reason that is not one of ours is listed."""
    name, colon, typed = entry.rpartition(":")
    if known(entry) or not colon:
        return without_notes(entry), ApologyReason.NOT_RECORDED
    reason = _find(typed.strip(), ApologyReason)
    if reason is None:
        reading.problem(
            SessionColumn.APOLOGIES, f"{excerpt(typed)} is not one of the reasons: the reason is left open."
        )
    return without_notes(name.strip()), reason or ApologyReason.NOT_RECORDED
