"""What we send to calendars is conformant: for a strict reader of our own, and for icalendar there and back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from factories.strict_calendar import problems
from jags.scheduling.render import CalendarEntry, FeedEntry, Mailbox, Method, calendar_text, feed_text

ENTRY = CalendarEntry(
    uid="0b6f2c1e@partnership.example.org",
    sequence=3,
    stamped_at=datetime(2027, 1, 4, 9, 30, tzinfo=UTC),
    reference="JAGS-2027-0042",
    wall_start=datetime.fromisoformat("2027-03-28 10:00"),
    minutes=120,
    location="Town Hall, Room 4; ring the bell",
    online_link="https://meet.example.org/abc?x=1&y=2",
    description="A reflective space.",
    organiser=Mailbox("Business Unit", "jags@partnership.example.org"),
    attendee=Mailbox("Åsa O’Neill", "asa@example.org"),
)
FEED = FeedEntry(
    "a@example.org",
    2,
    ENTRY.stamped_at,
    "JAGS-2027-0042",
    ENTRY.wall_start,
    ENTRY.wall_start + timedelta(hours=2),
)
# Everything that a person can type: quotes, commas, line ends, controls, letters of every length in octets.
texts = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=120)


@pytest.mark.parametrize("method", Method)
def test_an_entry_is_conformant_and_the_reader_sees_what_is_wrong(method):
    text = calendar_text(ENTRY, method)
    assert problems(text) == []
    # The reader is no yes-man: each of these breaks one rule.
    for before, after in (
        ("\r\n", "\n"),
        ("UID:", "X-UID:"),
        ("SEQUENCE:3", "SEQUENCE:three"),
        ("DTSTART;TZID=Europe/London:20270328", "DTSTART;TZID=Europe/Paris:20270328"),
        ("DTEND;TZID=Europe/London:20270328T120000", "DTEND;TZID=Europe/London:20270328T090000"),
        ("20270328T100000", "20270328T100000Z"),
        ("20270328T100000", "20270231T100000"),
        (r"Town Hall\, Room 4", "Town Hall, Room 4"),
        ("ATTENDEE;", "X-ATTENDEE;"),
        ("END:VTIMEZONE", "END:VEVENT"),
        ("ORGANIZER;", "ORGANIZER;\r\nORGANIZER;"),
        ("A reflective space.", "A reflective space." + "é" * 40),
        ("DTSTAMP:20270104T093000Z", "DTSTAMP:20270104T093000"),
    ):
        assert before in text, before
        assert problems(text.replace(before, after)) != [], before


@given(name=texts, place=texts, words=texts, reference=texts)
@settings(max_examples=60, deadline=None)
def test_whatever_people_type_the_entry_stays_conformant_and_comes_back_as_it_was(
    name, place, words, reference
):
    entry = replace(
        ENTRY,
        location=place,
        description=words,
        reference=reference,
        attendee=Mailbox(name, "asa@example.org"),
    )
    for method in Method:
        text = calendar_text(entry, method)
        assert problems(text) == []
        (event,) = Calendar.from_ical(text).events
        assert (event["UID"], event["SEQUENCE"]) == (ENTRY.uid, 3)
        assert event["ATTENDEE"] == "mailto:asa@example.org"
        # Control characters and line ends become spaces; all else comes back.
        assert str(event["DESCRIPTION"]) == plain(words)
        if plain(place):
            assert str(event["LOCATION"]) == plain(place)


def plain(text):
    kept = "".join(" " if ord(c) < 32 or c in "\x7f\x85\u2028\u2029" else c for c in text)
    runs, last = [], ""
    for before, after in zip(text, kept, strict=True):
        # A run of control characters is one space.
        if after != before and last == "control":
            continue
        last = "control" if after != before else ""
        runs.append(after)
    return "".join(runs).strip()


@pytest.mark.parametrize(
    "entries", [[FEED], [FEED, replace(FEED, uid="b@example.org", title="JAGS network, meeting; x")]]
)
def test_a_feed_is_conformant_and_comes_back(entries):
    text = feed_text(entries)
    assert problems(text) == []
    events = Calendar.from_ical(text).events
    assert [str(e["SUMMARY"]) for e in events] == [one.title for one in entries]
    assert {e.start.replace(tzinfo=None) for e in events} == {FEED.wall_start}


def test_an_empty_feed_still_reads_as_a_calendar():
    assert problems(feed_text([])) == []
