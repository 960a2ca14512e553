"""A report is built, written, reviewed by a second person, released, and read: by everybody, and by a named reader on a phone."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from factories.people import account
from factories.released_reports import add_requests
from jags.accounts.rules import Role
from jags.evaluation.rules import Period
from journeys.coming_in import comes_in
from journeys.letters import Letters
from journeys.partnership import Partnership
from journeys.visitors import Visitors

REPORT = "Evaluation of JAGS"
SAID = "More schools than in the spring."
STATEMENT = "I looked at ten of them myself."
QUESTION, REPLY = "Why so few from housing?", "They were not invited. They are from now on."


# On one database: what the pages keep is tried on both under tests/web, and a browser takes long.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_report_from_its_figures_to_its_readers(
    partnership: Partnership, visitors: Visitors, letters: Letters
) -> None:
    period = quarter_before(partnership.begins.date())
    with partnership.work_on() as work:
        add_requests(work, period, 24)
        unit = account(work, Role.COORDINATOR, name="Meera Coleman").id
        scrutineer = account(work, Role.SCRUTINEER, name="Sam Scrutiny").id
        other = account(work, Role.SCRUTINEER, name="Another Scrutineer").id
        reader = account(
            work, Role.EVALUATION_READER, name="Robin Vale", email="robin.vale@board.example.org"
        ).id
    partnership.serve()
    desk = comes_in(visitors, partnership, unit, at_a_desk=True)
    address = builds(visitors, desk, period)
    writes(visitors, desk)
    names_reader(visitors, desk)
    sends(visitors, desk)
    phone = comes_in(visitors, partnership, reader)
    is_not_there_yet(phone, address)
    reviews(visitors, comes_in(visitors, partnership, scrutineer), address)
    cannot_change(visitors, comes_in(visitors, partnership, other), address)
    replies(visitors, desk, address)
    releases(visitors, comes_in(visitors, partnership, scrutineer), address)
    letter = letters.take("robin.vale@board.example.org", "report")
    assert STATEMENT not in letter.text
    reads_own_copy(visitors, phone, address)
    reads_what_everybody_may(visitors)
    partnership.stop()
    # What was refused on the way: not released yet, somebody else's statement, and no statement for the Business Unit.
    assert [found.rpartition("status of ")[2][:3] for found in visitors.problems] == ["404", "409", "403"]
    assert '"level": "error"' not in partnership.said


def builds(visitors: Visitors, page: Page, period: Period) -> str:
    page.goto(f"/evaluation/draft?from={period.from_on}&to={period.to_on}")
    visitors.look_over(page, REPORT)
    expect(page.get_by_role("main").get_by_text("Of 24 requests received").first).to_be_visible()
    page.get_by_role("button", name="Begin this report").click()
    visitors.look_over(page, REPORT)
    return page.url


def writes(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name="Write beside the figures").click()
    visitors.look_over(page, "Write beside the figures")
    page.get_by_label("Who", exact=True).fill(SAID)
    page.get_by_label("Recommendations").fill("Invite housing every time | The lead | 2027-03-31")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(SAID)).to_be_visible()


def names_reader(visitors: Visitors, page: Page) -> None:
    page.get_by_role("link", name="Name its readers").click()
    visitors.look_over(page, "Name the readers")
    page.get_by_label("Robin Vale").check()
    page.get_by_role("button", name="Save").click()


def sends(visitors: Visitors, page: Page) -> None:
    page.get_by_role("button", name="Send it for review").click()
    expect(page.get_by_role("alert")).to_contain_text("The report is with its reviewer")
    visitors.look_over(page, REPORT)
    # Who wrote it does not release it.
    expect(page.get_by_role("button", name="Release it")).to_have_count(0)


def is_not_there_yet(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404


def reviews(visitors: Visitors, page: Page, address: str) -> None:
    page.goto(address)
    visitors.look_over(page, REPORT)
    page.get_by_role("link", name="Add your own statement").click()
    visitors.look_over(page, "Your own statement")
    page.get_by_label("Your statement").fill(STATEMENT)
    page.get_by_role("button", name="Keep the statement").click()
    page.get_by_role("link", name="Ask something").click()
    visitors.look_over(page, "Ask about this report")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    visitors.leave(page)


def cannot_change(visitors: Visitors, page: Page, address: str) -> None:
    page.goto(f"{address}/statement")
    page.get_by_label("Your statement").fill("Something else")
    page.get_by_role("button", name="Keep the statement").click()
    expect(
        page.get_by_text("Another scrutineer has made a statement. Nobody else can change it.")
    ).to_be_visible()
    visitors.leave(page)


def replies(visitors: Visitors, page: Page, address: str) -> None:
    refused = page.goto(f"{address}/statement")
    assert refused is not None
    assert refused.status == 403
    page.goto(address)
    page.get_by_role("link", name="Reply").click()
    visitors.look_over(page, "Reply to the scrutineer")
    page.get_by_label("Your reply").fill(REPLY)
    page.get_by_role("button", name="Reply").click()
    expect(page.get_by_text(REPLY)).to_be_visible()


def releases(visitors: Visitors, page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Release it").click()
    expect(page.get_by_role("alert")).to_contain_text("The report is released as JAGS-R-", timeout=60_000)
    visitors.look_over(page, REPORT)
    visitors.leave(page)


def reads_own_copy(visitors: Visitors, page: Page, address: str) -> None:
    page.goto(address)
    visitors.look_over(page, REPORT)
    expect(page.get_by_text("For Robin Vale").first).to_be_visible()
    for text in (SAID, STATEMENT):
        expect(page.get_by_text(text)).to_be_visible()
    # Questions and replies are for those who make the report.
    expect(page.get_by_text(QUESTION)).to_have_count(0)
    with page.expect_download() as started:
        page.get_by_role("link", name="PDF").click()
    assert "restricted" in started.value.suggested_filename


def reads_what_everybody_may(visitors: Visitors) -> None:
    page = visitors.on_a_phone(scripts=False)
    page.goto("/reports")
    visitors.look_over(page, "Reports on JAGS", scripts=False)
    page.get_by_role("main").get_by_role("list").get_by_role("link").first.click()
    visitors.look_over(page, REPORT, scripts=False)
    expect(page.get_by_text("Robin Vale")).to_have_count(0)
    expect(page.get_by_text(STATEMENT)).to_be_visible()


def quarter_before(day: date) -> Period:
    """Return the last quarter that is over on a day."""
    begins = date(day.year, day.month - (day.month - 1) % 3, 1)
    last = begins - timedelta(days=1)
    return Period(date(last.year, last.month - 2, 1), last)


def test_quarter_before_is_over() -> None:
    assert quarter_before(date(2026, 12, 1)) == Period(date(2026, 7, 1), date(2026, 9, 30))
    assert quarter_before(date(2027, 1, 5)) == Period(date(2026, 10, 1), date(2026, 12, 31))
