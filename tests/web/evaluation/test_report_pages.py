"""The pages of a report from draft to release, as each role sees them, and what everybody reads."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from conftest import WorkOn
from factories.pages import SIGNED_IN_COOKIE, errors, heading, sign_in, submit, text_of, token, version
from factories.released_reports import QUARTER, add_requests, person, released
from jags.accounts.model import Account
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.audit.model import AuditEvent
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.gathered import Asked
from jags.kernel.actor import Actor

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
ASKED = "from=2026-07-01&to=2026-09-30"


def come_in_as(client: FlaskClient, work_on: WorkOn, actor: Actor) -> None:
    with work_on() as work:
        found = work.session.scalars(select(Account).where(Account.person_id == actor.person_id)).one()
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, found))


def press(client: FlaskClient, page: str, button: str) -> TestResponse:
    shown = client.get(page)
    data = {"csrf_token": token(shown), "version": version(shown)}
    return client.post(f"{page}/{button}", data=data, follow_redirects=True)


def say(client: FlaskClient, path: str, text: str) -> TestResponse:
    shown = client.get(path)
    data = {"csrf_token": token(shown), "version": version(shown), "text": text}
    return client.post(path, data=data, follow_redirects=True)


def test_report_is_begun_written_reviewed_released_and_read(work_on: WorkOn, client: FlaskClient) -> None:
    with work_on() as work:
        add_requests(work, QUARTER, 24)
    reader, scrutineer = (
        person(work_on, Role.EVALUATION_READER, "Robin Vale"),
        person(work_on, Role.SCRUTINEER),
    )
    sign_in(client, work_on, Role.COORDINATOR)
    begun = submit(client, f"/evaluation/reports/begin?{ASKED}", page=f"/evaluation/draft?{ASKED}")
    page = begun.location
    written = {
        "who": "More schools than before.",
        "recommendations": "Invite adult services | The lead | 2027-03-31",
        "version": version(client.get(f"{page}/words")),
    }
    assert submit(client, f"{page}/words", **written).location == page
    submit(client, f"{page}/readers", readers=[str(reader.person_id)])
    assert "those that come later count in no report outside the Business Unit" in client.get(page).text
    in_review = press(client, page, "send")
    assert "Somebody who has not written it reviews it" in in_review.text
    assert "Release it" not in in_review.text

    come_in_as(client, work_on, reader)
    assert client.get(page).status_code == 404
    come_in_as(client, work_on, scrutineer)
    say(client, f"{page}/statement", "I looked at ten of them.")
    done = press(client, page, "release")

    assert "The report is released as JAGS-R-2026-1." in done.text
    come_in_as(client, work_on, reader)
    shown = client.get(page)
    assert "For Robin Vale, Tuesday 24 November 2026, 10am" in shown.text
    assert {"More schools than before.", "I looked at ten of them."} <= set(text_parts(shown))
    one_page = client.get(f"{page}?view=partners")
    assert heading(one_page) == "Evaluation of JAGS, for the delegated partners"
    assert f'href="{page}/restricted.pdf?view=partners"' in one_page.text
    taken = from_json(client.get(f"{page}/restricted.json?view=partners").text)
    assert (taken.title, taken.edition.value) == (heading(one_page), "restricted")
    copy = client.get(f"{page}/restricted.json")
    assert from_json(copy.text).edition.value == "restricted"
    client.delete_cookie(SIGNED_IN_COOKIE)
    assert client.get(page).status_code == 303
    public = client.get("/reports/jags-r-2026-1")
    assert (heading(public), "Robin Vale" in public.text) == ("Evaluation of JAGS", False)
    assert "JAGS-R-2026-1" in client.get("/reports").text
    assert from_json(client.get("/reports/JAGS-R-2026-1/report.json").text).edition.value == "public"


def text_parts(page: TestResponse) -> list[str]:
    return [part.strip() for part in page.text.replace("<", "\n<").replace(">", ">\n").splitlines()]


@SQLITE
def test_recommendations_that_cannot_be_read_are_asked_again_and_kept(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    page = submit(client, f"/evaluation/reports/begin?{ASKED}", page=f"/evaluation/draft?{ASKED}").location
    fields = {
        "recommendations": "Invite them | The lead | in spring",
        "version": version(client.get(f"{page}/words")),
    }

    again = submit(client, f"{page}/words", **fields)

    assert errors(again) == [
        "Write each recommendation on a line of its own: what | who | by when, as 2027-03-31."
    ]
    assert "Invite them | The lead | in spring" in again.text


@SQLITE
def test_draft_of_unlisted_dates_says_so_and_has_no_button(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    asked = "from=2026-07-02&to=2026-09-30"
    page = client.get(
        submit(client, f"/evaluation/reports/begin?{asked}", page=f"/evaluation/draft?{asked}").location
    )

    assert "This is a draft that cannot be released: its dates are not on the list." in page.text
    assert "Send it for review" not in page.text


def test_who_reads_the_restricted_edition_is_recorded_before_the_page_leaves(
    work_on: WorkOn, client: FlaskClient
) -> None:
    with work_on() as work:
        add_requests(work, QUARTER, 12)
    writer, scrutineer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER)
    reader = person(work_on, Role.EVALUATION_READER, "Robin Vale")
    report_id = released(work_on, writer, scrutineer, Asked(QUARTER), readers=(reader.person_id,))
    come_in_as(client, work_on, reader)

    def reads() -> list[tuple[str, str]]:
        with work_on() as work:
            found = work.session.execute(
                select(AuditEvent.actor_ref, AuditEvent.subject_ref).where(AuditEvent.tag == "report:read")
            )
            return [(one.actor_ref, one.subject_ref) for one in found]

    client.get(f"/evaluation/reports/{report_id}?edition=public")
    client.get("/reports/JAGS-R-2026-1")
    assert reads() == []
    assert client.get(f"/evaluation/reports/{report_id}").status_code == 200
    assert reads() == [(reader.ref, str(report_id))]


@SQLITE
def test_report_is_withdrawn_and_no_longer_there_for_everybody(work_on: WorkOn, client: FlaskClient) -> None:
    with work_on() as work:
        add_requests(work, QUARTER, 12)
    writer, scrutineer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER)
    page = f"/evaluation/reports/{released(work_on, writer, scrutineer, Asked(QUARTER))}"
    come_in_as(client, work_on, scrutineer)
    asked = say(client, f"{page}/ask", "Why so few?")
    assert "Why so few?" in text_of(asked)

    withdrawn = say(client, f"{page}/withdraw", "A figure was wrong.")

    assert "No copies are handed out any more." in withdrawn.text
    assert client.get("/reports/JAGS-R-2026-1").status_code == 404
    assert client.get(f"{page}/public.csv").status_code == 409
    come_in_as(client, work_on, writer)
    assert "Reply" in client.get(page).text
