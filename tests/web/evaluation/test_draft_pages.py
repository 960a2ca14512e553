"""The draft of a report on a page and as files: who gets it, what it asks again, and what it hands out."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from factories.pages import errors, heading, sign_in, submit, text_of, token, version
from jags.accounts.rules import Role
from jags.evaluation.model import Report
from jags.evaluation.queries.reports import get_report, words_of
from jags.evaluation.render.formats import MIMETYPES
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.document import Edition, Format
from jags.requests.rules import State
from jags.settings.queries import partnership

HALF_YEAR = "from=2026-07-13&to=2027-01-12"


def test_draft_is_read_on_a_page(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        add_held_session(work, confirmed=True)
        add_request(work, state=State.SIGNPOSTED, route="tacs")

    page = client.get(f"/evaluation/draft?{HALF_YEAR}&edition=restricted")

    assert heading(page) == "Evaluation of JAGS"
    assert "Of 2 requests received, 1 proceeded, 1 of them to a session that was held" in page.text
    assert "This is a draft of the restricted edition. Nobody has released it." in page.text
    query = f"{HALF_YEAR}&edition=restricted".replace("&", "&amp;")
    assert f'href="/evaluation/draft.pdf?{query}"' in page.text


@pytest.mark.parametrize("kind", list(Format))
def test_draft_is_taken_as_a_file_that_is_not_kept_on_the_way(
    work_on: WorkOn, client: FlaskClient, kind: Format
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)

    answer = client.get(f"/evaluation/draft.{kind}?{HALF_YEAR}&edition=public")

    name = f"jags-evaluation-draft-public-2026-07-13-2027-01-12.{kind}"
    assert (answer.status_code, answer.content_type) == (200, MIMETYPES[kind])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    if kind is Format.JSON:
        assert from_json(answer.text).edition is Edition.PUBLIC


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=2026-07-12&to=2026-01-13", "The last day of the period is before its first day."),
        (f"{HALF_YEAR}&compare-from=2026-01-13", "Enter the last day of the period to compare with."),
        (f"{HALF_YEAR}&compare-to=2026-07-12", "Enter the first day of the period to compare with."),
        (
            f"{HALF_YEAR}&compare-from=2026-07-12&compare-to=2026-01-13",
            "The last day of the period to compare with is before its first day.",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/evaluation/draft", "/evaluation/draft.pdf"])
def test_what_cannot_be_right_is_asked_again(
    work_on: WorkOn, client: FlaskClient, path: str, query: str, says: str
) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)

    page = client.get(f"{path}?{query}")

    assert (errors(page), heading(page)) == ([says], "Draft of a report")


def test_a_draft_of_one_locality_is_chosen_and_begun(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        name = list(partnership(work).localities)[-1]
    asked = {"from": "2026-07-01", "to": "2026-09-30", "locality": name}

    page = client.get("/evaluation/draft", query_string=asked)
    assert heading(page) == f"Evaluation of JAGS, {name}"
    unknown = client.get("/evaluation/draft", query_string={**asked, "locality": "Atlantis"})
    assert "Correct what is marked" in text_of(unknown)
    (action,) = re.findall(r'action="([^"]+/begin[^"]*)"', page.text)
    client.post(html.unescape(action), data={"csrf_token": token(page)})
    with work_on() as work:
        ((report_id, locality),) = work.session.execute(select(Report.id, Report.locality))
        assert locality == name
    words = f"/evaluation/reports/{report_id}/words"
    shown = client.get(words)
    asked_for = set(re.findall(r'<(?:textarea|input)[^>]* name="([a-z_]+)"', shown.text))
    # It has no section for what belongs to no locality.
    assert asked_for == {
        "csrf_token", "version", "purpose", "how_much", "who", "effort", "gaps", "recommendations",
    }  # fmt: skip
    given = {"who": "Schools.", "themes": "Not theirs.", "version": version(shown)}
    submit(client, words, **given)
    with work_on(write=False) as work:
        assert words_of(work, get_report(work, report_id)).parts == {"who": "Schools."}


def test_only_the_business_unit_sees_a_draft(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.SCRUTINEER)

    assert client.get(f"/evaluation/draft?{HALF_YEAR}").status_code == 403
    assert client.get(f"/evaluation/draft.json?{HALF_YEAR}").status_code == 403


def test_one_page_of_a_draft_is_read_and_taken(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        add_held_session(work, confirmed=True)
    asked = f"{HALF_YEAR}&edition=restricted&view=adult-board"

    page, taken = client.get(f"/evaluation/draft?{asked}"), client.get(f"/evaluation/draft.json?{asked}")

    assert heading(page) == "Evaluation of JAGS, for the adult board"
    assert "Waiting times" not in page.text
    assert taken.headers["Content-Disposition"].endswith('-restricted-2026-07-13-2027-01-12.json"')
    assert "draft-adult-board" in taken.headers["Content-Disposition"]
    document = from_json(taken.text)
    assert (document.title, document.edition) == (heading(page), Edition.RESTRICTED)
    assert "what-difference" not in {section.key for section in document.sections}


def test_the_account_of_a_year_is_asked_for_with_the_year_before_beside_it(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    address = "/evaluation/draft?from=2025-04-01&to=2026-03-31&compare-from=2024-04-01&compare-to=2025-03-31"

    assert address.replace("&", "&amp;") in client.get("/evaluation/reports").text
    page = client.get(address)

    assert heading(page) == "JAGS in the year 2025 to 2026"
    assert "Beside it stand the figures of 1 April 2024 to 31 March 2025." in page.text
