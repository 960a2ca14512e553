"""Read one row of the list of agencies, and of the list of facilitators."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from jags.accounts.rules import AgeRemit, Contact, Sector, spelling
from jags.facilitators.rules import FacilitatorStatus
from jags.importing.rules.answers import email_address, locality_of, split_list
from jags.importing.rules.form import Vocabulary
from jags.importing.rules.guard import ABOUT_A_PERSON, EVERYTHING
from jags.importing.rules.sheets import Layout, RowReading
from jags.importing.rules.words import as_text, count_of, day_of, excerpt, yes_or_no
from jags.kernel.identifiers import Kind

Choice = TypeVar("Choice", bound=StrEnum)

_SESSIONS_MOST = 20
_LOCALITY_BREAKS = re.compile(r"[;,/\n]")


class AgencyColumn(StrEnum):
    """The headings of the list of agencies."""

    KEY = "key"
    NAME = "name"
    SECTOR = "sector"
    AGE_REMIT = "age_remit"
    ALSO = "also_known_as"
    TYPE = "agency_type"
    EMPLOYER = "employer"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    SUCCESSOR = "successor"


AGENCIES = Layout(
    AgencyColumn,
    required=(AgencyColumn.KEY, AgencyColumn.NAME),
    # Most lists do not have them, and nobody misses them.
    optional=(
        AgencyColumn.TYPE,
        AgencyColumn.EMPLOYER,
        AgencyColumn.VALID_FROM,
        AgencyColumn.VALID_TO,
        AgencyColumn.SUCCESSOR,
    ),
    dated=(AgencyColumn.VALID_FROM, AgencyColumn.VALID_TO),
)


class FacilitatorColumn(StrEnum):
    """The headings of the list of facilitators."""

    NAME = "name"
    EMAIL = "email"
    AGENCY = "agency"
    TEAM = "team"
    ROLE = "role"
    LOCALITIES = "localities"
    TRAINED_ON = "trained_on"
    COURSE = "course"
    TRANSITIONAL = "transitional_training"
    SESSIONS = "sessions_per_quarter"
    STATUS = "status"
    MANAGER = "line_manager_email"


FACILITATORS = Layout(
    FacilitatorColumn,
    required=(FacilitatorColumn.NAME, FacilitatorColumn.EMAIL, FacilitatorColumn.AGENCY),
    dated=(FacilitatorColumn.TRAINED_ON,),
)

AGENCIES_GUARDED: Mapping[str, frozenset[Kind]] = dict.fromkeys(
    (AgencyColumn.KEY, AgencyColumn.NAME, AgencyColumn.ALSO, AgencyColumn.TYPE, AgencyColumn.EMPLOYER),
    ABOUT_A_PERSON,
)
FACILITATORS_GUARDED: Mapping[str, frozenset[Kind]] = {
    **dict.fromkeys((FacilitatorColumn.NAME, FacilitatorColumn.ROLE, FacilitatorColumn.AGENCY), EVERYTHING),
    **dict.fromkeys((FacilitatorColumn.TEAM, FacilitatorColumn.COURSE), ABOUT_A_PERSON),
}


@dataclass(frozen=True)
class AgencyEntry:
    """An agency as a row tells it; `successor` is the key of the agency that took its work on."""

    key: str
    name: str
    sector: Sector
    age_remit: AgeRemit
    also: tuple[str, ...]
    agency_type: str
    employer: str
    valid_from: date | None
    valid_to: date | None
    successor: str


@dataclass(frozen=True)
class FacilitatorEntry:
    """A facilitator as a row tells it; an agency that is not known is None."""

    contact: Contact
    agency_id: UUID | None
    team: str
    role: str
    localities: frozenset[str]
    trained_on: date | None
    course: str
    transitional_training: bool
    sessions_per_quarter: int
    status: FacilitatorStatus
    manager_email: str


def read_agency_row(reading: RowReading) -> AgencyEntry | None:
    """Read one agency; None when it is rejected because its key or its name is missing."""
    key = reading.short(AgencyColumn.KEY)
    name = reading.name(AgencyColumn.NAME)
    for column, found in ((AgencyColumn.KEY, key), (AgencyColumn.NAME, name)):
        if not found:
            reading.problem(column, "Rejected: this is missing or too long.")
            return None
    valid_from, valid_to = _day(reading, AgencyColumn.VALID_FROM), _day(reading, AgencyColumn.VALID_TO)
    if valid_from and valid_to and valid_to < valid_from:
        reading.problem(AgencyColumn.VALID_TO, "This is before the first day: left empty.")
        valid_to = None
    return AgencyEntry(
        key=key,
        name=name,
        sector=_choice(reading, AgencyColumn.SECTOR, Sector, Sector.OTHER),
        age_remit=_choice(reading, AgencyColumn.AGE_REMIT, AgeRemit, AgeRemit.ALL_AGES),
        also=split_list(reading.text(AgencyColumn.ALSO)),
        agency_type=reading.short(AgencyColumn.TYPE),
        employer=reading.short(AgencyColumn.EMPLOYER),
        valid_from=valid_from,
        valid_to=valid_to,
        successor=reading.short(AgencyColumn.SUCCESSOR),
    )


def read_facilitator_row(reading: RowReading, words: Vocabulary) -> FacilitatorEntry | None:
    """Read one facilitator; None when it is rejected: without an e-mail address or a name, or without an agency."""
    name = reading.name(FacilitatorColumn.NAME)
    email = email_address(reading.short(FacilitatorColumn.EMAIL))
    agency = reading.agency(FacilitatorColumn.AGENCY)
    for column, found in (
        (FacilitatorColumn.NAME, name),
        (FacilitatorColumn.EMAIL, email),
        (FacilitatorColumn.AGENCY, agency),
    ):
        if not found:
            reading.problem(column, "Rejected: this is missing or cannot be read.")
            return None
    agency_id = words.agency(agency)
    if agency_id is None:
        reading.problem(
            FacilitatorColumn.AGENCY,
            f"{excerpt(agency)} is not a known agency: left empty. Import the agency, then this file again.",
        )
    return FacilitatorEntry(
        contact=Contact(name=name, email=email or ""),
        agency_id=agency_id,
        team=reading.short(FacilitatorColumn.TEAM),
        role=reading.short(FacilitatorColumn.ROLE),
        localities=_localities(reading, words.localities),
        trained_on=_day(reading, FacilitatorColumn.TRAINED_ON),
        course=reading.short(FacilitatorColumn.COURSE),
        transitional_training=_yes(reading, FacilitatorColumn.TRANSITIONAL),
        sessions_per_quarter=_sessions(reading),
        # Nobody is asked before it is clear that they may be.
        status=_choice(
            reading, FacilitatorColumn.STATUS, FacilitatorStatus, FacilitatorStatus.NOT_AT_THE_MOMENT
        ),
        manager_email=_manager(reading),
    )


def _choice(reading: RowReading, column: StrEnum, kind: type[Choice], otherwise: Choice) -> Choice:
    typed = reading.short(column)
    wanted = spelling(typed).replace("_", " ")
    for choice in kind:
        if wanted == choice.value.replace("_", " "):
            return choice
    said = f"{excerpt(typed)} is not known" if typed else "This is missing"
    reading.problem(
        column, f"{said}: “{otherwise.value.replace('_', ' ')}” is used until somebody changes it."
    )
    return otherwise


def _localities(reading: RowReading, known: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    found = set()
    for typed in _LOCALITY_BREAKS.split(reading.text(FacilitatorColumn.LOCALITIES)):
        locality = locality_of(typed, known)
        if locality is not None:
            found.add(locality)
        elif typed.strip():
            reading.problem(
                FacilitatorColumn.LOCALITIES, f"{excerpt(typed)} is not a known locality: left out."
            )
    return frozenset(found)


def _day(reading: RowReading, column: StrEnum) -> date | None:
    cell = reading.cell(column)
    day = day_of(cell)
    if day is None and as_text(cell).strip():
        reading.problem(column, f"{excerpt(as_text(cell))} is not a date: left empty.")
    return day


def _yes(reading: RowReading, column: FacilitatorColumn) -> bool:
    typed = reading.short(column)
    answer, _ = yes_or_no(typed)
    if typed and answer is None:
        reading.problem(column, f"{excerpt(typed)} is neither yes nor no: “no” is used.")
    return bool(answer)


def _sessions(reading: RowReading) -> int:
    cell = reading.cell(FacilitatorColumn.SESSIONS)
    count = count_of(cell)
    if count is not None and count <= _SESSIONS_MOST:
        return count
    if as_text(cell).strip():
        reading.problem(
            FacilitatorColumn.SESSIONS,
            f"{excerpt(as_text(cell))} is not a number from 0 to {_SESSIONS_MOST}: 1 is used.",
        )
    return 1


def _manager(reading: RowReading) -> str:
    typed = reading.short(FacilitatorColumn.MANAGER)
    address = email_address(typed) if typed else ""
    if address is None:
        reading.problem(FacilitatorColumn.MANAGER, f"{excerpt(typed)} is not an e-mail address: left empty.")
    return address or ""
