"""Signing in by an organisation's own sign-in: added to an account, used, and what is said when it names nobody or fails."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from journeys import finding
from journeys.letters import Letters
from journeys.partnership import Partnership
from journeys.people import COORDINATOR
from journeys.visitors import Visitors, open_menu
from servers.provider import Provider, provider

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FAILED = "You are not signed in through Example Council"


@pytest.fixture
def council() -> Iterator[Provider]:
    with provider() as running:
        yield running


def say(partnership: Partnership, council: Provider, **claims: object) -> None:
    """Let the council name somebody in a token of this moment."""
    now = int(partnership.now.timestamp())
    council.say(claims={"iat": now, "exp": now + 300, "auth_time": now, **claims})


def test_an_organisation_signs_somebody_in_and_says_so_when_it_cannot(
    partnership: Partnership, letters: Letters, visitors: Visitors, council: Provider
) -> None:
    partnership.command("accounts", "invite", COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")
    partnership.know_organisation(council.line())
    partnership.serve()
    desk, phone = visitors.at_a_desk(), visitors.on_a_phone()
    finding.set_password(visitors, letters, desk, COORDINATOR)
    desk.goto("/set-up")
    visitors.look_over(desk, "Add a second step")
    say(partnership, council)
    desk.get_by_role("button", name="Example Council").click()
    visitors.look_over(desk, "My account")
    expect(desk.get_by_role("row", name="Example Council")).to_be_visible()

    for page in (desk, phone):
        sign_out(page)
        say(partnership, council)
        by_the_council(page)
        expect(page.get_by_text("Sign out", exact=True)).to_be_attached()
        sign_out(page)
        # Somebody of the council who has no account here.
        say(partnership, council, sub="somebody else")
        by_the_council(page)
        visitors.look_over(page, FAILED)
        expect(page.get_by_text("No account here belongs to the person")).to_be_visible()
        # A token that has expired.
        say(partnership, council, exp=1)
        by_the_council(page)
        expect(page.get_by_text("did not tell us who you are, or it took too long")).to_be_visible()
        page.get_by_role("button", name="Go to sign in").click()
        visitors.look_over(page, "Sign in")
    refused = "console: Failed to load resource: the server responded with a status of 400 (BAD REQUEST)"
    assert [one for one in visitors.problems if one != refused] == []


def by_the_council(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name="Example Council").click()


def sign_out(page: Page) -> None:
    if page.url != "about:blank" and page.get_by_text("Sign out", exact=True).count():
        open_menu(page)
        page.get_by_role("button", name="Sign out").click()
