"""The Business Unit chooses two facilitators, and they answer for themselves."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from journeys.letters import Letters, link_of
from journeys.partnership import POOL
from journeys.people import HOPES, NETWORK, PASSWORD, PSEUDONYM, REQUESTER
from journeys.visitors import Visitors

_PAIR = re.compile(r"(?P<first>.+) \((?P<first_agency>.+)\) and (?P<second>.+) \((?P<second_agency>.+)\)")


@dataclass(frozen=True)
class Facilitator:
    """Somebody of the imported pool."""

    name: str
    agency: str
    email: str


def see_why_others_are_excluded(visitors: Visitors, page: Page) -> None:
    """Read, from the request, who cannot do it and why."""
    page.get_by_role("button", name="See who could do it").click()
    visitors.look_over(page, "Choose facilitators")
    page.get_by_text("See how everybody in the pool stands").click()
    pool = page.get_by_role("table", name="Everybody in the pool")
    # The imported files say so: one is paused, the other was never trained.
    expect(pool.get_by_role("row", name="Priya Evans")).to_contain_text("not taking sessions at the moment")
    expect(pool.get_by_role("row", name="Ben Young")).to_contain_text("training is not current on the day")


def offer_the_best(page: Page) -> tuple[Facilitator, Facilitator]:
    """Offer to the pair in the first place, and return who they are."""
    expect(page.get_by_text("different agencies").first).to_be_visible()
    best = page.get_by_role("group", name="Whom do we ask?").get_by_role("radio").first
    named = best.evaluate("radio => radio.labels[0].innerText.trim()")
    best.check()
    page.get_by_role("button", name="Offer to these two").click()
    expect(page.get_by_role("alert")).to_contain_text("The offer is on its way to the facilitators.")
    found = _PAIR.fullmatch(named)
    assert found, named
    assert found["first_agency"] != found["second_agency"]
    return (
        _of_pool(found["first"], found["first_agency"]),
        _of_pool(found["second"], found["second_agency"]),
    )


def decline(visitors: Visitors, letters: Letters, facilitator: Facilitator) -> None:
    """Look at an offer on a phone and decline it; no account and no reason is needed."""
    page = visitors.on_a_phone()
    _first_look(visitors, letters, page, facilitator)
    page.get_by_role("link", name="Decline now").click()
    visitors.look_over(page, "Decline this JAGS")
    page.get_by_role("button", name="Decline this JAGS").click()
    visitors.look_over(page, "You have declined this JAGS")
    visitors.leave(page)


def expect_declined(page: Page, facilitator: Facilitator) -> None:
    """Read, among everybody in the pool, that somebody has declined."""
    row = page.get_by_role("table", name="Everybody in the pool").get_by_role("row", name=facilitator.name)
    expect(row).to_contain_text("has already declined this request")


def declare_and_accept(
    visitors: Visitors, letters: Letters, facilitator: Facilitator, reference: str
) -> Page:
    """Declare by link, set a password by the invitation, see the detail and accept; return the signed-in page."""
    phone = visitors.on_a_phone()
    _first_look(visitors, letters, phone, facilitator)
    statements = phone.get_by_role("group").filter(has=phone.get_by_role("radio", name="No connection"))
    expect(statements).to_have_count(6)
    for statement in statements.all()[1:]:
        statement.get_by_role("radio", name="No connection").check()
    phone.get_by_role("button", name="Send my answers").click()
    # One statement is still without an answer.
    expect(phone.get_by_role("alert")).to_contain_text("Select an answer about: the child, young person")
    statements.first.get_by_role("radio", name="No connection").check()
    phone.get_by_role("button", name="Send my answers").click()
    visitors.look_over(phone, "Will you facilitate this JAGS?")
    _hidden_from(phone)
    visitors.leave(phone)

    desk = visitors.at_a_desk()
    set_password(visitors, letters, desk, facilitator.email)
    visitors.look_over(desk, "My offers")
    desk.get_by_role("table", name="Waiting for you").get_by_role("link", name=reference).click()
    visitors.look_over(desk, "Will you facilitate this JAGS?")
    for told in (PSEUDONYM, HOPES, REQUESTER.name, NETWORK[-1].name):
        expect(desk.get_by_text(told).first).to_be_visible()
    desk.get_by_role("button", name="Accept").click()
    visitors.look_over(desk, "Accept this JAGS")
    desk.get_by_role("button", name="Accept this JAGS").click()
    visitors.look_over(desk, "You have accepted this JAGS")
    return desk


def see_the_record(visitors: Visitors, page: Page) -> None:
    """Open the independence record of the agreement; on paper it is one sheet."""
    page.get_by_role("link", name="Independence record").click()
    visitors.look_over(page, "Independence record")
    assert re.findall(rb"/Type /Pages\s+/Count (\d+)", page.pdf(format="A4")) == [b"1"]
    page.go_back()


def set_password(visitors: Visitors, letters: Letters, page: Page, email: str) -> None:
    """Use the invitation that came by mail, and set up a printed sheet; afterwards the person is signed in."""
    page.goto(link_of(letters.take(email, "Your account for JAGS")))
    visitors.look_over(page, "Welcome: set your password")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    visitors.look_over(page, "One more thing: your second step")
    page.get_by_role("button", name="Make a sheet to print").click()
    visitors.look_over(page, "Your printed sheet of codes")
    visitors.sheets[email] = [code.replace(" ", "") for code in page.locator("code").all_inner_texts()]
    _give_code(visitors, page, email)
    assert (
        "A printed sheet of codes was added" in letters.take(email, "Your account for JAGS was changed").text
    )


def sign_in(visitors: Visitors, page: Page, email: str) -> None:
    """Sign in with the password that was set, and a code of the printed sheet."""
    give_password(page, email)
    visitors.look_over(page, "Your second step")
    _give_code(visitors, page, email)
    # On a phone it is folded into the menu.
    expect(page.get_by_text("Sign out", exact=True)).to_be_attached()


def give_password(page: Page, email: str) -> None:
    """Send the page of sign-in with the password that was set."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _give_code(visitors: Visitors, page: Page, email: str) -> None:
    """Give the code that the page asks for by its number."""
    asked = re.search(r"Code number (\d+)", page.locator("main").inner_text())
    assert asked is not None
    page.get_by_label("Code", exact=True).fill(visitors.sheets[email][int(asked[1]) - 1])
    page.get_by_role("button", name="Continue").click()


def _first_look(visitors: Visitors, letters: Letters, page: Page, facilitator: Facilitator) -> None:
    page.goto(link_of(letters.take(facilitator.email, "Could you facilitate a JAGS?")))
    visitors.look_over(page, "Could you facilitate this JAGS?")
    for told in ("East", "16 to 17", REQUESTER.role, *(person.known_agency for person in NETWORK)):
        expect(page.get_by_role("definition").filter(has_text=told).first).to_be_visible()
    _hidden_from(page)


def _hidden_from(page: Page) -> None:
    for hidden in (PSEUDONYM, HOPES, *_names()):
        expect(page.get_by_text(hidden)).to_have_count(0)


def _names() -> Iterable[str]:
    return (person.name for person in (REQUESTER, *NETWORK))


def _of_pool(name: str, agency: str) -> Facilitator:
    with (POOL / "facilitators.csv").open(newline="", encoding="utf-8") as lines:
        (row,) = [r for r in csv.DictReader(lines) if (r["name"], r["agency"]) == (name, agency)]
    return Facilitator(name, agency, row["email"])
