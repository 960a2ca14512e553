"""Read iCalendar text as strictly as RFC 5545 is written, and say what is wrong with it; written from the RFC alone."""

import re
from dataclasses import dataclass, field
from datetime import datetime

# Section 3.1: a content line is a name, parameters and a value; a value of a parameter is bare or quoted.
_NAME = r"[A-Za-z0-9-]+"
_BARE = r'[^\x00-\x08\x0a-\x1f\x7f";:,]*'
_QUOTED = r'"[^\x00-\x08\x0a-\x1f\x7f"]*"'
_PARAMETER = re.compile(rf";({_NAME})=((?:{_QUOTED}|{_BARE})(?:,(?:{_QUOTED}|{_BARE}))*)")
_LINE = re.compile(
    rf"({_NAME})((?:;{_NAME}=(?:{_QUOTED}|{_BARE})(?:,(?:{_QUOTED}|{_BARE}))*)*):(.*)", re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# Section 3.3.11: what may follow a backslash in a text; a comma or semicolon stands only after one.
_TEXT = re.compile(r"(?:\\[\\;,Nn]|[^\\;,])*")
_LOCAL, _UTC = re.compile(r"\d{8}T\d{6}"), re.compile(r"\d{8}T\d{6}Z")
_OFFSET = re.compile(r"[+-](?!0000)\d{4}(?:\d{2})?|\+0000")
_ADDRESS = re.compile(r"mailto:[^\s@,;]+@[^\s@,;]+", re.IGNORECASE)
_SHAPES = {
    "DTSTAMP": _UTC,
    "TZOFFSETFROM": _OFFSET,
    "TZOFFSETTO": _OFFSET,
    "SEQUENCE": re.compile(r"\d+"),
    "ORGANIZER": _ADDRESS,
    "ATTENDEE": _ADDRESS,
    "URL": re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+"),
    "REFRESH-INTERVAL": re.compile(r"[+-]?P(?:\d+W|(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)"),
    "RRULE": re.compile(r"FREQ=YEARLY(;(BYMONTH=\d+|BYDAY=-?\d(MO|TU|WE|TH|FR|SA|SU)))+"),
}
_TEXTS = frozenset(
    {
        "PRODID",
        "VERSION",
        "CALSCALE",
        "METHOD",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "UID",
        "STATUS",
        "TRANSP",
        "CLASS",
        "TZID",
        "TZNAME",
    }
)
_WORDS = {
    "STATUS": {"CONFIRMED", "CANCELLED", "TENTATIVE"},
    "TRANSP": {"OPAQUE", "TRANSPARENT"},
    "CLASS": {"PUBLIC", "PRIVATE", "CONFIDENTIAL"},
    "VERSION": {"2.0"},
    "CALSCALE": {"GREGORIAN"},
    "METHOD": {"REQUEST", "CANCEL", "PUBLISH"},
}
# Section 3.6: what each component has exactly once, and what at most once.
_ONCE = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}
_AT_MOST_ONCE = {
    "VCALENDAR": {"CALSCALE", "METHOD"},
    "VEVENT": {
        "CLASS",
        "DESCRIPTION",
        "LOCATION",
        "ORGANIZER",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "TRANSP",
        "URL",
        "DTEND",
        "DURATION",
    },
}
_WITHIN = {
    "VCALENDAR": {""},
    "VEVENT": {"VCALENDAR"},
    "VTIMEZONE": {"VCALENDAR"},
    "STANDARD": {"VTIMEZONE"},
    "DAYLIGHT": {"VTIMEZONE"},
}


@dataclass
class Property:
    """One content line, unfolded."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    """One component with its properties and what is in it."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [one for one in self.properties if one.name == name]

    def value(self, name: str) -> str:
        (one,) = self.all(name)
        return one.value


def problems(text: str) -> list[str]:
    """Return what is wrong with a calendar, by the rules of RFC 5545 and those of RFC 5546 for its method."""
    found: list[str] = []
    calendar = _read(text, found)
    if calendar is None:
        return found
    _check_component(calendar, found)
    zones = {part.value("TZID") for part in calendar.parts if part.name == "VTIMEZONE" and part.all("TZID")}
    for event in (part for part in calendar.parts if part.name == "VEVENT"):
        _check_event(event, zones, found)
        _check_method(calendar, event, found)
    return found


def _read(text: str, found: list[str]) -> Component | None:
    tree = _Tree(found)
    for line in _content_lines(text.encode("utf-8"), found):
        one = _property(line, found)
        if one is not None:
            tree.take(one)
    if tree.open:
        found.append(f"{tree.open[-1].name} does not end")
    return tree.whole


def _content_lines(data: bytes, found: list[str]) -> list[str]:
    """Return the unfolded lines (section 3.1)."""
    if not data.endswith(b"\r\n"):
        found.append("the last line does not end")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        found.append("a line ends otherwise than with CR and LF")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        if len(line) > 75:
            found.append(f"a line of {len(line)} octets")
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            found.append("a line is folded inside a character")
    return re.sub("\r\n[ \t]", "", data.decode("utf-8").removesuffix("\r\n")).split("\r\n")


class _Tree:
    """The components, as they open and close."""

    def __init__(self, found: list[str]) -> None:
        self.found, self.whole = found, None
        self.open: list[Component] = []

    def take(self, one: Property) -> None:
        if one.name == "BEGIN":
            self._begin(Component(one.value))
        elif one.name == "END":
            if not self.open or self.open.pop().name != one.value:
                self.found.append(f"{one.value} ends and was not open")
        elif self.open:
            self.open[-1].properties.append(one)
        else:
            self.found.append(f"{one.name} stands outside")

    def _begin(self, part: Component) -> None:
        inside = self.open[-1].name if self.open else ""
        if inside not in _WITHIN.get(part.name, set()) or (not inside and self.whole):
            self.found.append(f"{part.name} stands in {inside or 'nothing'}")
        if self.open:
            self.open[-1].parts.append(part)
        self.open.append(part)
        self.whole = self.whole or part


def _property(line: str, found: list[str]) -> Property | None:
    match = _LINE.fullmatch(line)
    if match is None:
        found.append(f"no content line: {line[:60]}")
        return None
    if _CONTROL.search(match[3]):
        found.append(f"a control character in {match[1]}")
    parameters = {name.upper(): value for name, value in _PARAMETER.findall(match[2])}
    return Property(match[1].upper(), parameters, match[3])


def _check_component(part: Component, found: list[str]) -> None:
    found += [
        f"{part.name} has {len(part.all(name))} {name}"
        for name in _ONCE.get(part.name, set())
        if len(part.all(name)) != 1
    ]
    found += [
        f"{part.name} has several {name}"
        for name in _AT_MOST_ONCE.get(part.name, set())
        if len(part.all(name)) > 1
    ]
    for one in part.properties:
        _check_value(one, found)
    if part.name == "VTIMEZONE" and not part.parts:
        found.append("a zone without rules")
    if part.name == "VCALENDAR" and not part.parts:
        found.append("a calendar with nothing in it")
    for inner in part.parts:
        _check_component(inner, found)


def _check_value(one: Property, found: list[str]) -> None:
    name, value = one.name, one.value
    if name in _TEXTS:
        fine = _TEXT.fullmatch(value) is not None and value in _WORDS.get(name, {value})
    elif name in {"DTSTART", "DTEND"}:
        fine = _is_time(value, with_zone="TZID" in one.parameters)
    elif name in _SHAPES:
        fine = _SHAPES[name].fullmatch(value) is not None
    else:
        fine = name.startswith("X-")
    if name == "REFRESH-INTERVAL" and one.parameters.get("VALUE") != "DURATION":
        fine = False
    if not fine:
        found.append(f"{name} has the value {value[:60]!r}, or is not known")


def _is_time(value: str, *, with_zone: bool) -> bool:
    # A form with both a zone and UTC is forbidden (section 3.3.5).
    if not (_LOCAL.fullmatch(value) or (_UTC.fullmatch(value) and not with_zone)):
        return False
    try:
        datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - A wall time.
    except ValueError:
        return False
    return True


def _check_event(event: Component, zones: set[str], found: list[str]) -> None:
    if event.all("DTEND") and event.all("DURATION"):
        found.append("an event has an end and a duration")
    for name in ("DTSTART", "DTEND"):
        for one in event.all(name):
            zone = one.parameters.get("TZID", "").strip('"')
            if zone and zone not in zones:
                found.append(f"{name} is of the zone {zone}, which is not there")
    if event.all("DTEND") and event.value("DTEND") <= event.value("DTSTART"):
        found.append("an event ends before it begins")


def _check_method(calendar: Component, event: Component, found: list[str]) -> None:
    """Hold an event against RFC 5546: section 3.2.1 for PUBLISH, 3.2.2 for REQUEST, 3.2.5 for CANCEL."""
    method = calendar.value("METHOD") if calendar.all("METHOD") else ""
    if method in {"REQUEST", "CANCEL"}:
        if len(event.all("ORGANIZER")) != 1:
            found.append(f"{method} without its one organiser")
        if len(event.all("ATTENDEE")) != 1:
            found.append(f"{method} without its one attendee")
        if not event.all("SEQUENCE"):
            found.append(f"{method} without a sequence")
    if method in {"REQUEST", "PUBLISH"} and not event.all("SUMMARY"):
        found.append(f"{method} without a summary")
    if method == "PUBLISH" and event.all("ATTENDEE"):
        found.append("PUBLISH with an attendee")
    if method == "CANCEL" and event.value("STATUS") != "CANCELLED":
        found.append("CANCEL of what is not cancelled")
