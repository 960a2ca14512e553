"""A practitioner asks for a JAGS on a phone, and the Business Unit decides."""

import re

from playwright.sync_api import Page, expect

from journeys.letters import Letters, link_of, reference_in
from journeys.people import HOPES, NETWORK, PSEUDONYM, REQUESTER, TRIAGE_REASON, Somebody
from journeys.visitors import Visitors, go_to

RADIO = "radio"
BOX = "checkbox"


def fill_the_form(visitors: Visitors, page: Page, *, scripts: bool = True) -> None:
    """Go from the start page through every question to the check of the answers."""
    page.goto("/")
    visitors.look_over(page, "Joint Agency Group Supervision", scripts=scripts)
    expect(page.get_by_text("If a child or young person has died,")).to_be_visible()
    for link, title in (
        ("What happens with what you write", "What happens with what you write"),
        ("A page about JAGS to print and to pass on", "Stuck, or carrying too much of it?"),
    ):
        page.locator("main").get_by_role("link", name=link).click()
        visitors.look_over(page, title, scripts=scripts)
        page.goto("/")
    page.get_by_role("button", name="Ask for a JAGS").click()
    visitors.look_over(page, "Before you begin", scripts=scripts)
    _one_of(page, "Is somebody in danger, or are you worried that a child is being harmed?", "No")
    _one_of(page, "Is it mainly a disagreement that has not been resolved?", "No")
    _one_of(page, "Is what you need mainly tasks and a plan?", "No")
    _go_on(page)

    visitors.look_over(page, "About you", scripts=scripts)
    page.get_by_label("Your name").fill(REQUESTER.name)
    page.get_by_label("Your role").fill(REQUESTER.role)
    page.get_by_label("Your agency").fill(REQUESTER.agency)
    page.get_by_label("Your work e-mail address").fill(REQUESTER.email)
    _go_on(page)
    # The telephone number is still missing: what was typed stays, and the message says what to do.
    visitors.look_over(page, "About you", scripts=scripts)
    expect(page.get_by_role("alert")).to_contain_text("Enter a telephone number, so that we can ring you.")
    expect(page.get_by_label("Your name")).to_have_value(REQUESTER.name)
    page.get_by_label("Telephone number").fill("01632 960 173")
    _go_on(page)

    visitors.look_over(page, "Who it is about", scripts=scripts)
    page.get_by_label("Initials or a made-up name").fill(PSEUDONYM)
    page.get_by_role(BOX, name="16 to 17").check()
    page.get_by_role(BOX, name="18 to 21").check()
    _one_of(page, "Is it about brothers and sisters?", "No")
    _one_of(page, "Where do they live?", "East")
    _one_of(page, "Which authority is responsible?", "This authority")
    _go_on(page)

    visitors.look_over(page, "Why, and what it should help with", scripts=scripts)
    page.get_by_role(BOX, name="It feels stuck").check()
    page.get_by_role(BOX, name="Approaching 18").check()
    page.get_by_label("What should thinking together help with?").fill(HOPES)
    _go_on(page)

    visitors.look_over(page, "Who is involved", scripts=scripts)
    _name_the_agencies(page)
    _go_on(page)

    visitors.look_over(page, "On the way into adulthood", scripts=scripts)
    _one_of(page, "Does transitional safeguarding feature?", "Yes")
    _go_on(page)

    visitors.look_over(page, "Last things", scripts=scripts)
    page.get_by_role("group", name="Does a date matter?").get_by_role(
        BOX, name="Turns 18 within 6 months"
    ).check()
    _go_on(page)


def check_and_send(visitors: Visitors, page: Page, *, scripts: bool = True) -> str:
    """Read the answers once more, change one, send them, and return the reference."""
    visitors.look_over(page, "Check your answers", scripts=scripts)
    page.get_by_role("link", name="People who could take part").click()
    visitors.look_over(page, "People who could take part", scripts=scripts)
    _name_the_people(page)
    _go_on(page)
    visitors.look_over(page, "Check your answers", scripts=scripts)
    for title in (
        "The child or young person, and the family",
        "Court, police and what has been tried",
        "Arrangements",
    ):
        page.get_by_role("link", name=title).click()
        visitors.look_over(page, title, scripts=scripts)
        _go_on(page)
    for answer in (REQUESTER.email, PSEUDONYM, "16 to 17", "East", HOPES, "Willow Yard Project"):
        expect(page.get_by_role("definition").filter(has_text=answer).first).to_be_visible()
    page.get_by_role("link", name="Change best time to ring").click()
    page.get_by_label("Best time to ring you").fill("After school, from 3:30pm")
    _go_on(page)
    expect(page.get_by_role("definition").filter(has_text="After school, from 3:30pm")).to_be_visible()
    page.get_by_role("button", name="Send this request").click()
    visitors.look_over(page, "Your request is received", scripts=scripts)
    expect(page.get_by_text(f"We have sent a message to {REQUESTER.email}.")).to_be_visible()
    page.get_by_role("link", name="Help us to see whether JAGS reach everybody").click()
    visitors.look_over(page, "Four optional questions", scripts=scripts)
    _one_of(page, "Do they have a disability, or special educational needs?", "Prefer not to say")
    page.get_by_role("button", name="Send these answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answers count with those of the year")
    return page.locator("strong", has_text="JAGS-").first.inner_text()


def confirm_by_mail(
    visitors: Visitors, letters: Letters, page: Page, reference: str, *, scripts: bool = True
) -> None:
    """Open the mail, confirm with the one tick, and come to the page of the request."""
    mail = letters.take(REQUESTER.email, "Please confirm your request")
    assert reference_in(mail) == reference
    page.goto(link_of(mail))
    visitors.look_over(page, "Confirm your request", scripts=scripts)
    # A program that opens links and sends what it finds confirms nothing.
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box to confirm")
    page.get_by_role(BOX, name="Yes, I asked for this JAGS").check()
    page.get_by_role("button", name="Confirm").click()
    visitors.look_over(page, f"Your request {reference}", scripts=scripts)
    expect(page.get_by_text("You confirmed your e-mail address")).to_be_visible()
    expect(page.get_by_text(re.compile("your request and rings? you by"))).to_be_visible()


def open_the_status(visitors: Visitors, letters: Letters, page: Page, reference: str) -> None:
    """Open the request's page by the link of the mail that says until when somebody rings."""
    mail = letters.take(REQUESTER.email, "We have your request")
    assert "will ring you by " in mail.text
    page.goto(link_of(mail))
    visitors.look_over(page, f"Your request {reference}")


def follow(visitors: Visitors, page: Page, reference: str, *, happened: str, ahead: str = "") -> None:
    """Look at the request's page again, as the requester: what has happened, and what comes next."""
    page.reload()
    visitors.look_over(page, f"Your request {reference}")
    for told in filter(None, (happened, ahead)):
        expect(page.get_by_role("listitem").filter(has_text=told)).to_be_visible()


def consider_and_accept(visitors: Visitors, page: Page, reference: str) -> None:
    """Find the request waiting, see it whole, confirm the view on transitional safeguarding, and accept."""
    go_to(page, "Home")
    waiting = page.get_by_role("table", name="Waiting for a decision (1)")
    expect(waiting.get_by_role("row", name=reference)).to_contain_text("Being considered")
    expect(waiting.get_by_role("row", name=reference)).to_contain_text(REQUESTER.agency)
    waiting.get_by_role("link", name=reference).click()
    visitors.look_over(page, f"{reference} Being considered")
    for told in (PSEUDONYM, HOPES, "Tobias Lund, Social worker, Children's Social Care"):
        expect(page.get_by_text(told).first).to_be_visible()

    page.get_by_role("link", name="Transitional safeguarding").click()
    visitors.look_over(page, "Transitional safeguarding")
    _one_of(page, "Does transitional safeguarding feature?", "Yes")
    page.get_by_role(BOX, name="Thresholds change at 18").check()
    page.get_by_label("Reason").fill(TRIAGE_REASON)
    page.get_by_role("button", name="Save our view").click()
    expect(page.get_by_role("alert")).to_contain_text("Our view is saved.")

    page.get_by_label("Add to the e-mail to the requester").fill("Thank you for talking with me today.")
    page.get_by_label("Reason").fill("Five agencies, each with a part of it")
    page.get_by_role("button", name="See what is sent").click()
    visitors.look_over(page, "Before it goes: accept this request")
    expect(page.get_by_role("article")).to_contain_text("Thank you for talking with me today.")
    page.get_by_role("button", name="Change").click()
    visitors.look_over(page, "Accept this request")
    page.get_by_role("button", name="See what is sent").click()
    page.get_by_role("button", name="Send and accept").click()
    expect(page.get_by_role("alert")).to_contain_text("The request is accepted, and the requester is told.")
    visitors.look_over(page, f"{reference} Accepted: finding facilitators")


def _name_the_agencies(page: Page) -> None:
    for place, person in enumerate(NETWORK[:4], 1):
        page.get_by_label(f"Agency {place}").fill(person.agency)
    page.get_by_role("button", name="Add another agency").click()
    page.get_by_label("Agency 5").fill(NETWORK[4].agency)
    _one_of(
        page,
        "Does the lead professional know that you are asking?",
        "There is no lead professional",
    )


def _name_the_people(page: Page) -> None:
    for place, person in enumerate(NETWORK, 1):
        row = page.get_by_role("group", name=f"Person {place}")
        if not row.count():
            page.get_by_role("button", name="Add another person").click()
        _fill_person(page, f"Person {place}", person)


def _fill_person(page: Page, row_name: str, person: Somebody) -> None:
    row = page.get_by_role("group", name=row_name)
    row.get_by_label("Name", exact=True).fill(person.name)
    row.get_by_label("Role").fill(person.role)
    row.get_by_label("Agency").fill(person.agency)
    row.get_by_label("E-mail address").fill(person.email)


def _one_of(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_role(RADIO, name=answer, exact=True).check()


def _go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").last.click()
