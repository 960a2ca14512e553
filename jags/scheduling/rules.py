"""Words and rules of sessions: states, formats, attendance and keeping to the approach."""

import uuid
from dataclasses import dataclass
from datetime import time, timedelta
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


# A session begins within these wall times in London, both included, and not further ahead than this.
EARLIEST_START = time(8)
LATEST_START = time(20)
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
