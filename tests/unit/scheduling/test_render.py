"""Calendar entries as other programs read them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from jags.kernel.time import from_wall
from jags.scheduling.render import (
    CalendarEntry,
    Mailbox,
    Method,
    calendar_text,
    place_in_words,
    title,
    when_in_words,
)
from jags.scheduling.rules import Place, SessionFormat

ENTRY = CalendarEntry(
    uid="0b6f2c1e@partnership.example.org",
    sequence=3,
    stamped_at=datetime(2027, 1, 4, 9, 30, tzinfo=UTC),
    reference="JAGS-2027-0042",
    wall_start=datetime.fromisoformat("2027-03-29 10:00"),
    minutes=120,
    location="Town Hall, Room 4; ring the bell",
    online_link="https://meet.example.org/abc?x=1&y=2",
    description="A reflective space.",
    organiser=Mailbox("Business Unit", "jags@partnership.example.org"),
    attendee=Mailbox("Åsa O’Neill", "asa@example.org"),
)


def parsed(text: str) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(text)
    return calendar, calendar.events[0]


def test_entry_round_trips_with_wall_time_zone_and_sequence() -> None:
    calendar, event = parsed(calendar_text(ENTRY, Method.REQUEST))

    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (ENTRY.uid, 3, "CONFIRMED")
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.start.replace(tzinfo=None) == ENTRY.wall_start
    assert event.end - event.start == timedelta(hours=2)
    assert event["DTSTAMP"].dt == ENTRY.stamped_at
    assert event["SUMMARY"] == "JAGS-2027-0042"
    assert event["LOCATION"] == ENTRY.location
    assert event["URL"] == ENTRY.online_link
    assert event["ORGANIZER"] == "mailto:jags@partnership.example.org"
    assert event["ATTENDEE"] == "mailto:asa@example.org"
    assert event["ATTENDEE"].params["CN"] == "Åsa O’Neill"


def test_cancellation_keeps_the_uid_and_says_cancelled() -> None:
    calendar, event = parsed(calendar_text(replace(ENTRY, sequence=4), Method.CANCEL))

    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == (ENTRY.uid, 4)


def test_lines_fold_at_75_octets_and_never_inside_a_character() -> None:
    text = calendar_text(
        replace(
            ENTRY, location="é" * 200, description="😀" * 90, attendee=Mailbox("ŵ" * 150, "a@example.org")
        ),
        Method.REQUEST,
    )

    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
    assert b"\n" not in text.encode().replace(b"\r\n", b"")
    _, event = parsed(text)
    assert (event["LOCATION"], event["DESCRIPTION"]) == ("é" * 200, "😀" * 90)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_line_breaks_in_names_and_places_begin_no_property(break_: str) -> None:
    evil = f"Hall{break_}ATTENDEE:mailto:evil@example.org"
    text = calendar_text(
        replace(
            ENTRY,
            uid=f"u{break_}X-EVIL:1",
            reference=evil,
            location=evil,
            description=evil,
            online_link=f"https://example.org/{break_}X-EVIL:1",
            attendee=Mailbox(f'Ann "Q"{break_}X-EVIL:1;', f"a@example.org{break_}X-EVIL:1"),
        ),
        Method.REQUEST,
    )

    names = [line.partition(":")[0].partition(";")[0] for line in text.replace("\r\n ", "").split("\r\n")]
    assert names.count("ATTENDEE") == 1
    assert not [name for name in names if name.startswith("X-")]
    assert not [line for line in text.split("\r\n") if set(line) & {"\n", "\r", "\u2028", "\x85"}]


@pytest.mark.parametrize(
    ("wall", "hours"),
    [
        (datetime.fromisoformat("2027-03-27 14:00"), 0),
        (datetime.fromisoformat("2027-03-28 14:00"), 1),
        (datetime.fromisoformat("2027-10-30 14:00"), 1),
        (datetime.fromisoformat("2027-10-31 14:00"), 0),
    ],
)
def test_wall_time_means_the_same_instant_on_both_sides_of_both_clock_changes(
    wall: datetime, hours: int
) -> None:
    text = calendar_text(replace(ENTRY, wall_start=wall), Method.REQUEST)
    calendar, event = parsed(text)

    assert event["DTSTART"].to_ical() == f"2027{wall:%m%d}T140000".encode()
    assert event.start.astimezone(UTC) == from_wall(wall)
    # The rules that travel with the entry say the same as our own zone.
    travelled = calendar.timezones[0].to_tz(lookup_tzid=False)
    assert wall.replace(tzinfo=travelled).utcoffset() == timedelta(hours=hours)


def test_title_does_not_double_the_word() -> None:
    assert title("JAGS-2026-0042") == "JAGS-2026-0042"
    assert title("2025/17") == "JAGS 2025/17"


def test_when_and_where_in_words() -> None:
    assert (
        when_in_words(datetime.fromisoformat("2026-03-03 11:30"), 120)
        == "Tuesday 3 March 2026, 11:30am to 1:30pm (London time)"
    )
    place = Place(venue="Town Hall", online_link="https://secret.example.org")
    assert place_in_words(SessionFormat.IN_PERSON, place) == "Town Hall"
    for format_ in SessionFormat:
        assert "secret" not in place_in_words(format_, place)


def test_who_gave_no_name_is_known_to_the_calendar_by_address() -> None:
    _, event = parsed(calendar_text(replace(ENTRY, attendee=Mailbox("", "asa@example.org")), Method.REQUEST))
    assert "CN" not in event["ATTENDEE"].params
    assert str(event["ATTENDEE"]) == "mailto:asa@example.org"
