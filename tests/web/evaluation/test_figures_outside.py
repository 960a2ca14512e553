"""What the page of figures tells outside the Business Unit, and to somebody who stands aside from a request."""

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from conftest import WorkOn
from factories.held_sessions import add_request
from factories.pages import errors, sign_in, text_of
from jags.accounts.model import Account, Recusal
from jags.accounts.rules import Role
from jags.requests.rules import AgeBand, State

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
QUARTER = "from=2026-07-01&to=2026-09-30"
OUTSIDE = (Role.EVALUATION_READER, Role.SCRUTINEER)


def add(work_on: WorkOn, locality: str, day: int, **details) -> None:
    with work_on() as work:
        add_request(work, received_at=datetime(2026, 8, day, 12, tzinfo=UTC), locality=locality, **details)


@pytest.fixture
def summer(work_on: WorkOn) -> None:
    """Twelve requests of August, one of which nobody may single out."""
    for day in range(1, 12):
        add(work_on, "Norwich", day, state=State.SIGNPOSTED, route="tacs")
    add(
        work_on,
        "Breckland",
        21,
        state=State.HELD,
        confirmed=True,
        age_bands=frozenset({AgeBand.SIXTEEN_SEVENTEEN}),
    )


@pytest.mark.usefixtures("summer")
@pytest.mark.parametrize("role", OUTSIDE)
def test_outside_a_locality_a_cohort_and_a_route_are_told_of_no_request(
    work_on: WorkOn, client: FlaskClient, role: Role
) -> None:
    sign_in(client, work_on, role)

    pages = [
        client.get(f"/evaluation?{QUARTER}{more}")
        for more in ("", "&locality=Breckland", "&transitional=1", "&by=held")
    ]

    words = {" ".join(text_of(page).split()) for page in pages}
    (page,) = words
    assert "Of 12 requests received, 1 proceeded, 1 of them to a session that was held" in page
    assert "Waiting times" in page
    for hidden in (
        "Breckland",
        "Locality",
        "cohorts",
        "Not proceeded, and why",
        "TACS",
        "Agencies requesting",
    ):
        assert hidden not in page
    assert "/evaluation/records/" not in pages[0].text
    assert [client.get(f"/evaluation/draft{end}?{QUARTER}").status_code for end in ("", ".json", ".csv")] == [
        403,
        403,
        403,
    ]


@pytest.mark.usefixtures("summer")
@pytest.mark.parametrize("role", OUTSIDE)
@pytest.mark.parametrize(
    "period",
    [
        "from=2026-08-21&to=2026-08-21",
        "from=2026-07-01&to=2026-09-29",
        "from=2026-07-02&to=2026-09-30",
        # It has not ended.
        "from=2026-10-01&to=2026-12-31",
    ],
)
def test_outside_only_periods_of_releases_are_told(
    work_on: WorkOn, client: FlaskClient, role: Role, period: str
) -> None:
    sign_in(client, work_on, role)

    page = client.get(f"/evaluation?{period}")

    (why,) = errors(page)
    assert why.startswith(
        "Choose dates of which a report can be released: from one of 1 January, 13 January,"
    )
    assert "requests received" not in text_of(page)


@pytest.mark.usefixtures("summer")
def test_outside_the_year_up_to_the_last_listed_date_is_told_first(
    work_on: WorkOn, client: FlaskClient
) -> None:
    add(work_on, "Norwich", 30)
    sign_in(client, work_on, Role.EVALUATION_READER)

    words = " ".join(text_of(client.get("/evaluation")).split())

    assert "Requests received from 1 April 2026 to 30 September 2026" in words
    assert "Of 13 requests received" in words


def stand_aside(work_on: WorkOn, account_id) -> None:
    with work_on() as work:
        request = add_request(
            work,
            state=State.IN_TRIAGE,
            received_at=datetime(2026, 8, 25, 12, tzinfo=UTC),
            sibling_group=True,
            reference="JAGS-2026-0077",
        )
        account = work.session.scalars(select(Account).where(Account.id == account_id)).one()
        work.session.add(Recusal(person_id=account.person_id, request_id=request.id, since=work.now))


@pytest.mark.usefixtures("summer")
def test_who_stands_aside_sees_whole_periods_and_counts_what_they_may_see(
    work_on: WorkOn, client: FlaskClient
) -> None:
    account_id = sign_in(client, work_on, Role.COORDINATOR)
    asked = (
        "from=2026-08-25&to=2026-08-25",
        "from=2026-07-01&to=2026-08-25",
        "from=2026-08-25&to=2026-09-30",
    )
    addresses = ("/evaluation?", "/evaluation/draft?", "/evaluation/records/received?")

    def told() -> set[bool]:
        pages = [client.get(address + period) for address in addresses for period in asked]
        assert {page.status_code for page in pages} == {200}
        return {"You stand aside from a request, so figures are shown" in text_of(page) for page in pages}

    assert told() == {False}
    stand_aside(work_on, account_id)
    assert told() == {True}
    today = date(2026, 11, 24)
    for period in (QUARTER, f"from=2026-07-01&to={today}"):
        words = [" ".join(text_of(client.get(f"{address}{period}")).split()) for address in addresses]
        assert [bool(re.search("You stand aside", text)) for text in words] == [False] * 3
        # The twelve that they may see: that there is one more is not told here.
        assert "12 requests are counted." in words[2]
    siblings = client.get(f"/evaluation/records/siblings?{QUARTER}")
    assert "0 requests are counted." in " ".join(text_of(siblings).split())
