"""Words and rules of sessions: states, formats, attendance and keeping to the approach."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from jags.kernel.errors import Invalid


class SessionState(StrEnum):
    """Where a session stands."""

    SCHEDULED = "scheduled"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    DID_NOT_TAKE_PLACE = "did_not_take_place"


class SessionFormat(StrEnum):
    """Where people meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"


class Attendance(StrEnum):
    """How an agency took part."""

    PRESENT = "present"
    APOLOGIES = "apologies"
    # Invited to a session that was held before it was entered here, and nobody wrote down whether they came.
    NOT_RECORDED = "not_recorded"


class ApologyReason(StrEnum):
    """Why an agency was not there."""

    NOT_INVITED = "not_invited"
    INVITED_LATE = "invited_late"
    NO_CAPACITY = "no_capacity"
    DECLINED = "declined"
    CHANGED_WORKER = "changed_worker"
    NOT_RECORDED = "not_recorded"


# What somebody may say why they cannot come; whether they were invited at all, we know.
OWN_REASONS = (
    ApologyReason.NO_CAPACITY,
    ApologyReason.INVITED_LATE,
    ApologyReason.CHANGED_WORKER,
    ApologyReason.DECLINED,
)


class CalendarReply(StrEnum):
    """What a calendar answers to an entry; the names of RFC 5545, section 3.2.12."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class KeptToApproach(StrEnum):
    """Whether the session kept to the JAGS approach."""

    YES = "yes"
    MOSTLY = "mostly"
    NO = "no"


@dataclass(frozen=True)
class Place:
    """Where a session is held; sealed. The link is for participants only."""

    venue: str = ""
    online_link: str = ""
    arrangements: str = ""


@dataclass(frozen=True)
class Appointment:
    """When, for how long and where: `wall_start` is naive London time.

    `venue_id` is one of the places that are booked once at a time. `second_hour` says which hour is meant where the clocks go
    back; `unusual_day_ok` that a weekend or bank holiday is.
    """

    wall_start: datetime
    minutes: int
    format: SessionFormat
    place: Place
    venue_id: uuid.UUID | None = None
    second_hour: bool | None = None
    unusual_day_ok: bool = False


@dataclass(frozen=True)
class AccessNeeds:
    """What somebody needs so that they can take part, in their own words; sealed."""

    text: str = ""


@dataclass(frozen=True)
class Learning:
    """General learning from a session, about the process; sealed. Never statements, minutes or actions."""

    learning: str = ""


@dataclass(frozen=True)
class Named:
    """Facilitators of an imported session who are not in the pool; sealed."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgencyRow:
    """How one agency took part: known by its id, or as typed."""

    agency_id: uuid.UUID | None
    agency_typed: str
    attendance: Attendance
    reason: ApologyReason | None = None


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a facilitator's own feed; `wall_start` is naive London time. Neutral: no place, no people, no words."""

    uid: str
    sequence: int
    stamped_at: datetime
    title: str
    wall_start: datetime
    wall_end: datetime


# A session is not set further ahead than this.
FURTHEST_AHEAD = timedelta(days=366)
# The shortest and the longest length that may be recorded of a session, in minutes.
RECORDED_LEAST = 15
RECORDED_MOST = 480


def check_place(format_: SessionFormat, place: Place) -> None:
    """Raise `Invalid` at the field that needs another look when nobody could find the way to a place."""
    if format_ is not SessionFormat.ONLINE and not place.venue:
        raise Invalid("Enter where people meet.", field="venue")
    if format_ is not SessionFormat.IN_PERSON and not place.online_link:
        raise Invalid("Enter the address of the online meeting.", field="online_link")
    if place.online_link and not _is_web_address(place.online_link):
        raise Invalid("Enter an address that begins with https://.", field="online_link")


def _is_web_address(text: str) -> bool:
    if any(c.isspace() for c in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def title(reference: str) -> str:
    """Return the neutral title of a session: its reference and "JAGS", which a reference mostly carries already."""
    return reference if reference.startswith("JAGS") else f"JAGS {reference}".strip()


def size_warning(people: int, *, least: int, most: int) -> str:
    """Return what to bear in mind about the number of participants; empty when it is comfortable.

    The coordinator is warned, not stopped (docs/glossary.md, "session").
    """
    if people < least:
        return f"{_people(people)} may be too few: a session works best with {least} to {most}."
    if people > most:
        return f"{_people(people)} may be too many: a session works best with {least} to {most}."
    return ""


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
