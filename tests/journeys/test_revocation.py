"""Ending what is open elsewhere: one's own sessions, and the access of somebody who leaves; and what was typed before it ended."""

import pytest
from playwright.sync_api import Page, expect

from journeys import finding
from journeys.letters import Letters
from journeys.partnership import Partnership
from journeys.people import ADMINISTRATOR, COORDINATOR
from journeys.visitors import Visitors, go_to

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def invited(partnership: Partnership) -> Partnership:
    """A partnership with an administrator and a coordinator who are invited."""
    for email, role, name in (
        (ADMINISTRATOR, "administrator", "Stefan Blake"),
        (COORDINATOR, "coordinator", "Meera Coleman"),
    ):
        partnership.command("accounts", "invite", email, "--role", role, "--name", name)
    partnership.serve()
    return partnership


def test_a_session_is_ended_from_another_browser_and_what_was_typed_there_is_sent_after_signing_in_again(
    invited: Partnership, letters: Letters, visitors: Visitors
) -> None:
    here, there = visitors.at_a_desk(), visitors.on_a_phone()
    finding.set_password(visitors, letters, here, COORDINATOR)
    here.goto("/retention/rules/request")
    here.get_by_label("Who answers for this rule?").fill("Head of the Business Unit")
    finding.sign_in(visitors, there, COORDINATOR)
    there.goto("/my-account")
    visitors.look_over(there, "My account")
    there.get_by_role("button", name="End the session in").click()
    expect(there.get_by_role("button", name="End the session in")).to_have_count(0)

    another_tab = here.context.new_page()
    another_tab.goto("/my-account")
    visitors.look_over(another_tab, "Sign in")
    finding.sign_in(visitors, another_tab, COORDINATOR)
    here.get_by_role("button", name="Save the rule").click()
    expect(here.get_by_role("alert")).to_contain_text("The rule is saved.")
    expect(here.get_by_role("row", name="Head of the Business Unit")).to_be_visible()
    assert visitors.problems == []


def test_whoever_leaves_is_out_at_the_next_click_and_cannot_come_back(
    invited: Partnership, letters: Letters, visitors: Visitors
) -> None:
    office, leaver = visitors.at_a_desk(), visitors.on_a_phone()
    finding.set_password(visitors, letters, office, ADMINISTRATOR)
    finding.set_password(visitors, letters, leaver, COORDINATOR)
    go_to(leaver, "Requests")
    visitors.look_over(leaver, "Requests")
    go_to(office, "Office")
    office.get_by_role("link", name="Meera Coleman").click()
    visitors.look_over(office, "Meera Coleman")
    office.get_by_role("button", name="End their access").click()
    expect(office.get_by_role("definition").filter(has_text="Closed")).to_be_visible()

    go_to(leaver, "Home")
    visitors.look_over(leaver, "Sign in")
    _try_to_come_back(leaver)
    assert visitors.problems == []


def _try_to_come_back(page: Page) -> None:
    finding.give_password(page, COORDINATOR)
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
