"""`jags allocation compare` and `replay` look back at a period in the database, and change nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select

from factories.pool import accepted_request, facilitator
from jags.allocation.model import Calculation

PERIOD = ("--from", "2026-09-01", "--to", "2026-09-30")


@pytest.fixture
def two_of_one_quarter(work_on):
    """Two requests of one quarter, and two people who can give one session each."""
    with work_on() as work:
        for name in ("Ann", "Ben"):
            facilitator(work, name, sessions_per_quarter=1, trained_on=date(2026, 1, 5))
        for n in range(2):
            accepted_request(work, agency_name=f"School {n}").received_on = date(2026, 9, 1 + n)


def test_compare_says_how_many_get_a_pair_and_how_fairly(jags, two_of_one_quarter):
    result = jags("allocation", "compare", *PERIOD)
    lines = [line.split() for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert result.stdout.startswith("2 requests went ahead, in 1 quarter; proven to be the best plan.")
    assert ["Requests", "with", "a", "pair", "1", "1"] in lines
    assert ["People", "who", "are", "asked", "2", "2"] in lines


def test_replay_names_the_requests_that_differ_and_changes_nothing(jags, work_on, two_of_one_quarter):
    result = jags("allocation", "replay", *PERIOD, "--more-sessions", "1")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Sessions a quarter that everybody could give: as recorded → 1 more\n"
        "2 requests went ahead. Another pair: JAGS-2026-000"
    )
    assert "Ann" not in result.stdout
    assert ["Requests", "without", "a", "pair", "1", "0"] in [
        line.split() for line in result.stdout.splitlines()
    ]
    same = jags("allocation", "replay", *PERIOD)
    assert same.stdout.startswith("2 requests went ahead. Another pair: none.")
    with work_on() as work:
        assert work.session.scalar(select(func.count()).select_from(Calculation)) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--from", "September", "--to", "2026-09-30"),
            "--from: write the date as 2026-01-13, not 'September'.",
        ),
        (("--from", "2026-10-01", "--to", "2026-09-30"), "Enter a last day that is not before the first."),
        ((*PERIOD, "--weight-of-sooner", "0"), "Enter a whole number from 1 to 100."),
    ],
)
def test_what_cannot_be_is_one_line(jags, words, message):
    result = jags("allocation", "replay", *words)
    assert (result.exit_code, result.stderr) == (2, f"{message}\n")


def test_compare_of_an_empty_period_says_so(jags):
    assert jags("allocation", "compare", *PERIOD).stdout.startswith("0 requests went ahead, in 0 quarters")
