"""When a calendar says that its owner is busy: recurrences, clock changes, zones, and what counts for nothing."""

from datetime import UTC, datetime

import pytest

from jags.facilitators import readers
from jags.facilitators.readers import busy_times
from jags.facilitators.rules.calendar import CalendarNotRead, CalendarProblem

# Three weeks around the clock change of 28 March 2027.
STARTS, ENDS = datetime(2027, 3, 22, tzinfo=UTC), datetime(2027, 4, 12, tzinfo=UTC)
NINE_WEEKLY = "DTSTART;TZID=Europe/London:20270322T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
AN_HOUR = "DTSTART:20270329T090000Z\nDURATION:PT1H"
CUSTOM_ZONE = """BEGIN:VTIMEZONE
TZID:Customised
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0500
TZOFFSETTO:+0500
END:STANDARD
END:VTIMEZONE
"""


def calendar(*entries, extra=""):
    inside = "".join(f"BEGIN:VEVENT\nSUMMARY:Secret\n{entry}\nEND:VEVENT\n" for entry in entries)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{extra}{inside}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*entries, extra=""):
    """Return the busy times in UTC, as 29 09:00-10:00, and how many entries were left out."""
    found = busy_times(calendar(*entries, extra=extra), starts_at=STARTS, ends_at=ENDS)
    return [f"{one.starts_at:%m-%d %H:%M} {one.ends_at:%m-%d %H:%M}" for one in found.busy], found.left_out


@pytest.mark.parametrize(
    ("entries", "busy"),
    [
        # Nine o'clock stays nine o'clock in London when the clocks go forward.
        ([NINE_WEEKLY], ["03-22 09:00 03-22 10:00", "03-29 08:00 03-29 09:00", "04-05 08:00 04-05 09:00"]),
        # The same without a zone: a floating time is London's.
        (
            ["DTSTART:20270322T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"],
            ["03-22 09:00 03-22 10:00", "03-29 08:00 03-29 09:00"],
        ),
        # Zones without a definition: a name of Windows, another place, and one that nobody knows.
        (
            ["DTSTART;TZID=GMT Standard Time:20270329T090000\nDURATION:PT1H"],
            ["03-29 08:00 03-29 09:00"],
        ),
        (["DTSTART;TZID=Europe/Paris:20270329T090000\nDURATION:PT1H"], ["03-29 07:00 03-29 08:00"]),
        (["DTSTART;TZID=My own zone:20270329T090000\nDURATION:PT1H"], ["03-29 08:00 03-29 09:00"]),
        # The night in which the clocks go forward is an hour shorter.
        (
            ["DTSTART;TZID=Europe/London:20270328T003000\nDTEND;TZID=Europe/London:20270328T033000"],
            ["03-28 00:30 03-28 02:30"],
        ),
        # Whole days are London's: the 28th has 23 hours, and the end is the first day that is free again.
        (["DTSTART;VALUE=DATE:20270328\nDTEND;VALUE=DATE:20270330"], ["03-28 00:00 03-29 23:00"]),
        (["DTSTART;VALUE=DATE:20270328"], ["03-28 00:00 03-28 23:00"]),
        (
            ["DTSTART;VALUE=DATE:20270401\nRRULE:FREQ=DAILY;COUNT=2"],
            ["03-31 23:00 04-02 23:00"],
        ),
        # One date is left out, another comes on top, and the rule ends.
        (
            [
                (
                    f"{NINE_WEEKLY};UNTIL=20270410T000000Z\nEXDATE;TZID=Europe/London:20270329T090000\n"
                    "RDATE;TZID=Europe/London:20270330T150000"
                )
            ],
            ["03-22 09:00 03-22 10:00", "03-30 14:00 03-30 15:00", "04-05 08:00 04-05 09:00"],
        ),
        # One date is moved to the next day, and one is cancelled.
        (
            [
                f"UID:a\n{NINE_WEEKLY}",
                (
                    "UID:a\nRECURRENCE-ID;TZID=Europe/London:20270329T090000\n"
                    "DTSTART;TZID=Europe/London:20270330T110000\nDURATION:PT1H"
                ),
                (
                    "UID:a\nRECURRENCE-ID;TZID=Europe/London:20270405T090000\n"
                    "DTSTART;TZID=Europe/London:20270405T090000\nDURATION:PT1H\nSTATUS:CANCELLED"
                ),
            ],
            ["03-22 09:00 03-22 10:00", "03-30 10:00 03-30 11:00"],
        ),
        # From one date on it is two hours later, and twice as long.
        (
            [
                f"UID:a\n{NINE_WEEKLY}",
                (
                    "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20270329T090000\n"
                    "DTSTART;TZID=Europe/London:20270329T110000\nDURATION:PT2H"
                ),
            ],
            ["03-22 09:00 03-22 10:00", "03-29 10:00 03-29 12:00", "04-05 10:00 04-05 12:00"],
        ),
        # Free, cancelled and working elsewhere are not busy; perhaps is.
        (
            [
                f"{AN_HOUR}\nTRANSP:TRANSPARENT",
                f"{AN_HOUR}\nSTATUS:CANCELLED",
                f"{AN_HOUR}\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
                f"{AN_HOUR}\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
            ],
            [],
        ),
        ([f"{AN_HOUR}\nSTATUS:TENTATIVE"], ["03-29 09:00 03-29 10:00"]),
        # What begins before or ends after is cut; entries that touch or overlap are one.
        (
            ["DTSTART:20270301T090000Z\nDTEND:20270322T080000Z", "DTSTART:20270322T070000Z\nDURATION:PT2H"],
            ["03-22 00:00 03-22 09:00"],
        ),
        (["DTSTART:20270411T220000Z\nDURATION:P3D"], ["04-11 22:00 04-12 00:00"]),
        # A reminder belongs to an entry, and its times are not those of the entry.
        ([f"{AN_HOUR}\nBEGIN:VALARM\nDURATION:PT9H\nEND:VALARM"], ["03-29 09:00 03-29 10:00"]),
        (["DTSTART:20200329T090000Z\nDTEND:20200329T100000Z", "DTSTART:20270329T090000Z"], []),
    ],
)
def test_busy_times(entries, busy):
    assert read(*entries) == (busy, 0)


def test_nine_stays_nine_when_the_clocks_go_back():
    weekly = calendar("DTSTART;TZID=Europe/London:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY")
    autumn = {"starts_at": datetime(2027, 10, 25, tzinfo=UTC), "ends_at": datetime(2027, 11, 2, tzinfo=UTC)}
    assert [f"{one.starts_at:%m-%d %H}" for one in busy_times(weekly, **autumn).busy] == [
        "10-25 08",
        "11-01 09",
    ]


def test_a_zone_that_the_calendar_defines_counts_as_it_says():
    assert read("DTSTART;TZID=Customised:20270329T140000\nDURATION:PT1H", extra=CUSTOM_ZONE) == (
        ["03-29 09:00 03-29 10:00"],
        0,
    )


def test_published_free_and_busy_times_are_read():
    published = (
        "BEGIN:VFREEBUSY\nFREEBUSY:20270329T140000Z/PT1H,20270330T140000Z/20270330T150000Z\n"
        "FREEBUSY;FBTYPE=FREE:20270401T140000Z/PT1H\nEND:VFREEBUSY\n"
    )
    assert read(extra=published) == (["03-29 14:00 03-29 15:00", "03-30 14:00 03-30 15:00"], 0)


def test_entries_that_cannot_be_understood_are_left_out_and_counted():
    broken = ("DTSTART:rubbish", f"{AN_HOUR}\nRRULE:FREQ=NEVER", "DTEND:20270329T090000Z")
    assert read(*broken, AN_HOUR) == (["03-29 09:00 03-29 10:00"], 3)


def test_a_folded_line_is_one_line_and_a_folded_title_is_no_date():
    assert read("DTSTART:2027032\n 9T090000Z\nDURATION:PT1H\nDESCRIPTION:x\n DTSTART:20270401T090000Z") == (
        ["03-29 09:00 03-29 10:00"],
        0,
    )


def test_titles_reach_no_library(monkeypatch):
    from icalendar import Calendar  # noqa: PLC0415 - As the reader itself does.

    seen = []
    monkeypatch.setattr(Calendar, "from_ical", lambda text: seen.append(text) or Calendar())
    busy_times(
        calendar(
            f"{AN_HOUR}\nDESCRIPTION:Hospital\nLOCATION:Ward\nATTENDEE;CN=Somebody:mailto:s@example.org"
        ),
        starts_at=STARTS,
        ends_at=ENDS,
    )
    (text,) = seen
    assert text.splitlines() == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "DTSTART:20270329T090000Z",
        "DURATION:PT1H",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"<html></html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR"],
)
def test_what_is_no_calendar_is_refused_without_a_word_of_it(content):
    with pytest.raises(CalendarNotRead) as found:
        busy_times(content, starts_at=STARTS, ends_at=ENDS)
    assert found.value.args == ("not_a_calendar",)


def test_a_calendar_with_too_many_entries_is_refused(monkeypatch):
    monkeypatch.setattr(readers, "ENTRIES_MOST", 2)
    assert read(AN_HOUR, AN_HOUR) == (["03-29 09:00 03-29 10:00"], 0)
    with pytest.raises(CalendarNotRead) as found:
        read(AN_HOUR, AN_HOUR, AN_HOUR)
    assert found.value.problem is CalendarProblem.TOO_LARGE
