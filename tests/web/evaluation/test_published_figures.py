"""Public figures by period, for whoever asks: those of whole released reports, with what they do not say."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from conftest import WorkOn
from factories.pages import errors, heading, text_of
from factories.released_reports import QUARTER, QUARTER_BEFORE, add_requests, person, released, sent
from jags.accounts.rules import Role
from jags.evaluation.rules.gathered import Asked

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
PAGE = "/reports/figures"


@pytest.fixture
def two_quarters(work_on: WorkOn) -> None:
    with work_on() as work:
        add_requests(work, QUARTER_BEFORE, 12, seed=1)
        add_requests(work, QUARTER, 24)
    writer, reviewer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER)
    released(work_on, writer, reviewer, Asked(QUARTER_BEFORE))
    released(work_on, writer, reviewer, Asked(QUARTER))
    with work_on() as work:
        add_requests(work, QUARTER, 3, seed=2)
    # Not released: nothing of it is public.
    sent(work_on, writer, Asked(QUARTER, transitional=True))


def test_figures_of_every_released_period_are_there_and_can_be_taken_as_one_file(
    client: FlaskClient, two_quarters: None
) -> None:
    page = client.get(PAGE)

    assert heading(page) == "Public figures"
    told = text_of(page)
    assert "JAGS-R-2026-1" in told
    assert "JAGS-R-2026-2" in told
    assert "JAGS-R-2026-3" not in told
    for note in (
        "For other dates there are no public figures, because two that differ by a few people would say who they are.",
        "c: one to five children, too few answers, or a figure that would give such a number away.",
        "Agencies stand in bands. Opinions are told from ten answers on, in words.",
        "A figure stays as it was on the day of its release.",
    ):
        assert note in told
    file = client.get(f"{PAGE}.csv")
    assert file.content_type.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    received = {
        one["report"]: one["number"]
        for one in rows
        if (one["table_key"], one["row"]) == ("funnel", "Received")
    }
    assert received == {"JAGS-R-2026-1": "12", "JAGS-R-2026-2": "24"}


@SQLITE
def test_dates_select_whole_periods_alone(client: FlaskClient, two_quarters: None) -> None:
    asked = "from=2026-07-01&to=2026-09-30"

    told = text_of(client.get(f"{PAGE}?{asked}"))

    assert ("JAGS-R-2026-1" in told, "JAGS-R-2026-2" in told) == (False, True)
    assert "JAGS-R-2026-1" not in client.get(f"{PAGE}.csv?{asked}").text
    # A day less, and there is no report that lies within: no figure of a part is made up.
    none = client.get(f"{PAGE}?from=2026-07-02&to=2026-09-30")
    assert "No report is released whose whole period lies within these dates." in text_of(none)


@SQLITE
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.csv"])
def test_what_cannot_be_right_is_said_at_its_field(client: FlaskClient, path: str) -> None:
    assert errors(client.get(f"{path}?from=2026-09-30&to=2026-07-01")) == [
        "The last day of the period is before its first day."
    ]
    assert client.get(f"{path}?from=yesterday&to=2026-07-01").status_code == 200


@SQLITE
def test_before_the_first_release_the_page_says_so(client: FlaskClient) -> None:
    assert "No report is released whose whole period lies within these dates." in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}.csv").status_code == 200
