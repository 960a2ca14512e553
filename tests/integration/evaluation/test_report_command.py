"""`jags report figures`: the internal figures on a terminal and as JSON."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from jags.cli import context
from jags.cli.report import report
from jags.requests.rules import State

PERIOD = ("--from", "2026-04-01", "--to", "2027-03-31")


@pytest.fixture(autouse=True)
def here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # The command would make its application from the environment; the test has one already.
    monkeypatch.setattr(context, "application", lambda: app)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(report, ["figures", *arguments])


def test_json_has_the_four_keys_and_the_cohorts_beside_them(work_on: WorkOn) -> None:
    with work_on() as work:
        add_held_session(work, confirmed=True)
        add_request(work)
        add_request(work, state=State.SIGNPOSTED, route="tacs")

    everything = json.loads(run(*PERIOD, "--json").stdout)
    confirmed = json.loads(run(*PERIOD, "--transitional", "--by", "held", "--json").stdout)

    four = ("received", "proceeded", "not_proceeded", "undecided")
    assert [everything[key] for key in four] == [3, 1, 1, 1]
    assert [confirmed[key] for key in four] == [1, 1, 0, 0]
    assert confirmed["cohorts"] == {
        "age_band": {"received": 0, "proceeded": 0, "not_proceeded": 0, "undecided": 0, "held": 0},
        "confirmed": {"received": 1, "proceeded": 1, "not_proceeded": 0, "undecided": 0, "held": 1},
        "overlap": {"received": 0, "proceeded": 0, "not_proceeded": 0, "undecided": 0, "held": 0},
        "unconfirmed": 0,
    }
    assert everything["not_proceeded_by"] == {"Team Around the Child Supervision (TACS)": 1}
    assert everything["agencies_taking_part"]["agencies"] == ":"


def test_terminal_says_the_same_in_lines(work_on: WorkOn) -> None:
    with work_on() as work:
        add_request(work, state=State.ACCEPTED)

    lines = [line.split() for line in run(*PERIOD).stdout.splitlines()]

    assert ["Received", "1"] in lines
    assert ["Proceeded", "1"] in lines
    assert ["From", "received", "to", "held", ":"] in lines


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("--from", "2026-07-12", "--to", "2026-01-13"),
            "The last day of the period is before its first day.\n",
        ),
        (
            ("--from", "13/01/2026", "--to", "2026-07-12"),
            "--from: write the date as 2026-01-13, not '13/01/2026'.\n",
        ),
    ],
)
def test_wrong_dates_give_one_line_and_status_2(arguments: tuple[str, ...], line: str) -> None:
    result = run(*arguments, "--json")

    assert (result.exit_code, result.stderr, result.stdout) == (2, line, "")
