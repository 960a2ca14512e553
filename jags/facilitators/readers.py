"""Read from the text of a calendar when its owner is busy, and nothing else of it; pure.

Titles, descriptions, places and people are dropped line by line before anything is parsed, so that they reach no library,
no error and no result. Recurrence is that of RFC 5545; a floating time, and one whose zone nobody knows, is London's.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from jags.facilitators.rules import Span, merged
from jags.facilitators.rules.calendar import CalendarNotRead, CalendarProblem, Reading
from jags.kernel.time import LONDON, start_of_day

if TYPE_CHECKING:
    from icalendar import Calendar, Component

# More entries are no diary of one person.
ENTRIES_MOST = 20_000

_KEPT_LINES = frozenset(
    {
        "CALSCALE",
        "DTEND",
        "DTSTART",
        "DURATION",
        "EXDATE",
        "FREEBUSY",
        "RDATE",
        "RECURRENCE-ID",
        "RRULE",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "TZID",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "UID",
        "X-MICROSOFT-CDO-BUSYSTATUS",
    }
)
_KEPT_PARTS = frozenset({"VCALENDAR", "VEVENT", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT"})
# Lines without which an entry says something else than was meant.
_NEEDED = frozenset({"DTSTART", "DTEND", "DURATION", "EXDATE", "RDATE", "RECURRENCE-ID", "RRULE"})
_FOLD = re.compile(r"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_DAY = timedelta(days=1)
_NOT_BUSY = frozenset({"FREE", "WORKINGELSEWHERE"})


def busy_times(content: bytes, *, starts_at: datetime, ends_at: datetime) -> Reading:
    """Return when the owner of a calendar is busy between two aware instants, in order, without overlaps.

    Entries that are cancelled, or that their owner shows as free, count for nothing; an entry that cannot be understood is
    left out and counted. Raises `CalendarNotRead` for what is no calendar, or has too many entries.
    """
    from icalendar import Calendar  # noqa: PLC0415 - It loads slowly, and only a reading needs it.

    window = Span(starts_at, ends_at)
    text = "\r\n".join(_without_past(_wanted_lines(content), window)) + "\r\n"
    try:
        calendar = Calendar.from_ical(text)
    except Exception:  # noqa: BLE001 - Whatever a broken file does to the library, it is a file that cannot be read.
        raise CalendarNotRead(CalendarProblem.NOT_A_CALENDAR) from None
    spans, left_out = _of_series(calendar, window)
    for part in calendar.walk("VFREEBUSY"):
        spans += _of_free_busy(part)
    inside = (Span(max(one.starts_at, starts_at), min(one.ends_at, ends_at)) for one in spans)
    return Reading(tuple(merged(one for one in inside if one.starts_at < one.ends_at)), left_out)


def _wanted_lines(content: bytes) -> list[str]:
    """Return the lines that say when something is, without those that say what it is."""
    text = _FOLD.sub("", content.decode("utf-8-sig", errors="replace"))
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise CalendarNotRead(CalendarProblem.NOT_A_CALENDAR)
    kept: list[str] = []
    # Inside a part that is not wanted, how deep.
    depth = entries = 0
    for line in text.splitlines():
        found = _NAME.match(line)
        name = found[0].upper() if found else ""
        if name in {"BEGIN", "END"}:
            part = line.partition(":")[2].strip().upper()
            step = 1 if name == "BEGIN" else -1
            if depth or part not in _KEPT_PARTS:
                depth = max(0, depth + step)
                continue
            kept.append(f"{name}:{part}")
            entries += name == "BEGIN" and part == "VEVENT"
        elif not depth and name in _KEPT_LINES:
            kept.append(line)
        if entries > ENTRIES_MOST:
            raise CalendarNotRead(CalendarProblem.TOO_LARGE)
    return kept


def _without_past(lines: list[str], window: Span) -> Iterator[str]:
    """Leave out entries that happened once and are over: most of a calendar that somebody has kept for years."""
    over = f"{window.starts_at - 2 * _DAY:%Y%m%d}"
    entry: list[str] = []
    for line in lines:
        if not entry and line != "BEGIN:VEVENT":
            yield line
            continue
        entry.append(line)
        if line == "END:VEVENT":
            names = {one.partition(":")[0].partition(";")[0].upper() for one in entry}
            end = next((one.rpartition(":")[2] for one in entry if one.upper().startswith("DTEND")), over)
            if names & {"RRULE", "RDATE", "RECURRENCE-ID"} or not end[:8].isdigit() or end[:8] >= over:
                yield from entry
            entry = []
    yield from entry


def _of_series(calendar: "Calendar", window: Span) -> tuple[list[Span], int]:
    """Return when the entries happen, series by series, so that a broken one costs no other; and how many were broken."""
    series: defaultdict[str, list[Component]] = defaultdict(list)
    for number, entry in enumerate(calendar.walk("VEVENT")):
        series[str(entry.get("UID") or f"entry {number}")].append(entry)
    spans: list[Span] = []
    left_out = 0
    for entries in series.values():
        try:
            spans += _occurrences(entries, window)
        except Exception:  # noqa: BLE001 - As above: it is left out, and the page says so.
            left_out += 1
    return spans, left_out


def _occurrences(entries: "list[Component]", window: Span) -> list[Span]:
    from icalendar import Calendar  # noqa: PLC0415 - See above.
    from recurring_ical_events import of  # noqa: PLC0415 - The same.

    if any(name in _NEEDED for entry in entries for name, _problem in entry.errors):
        raise ValueError
    alone = Calendar()
    for entry in entries:
        alone.add_component(entry)
    # A day more on either side: floating and all-day entries are compared without a zone.
    found = of(alone).between(window.starts_at - _DAY, window.ends_at + _DAY)
    return [_span(one["DTSTART"].dt, one["DTEND"].dt) for one in found if _takes_time(one)]


def _takes_time(entry: "Component") -> bool:
    return (
        str(entry.get("STATUS", "")).upper() != "CANCELLED"
        and str(entry.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(entry.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() not in _NOT_BUSY
    )


def _of_free_busy(part: Any) -> list[Span]:
    periods = part.get("FREEBUSY", [])
    return [
        _span(period.start, period.end)
        for period in (periods if isinstance(periods, list) else [periods])
        if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE"
    ]


def _span(start: date, end: date) -> Span:
    return Span(_instant(start), _instant(end))


def _instant(value: date) -> datetime:
    """Return the instant of a time of a calendar: a date is the first of its day in London, a time without a zone is London's."""
    if not isinstance(value, datetime):
        return start_of_day(value)
    return (value if value.tzinfo else value.replace(tzinfo=LONDON)).astimezone(UTC)
