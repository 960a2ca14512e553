"""Write calendar entries as iCalendar text, and say when and where in words; pure.

One UID for the life of a session, a rising SEQUENCE, wall time with its zone, one attendee a message (docs/architecture.md, "Mail").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from jags.kernel.time import day_in_words, time_in_words
from jags.scheduling.rules import FeedEntry, Place, SessionFormat, title

if TYPE_CHECKING:
    from icalendar import Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

# The functions that write an entry import icalendar themselves: it loads slowly, and few pages write one.
_PRODUCT = "-//JAGS//Joint Agency Group Supervision//EN"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_HOUR = timedelta(hours=1)


class Method(StrEnum):
    """What a calendar does with an entry."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Mailbox:
    """A name and an address in a calendar entry."""

    name: str
    email: str


@dataclass(frozen=True)
class CalendarEntry:
    """One entry in one person's calendar; `wall_start` is naive London time, `minutes` its length."""

    uid: str
    sequence: int
    stamped_at: datetime
    reference: str
    wall_start: datetime
    minutes: int
    location: str
    online_link: str
    description: str
    organiser: Mailbox
    attendee: Mailbox


def calendar_text(entry: CalendarEntry, method: Method) -> str:
    """Return the iCalendar text of an entry, folded at 75 octets, with CRLF line ends."""
    from icalendar import Calendar  # noqa: PLC0415 - See above.

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(_london())
    calendar.add_component(_event(entry, cancelled=method is Method.CANCEL))
    return str(calendar.to_ical().decode("utf-8"))


def feed_text(entries: Iterable[FeedEntry]) -> str:
    """Return a facilitator's feed as iCalendar text: what a calendar subscribes to, read again every few hours."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - See above.

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "JAGS")
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    calendar.add_component(_london())
    for entry in entries:
        event = Event()
        event.add("uid", _line(entry.uid))
        event.add("sequence", entry.sequence)
        event.add("dtstamp", entry.stamped_at.astimezone(UTC))
        event.add("dtstart", entry.wall_start, parameters={"TZID": "Europe/London"})
        event.add("dtend", entry.wall_end, parameters={"TZID": "Europe/London"})
        event.add("summary", _line(entry.title))
        event.add("status", "CONFIRMED")
        event.add("transp", "OPAQUE")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return str(calendar.to_ical().decode("utf-8"))


def when_in_words(wall_start: datetime, minutes: int) -> str:
    """Return a naive wall time and a length as "Tuesday 3 March 2026, 2:30pm to 4:30pm (London time)"."""
    end = wall_start + timedelta(minutes=minutes)
    return f"{day_in_words(wall_start)}, {time_in_words(wall_start)} to {time_in_words(end)} (London time)"


def place_in_words(format_: SessionFormat | None, place: Place) -> str:
    """Return where people meet, without the online address, which is for participants only."""
    online = "online: the address is in the calendar entry and on the page below"
    if format_ is SessionFormat.ONLINE:
        return online.capitalize()
    if format_ is SessionFormat.BOTH:
        return f"{place.venue}, or {online}"
    return place.venue or "The Business Unit will tell you the place"


def _event(entry: CalendarEntry, *, cancelled: bool) -> "Event":
    from icalendar import Event, vUri  # noqa: PLC0415 - See above.

    event = Event()
    event.add("uid", _line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    # A naive time with the zone's name is the wall time itself, whatever becomes of the zone's rules.
    event.add("dtstart", entry.wall_start, parameters={"TZID": "Europe/London"})
    event.add(
        "dtend", entry.wall_start + timedelta(minutes=entry.minutes), parameters={"TZID": "Europe/London"}
    )
    event.add("summary", _line(title(entry.reference)))
    event.add("description", _line(entry.description))
    if entry.location:
        event.add("location", _line(entry.location))
    if entry.online_link:
        event.add("url", vUri(_line(entry.online_link)))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("organizer", _address(entry.organiser))
    attendee = _address(entry.attendee)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    if not cancelled:
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
        attendee.params["RSVP"] = "TRUE"
    event.add("attendee", attendee)
    return event


def _address(mailbox: Mailbox) -> "vCalAddress":
    from icalendar import vCalAddress  # noqa: PLC0415 - See above.

    address = vCalAddress("mailto:" + re.sub(r"\s", "", _line(mailbox.email)))
    # An empty name would be shown instead of the address.
    if mailbox.name:
        address.params["CN"] = _line(mailbox.name)
    return address


def _line(text: str) -> str:
    """Return a text on one line: a line break in a name or a place never begins a line of the calendar."""
    return _CONTROL.sub(" ", text).strip()


def _london() -> "Timezone":
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415 - See above.

    zone = Timezone()
    zone.add("tzid", "Europe/London")
    summer = TimezoneDaylight()
    _rule(summer, name="BST", starts=datetime(1981, 3, 29, 1), month=3, before=timedelta(0), after=_HOUR)  # noqa: DTZ001 - a rule of a zone is wall time.
    winter = TimezoneStandard()
    _rule(winter, name="GMT", starts=datetime(1996, 10, 27, 2), month=10, before=_HOUR, after=timedelta(0))  # noqa: DTZ001 - the same.
    zone.add_component(summer)
    zone.add_component(winter)
    return zone


def _rule(
    part: "TimezoneDaylight | TimezoneStandard",
    *,
    name: str,
    starts: datetime,
    month: int,
    before: timedelta,
    after: timedelta,
) -> None:
    part.add("tzname", name)
    part.add("dtstart", starts)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
