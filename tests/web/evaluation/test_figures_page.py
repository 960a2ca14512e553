"""The page of figures: what it counts, what it hides and what it asks for again."""

import re
from datetime import UTC, datetime

from flask.testing import FlaskClient

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import add_request
from factories.pages import errors, heading, sign_in
from jags.accounts.rules import Role
from jags.adapters.clock import FixedClock
from jags.feedback.service import count_sectors
from jags.requests.rules import State


def told(client: FlaskClient, query: str = "") -> str:
    """Return the page's words without markup."""
    text = client.get(f"/evaluation{query}").get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_funnel_and_cohorts_of_the_year_so_far(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        add_request(work, state=State.ACCEPTED, confirmed=True)
        add_request(work, state=State.SIGNPOSTED, route="tacs")

    page = told(client)

    assert "Requests received from 1 April 2026 to 24 November 2026 ." in page.replace("2026.", "2026 .")
    assert (
        "Of 2 requests received, 1 proceeded, 0 of them to a session that was held; 1 did not proceed and 0 are undecided."
        in page
    )
    assert "Team Around the Child Supervision (TACS) 1" in page
    assert "Received 0 1 0 Proceeded 0 1 0" in page


def test_address_selects_period_and_cohort(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        add_request(work, confirmed=True)
        add_request(work)

    chosen = told(client, "?from=2026-11-24&to=2026-11-24&transitional=1")

    assert "Of 1 requests received" in chosen
    assert "where the Business Unit confirmed that transitional safeguarding features" in chosen
    assert "No request was received in this period." in told(client, "?from=2026-01-13&to=2026-07-12")


def test_sectors_are_told_of_whole_years_where_there_are_enough(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    for number, sector in ((10, "police"), (9, "health")):
        _, tickets = open_round(work_on, people=number)
        answer(work_on, tickets[:number], sector=sector)
    close(work_on, clock)
    clock.instant = datetime(2027, 4, 1, tzinfo=UTC)
    sign_in(client, work_on, Role.EVALUATION_READER)
    assert "sector" not in told(client)
    with work_on() as work:
        count_sectors(work)

    page = told(client, "?from=2027-01-01&to=2027-03-31")

    assert "From which sectors answers came, April 2026 to March 2027" in page
    assert "Police 10" in page
    assert "Health" not in page


def test_feedback_below_five_is_hidden_and_says_why(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)
    answer(work_on, tickets[:4], comment="The only comment")
    close(work_on, clock)
    sign_in(client, work_on, Role.COORDINATOR)

    page = told(client)

    assert "Hidden. Opinions are shown from 5 answers, so that nobody can be found in them." in page
    assert "1 session has closed with fewer than five answers" in page
    assert "I felt safe to speak openly." not in page
    assert "The only comment" not in page


def test_feedback_of_five_who_agree_is_told_as_all_or_all_but_one(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)
    answer(work_on, tickets[:5], comment="Waiting for review")
    close(work_on, clock)
    sign_in(client, work_on, Role.COORDINATOR)

    page = told(client)

    assert "5 of 6 people asked have answered" in page
    assert "I felt safe to speak openly. All or all but one 5" in page
    assert "There was time to slow down and think. Hidden: fewer than 5 answers" in page
    assert "Waiting for review" not in page


def boxes(response, name: str) -> list[str]:
    """Return what stands in the three boxes of a date."""
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*>', response.get_data(as_text=True))
    return [(re.search(r'value="([^"]*)"', box) or ["", ""])[1] for box in found]


def test_the_three_boxes_of_a_period_are_read(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)

    page = client.get("/evaluation?from=1&from=4&from=2026&to=30&to=4&to=2026")

    assert errors(page) == []
    assert "from 1 April 2026 to 30 April 2026" in " ".join(page.get_data(as_text=True).split())


def test_wrong_dates_are_asked_for_again_and_kept(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)

    reversed_dates = client.get("/evaluation?from=2026-07-12&to=2026-01-13")
    broken = client.get("/evaluation?from=13/01/2026&to=")

    assert errors(reversed_dates) == ["The last day of the period is before its first day."]
    assert boxes(reversed_dates, "from") == ["12", "7", "2026"]
    assert errors(broken) == ["Enter a real date, such as 27 3 2027.", "Enter the last day of the period."]
    assert boxes(broken, "from") == ["13/01/2026", "", ""]
    assert heading(broken) == "Evaluation"


def test_facilitators_do_not_reach_the_figures(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.FACILITATOR)

    assert client.get("/evaluation").status_code == 403
