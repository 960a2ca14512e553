"""The requester's page on a phone without scripts: add people, pass the request on, take it over, and withdraw."""

import pytest
from playwright.sync_api import Page, expect

from journeys.asking import BOX, RADIO, check_and_send, confirm_by_mail, fill_the_form
from journeys.letters import Letters, link_of
from journeys.partnership import Partnership
from journeys.people import HOPES, PSEUDONYM, REQUESTER
from journeys.visitors import Visitors

COLLEAGUE = "Imogen Vale"
GONE = 410
ADDRESS = "imogen.vale@school.example.org"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_requester_adds_people_passes_on_and_the_new_one_takes_over_and_withdraws(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    partnership.serve()
    phone = visitors.on_a_phone(scripts=False)
    fill_the_form(visitors, phone, scripts=False)
    reference = check_and_send(visitors, phone, scripts=False)
    confirm_by_mail(visitors, letters, phone, reference, scripts=False)
    letters.take(REQUESTER.email, "We have your request")
    _look_over(visitors, phone, f"Your request {reference}")

    _add_somebody(visitors, phone)
    expect(phone.get_by_text("Thank you. “People who could take part” is saved.")).to_be_visible()
    own_page = phone.url
    _pass_on(visitors, phone)
    assert phone.request.get(own_page).status == GONE

    mail = letters.take(ADDRESS, "You have been named for a request")
    for written in (HOPES, PSEUDONYM, REQUESTER.name):
        assert written not in mail.text
    theirs = visitors.on_a_phone(scripts=False)
    theirs.goto(link_of(mail))
    _say_that_it_is_them(visitors, theirs, reference)
    _withdraw(visitors, theirs, reference)
    letters.take(ADDRESS, "request")
    assert visitors.problems == []
    assert letters.unopened == []


def _add_somebody(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name="People who could take part").click()
    _look_over(visitors, page, "People who could take part")
    page.get_by_role("button", name="Add another person").click()
    empty = page.get_by_role("group").filter(has=page.get_by_label("Name", exact=True)).last
    empty.get_by_label("Name", exact=True).fill("Somebody Without Mail")
    page.get_by_role("button", name="Save and go back").last.click()


def _pass_on(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name="Pass this request on to a colleague").click()
    _look_over(visitors, page, "Pass request JAGS-2026-0001 on")
    page.get_by_role("button", name="Pass this request on").click()
    expect(page.get_by_role("alert")).to_contain_text("Select why you pass it on.")
    page.get_by_role(RADIO, name="I am leaving").check()
    page.get_by_label("Their name").fill(COLLEAGUE)
    page.get_by_label("Their role").fill("Deputy head")
    page.get_by_label("Their agency").fill(REQUESTER.agency)
    page.get_by_label("Their work e-mail address").fill(ADDRESS)
    page.get_by_label("Their telephone number").fill("01632 960 174")
    page.get_by_role("button", name="Pass this request on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The request is passed on")


def _say_that_it_is_them(visitors: Visitors, page: Page, reference: str) -> None:
    _look_over(visitors, page, "Is this you?")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box to say that this is you.")
    expect(page.get_by_role("main")).not_to_contain_text(PSEUDONYM)
    page.get_by_role(BOX, name="Yes, this is me").check()
    page.get_by_role("button", name="Go on").click()
    _look_over(visitors, page, f"Your request {reference}")
    expect(page.get_by_text("Your colleague passed the request on to you")).to_be_visible()


def _withdraw(visitors: Visitors, page: Page, reference: str) -> None:
    page.get_by_role("link", name="Withdraw this request").click()
    _look_over(visitors, page, f"Withdraw your request {reference}")
    page.get_by_role(BOX, name="Yes, withdraw this request").check()
    page.get_by_role("button", name="Withdraw").click()
    _look_over(visitors, page, f"Your request {reference}")
    expect(page.get_by_text("The request was withdrawn")).to_be_visible()


def _look_over(visitors: Visitors, page: Page, heading: str) -> None:
    """Expect a page as it is without scripts; a second phone, which runs them, opens the same page to be looked over."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    second = visitors.on_a_phone()
    second.context.add_cookies(page.context.cookies())
    second.goto(page.url)
    visitors.look_over(second, heading)
    visitors.leave(second)
