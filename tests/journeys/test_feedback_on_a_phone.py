"""Feedback on a phone: without scripts, by the keyboard alone, and with the network cut in the middle."""

from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from factories.held_sessions import add_held_session
from factories.sessions import COORDINATOR
from jags.feedback.service import make_slips
from jags.kernel.errors import SetupIncomplete
from journeys.partnership import Partnership
from journeys.visitors import Visitors

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SAFE, COMMENT = "I felt safe to speak openly.", "What was most useful, or what could be better?"
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('jags-draft-')).length"


@pytest.fixture
def codes(partnership: Partnership) -> tuple[str, ...]:
    """The codes of a sheet of slips for a session that was held yesterday."""
    partnership.serve()
    patience = monotonic() + 30
    while True:
        try:
            with partnership.work_on() as work:
                session_id = add_held_session(work).id
                work.as_actor(COORDINATOR)
                return make_slips(work, session_id, number=6).codes
        except SetupIncomplete:
            # The scheduler has not begun yet; nothing can be sealed to it before.
            assert monotonic() < patience


def begin(visitors: Visitors, page: Page, code: str, *, scripts: bool = True) -> None:
    page.goto("/feedback")
    visitors.look_over(page, "Give feedback with a slip", scripts=scripts)
    page.get_by_label("The code on your slip").fill(code.lower())
    page.get_by_role("button", name="Continue").click()
    visitors.look_over(page, "How was the JAGS?", scripts=scripts)


def agree(page: Page) -> None:
    page.get_by_role("group", name=SAFE).get_by_role("radio", name="Agree", exact=True).check()


def test_feedback_without_scripts(visitors: Visitors, codes: tuple[str, ...]) -> None:
    page = visitors.on_a_phone(scripts=False)
    begin(visitors, page, codes[0], scripts=False)
    agree(page)
    page.get_by_role("button", name="Continue").click()
    visitors.look_over(page, "In your words", scripts=False)
    page.get_by_label(COMMENT).fill("He came with a bruise.")
    page.get_by_text("Two more minutes?").click()
    page.get_by_role("group", name="Compared with before today").get_by_label("About the same").check()

    page.get_by_role("button", name="Send my feedback").click()

    visitors.look_over(page, "Before you send", scripts=False)
    expect(page.get_by_label(COMMENT)).to_have_value("He came with a bruise.")
    expect(
        page.get_by_role("group", name="Compared with before today").get_by_label("About the same")
    ).to_be_checked()
    expect(page.get_by_text("Delete from this device")).to_be_hidden()
    page.get_by_role("button", name="Send my feedback").click()
    visitors.look_over(page, "Thank you", scripts=False)
    begin_again = page.context.new_page()
    begin_again.goto(f"/feedback/{codes[0]}")
    visitors.look_over(begin_again, "This link was used", scripts=False)
    assert page.context.cookies() == []
    assert visitors.problems == []


def test_feedback_by_the_keyboard_with_a_lost_connection_and_with_a_draft_deleted(
    visitors: Visitors, codes: tuple[str, ...]
) -> None:
    answer_by_the_keyboard_alone(visitors, codes[0])
    delete_a_draft(visitors, codes[1])
    assert visitors.problems == []
    outlive_a_lost_connection(visitors, codes[2])


def answer_by_the_keyboard_alone(visitors: Visitors, code: str) -> None:
    page = visitors.on_a_phone()
    begin(visitors, page, code)
    reach(page, "safe")
    page.keyboard.press("ArrowRight")
    press(page, "Continue")
    visitors.look_over(page, "In your words")
    reach(page, "comment")
    page.keyboard.type("The silence helped.")
    press(page, "Two more minutes?")
    visitors.look_over(page, "In your words")
    reach(page, "confidence")
    page.keyboard.press("Space")
    press(page, "Send my feedback")
    visitors.look_over(page, "Thank you")
    visitors.leave(page)


def outlive_a_lost_connection(visitors: Visitors, code: str) -> None:
    page = visitors.on_a_phone()
    begin(visitors, page, code)
    agree(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(COMMENT).fill("Half a thought")
    page.get_by_role("group", name="May we quote").get_by_label("Yes").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Send my feedback").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)

    begin(visitors, page, code)

    expect(page.get_by_text("What you typed on this device before is here again.")).to_be_visible()
    expect(
        page.get_by_role("group", name=SAFE).get_by_role("radio", name="Agree", exact=True)
    ).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label(COMMENT)).to_have_value("Half a thought")
    expect(page.get_by_role("group", name="May we quote").get_by_label("Yes")).to_be_checked()
    assert page.evaluate(DRAFTS) == 1
    assert code.replace("-", "").lower() not in page.evaluate("JSON.stringify(localStorage)").lower()
    page.get_by_role("button", name="Send my feedback").dblclick()
    visitors.look_over(page, "Thank you")
    assert page.evaluate(DRAFTS) == 0


def delete_a_draft(visitors: Visitors, code: str) -> None:
    page = visitors.on_a_phone()
    begin(visitors, page, code)
    agree(page)
    expect(page.get_by_text("What you type is kept on this device until you send it")).to_be_visible()
    assert page.evaluate(DRAFTS) == 1
    page.get_by_role("button", name="Delete from this device").click()
    expect(page.get_by_text("Deleted from this device.")).to_be_visible()
    assert page.evaluate(DRAFTS) == 0
    page.get_by_role("button", name="Continue").click()
    visitors.look_over(page, "In your words")
    # The next screen keeps again what stands on it; a day later it is gone, on whatever page of ours.
    page.evaluate(
        "for (const key of Object.keys(localStorage)) localStorage.setItem(key, JSON.stringify({ at: Date.now() - 86400000, values: {} }))"
    )
    page.goto("/")
    assert page.evaluate(DRAFTS) == 0
    visitors.leave(page)


def reach(page: Page, name: str) -> None:
    """Go to the field of a name with the Tab key alone."""
    for _ in range(120):
        if page.evaluate("document.activeElement?.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


def press(page: Page, words: str) -> None:
    """Go to what says these words with the Tab key alone, and press Enter."""
    for _ in range(120):
        if (
            page.evaluate(
                "document.activeElement.matches('button, summary') && document.activeElement.innerText.trim()"
            )
            == words
        ):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {words}")
