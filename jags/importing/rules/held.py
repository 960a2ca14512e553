"""Sessions that were held before: what is asked of each, what of it is missing, and what comes together from two tellings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from jags.accounts.rules import spelling
from jags.importing.rules.form import NamedAgency
from jags.requests.rules import AgeBand, AskedBy, TransitionalFeature
from jags.scheduling.rules import AgencyRow, ApologyReason, Attendance, SessionFormat

FACILITATORS = 2


class SessionColumn(StrEnum):
    """The headings of the template."""

    NUMBER = "Your number"
    RECEIVED = "Date received"
    HELD = "Date held"
    AGENCY = "Agency that asked"
    LOCALITY = "Locality"
    AGE = "Age bands"
    TRANSITIONAL = "Transitional safeguarding"
    FEATURES = "What features"
    ASKED_BY = "How they asked"
    FACILITATOR_1 = "Facilitator 1"
    FACILITATOR_2 = "Facilitator 2"
    INVITED = "Agencies invited"
    ATTENDED = "Agencies that came"
    APOLOGIES = "Agencies that did not come, and why"
    FORMAT = "Format"
    MINUTES = "Length in minutes"


class Gap(StrEnum):
    """What may be missing of a session that was held before."""

    RECEIVED = "received"
    AGENCY = "agency"
    LOCALITY = "locality"
    AGE_BANDS = "age_bands"
    TRANSITIONAL = "transitional"
    FEATURES = "features"
    ASKED_BY = "asked_by"
    FACILITATORS = "facilitators"
    SECOND_FACILITATOR = "second_facilitator"
    AGENCIES = "agencies"
    ATTENDANCE = "attendance"
    REASONS = "reasons"
    FORMAT = "format"
    MINUTES = "minutes"


GAP_WORDS: Mapping[Gap, str] = {
    Gap.RECEIVED: "when the request was received",
    Gap.AGENCY: "which agency asked",
    Gap.LOCALITY: "the locality",
    Gap.AGE_BANDS: "the age bands",
    Gap.TRANSITIONAL: "whether transitional safeguarding features",
    Gap.FEATURES: "what features of transitional safeguarding",
    Gap.ASKED_BY: "how they asked",
    Gap.FACILITATORS: "both facilitators",
    Gap.SECOND_FACILITATOR: "the second facilitator",
    Gap.AGENCIES: "which agencies came",
    Gap.ATTENDANCE: "whether every agency that was invited came",
    Gap.REASONS: "why an agency did not come",
    Gap.FORMAT: "the format",
    Gap.MINUTES: "how long it lasted",
}


@dataclass(frozen=True)
class NamedFacilitator:
    """A facilitator of the pool, or a name as typed."""

    person_id: UUID | None
    name: str = ""


@dataclass(frozen=True)
class HeldEntry:
    """A session that was held, as somebody tells it; None and empty mean not recorded, never zero."""

    held_on: date
    number: str = ""
    received_on: date | None = None
    agency: NamedAgency | None = None
    locality: str | None = None
    age_bands: frozenset[AgeBand] = frozenset()
    transitional: bool | None = None
    features: frozenset[TransitionalFeature] = frozenset()
    asked_by: AskedBy | None = None
    facilitators: tuple[NamedFacilitator, ...] = ()
    agencies: tuple[AgencyRow, ...] = ()
    format: SessionFormat | None = None
    minutes: int | None = None


def gaps_of(entry: HeldEntry) -> tuple[Gap, ...]:
    """Return what is missing of a session, in the order in which it is asked."""
    attended = {row.attendance for row in entry.agencies}
    missing = {
        Gap.RECEIVED: entry.received_on is None,
        Gap.AGENCY: entry.agency is None,
        Gap.LOCALITY: entry.locality is None,
        Gap.AGE_BANDS: not entry.age_bands,
        Gap.TRANSITIONAL: entry.transitional is None,
        Gap.FEATURES: entry.transitional is True and not entry.features,
        Gap.ASKED_BY: entry.asked_by is None,
        Gap.FACILITATORS: not entry.facilitators,
        Gap.SECOND_FACILITATOR: 0 < len(entry.facilitators) < FACILITATORS,
        Gap.AGENCIES: Attendance.PRESENT not in attended,
        Gap.ATTENDANCE: Attendance.NOT_RECORDED in attended,
        Gap.REASONS: any(
            row.attendance is Attendance.APOLOGIES and row.reason in {None, ApologyReason.NOT_RECORDED}
            for row in entry.agencies
        ),
        Gap.FORMAT: entry.format is None,
        Gap.MINUTES: entry.minutes is None,
    }
    return tuple(gap for gap, is_missing in missing.items() if is_missing)


# What two tellings of one session are compared by: the column, the field, and what is compared of it.
_FIELDS: tuple[tuple[SessionColumn, str], ...] = (
    (SessionColumn.NUMBER, "number"),
    (SessionColumn.RECEIVED, "received_on"),
    (SessionColumn.HELD, "held_on"),
    (SessionColumn.AGENCY, "agency"),
    (SessionColumn.LOCALITY, "locality"),
    (SessionColumn.AGE, "age_bands"),
    (SessionColumn.TRANSITIONAL, "transitional"),
    (SessionColumn.FEATURES, "features"),
    (SessionColumn.ASKED_BY, "asked_by"),
    (SessionColumn.FORMAT, "format"),
    (SessionColumn.MINUTES, "minutes"),
)


def together(here: HeldEntry, told: HeldEntry) -> tuple[HeldEntry, tuple[SessionColumn, ...]]:
    """Return what stands here with its gaps filled from another telling, and the columns in which the two differ.

    Nothing that stands here is replaced.
    """
    filled: dict[str, Any] = {}
    different: list[SessionColumn] = []
    for column, name in _FIELDS:
        stands, says = getattr(here, name), getattr(told, name)
        if says in (None, "", frozenset()) or says == stands:
            continue
        if stands in (None, "", frozenset()):
            filled[name] = says
        else:
            different.append(column)
    known = {_person(one) for one in here.facilitators}
    facilitators = (*here.facilitators, *(one for one in told.facilitators if _person(one) not in known))
    too_many = len(facilitators) > FACILITATORS
    agencies, otherwise = _agencies(here.agencies, told.agencies)
    different += [SessionColumn.FACILITATOR_1] * too_many + [SessionColumn.ATTENDED] * otherwise
    features = filled.pop("features", here.features)
    joined = replace(
        here, **filled, facilitators=here.facilitators if too_many else facilitators, agencies=agencies
    )
    return replace(joined, features=features if joined.transitional else frozenset()), tuple(different)


def agency_key(row: AgencyRow) -> str:
    """Return what two tellings of one agency have in common."""
    return str(row.agency_id or spelling(row.agency_typed))


def _person(one: NamedFacilitator) -> object:
    return one.person_id or spelling(one.name)


def _agencies(here: tuple[AgencyRow, ...], told: tuple[AgencyRow, ...]) -> tuple[tuple[AgencyRow, ...], bool]:
    """Join two lists of agencies; return also whether they say different things of one."""
    rows = {agency_key(row): row for row in here}
    differ = False
    for row in told:
        stands = rows.get(agency_key(row))
        if stands is None or stands.attendance is Attendance.NOT_RECORDED:
            rows[agency_key(row)] = row
        elif row.attendance is Attendance.NOT_RECORDED:
            continue
        elif stands.attendance is not row.attendance:
            differ = True
        elif stands.reason in {None, ApologyReason.NOT_RECORDED}:
            rows[agency_key(row)] = row
        else:
            differ = differ or row.reason not in {stands.reason, None, ApologyReason.NOT_RECORDED}
    return tuple(rows.values()), differ
