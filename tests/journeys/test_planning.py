"""Off the daily screens: all waiting requests are planned at once, and a facilitator who steps back is replaced."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from factories.pool import accepted_request, facilitator
from factories.sessions import COORDINATOR as ARRANGES
from factories.sessions import agree, schedule
from journeys import finding
from journeys.letters import Letters
from journeys.partnership import Partnership
from journeys.people import COORDINATOR
from journeys.visitors import Visitors, go_to
from servers.browser import DESK_WIDTH, HEIGHTS, PHONE_WIDTH

NAMES = ("Ash Reed", "Birch Lane", "Cedar Vale", "Dale Moor", "Elm Fold")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_waiting_requests_are_planned_and_a_facilitator_is_changed(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    partnership.command("accounts", "invite", COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")
    with partnership.work_on() as work:
        for name in NAMES[2:]:
            facilitator(work, name)
        accepted_request(work, transitional=True)
        accepted_request(work, agency_name="Police")
    agreed = agree(partnership.work_on, names=NAMES[:2])
    with partnership.work_on(ARRANGES) as work:
        wall = (work.now + timedelta(days=14)).replace(
            hour=14, minute=0, second=0, microsecond=0, tzinfo=None
        )
        schedule(work, agreed.request_id, wall_start=wall, unusual_day_ok=True)
    partnership.serve()
    desk = visitors.at_a_desk()
    finding.set_password(visitors, letters, desk, COORDINATOR)
    _plan(visitors, desk)
    _offer_one(visitors, desk)
    _ask_what_a_changed_rule_would_have_done(visitors, desk)
    desk.goto(f"/requests/{agreed.request_id}")
    _change(visitors, desk)
    partnership.stop()
    assert visitors.problems == []
    assert '"level": "error"' not in partnership.said


def _plan(visitors: Visitors, page: Page) -> None:
    go_to(page, "Facilitators")
    page.get_by_role("link", name="Plan all requests that wait at once").click()
    page.get_by_role("button", name="Plan all that wait (2)").click()
    # The page looks again by itself, without a click and without a script, until the plan is there.
    expect(page.get_by_role("heading", name="The plan of")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("2 of 2 requests get a pair.")).to_be_visible()
    expect(page.get_by_text("it is proven that no other plan is better")).to_be_visible()
    _look_over(visitors, page, "Planning")


def _offer_one(visitors: Visitors, page: Page) -> None:
    rows = page.get_by_role("group", name="Which pairs do we ask?").get_by_role("checkbox")
    expect(rows).to_have_count(2)
    rows.last.uncheck()
    page.get_by_role("button", name="Offer to the ticked pairs").click()
    expect(page.get_by_role("alert")).to_contain_text("1 offer is on the way to the facilitators.")
    expect(rows).to_have_count(1)


def _ask_what_a_changed_rule_would_have_done(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name="What a changed rule would have done").click()
    page.get_by_label("Sessions a quarter that everybody could give").fill("-2")
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_role("table", name="Pairs that differ")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("3 requests of this period went ahead.")).to_be_visible()
    _look_over(visitors, page, "What a changed rule would have done")


def _change(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name=f"Note that {NAMES[0]} steps back").click()
    page.get_by_role("button", name=f"Note that {NAMES[0]} steps back").click()
    _look_over(visitors, page, "Change of facilitator")
    expect(page.get_by_text(f"Nobody. {NAMES[1]} stays.")).to_be_visible()
    expect(
        page.get_by_text(re.compile("It stands when (Cedar Vale|Dale Moor|Elm Fold) has accepted."))
    ).to_be_visible()
    page.get_by_role("button", name=re.compile("Offer it to")).click()
    expect(page.get_by_role("alert")).to_contain_text("The offer is on its way.")


def _look_over(visitors: Visitors, page: Page, heading: str) -> None:
    """Look a page over at a desk and as wide as a phone."""
    visitors.look_over(page, heading)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": HEIGHTS[PHONE_WIDTH]})
    visitors.look_over(page, heading)
    page.set_viewport_size({"width": DESK_WIDTH, "height": HEIGHTS[DESK_WIDTH]})
