"""Signing in: an invitation, a passkey, an app and a sheet, a session that ends by itself, and a way in again by telephone."""

import re
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from journeys import finding
from journeys.letters import Letters, link_of
from journeys.partnership import Partnership
from journeys.people import ADMINISTRATOR, COORDINATOR, PASSWORD
from journeys.visitors import Visitors, open_menu

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(partnership: Partnership, letters: Letters, visitors: Visitors) -> Page:
    """The coordinator's desk, with a password and no second step yet."""
    partnership.command("accounts", "invite", COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")
    partnership.serve()
    page = visitors.at_a_desk()
    page.goto(link_of(letters.take(COORDINATOR, "Your account for JAGS")))
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    visitors.look_over(page, "One more thing: your second step")
    return page


def plug_in(page: Page) -> CDPSession:
    """Give the browser an authenticator that answers by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "hasResidentKey": True, "automaticPresenceSimulation": True}},
    )
    return session


def is_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_passkey_is_made_and_used(desk: Page, visitors: Visitors) -> None:
    plug_in(desk)
    desk.get_by_role("button", name="Set up a passkey").click()
    visitors.look_over(desk, "Set up a passkey")
    desk.get_by_role("button", name="Make a passkey").click()
    is_in(desk)
    desk.get_by_role("link", name="Meera Coleman").click()
    visitors.look_over(desk, "My account")
    expect(desk.get_by_role("rowheader", name="Passkey")).to_be_visible()
    desk.get_by_role("button", name="Sign out").click()
    finding.give_password(desk, COORDINATOR)
    visitors.look_over(desk, "Your second step")
    desk.get_by_role("button", name="Use your passkey").click()
    is_in(desk)
    assert visitors.problems == []


def test_an_app_is_set_up_and_used(desk: Page, partnership: Partnership, visitors: Visitors) -> None:
    desk.get_by_role("button", name="Use an authenticator app").click()
    visitors.look_over(desk, "Set up your authenticator app")
    secret = desk.locator("main strong").inner_text().replace(" ", "")
    app = pyotp.TOTP(secret)
    now = partnership.now
    desk.get_by_label("Code", exact=True).fill(app.at(now))
    desk.get_by_role("button", name="Continue").click()
    is_in(desk)
    desk.get_by_role("button", name="Sign out").click()
    finding.give_password(desk, COORDINATOR)
    visitors.look_over(desk, "Your second step")
    # A clock may be half a minute ahead; the code that was used already works no more.
    desk.get_by_label("Code", exact=True).fill(app.at(now + timedelta(seconds=30)))
    desk.get_by_role("button", name="Continue").click()
    is_in(desk)
    assert visitors.problems == []


def test_a_printed_sheet_is_made_and_used_on_a_phone(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    partnership.command("accounts", "invite", COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")
    partnership.serve()
    phone = visitors.on_a_phone()
    finding.set_password(visitors, letters, phone, COORDINATOR)
    for _ in range(2):
        open_menu(phone)
        phone.get_by_role("button", name="Sign out").click()
        finding.sign_in(visitors, phone, COORDINATOR)
    phone.goto("/my-account")
    visitors.look_over(phone, "My account")
    # One code was asked for when the sheet was made, and one at each sign-in.
    expect(phone.get_by_role("row", name="Printed sheet")).to_contain_text(
        f"{len(visitors.sheets[COORDINATOR]) - 3} codes left"
    )
    assert visitors.problems == []


def test_the_session_warns_before_it_ends_and_what_was_typed_stays(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    partnership.command("accounts", "invite", COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")
    partnership.serve()
    page = visitors.at_a_desk()
    # The page's own clock, which the browser lets us move on.
    page.clock.install()
    finding.set_password(visitors, letters, page, COORDINATOR)
    page.goto("/my-account/password")
    page.get_by_label("Choose a password").fill("typed before lunch")
    box = page.get_by_role("alertdialog", name="Are you still there?")
    page.clock.fast_forward("24:00")
    expect(box).to_be_hidden()
    page.clock.fast_forward("01:10")
    expect(box).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(box).to_be_hidden()
    page.clock.fast_forward("26:00")
    expect(box).to_be_visible()
    page.clock.fast_forward("05:00")
    expect(box).to_contain_text("You have been signed out.")
    expect(page.get_by_label("Choose a password")).to_have_value("typed before lunch")
    assert visitors.problems == []


def test_somebody_who_has_lost_everything_is_let_in_again_by_two_people(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    colleague = "priya.shore@partnership.example.org"
    for email, role, name in (
        (ADMINISTRATOR, "administrator", "Stefan Blake"),
        (colleague, "administrator", "Priya Shore"),
        (COORDINATOR, "coordinator", "Meera Coleman"),
    ):
        partnership.command("accounts", "invite", email, "--role", role, "--name", name)
    partnership.serve()
    first, second, lost = (visitors.at_a_desk() for _ in range(3))
    for page, email in ((first, ADMINISTRATOR), (second, colleague), (lost, COORDINATOR)):
        finding.set_password(visitors, letters, page, email)
    first.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    visitors.look_over(first, "People with an account")
    first.get_by_role("link", name="Meera Coleman").click()
    visitors.look_over(first, "Meera Coleman")
    first.get_by_role("link", name="Let them in again").click()
    visitors.look_over(first, "Let Meera Coleman in again")
    first.get_by_label("I have called them back").check()
    first.get_by_role("button", name="Ask a second person").click()
    assert "second person" in letters.take(COORDINATOR, "Your account for JAGS was changed").text
    second.goto("/people")
    second.get_by_role("link", name="Meera Coleman").first.click()
    visitors.look_over(second, "Meera Coleman")
    second.get_by_role("button", name="Confirm").click()
    link = link_of(letters.take(COORDINATOR, "Choose a new password"))
    lost.goto("/my-account")
    visitors.look_over(lost, "Sign in")
    lost.goto(link)
    visitors.look_over(lost, "Choose a new password")
    lost.get_by_label("Choose a password").fill(PASSWORD)
    lost.get_by_label("The same password again").fill(PASSWORD)
    lost.get_by_role("button", name="Set the password").click()
    visitors.look_over(lost, "One more thing: your second step")
    lost.get_by_role("button", name="Make a sheet to print").click()
    asked = re.search(r"Code number (\d+)", lost.locator("main").inner_text())
    assert asked is not None
    lost.get_by_label("Code", exact=True).fill(lost.locator("code").all_inner_texts()[int(asked[1]) - 1])
    lost.get_by_role("button", name="Continue").click()
    is_in(lost)
    lost.goto("/my-account")
    expect(lost.get_by_text("Your access was renewed by telephone.")).to_be_visible()
    lost.goto("/requests")
    visitors.look_over(lost, "This page is not open to you")
    assert visitors.problems == [
        "console: Failed to load resource: the server responded with a status of 403 (FORBIDDEN)"
    ]
