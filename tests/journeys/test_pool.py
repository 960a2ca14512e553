"""The pool: a facilitator says on a phone when they could, and meetings, training and the toolbox reach them."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from journeys import finding
from journeys.letters import Letters, calendar_entry, link_of
from journeys.meeting import LONDON
from journeys.partnership import Partnership
from journeys.people import COORDINATOR
from journeys.visitors import Visitors, go_to

XANTHE = "xanthe.reeve@csc.example.org"
PDF = b"%PDF-1.7\n% made up"


# On one database: what the pages keep is tried on both under tests/web, and a browser takes long.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_pool_on_a_phone_and_at_a_desk(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    partnership.fill_pool()
    partnership.command("accounts", "invite", COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")
    partnership.command("accounts", "invite", XANTHE, "--role", "facilitator", "--name", "Xanthe Reeve")
    partnership.serve()
    phone, office = visitors.on_a_phone(), visitors.at_a_desk()
    finding.set_password(visitors, letters, phone, XANTHE)
    finding.set_password(visitors, letters, office, COORDINATOR)
    day = _a_wednesday(partnership)
    ticks_half_days(visitors, phone, day)
    offers_by_a_pattern(visitors, phone)
    gives_the_address_of_a_calendar(visitors, phone)
    coordinator_invites_to_a_meeting(visitors, office, day)
    answers_the_invitation(visitors, letters, phone, day)
    expect_coming(visitors, office)
    coordinator_fills_the_toolbox(visitors, office)
    downloads_from_the_toolbox(visitors, phone)
    sees_load_without_a_ranking(visitors, office)
    partnership.stop()
    assert visitors.problems == []
    assert '"level": "error"' not in partnership.said
    assert "private-0815" not in partnership.said


def ticks_half_days(visitors: Visitors, page: Page, day: datetime) -> None:
    page.get_by_role("button", name="Menu").click()
    go_to(page, "My time")
    page.get_by_role("navigation", name="Within My time").get_by_role("link", name="My availability").click()
    visitors.look_over(page, "My availability")
    box = page.get_by_label(f"{day:%A} {day.day} {day:%B}, morning")
    box.check()
    page.get_by_role("button", name="Save my half-days").click()
    expect(page.get_by_role("alert")).to_contain_text("You offer 1 half-day. Thank you.")
    expect(box).to_be_checked()


def offers_by_a_pattern(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name="Offer half-days by a pattern").click()
    visitors.look_over(page, "My pattern")
    for name in ("Wednesday, morning", "Wednesday, afternoon", "Friday, afternoon"):
        page.get_by_label(name).check()
    page.get_by_label("In term time only").check()
    page.get_by_role("button", name="Save my pattern").click()
    expect(page.get_by_role("alert")).to_contain_text("The coming weeks are filled")
    page.get_by_role("link", name="Note your days away").click()
    visitors.look_over(page, "My days away")
    page.get_by_role("link", name="Back").click()


def gives_the_address_of_a_calendar(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name="Let us see when yours is busy").click()
    visitors.look_over(page, "My calendar")
    address = page.get_by_label("Address of your calendar")
    address.fill("https://127.0.0.1/me.ics")
    page.get_by_role("button", name="Keep this address").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the address of a calendar on the internet")
    visitors.look_over(page, "My calendar")
    # There is no such name, so that the reading fails and says so.
    address.fill("https://calendar.invalid/private-0815.ics")
    page.get_by_role("button", name="Keep this address").click()
    expect(page.get_by_role("alert")).to_contain_text("Your calendar is read within minutes")
    failed = page.get_by_role("heading", name="Your calendar could not be read")
    for _ in range(40):
        page.reload()
        if failed.is_visible():
            break
        page.wait_for_timeout(500)
    expect(failed).to_be_visible()
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    visitors.look_over(page, "My calendar")
    page.get_by_role("button", name="Remove the address").click()
    expect(page.get_by_role("alert")).to_contain_text("The address is removed")


def coordinator_invites_to_a_meeting(visitors: Visitors, page: Page, day: datetime) -> None:
    go_to(page, "Facilitators")
    visitors.look_over(page, "Facilitators")
    page.get_by_role("link", name="Network meetings and training").click()
    visitors.look_over(page, "Meetings and training")
    page.get_by_role("button", name="Plan a network meeting").click()
    visitors.look_over(page, "Plan a network meeting")
    for name, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(name, exact=True).fill(str(number))
    page.get_by_label("Start time").fill("10am")
    page.get_by_label("Length in minutes").fill("120")
    page.get_by_label("In person", exact=True).check()
    page.get_by_label("Venue").fill("Harbour Hub, quiet room")
    page.get_by_role("button", name="Plan this network meeting").click()
    visitors.look_over(page, "Invite people")
    page.get_by_label("Xanthe Reeve").check()
    page.get_by_role("button", name="Invite them").click()
    visitors.look_over(page, "Network meeting Planned")
    page.get_by_role("link", name="Set the agenda").click()
    visitors.look_over(page, "Agenda")
    page.get_by_label("Topics").fill("Endings, and who stays")
    page.get_by_role("button", name="Save the agenda").click()


def answers_the_invitation(visitors: Visitors, letters: Letters, page: Page, day: datetime) -> None:
    letter = letters.take(XANTHE, "network meeting of JAGS facilitators")
    _method, entry = calendar_entry(letter)
    assert entry["DTSTART"].dt.astimezone(LONDON).date() == day.date()
    page.goto(link_of(letter))
    visitors.look_over(page, "My meetings")
    page.get_by_role("main").get_by_role("link").filter(has_text="10am").click()
    visitors.look_over(page, "Network meeting")
    expect(page.get_by_text("Endings, and who stays")).to_be_visible()
    page.get_by_label("Yes, I am coming").check()
    page.get_by_role("button", name="Save my answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Your time is kept free for it.")
    page.goto("/my-availability")
    row = page.get_by_role("row", name=f"{day:%A} {day.day} {day:%B}")
    expect(row).to_contain_text("Booked")


def expect_coming(visitors: Visitors, page: Page) -> None:
    page.reload()
    expect(page.get_by_role("row", name="Xanthe Reeve")).to_contain_text("Is coming")
    page.get_by_role("link", name="Call it off").click()
    visitors.look_over(page, "Call it off?")
    page.get_by_role("link", name="Keep it").click()
    page.goto("/facilitators/meetings/new/training")
    visitors.look_over(page, "Plan a training event")


def coordinator_fills_the_toolbox(visitors: Visitors, page: Page) -> None:
    page.goto("/toolbox")
    visitors.look_over(page, "Toolbox")
    page.get_by_role("button", name="Add a document").click()
    visitors.look_over(page, "Add a document")
    page.get_by_label("What is it called?").fill("Scripts for hard moments")
    page.get_by_label("Facilitators and the Business Unit").check()
    # What a file is called does not count.
    page.get_by_label("File").set_input_files(
        {"name": "scripts.exe", "mimeType": "text/plain", "buffer": PDF}
    )
    page.get_by_role("button", name="Add this document").click()
    page.get_by_role("link", name="Scripts for hard moments", exact=True).click()
    visitors.look_over(page, "Scripts for hard moments")


def downloads_from_the_toolbox(visitors: Visitors, page: Page) -> None:
    page.goto("/toolbox")
    visitors.look_over(page, "Toolbox")
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile("Download")).click()
    assert started.value.suggested_filename == "Scripts-for-hard-moments.pdf"
    assert started.value.path().read_bytes() == PDF


def sees_load_without_a_ranking(visitors: Visitors, page: Page) -> None:
    page.goto("/facilitators/load")
    visitors.look_over(page, "Who has given how much")
    expect(page.get_by_text("it is no ranking")).to_be_visible()


def _a_wednesday(partnership: Partnership) -> datetime:
    """Return the Wednesday of the week after next; the journey begins on a Tuesday before two weeks without a bank holiday."""
    return partnership.begins + timedelta(days=8)
