"""Those who were there say how it was, and the evaluation tells what may be told."""

from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from journeys.people import COMMENT, PRESENT
from journeys.visitors import Visitors, go_to

# What the five answer to three of the statements; the rest they leave out. The bands were worked out by hand.
ANSWERS = {
    "I felt safe to speak openly.": ("Strongly agree", "Agree", "Agree", "Agree", "Agree"),
    "We reflected rather than set tasks.": ("Agree", "Agree", "Neither", "Disagree", "Agree"),
    "Children's and adults' services both had a voice.": (
        "Disagree",
        "Strongly disagree",
        "Neither",
        "Agree",
        "Not applicable",
    ),
}
BANDS = {
    "I felt safe to speak openly.": "all or all but one",
    "We reflected rather than set tasks.": "half to three quarters",
    # Four answered it, which is too few to tell.
    "Children's and adults' services both had a voice.": "hidden: fewer than 5 answers",
}


def give_feedback(visitors: Visitors, link: str, place: int) -> None:
    """Answer on two screens on a phone; the browser keeps nothing."""
    page = visitors.on_a_phone()
    page.goto(link)
    _fill_both_screens(visitors, page, place)
    page.get_by_role("button", name="Send my feedback").click()
    visitors.look_over(page, "Thank you")
    assert page.context.cookies() == []
    visitors.leave(page)


def give_feedback_twice(visitors: Visitors, link: str, place: int) -> None:
    """Have one link open twice and send both: each is thanked alike, and the link has then done its work."""
    page = visitors.on_a_phone()
    page.goto(link)
    second = page.context.new_page()
    second.goto(link)
    for one in (page, second):
        _fill_both_screens(visitors, one, place)
    for one in (page, second):
        one.get_by_role("button", name="Send my feedback").click()
        visitors.look_over(one, "Thank you")
    page.goto(link)
    visitors.look_over(page, "This link was used")
    visitors.leave(page)


def wait_until_closed(visitors: Visitors, page: Page, reference: str) -> None:
    """Look at the request again until the scheduler has closed the round and the request."""
    go_to(page, "Requests")
    page.get_by_label("Go to a reference or an old tracker number").fill(reference)
    page.get_by_role("button", name="Go", exact=True).click()
    closed = page.get_by_role("heading", level=1).filter(has_text="Closed")
    for _ in range(40):
        try:
            expect(closed).to_be_visible(timeout=500)
        except AssertionError:
            page.reload()
        else:
            break
    visitors.look_over(page, f"{reference} Closed")
    expect(page.get_by_text("The answers are pooled, in bands, in the")).to_be_visible()


def show_the_evaluation(visitors: Visitors, page: Page, first: date, last: date) -> None:
    """Choose the period and read the figures."""
    go_to(page, "Evaluation")
    for name, day in (("First day", first), ("Last day", last)):
        boxes = page.get_by_role("group", name=name)
        for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(box).fill(str(number))
    page.get_by_role("button", name="Show the figures").click()
    visitors.look_over(page, "Evaluation")


def expect_on_page(page: Page, figures: dict[str, Any]) -> None:
    """Expect on the page what the command prints: the funnel, agencies, feedback and both cohorts."""
    funnel = page.get_by_role("table", name="From received to held")
    for words, key in (
        ("Received", "received"),
        ("Proceeded", "proceeded"),
        ("Proceeded and held", "held"),
        ("Not proceeded", "not_proceeded"),
        ("Undecided", "undecided"),
    ):
        expect(_row(funnel, words)).to_have_text([str(figures[key])])
    taking_part = page.get_by_role("table", name="Agencies taking part")
    for agency, number in figures["agencies_taking_part"]["agencies"].items():
        expect(_row(taking_part, agency)).to_have_text([str(number)])
    feedback = figures["feedback"]
    expect(page.get_by_text(f"{feedback['answers']} of {feedback['invited']} people asked")).to_be_visible()
    opinions = page.get_by_role("table", name="How many agreed or strongly agreed")
    for told in feedback["agreed"].values():
        expect(_row(opinions, told["statement"])).to_have_text(
            [told["agreed"].capitalize(), str(told.get("n", ""))]
        )
    cohorts = page.get_by_role("table", name="Transitional safeguarding: two cohorts side by side")
    for words, key in (("Received", "received"), ("Proceeded and held", "held")):
        expect(_row(cohorts, words)).to_have_text(
            [str(figures["cohorts"][cohort][key]) for cohort in ("age_band", "confirmed", "overlap")]
        )


def _fill_both_screens(visitors: Visitors, page: Page, place: int) -> None:
    visitors.look_over(page, "How was the JAGS?")
    expect(page.get_by_text("Nobody reads these answers straight away.")).to_be_visible()
    for statement, answers in ANSWERS.items():
        page.get_by_role("group", name=statement).get_by_role(
            "radio", name=answers[place], exact=True
        ).check()
    page.get_by_role("button", name="Continue").click()
    visitors.look_over(page, "In your words")
    if place == len(PRESENT) - 1:
        page.get_by_label("What was most useful, or what could be better?").fill(COMMENT)
        page.get_by_role("radio", name="Yes").check()


def _row(table: Locator, header: str) -> Locator:
    """Return the cells of the row with exactly this header."""
    exactly = table.page.get_by_role("rowheader", name=header, exact=True)
    return table.get_by_role("row").filter(has=exactly).get_by_role("cell")
