"""A facilitator and an observer on phones: agree to be observed, reflect, ask to be rung, and read what was seen."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from factories.people import account, agency
from factories.pool import signs_in
from factories.sessions import agree, arrange
from jags.accounts.queries import find_account_of
from jags.accounts.rules import Role
from jags.quality.service.observing import agree_to_observation, plan_observation
from journeys.coming_in import comes_in
from journeys.partnership import Partnership
from journeys.visitors import Visitors


# On one database: what the pages keep is tried on both under tests/web, and a browser takes long.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reflection_a_call_and_an_observation_on_phones(partnership: Partnership, visitors: Visitors) -> None:
    on = _a_day(partnership)
    offered = agree(partnership.work_on, people=2)
    session_id = arrange(partnership.work_on, offered, wall_start=on)
    with partnership.work_on() as work:
        unit = account(work, Role.COORDINATOR, name="Meera Coleman")
        observer = account(
            work, Role.OBSERVER, name="Olive Marsh", agency=agency(work, "hospital", "Hospital")
        )
        unit_id, observer_id, observer_person = unit.id, observer.id, observer.person_id
    with partnership.work_on() as work:
        observation_id = plan_observation(work, session_id, observer_id=observer_person).id
    with partnership.work_on(offered.actors[1]) as work:
        agree_to_observation(work, observation_id, agreed=True)
    ash = _account(partnership, offered.people[0])
    partnership.serve()
    own = f"/my-sessions/{session_id}"
    agrees(visitors, comes_in(visitors, partnership, ash), own)

    partnership.serve(days_on=(on.date() - partnership.begins.date()).days + 1)
    phone = comes_in(visitors, partnership, ash)
    reflects(visitors, phone, own)
    asks_to_be_rung(visitors, phone, own)
    observes(visitors, comes_in(visitors, partnership, observer_id), observation_id)
    reads(visitors, phone, own)
    rings(visitors, comes_in(visitors, partnership, unit_id))
    partnership.stop()
    assert visitors.problems == []
    assert '"level": "error"' not in partnership.said
    assert "The pauses" not in partnership.said


def agrees(visitors: Visitors, page: Page, own: str) -> None:
    page.goto(own)
    visitors.look_over(page, "Your session Arranged")
    expect(page.get_by_text("Olive Marsh (Hospital) would like to observe")).to_be_visible()
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("alert")).to_contain_text("Thank you. You agree.")
    visitors.leave(page)


def reflects(visitors: Visitors, page: Page, own: str) -> None:
    page.goto(own)
    page.get_by_role("button", name="Write your reflection").click()
    visitors.look_over(page, "Your reflection")
    page.get_by_label("What helped?").fill("The pauses")
    page.get_by_role("group", name="Opening:").get_by_label("Partly").check()
    # It saves itself: what was typed is there again without a button having been pressed.
    expect(page.get_by_role("status").filter(has_text="Saved at")).to_be_visible()
    page.reload()
    expect(page.get_by_label("What helped?")).to_have_value("The pauses")
    expect(page.get_by_role("group", name="Opening:").get_by_label("Partly")).to_be_checked()
    page.get_by_role("button", name="Keep my reflection").click()
    expect(page.get_by_role("alert").first).to_contain_text("Your reflection is kept.")


def asks_to_be_rung(visitors: Visitors, page: Page, own: str) -> None:
    page.goto(own)
    page.get_by_role("button", name="I would like someone to ring me").click()
    expect(page.get_by_text("Meera Coleman rings you by the end of")).to_be_visible()
    page.get_by_role("link", name="Say who takes it").click()
    visitors.look_over(page, "A concern came up")
    page.get_by_label("Ash Reed").check()
    page.get_by_label("The police").check()
    page.get_by_role("button", name="Save who takes it").click()
    visitors.look_over(page, "Your session Arranged")
    page.get_by_role("button", name="It was taken").click()
    expect(page.get_by_text("Confirmed on")).to_be_visible()


def observes(visitors: Visitors, page: Page, observation_id: object) -> None:
    page.goto("/my-observations")
    visitors.look_over(page, "My observations")
    page.goto(f"/my-observations/{observation_id}")
    visitors.look_over(page, "Observation of practice")
    page.get_by_label("What worked?").fill("They waited until somebody spoke.")
    page.get_by_role("group", name="Opening:").get_by_label("Seen", exact=True).check()
    page.get_by_role("button", name="Share it with the two of them").click()
    expect(page.get_by_text("You shared this with the two facilitators on")).to_be_visible()
    visitors.leave(page)


def reads(visitors: Visitors, page: Page, own: str) -> None:
    page.goto(own)
    page.get_by_role("link", name="Read what Olive Marsh saw").click()
    visitors.look_over(page, "What was seen in your session")
    expect(page.get_by_text("They waited until somebody spoke.")).to_be_visible()
    page.goto("/my-practice")
    visitors.look_over(page, "My practice")
    page.get_by_role("button", name="Write in the log").click()
    visitors.look_over(page, "Write in your log")
    page.get_by_label("What would you like to remember?").fill("Wait longer.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Wait longer.")).to_be_visible()
    page.get_by_role("link", name="keeping to the JAGS approach").click()
    visitors.look_over(page, "Keeping to the JAGS approach")


def rings(visitors: Visitors, page: Page) -> None:
    page.goto("/home")
    visitors.look_over(page, "What needs you now")
    page.get_by_role("button", name="I have rung them").click()
    visitors.look_over(page, "To ring")
    expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()
    page.goto("/practice-audits")
    visitors.look_over(page, "Multi-agency audit")


def _a_day(partnership: Partnership) -> datetime:
    """Return the afternoon of a working day two weeks on, as London's clocks show it."""
    return partnership.begins.replace(hour=14, minute=0, tzinfo=None) + timedelta(days=14)


def _account(partnership: Partnership, person_id) -> object:
    with partnership.work_on() as work:
        signs_in(work, person_id)
        found = find_account_of(work, person_id)
        assert found is not None
        return found.id
