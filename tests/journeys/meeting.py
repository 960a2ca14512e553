"""A date is arranged, everybody's calendar is kept true, and the session is recorded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from playwright.sync_api import Locator, Page, expect

from journeys.letters import Letters, calendar_entry, link_of
from journeys.people import ABSENT, INVITED, LEARNING, PRESENT, VENUE
from journeys.visitors import Visitors, go_to
from servers.browser import DESK_WIDTH, PHONE_WIDTH

LONDON = ZoneInfo("Europe/London")


# The defaults of the partnership's settings: facilitators come earlier to prepare, and stay to debrief.
PREPARATION, LENGTH, DEBRIEF = timedelta(minutes=30), timedelta(minutes=120), timedelta(minutes=20)


@dataclass(frozen=True)
class Appointment:
    """A London date and time, as a coordinator types it."""

    day: date
    typed: str
    hour: int
    minute: int

    @property
    def begins(self) -> datetime:
        """The instant, with London's zone."""
        return datetime(self.day.year, self.day.month, self.day.day, self.hour, self.minute, tzinfo=LONDON)

    @property
    def for_participants(self) -> tuple[datetime, datetime]:
        """Begin and end in the calendar of somebody who takes part."""
        return self.begins, self.begins + LENGTH

    @property
    def for_facilitators(self) -> tuple[datetime, datetime]:
        """Begin and end in the calendar of somebody who facilitates."""
        return self.begins - PREPARATION, self.begins + LENGTH + DEBRIEF


@dataclass(frozen=True)
class Sent:
    """The calendar entry of one mail, and its link."""

    entry: Event
    link: str


def note_preparation(visitors: Visitors, page: Page, on: date) -> None:
    """Note the day on which facilitators and requester prepared: the date and nothing else."""
    page.get_by_role("link", name="Note the day of the preparation").click()
    visitors.look_over(page, "When did the facilitators and the requester prepare?")
    _fill_day(page.get_by_role("group", name="When did the facilitators"), on)
    page.get_by_role("button", name="Save the date").click()
    expect(page.get_by_text(f"Facilitators and requester prepared on {on.day} {on:%B %Y}.")).to_be_visible()


def set_the_date(visitors: Visitors, page: Page, appointment: Appointment) -> None:
    """Set date, time and place, and invite everybody around the young person and who asked."""
    page.get_by_role("button", name="Set the date").click()
    visitors.look_over(page, "Set the date")
    _fill_day(page.get_by_role("group", name="Date"), appointment.day)
    page.get_by_label("Start time").fill(appointment.typed)
    expect(page.get_by_label("Length in minutes")).to_have_value("120")
    page.get_by_role("radio", name="In person", exact=True).check()
    page.get_by_label("Venue").fill(VENUE)
    for person in INVITED:
        expect(page.get_by_role("checkbox", name=person.name)).to_be_checked()
    page.get_by_role("button", name="Set the date and invite everybody").click()
    visitors.look_over(page, "Session Arranged")
    expect(page.get_by_role("alert")).to_contain_text("everybody with an e-mail address is being invited")
    invited = page.get_by_role("table", name="Invited").get_by_role("row")
    expect(invited).to_have_count(1 + len(INVITED))


def move_the_date(visitors: Visitors, page: Page, appointment: Appointment) -> None:
    """Change the day and the hour."""
    page.get_by_role("button", name="Change date or place").click()
    visitors.look_over(page, "Change date or place")
    _fill_day(page.get_by_role("group", name="Date"), appointment.day)
    page.get_by_label("Start time").fill(appointment.typed)
    page.get_by_role("button", name="Save and tell everybody").click()
    expect(page.get_by_role("alert")).to_contain_text("everybody's calendar entry is being updated")


def entries_in(
    letters: Letters, people: Iterable[str], subject: str, when: tuple[datetime, datetime]
) -> dict[str, Sent]:
    """Return what each person was sent about one thing, once it is what their calendar accepts."""
    found = {}
    for email, mail in letters.take_from_each(people, subject).items():
        method, entry = calendar_entry(mail)
        assert method == "REQUEST", method
        assert (entry["DTSTART"].dt, entry["DTEND"].dt) == when, (
            email,
            entry["DTSTART"].dt,
            entry["DTEND"].dt,
        )
        assert entry["DTSTART"].params["TZID"] == "Europe/London", entry["DTSTART"].params
        assert entry["ATTENDEE"] == f"mailto:{email}", entry["ATTENDEE"]
        found[email] = Sent(entry, link_of(mail))
    return found


def look_at_the_invitation(visitors: Visitors, invitation: str, appointment: Appointment) -> None:
    """Open a participant's own page on a phone: when, where, who is coming, and what a JAGS is not."""
    page = visitors.on_a_phone()
    page.goto(invitation)
    visitors.look_over(page, "You are invited to a JAGS")
    expect(page.get_by_role("definition").filter(has_text=VENUE)).to_be_visible()
    when = f"{appointment.begins:%A} {appointment.day.day} {appointment.day:%B %Y}"
    expect(page.get_by_role("definition").filter(has_text=when)).to_be_visible()
    expect(page.get_by_text("No minutes are taken.")).to_be_visible()
    # Participants see each other's names, roles and agencies, and nobody's address.
    expect(page.get_by_role("table", name="Who is invited").get_by_role("row")).to_have_count(
        1 + len(INVITED)
    )
    expect(page.get_by_text(PRESENT[1].email)).to_have_count(0)
    visitors.leave(page)


def say_about_oneself(visitors: Visitors, invitation: str) -> None:
    """On a phone without scripts: hide one's name, say what one needs, and find that not coming asks for a reason."""
    page = visitors.on_a_phone(scripts=False)
    page.goto(invitation)
    page.get_by_role("link", name="Do not show my name before the day").click()
    visitors.look_over(page, "Your name, and what you need", scripts=False)
    page.get_by_role("radio", name="No, please do not show my name before the day").check()
    page.get_by_label("Is there anything you need").fill("A hearing loop")
    page.get_by_role("button", name="Save and go back").click()
    expect(page.get_by_text("Name not shown before the day")).to_be_visible()
    page.get_by_role("link", name="I cannot come, or somebody comes instead").click()
    visitors.look_over(page, "I cannot come", scripts=False)
    page.get_by_role("button", name="Tell the Business Unit").click()
    expect(page.get_by_role("alert")).to_contain_text("Select why.")
    visitors.leave(page)


def look_at_calendars(
    visitors: Visitors, page: Page, reference: str, appointment: Appointment, *, own: bool
) -> None:
    """Find the session in month, week and list, at a desk and at the width of a phone."""
    month = f"{appointment.day:%B %Y}"
    monday = appointment.day - timedelta(days=appointment.day.weekday())
    desk = page.viewport_size
    for width in (DESK_WIDTH, PHONE_WIDTH):
        page.set_viewport_size({"width": width, "height": 844})
        path = f"/{'my-' if own else ''}calendar?on={appointment.day.isoformat()}&view="
        for view, heading in (
            ("month", month),
            ("week", f"Week from {monday.day} {monday:%B %Y}"),
            ("list", re.compile(f"From {appointment.day.day} {month} to ")),
        ):
            page.goto(path + view)
            visitors.look_over(page, heading)
            expect(page.get_by_role("main").get_by_role("link", name=reference)).to_be_visible()
    page.set_viewport_size(desk or {"width": DESK_WIDTH, "height": 900})


def make_an_address(visitors: Visitors, page: Page, reference: str) -> None:
    """Make the secret address of one's own calendar, and read the calendar behind it."""
    page.goto("/my-calendar/address")
    visitors.look_over(page, "Read this in your own calendar")
    page.get_by_role("button", name="Make an address").click()
    address = page.locator("#feed").inner_text()
    feed = page.request.get(address)
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    (entry,) = Calendar.from_ical(feed.text()).events
    assert str(entry["SUMMARY"]) == reference
    assert VENUE not in feed.text()


def record(visitors: Visitors, page: Page, reference: str) -> None:
    """Record the session by agency, with the ticks for feedback; general learning only."""
    go_to(page, "My sessions")
    visitors.look_over(page, "My sessions")
    expect(page.get_by_role("heading", name=f"{reference}: how was it?")).to_be_visible()
    page.get_by_role("button", name="Record this session").click()
    visitors.look_over(page, "Record the session")
    for person in INVITED:
        answer = "Was not there" if person is ABSENT else "Was there"
        _agency(page, person.known_agency).get_by_role("radio", name=answer, exact=True).check()
    _agency(page, ABSENT.known_agency).get_by_label("Why not?").select_option("No capacity")
    for person in PRESENT:
        page.get_by_role("checkbox", name=person.name).check()
    page.get_by_role("radio", name="Mostly").check()
    page.get_by_label("General learning").fill(LEARNING)
    page.get_by_role("button", name="Record the session").click()
    visitors.look_over(page, "Your session Held")
    expect(page.get_by_role("alert")).to_contain_text("Thank you. The session is recorded.")


def reflect(visitors: Visitors, page: Page, reference: str, words: str) -> None:
    """Write a reflection for oneself."""
    go_to(page, "My sessions")
    page.get_by_role("table", name="Held").get_by_role("row", name=reference).get_by_role("link").click()
    page.get_by_role("button", name="Write your reflection").click()
    visitors.look_over(page, "Your reflection")
    expect(page.get_by_label("What helped?")).to_have_value("")
    page.get_by_label("What helped?").fill(words)
    page.get_by_role("button", name="Keep my reflection").click()
    expect(page.get_by_role("alert")).to_contain_text("Your reflection is kept.")
    expect(page.get_by_label("What helped?")).to_have_value(words)


def _agency(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def _fill_day(group: Locator, day: date) -> None:
    group.get_by_label("Day").fill(str(day.day))
    group.get_by_label("Month").fill(str(day.month))
    group.get_by_label("Year").fill(str(day.year))
