"""The dashboard: live for requests, closed blocks for opinions, few queries, for the Business Unit alone."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from factories.opened import add_pool
from factories.pages import heading, queries_of, sign_in, text_of
from jags.accounts.rules import AgeRemit, Role
from jags.accounts.service import add_agency
from jags.evaluation.queries.dashboard import dashboard
from jags.evaluation.render.dashboard import dashboard_document
from jags.evaluation.rules import Period
from jags.evaluation.rules.dashboard import last_twelve_months, so_far
from jags.evaluation.rules.document import tables_of
from jags.feedback.service.joining import join_pools
from jags.kernel.work import Work
from jags.requests.rules import State
from jags.scheduling.model import AgencyAttendance
from jags.scheduling.rules import Attendance

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def table(work: Work, key: str) -> dict[str, list[str]]:
    found = next(one for one in tables_of(dashboard_document(dashboard(work))) if one.key == key)
    return {row.title: [cell.shown for cell in row.cells] for row in found.rows}


def hold(work: Work, school_id: uuid.UUID, number: int) -> None:
    for n in range(number):
        session = add_held_session(work, starts_at=NOW - timedelta(days=n), received_at=NOW)
        session.attendance = [
            AgencyAttendance(position=0, agency_id=school_id, attendance=Attendance.PRESENT)
        ]


def test_dashboard_tells_what_is_open_the_year_so_far_and_the_last_months(
    work_on: WorkOn, client: FlaskClient
) -> None:
    with work_on() as work:
        add_request(work, received_at=NOW)
        add_request(work, received_at=NOW - timedelta(days=30))
        add_request(work, state=State.SIGNPOSTED, received_at=datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
        # Received on the day of last year that is today, and on the day after it.
        add_request(work, state=State.CLOSED, received_at=datetime(2025, 11, 24, 12, 0, tzinfo=UTC))
        add_request(work, state=State.CLOSED, received_at=datetime(2025, 11, 25, 12, 0, tzinfo=UTC))
    with work_on(write=False) as work:
        assert table(work, "open-now-table") == {"Being considered": ["2", "3 October 2026"]}
        assert table(work, "year-so-far") == {
            "Received": ["3", "1"],
            "Proceeded": ["0", "1"],
            "Proceeded and held": ["0", "1"],
            "Not proceeded": ["1", "0"],
            "Undecided": ["2", "0"],
        }
        months = table(work, "over-time-table")
    assert ([*months][::11], len(months)) == (["Dec 2025", "Nov 2026"], 12)
    assert months["Apr 2026"] == ["1", "0"]
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/evaluation/dashboard")
    assert heading(page) == "Dashboard"
    assert "Opinions are shown from 10 answers" in text_of(page)


@SQLITE
def test_opinions_on_the_dashboard_are_those_of_blocks_of_ten(work_on: WorkOn) -> None:
    with work_on() as work:
        for n in range(3):
            session = add_held_session(work, starts_at=NOW - timedelta(days=30 + n))
            add_pool(work, [session], opened_on=date(2026, 11, 5 + n))
        join_pools(work)
    with work_on(write=False) as work:
        found = dashboard(work).feedback

    # Three groups of five: two make a block, the third waits for another.
    assert (found.answers, found.in_blocks, found.least) == (10, True, 10)


def test_dashboard_takes_as_few_queries_with_much_as_with_little(
    work_on: WorkOn, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        school = add_agency(
            work, key="school", name="Riverside School", sector="education", age_remit=AgeRemit.CHILDREN
        )
        school_id = school.id
        hold(work, school_id, 1)
        session = add_held_session(work, starts_at=NOW)
        add_pool(work, [session], opened_on=date(2026, 11, 5), answers=10)
    client.get("/evaluation/dashboard")
    few = queries_of(client, app, "/evaluation/dashboard")
    with work_on() as work:
        hold(work, school_id, 6)
        for _ in range(5):
            add_request(work)

    assert queries_of(client, app, "/evaluation/dashboard") == few <= 12


@SQLITE
def test_only_the_business_unit_sees_the_dashboard(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.EVALUATION_READER)

    assert client.get("/evaluation/dashboard").status_code == 403


@pytest.mark.parametrize(
    ("today", "this", "before", "first"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), (date(2025, 4, 1), date(2025, 4, 1)), date(2025, 5, 1)),
        (date(2026, 3, 31), date(2025, 4, 1), (date(2024, 4, 1), date(2025, 3, 31)), date(2025, 4, 1)),
        (date(2028, 2, 29), date(2027, 4, 1), (date(2026, 4, 1), date(2027, 2, 28)), date(2027, 3, 1)),
        (date(2026, 12, 31), date(2026, 4, 1), (date(2025, 4, 1), date(2025, 12, 31)), date(2026, 1, 1)),
    ],
)
def test_the_year_so_far_stands_beside_the_same_days_of_the_year_before(
    today: date, this: date, before: tuple[date, date], first: date
) -> None:
    assert so_far(today) == (Period(this, today), Period(*before))
    assert last_twelve_months(today) == Period(first, today)
