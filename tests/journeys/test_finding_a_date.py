"""Finding a date: two dates fail, a poll on phones follows, and the date with the most agencies is set."""

import re

import pytest
from playwright.sync_api import Page, expect

from factories.pool import involved
from factories.sessions import agree
from jags.requests.model import Request
from jags.requests.service import bring_member
from journeys import finding
from journeys.letters import Letters, link_of
from journeys.partnership import Partnership
from journeys.people import COORDINATOR, VENUE
from journeys.visitors import Visitors

TEACHER, OFFICER = "person0@example.org", "pat@example.org"
# In the order of the dates: the second suits both agencies, the first one of them, the third only if need be.
POLL = {TEACHER: ("Yes", "Yes", "If need be"), OFFICER: ("No", "If need be", "No")}


# On one database: what the pages keep is tried on both under tests/web, and a browser takes long.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_dates_fail_and_a_poll_finds_the_best(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    offered = agree(partnership.work_on, people=1)
    with partnership.work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        reference = request.reference or ""
        bring_member(work, request, involved("Pat Quinn", email=OFFICER, of="Police"))
    partnership.command("accounts", "invite", COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")
    partnership.serve()
    office = visitors.at_a_desk()
    finding.set_password(visitors, letters, office, COORDINATOR)
    proposes(visitors, office, reference)
    phones = {email: cannot_on_either(visitors, letters, email) for email in (TEACHER, OFFICER)}
    asks_about_three(visitors, office)
    for email, phone in phones.items():
        answers_the_poll(visitors, letters, phone, email)
    sets_the_best(visitors, office)
    phones[OFFICER].reload()
    visitors.look_over(phones[OFFICER], "A date is found")
    letters.take(OFFICER, "Invitation")
    partnership.stop()
    assert visitors.problems == []
    assert '"level": "error"' not in partnership.said


def proposes(visitors: Visitors, page: Page, reference: str) -> None:
    page.goto("/requests?state=open")
    page.get_by_role("link", name=reference).click()
    page.get_by_role("button", name="Find a date").click()
    visitors.look_over(page, "Propose two dates")
    only_the_network(page)
    page.get_by_role("button", name="Ask them").click()
    # No date is ticked yet.
    expect(page.get_by_role("alert")).to_contain_text("Select two dates; you have 0.")
    tick(page, 2)
    page.get_by_role("button", name="Ask them").click()
    visitors.look_over(page, "Finding a date")


def cannot_on_either(visitors: Visitors, letters: Letters, email: str) -> Page:
    page = visitors.on_a_phone()
    page.goto(link_of(letters.take(email, "Which of two dates suits you?")))
    visitors.look_over(page, "Which of two dates suits you?")
    button = page.get_by_role("button", name="Send my answer")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Select an answer for")
    first, second = dates_on(page)
    first.get_by_role("radio", name="Somebody comes instead").check()
    expect(page.get_by_label("Name", exact=True)).to_be_visible()
    for date in (first, second):
        date.get_by_role("radio", name="I cannot come").check()
    expect(page.get_by_label("Name", exact=True)).to_be_hidden()
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Your answer is kept")
    return page


def asks_about_three(visitors: Visitors, page: Page) -> None:
    page.reload()
    expect(page.get_by_text("Would be lost: A School and Police")).to_have_count(2)
    expect(page.get_by_text("None of these dates suits anybody.")).to_be_visible()
    page.get_by_role("button", name="Ask about several dates").click()
    visitors.look_over(page, "Ask about several dates")
    only_the_network(page)
    tick(page, 3)
    page.get_by_role("button", name="Ask them").click()
    visitors.look_over(page, "Finding a date")


def answers_the_poll(visitors: Visitors, letters: Letters, page: Page, email: str) -> None:
    page.goto(link_of(letters.take(email, "Which dates suit you?")))
    visitors.look_over(page, "Which dates suit you?")
    for date, said in zip(dates_on(page), POLL[email], strict=True):
        date.get_by_role("radio", name=said, exact=True).check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answer is kept")


def sets_the_best(visitors: Visitors, page: Page) -> None:
    page.reload()
    best = page.get_by_role("region").filter(has_text="Best")
    expect(best).to_have_count(1)
    expect(best).to_contain_text("1 can, 1 if need be, 0 cannot, 0 not heard.")
    best.get_by_role("link", name="Set this date").click()
    visitors.look_over(page, "Set the date")
    page.get_by_label("Venue").fill(VENUE)
    page.get_by_role("button", name="Set the date and invite everybody").click()
    visitors.look_over(page, re.compile("Session"))
    expect(page.get_by_text(VENUE).first).to_be_visible()


def only_the_network(page: Page) -> None:
    page.get_by_label("asked for this JAGS").uncheck()


def tick(page: Page, number: int) -> None:
    boxes = page.get_by_role("group", name="Dates").get_by_role("checkbox")
    for place in range(number):
        boxes.nth(place).check()


def dates_on(page: Page) -> list:
    return page.get_by_role("group").filter(has=page.get_by_role("radio")).all()
