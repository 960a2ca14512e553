"""Released figures for programs: with a key alone, public figures alone, and what goes wrong as problem details."""

import base64
import csv
import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from conftest import FixedClock, WorkOn
from factories.held_sessions import add_request
from factories.pages import heading, sign_in, submit, token, version
from factories.released_reports import QUARTER, QUARTER_BEFORE, add_requests, person, released, sent
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.evaluation.model import FiguresKey
from jags.evaluation.queries.reports import frozen_edition, get_report
from jags.evaluation.rules.document import Edition, tables_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import make_key, revoke_key, withdraw_report
from jags.kernel.actor import Actor
from jags.kernel.errors import Invalid, NotAllowed
from jags.requests.rules import State
from jags.web.guesses import WRONG_MOST

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
FIGURES = "/api/v1/figures"


@pytest.fixture(autouse=True)
def nobody_has_guessed(app: Flask) -> None:
    app.extensions.pop("jags_key_guesses", None)


@pytest.fixture
def administrator(work_on: WorkOn) -> Actor:
    return person(work_on, Role.ADMINISTRATOR)


@pytest.fixture
def key(work_on: WorkOn, administrator: Actor) -> str:
    with work_on(administrator) as work:
        return make_key(work, "Dashboard of the adult board", days=90)[1]


def ask(client: FlaskClient, path: str, key: str) -> TestResponse:
    return client.get(path, headers={"Authorization": f"Bearer {key}"})


def release(work_on: WorkOn, *, requests: int = 24) -> uuid.UUID:
    with work_on() as work:
        add_requests(work, QUARTER, requests)
    writer, reviewer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER)
    return released(work_on, writer, reviewer, Asked(QUARTER))


def test_every_figure_of_the_public_edition_comes_as_json_and_as_csv(
    client: FlaskClient, work_on: WorkOn, key: str
) -> None:
    report_id = release(work_on)
    with work_on() as work:
        report = get_report(work, report_id)
        public = frozen_edition(work, report, Edition.PUBLIC)
    cells = [
        (table.key, row.title, column.key, cell.shown, cell.value)
        for table in tables_of(public)
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]

    answer = ask(client, f"{FIGURES}.json", key)

    rows = answer.json["figures"]
    assert [
        (one["table_key"], one["row"], one["column_key"], one["shown"], one["number"]) for one in rows
    ] == cells
    assert {(one["report"], one["period_from"], one["released_on"]) for one in rows} == {
        ("JAGS-R-2026-1", "2026-07-01", "2026-11-24")
    }
    assert {(one["transitional"], one["locality"]) for one in rows} == {(False, "")}
    assert all(one["number"] is None for one in rows if one["shown"] == "c")
    of_one = ask(client, "/api/v1/reports/jags-r-2026-1/figures.csv", key)
    table = list(csv.DictReader(io.StringIO(of_one.data.decode("utf-8-sig"))))
    assert [(one["table_key"], one["shown"].lstrip("'")) for one in table] == [
        (one["table_key"], one["shown"]) for one in rows
    ]
    for each in (answer, of_one):
        assert each.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in each.headers


@SQLITE
def test_rows_say_of_which_requests_their_report_tells(
    client: FlaskClient, work_on: WorkOn, key: str
) -> None:
    with work_on() as work:
        for locality in ("Breckland", "Norwich"):
            for day in range(1, 21):
                at = datetime(2026, 8, day, 12, tzinfo=UTC)
                add_request(work, state=State.SIGNPOSTED, received_at=at, locality=locality, confirmed=True)
    writer, reviewer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER)
    for asked in (Asked(QUARTER), Asked(QUARTER, transitional=True), Asked(QUARTER, locality="Breckland")):
        released(work_on, writer, reviewer, asked)

    rows = ask(client, f"{FIGURES}.json", key).json["figures"]

    received = [one for one in rows if (one["table_key"], one["row"]) == ("funnel", "Received")]
    assert {(one["transitional"], one["locality"], one["number"]) for one in received} == {
        (False, "", 40),
        (True, "", 40),
        (False, "Breckland", 20),
    }
    file = ask(client, f"{FIGURES}.csv", key).data.decode("utf-8-sig")
    assert {(one["transitional"], one["locality"]) for one in csv.DictReader(io.StringIO(file))} == {
        ("false", ""),
        ("true", ""),
        ("false", "Breckland"),
    }
    schema = client.get("/api/openapi.json").json["components"]["schemas"]["FigureRow"]["properties"]
    assert (schema["transitional"]["type"], schema["locality"]["type"]) == ("boolean", "string")


@SQLITE
def test_excel_and_power_bi_send_the_key_as_a_password(
    client: FlaskClient, work_on: WorkOn, key: str
) -> None:
    given = base64.b64encode(f"anything:{key}".encode()).decode()

    answer = client.get("/api/v1/reports.json", headers={"Authorization": f"Basic {given}"})

    assert (answer.status_code, answer.json) == (200, {"reports": []})


@SQLITE
def test_only_what_is_released_is_there_and_dates_select_it(
    client: FlaskClient, work_on: WorkOn, key: str
) -> None:
    report_id = release(work_on)
    with work_on() as work:
        add_requests(work, QUARTER_BEFORE, 12, seed=1)
    sent(work_on, person(work_on, Role.COORDINATOR), Asked(QUARTER_BEFORE))

    def numbers(asked: str = "") -> list[str]:
        return [one["report"] for one in ask(client, f"/api/v1/reports.json{asked}", key).json["reports"]]

    assert numbers() == ["JAGS-R-2026-1"]
    assert numbers("?from=2026-07-01&to=2026-09-30") == ["JAGS-R-2026-1"]
    assert numbers("?from=2026-07-02") == numbers("?to=2026-09-29") == []
    assert numbers("?from=2026-09-30&to=2026-07-01") == []
    with work_on(person(work_on, Role.SCRUTINEER, "Other")) as work:
        withdraw_report(work, report_id, "Wrong", version=get_report(work, report_id).version)
    assert numbers() == []
    assert ask(client, f"{FIGURES}.json", key).json == {"figures": []}
    assert ask(client, "/api/v1/reports/JAGS-R-2026-1/figures.json", key).status_code == 404


@SQLITE
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{FIGURES}.json?from=yesterday", 400),
        (f"{FIGURES}.csv?to=20260630", 400),
        ("/api/v1/reports/JAGS-R-2026-9/figures.json", 404),
        ("/api/v1/nothing", 404),
        ("/api/", 404),
    ],
)
def test_what_goes_wrong_is_told_as_problem_details(
    client: FlaskClient, key: str, path: str, status: int
) -> None:
    problem = ask(client, path, key)

    assert (problem.status_code, problem.json["status"]) == (status, status)
    assert problem.content_type == "application/problem+json"
    assert "yesterday" not in problem.text


@SQLITE
def test_nobody_gets_in_without_a_key_that_works(
    client: FlaskClient, work_on: WorkOn, clock: FixedClock, administrator: Actor, key: str
) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    nobody = client.get(f"{FIGURES}.json")
    assert (nobody.status_code, nobody.content_type) == (401, "application/problem+json")
    assert nobody.headers.getlist("WWW-Authenticate")[0].startswith("Basic ")
    assert ask(client, f"{FIGURES}.json", key + "x").status_code == 401
    assert ask(client, f"{FIGURES}.json", key).status_code == 200
    with work_on(administrator) as work:
        row = work.session.scalars(select(FiguresKey)).one()
        revoke_key(work, row.id, version=row.version)
    assert ask(client, f"{FIGURES}.json", key).status_code == 403
    with work_on(administrator) as work:
        ending = make_key(work, "Another", days=30)[1]
    clock.instant += timedelta(days=30)
    assert ask(client, f"{FIGURES}.json", ending).status_code == 200
    clock.instant += timedelta(days=1)
    assert ask(client, f"{FIGURES}.json", ending).status_code == 403


@SQLITE
def test_nobody_tries_many_keys(client: FlaskClient, key: str) -> None:
    for number in range(WRONG_MOST):
        assert ask(client, f"{FIGURES}.json", f"wrong{number}").status_code == 401

    # The right one is not taken either: whoever guesses learns nothing by it.
    refused = ask(client, f"{FIGURES}.json", key)

    assert (refused.status_code, refused.json["title"]) == (429, "Too Many Requests")


@SQLITE
def test_nothing_can_be_changed(client: FlaskClient, key: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.open(f"{FIGURES}.json", method=method, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_key_is_made_shown_once_and_revoked(client: FlaskClient, work_on: WorkOn) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    page = "/evaluation/keys/make"
    data = {"csrf_token": token(client.get(page)), "name": "Power BI of the board", "days": "90"}

    made = client.post(page, data=data)

    assert heading(made) == "The key is made"
    secret = made.text.partition("<code>")[2].partition("</code>")[0]
    assert ask(client, "/api/v1/reports.json", secret).status_code == 200
    with work_on() as work:
        row = work.session.scalars(select(FiguresKey)).one()
        assert secret.encode() not in row.key_hash
        key_id = row.id
    shown = client.get("/evaluation/keys")
    assert "Power BI of the board" in shown.text
    assert secret not in shown.text
    submit(client, f"/evaluation/keys/{key_id}/revoke", page="/evaluation/keys", version=version(shown))
    assert ask(client, "/api/v1/reports.json", secret).status_code == 403
    assert "Revoked on 24 November 2026" in client.get("/evaluation/keys").text
    with work_on() as work:
        tags = work.session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.startswith("figures_key")))
        assert set(tags) == {"figures_key:made", "figures_key:revoked"}


@SQLITE
def test_only_an_administrator_makes_keys_and_not_for_ever(work_on: WorkOn, administrator: Actor) -> None:
    with work_on(person(work_on, Role.COORDINATOR)) as work, pytest.raises(NotAllowed):
        make_key(work, "Mine", days=30)
    for name, days in (("", 30), ("x" * 81, 30), ("Mine", 400)):
        with work_on(administrator) as work, pytest.raises(Invalid):
            make_key(work, name, days=days)
