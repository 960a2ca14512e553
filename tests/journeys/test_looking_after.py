"""What happens beside the straight way: a question, a pause, work that is handed over, and a case from which all stand aside."""

import pytest
from playwright.sync_api import Page, expect

from factories.people import account
from factories.requests import in_triage
from jags.accounts.rules import Role
from jags.requests.service import set_owner
from journeys.coming_in import comes_in
from journeys.letters import Letters, link_of
from journeys.partnership import Partnership
from journeys.visitors import Visitors

REQUESTER = "asha@example.org"
LEAD = "stefan.blake@partnership.example.org"
QUESTION = "Which of you sees them most often?"
ANSWER = "The youth worker, twice a week."
FIRST, SECOND = "JAGS-2026-0001", "JAGS-2026-0002"
# Past every local target of a request that waits to be decided on.
LATE_DAYS = 13


# On one database: what the pages keep is tried on both under tests/web, and a browser takes long.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_question_a_pause_a_late_target_and_work_that_changes_hands(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    with partnership.work_on() as work:
        meera, jonah = (
            account(work, Role.COORDINATOR, name=name) for name in ("Meera Coleman", "Jonah Marsh")
        )
        lead = account(work, Role.ADMINISTRATOR, name="Stefan Blake", email=LEAD)
        meera_id, jonah_id, lead_id = meera.id, jonah.id, lead.id
        requests = [in_triage(work), in_triage(work)]
        for one in requests:
            set_owner(work, one.id, owner_id=meera.person_id, version=one.version)
        path, other = (f"/requests/{one.id}" for one in requests)
    partnership.serve()
    desk = comes_in(visitors, partnership, meera_id, at_a_desk=True)
    asks(visitors, desk, path)
    phone = visitors.on_a_phone()
    phone.goto(link_of(letters.take(REQUESTER, "A question about your request")))
    answers(visitors, phone)
    pauses(visitors, letters, desk, path)
    waits_quietly(phone)
    lifts(visitors, desk, path)
    withdraws(visitors, phone)
    takes_up_again(visitors, letters, desk, path)

    partnership.serve(days_on=LATE_DAYS)
    desk = comes_in(visitors, partnership, meera_id, at_a_desk=True)
    asks_the_lead(visitors, letters, desk, other)
    hands_over(visitors, desk)
    colleague = comes_in(visitors, partnership, jonah_id)
    stands_aside(visitors, desk, path, colleagues=True)
    stands_aside(visitors, colleague, path, colleagues=False)
    takes_over(visitors, comes_in(visitors, partnership, lead_id), path)
    partnership.stop()
    assert visitors.problems == []
    assert '"level": "error"' not in partnership.said
    for written in (QUESTION, ANSWER, "Kestrel"):
        assert written not in partnership.said


def asks(visitors: Visitors, page: Page, path: str) -> None:
    page.goto(f"{path}/ask")
    visitors.look_over(page, "Ask the requester")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="See what is sent").click()
    visitors.look_over(page, "Before it goes: ask the requester")
    page.get_by_role("button", name="Send this question").click()
    visitors.look_over(page, f"{FIRST} Waiting for the requester")


def answers(visitors: Visitors, page: Page) -> None:
    visitors.look_over(page, f"Your request {FIRST}")
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your answer.")
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Thank you. We have your answer.")
    expect(page.get_by_role("listitem").filter(has_text="You answered")).to_contain_text(ANSWER)
    page.get_by_role("link", name="Read what you wrote").click()
    visitors.look_over(page, "What you wrote")
    page.go_back()


def pauses(visitors: Visitors, letters: Letters, page: Page, path: str) -> None:
    page.goto(f"{path}/pause")
    visitors.look_over(page, "Pause everything")
    page.get_by_label("A child or young person has died").check()
    page.get_by_role("button", name="Pause everything now").click()
    visitors.look_over(page, f"{FIRST} Being considered")
    expect(page.get_by_text("Everything about this request is paused.")).to_be_visible()
    assert FIRST in letters.take(LEAD, "Paused").text
    page.get_by_role("button", name="Write to the requester").click()
    visitors.look_over(page, "Write to the requester and the facilitators")
    page.get_by_label("Note to the requester").fill("We are so sorry. We ring you today.")
    page.get_by_role("button", name="See what is sent").click()
    visitors.look_over(page, "Before it goes: write to the requester and the facilitators")
    page.get_by_role("button", name="Send these notes").click()
    expect(page.get_by_role("alert").first).to_contain_text("The notes are on their way.")
    assert "We are so sorry. We ring you today." in letters.take(REQUESTER, "About your request").text


def waits_quietly(page: Page) -> None:
    page.reload()
    expect(page.get_by_text("We have paused everything about this request.")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("died")
    expect(page.get_by_role("main")).not_to_contain_text("ring you by")


def lifts(visitors: Visitors, page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Lift the pause").click()
    visitors.look_over(page, "Lift the pause")
    page.get_by_role("button", name="Lift the pause").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box to lift the pause.")
    page.get_by_label("Yes, mail about this request may leave again").check()
    page.get_by_role("button", name="Lift the pause").click()
    expect(page.get_by_role("alert").first).to_contain_text("Legal hold stays on.")
    expect(page.get_by_role("link", name="Lift legal hold")).to_be_visible()


def withdraws(visitors: Visitors, page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="Withdraw this request").click()
    visitors.look_over(page, f"Withdraw your request {FIRST}")
    page.get_by_label("Yes, withdraw this request").check()
    page.get_by_role("button", name="Withdraw").click()
    visitors.look_over(page, f"Your request {FIRST}")


def takes_up_again(visitors: Visitors, letters: Letters, page: Page, path: str) -> None:
    page.goto(path)
    visitors.look_over(page, f"{FIRST} Withdrawn Legal hold")
    page.get_by_role("link", name="Take it up again").click()
    visitors.look_over(page, "Take it up again")
    page.get_by_label("Reason").fill("They rang: it was a mistake.")
    page.get_by_role("button", name="See what is sent").click()
    visitors.look_over(page, "Before it goes: take it up again")
    page.get_by_role("button", name="Send and take it up again").click()
    expect(page.get_by_role("alert").first).to_contain_text("The request is being considered again.")
    letters.take(REQUESTER, "We have taken your request for a JAGS up again")


def asks_the_lead(visitors: Visitors, letters: Letters, page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Ask the lead to help").click()
    visitors.look_over(page, "Ask the lead to help")
    page.get_by_role("button", name="See what is sent").click()
    visitors.look_over(page, "Before it goes: ask the lead to help")
    page.get_by_role("button", name="Send and ask the lead").click()
    expect(page.get_by_text("The lead was asked to help on")).to_be_visible()
    mail = letters.take(LEAD, "Your help is asked for")
    assert SECOND in mail.text
    assert "Asha Bell" not in mail.text


def hands_over(visitors: Visitors, page: Page) -> None:
    page.goto("/hand-over")
    visitors.look_over(page, "Hand over your open work")
    expect(page.get_by_text("2 open requests, of which 2 need a decision now.")).to_be_visible()
    page.get_by_role("checkbox", name=FIRST).uncheck()
    page.get_by_label("Jonah Marsh").check()
    page.get_by_role("button", name="Hand over what is ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("1 request is with Jonah Marsh now.")
    expect(page.get_by_role("row").filter(has_text=SECOND)).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text=FIRST)).to_have_count(1)


def stands_aside(visitors: Visitors, page: Page, path: str, *, colleagues: bool) -> None:
    page.goto(path)
    page.get_by_role("link", name="I am involved in this").click()
    visitors.look_over(page, "I am involved in this")
    page.get_by_label("Nobody for now").check()
    page.get_by_role("button", name="Pass it on, and no longer see it").click()
    waits = "is with your colleagues" if colleagues else "waits for the lead of the Business Unit"
    expect(page.get_by_role("alert").first).to_contain_text(waits)
    expect(page.get_by_role("link", name=FIRST)).to_have_count(0)
    assert page.request.get(path).status == 404


def takes_over(visitors: Visitors, page: Page, path: str) -> None:
    page.goto("/home")
    waiting = page.get_by_role("table", name="Requests that need the lead")
    expect(waiting.get_by_role("row").filter(has_text=FIRST)).to_contain_text("No coordinator can act on it")
    expect(page.get_by_role("main")).not_to_contain_text("Asha Bell")
    # Nobody who leads reads requests as such.
    assert page.request.get(path).status == 403
    waiting.get_by_role("row").filter(has_text=FIRST).get_by_role("link", name="Take it over").click()
    visitors.look_over(page, "Take this request over")
    page.get_by_label("Reason").fill("Both coordinators know the family.")
    page.get_by_role("button", name="Take it over").click()
    visitors.look_over(page, f"{FIRST} Being considered Legal hold")
    expect(page.get_by_text("Asha Bell").first).to_be_visible()
    page.get_by_role("link", name="Give this request back").click()
    visitors.look_over(page, "Give this request back")
    page.get_by_label("Nobody for now").check()
    page.get_by_role("button", name="Give it back").click()
    visitors.look_over(page, "What needs you now")
