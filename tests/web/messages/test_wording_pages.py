"""The Business Unit reads, tries, changes and restores what an e-mail says."""

import html
import re

from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from conftest import WorkOn
from factories.pages import errors, heading, sign_in, submit, token, version
from jags.accounts.rules import Role
from jags.extensions import db
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import claim_next, queue_mail, wording_in_force

PAGE = "/e-mails/status-link"
SUBJECT = "Here is ${reference}"
BODY = "Dear ${recipient_name}\n\nYour new link to ${reference}.\n\n[Open it](${link})"


def told(page: TestResponse) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)).split()))


def save(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.get(PAGE)
    return client.post(
        PAGE,
        data={
            "csrf_token": token(page),
            "version": version(page),
            "subject": SUBJECT,
            "body": BODY,
            "how": "save",
            **fields,
        },
    )


def mailed(work_on: WorkOn, cause: str) -> str:
    """Queue a message of this kind and return it as it leaves."""
    with work_on() as work:
        queue_mail(
            work,
            kind=MailKind.STATUS_LINK,
            cause_ref=cause,
            recipient_ref="ash",
            to=Recipient("Ash Reed", "ash@example.org"),
            params={"reference": "JAGS-2026-001"},
            link="https://localhost/link/x",
        )
    with work_on() as work:
        claimed = claim_next(work, holder="a", paused=[])
        # The invitation to the account of whoever is signed in waits too.
        while claimed and claimed.message["To"].addresses[0].addr_spec != "ash@example.org":
            claimed = claim_next(work, holder="a", paused=[])
    assert claimed is not None
    body = claimed.message.get_body(("plain",))
    assert body is not None
    return f"{claimed.message['Subject']} / {body.get_content()}"


def test_the_list_says_when_each_goes_in_the_same_two_queries(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    client.get("/e-mails")
    statements: list[str] = []
    with client.application.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _k, text, *_: statements.append(text))
    page = told(client.get("/e-mails"))
    assert "Please confirm To the requester, as soon as a request is sent. Request received" in page
    assert len([s for s in statements if s.startswith("SELECT")]) <= 8


def test_own_words_go_out_from_now_on_and_stay_among_the_versions(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    assert mailed(work_on, "before").startswith("Your link to your request for a JAGS (JAGS-2026-001) /")
    answer = save(client)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert mailed(work_on, "after").startswith(
        "Here is JAGS-2026-001 / Dear Ash Reed\n\nYour new link to JAGS-2026-001.\n\nOpen it:\nhttps://localhost/link/x"
    )
    assert "Your own" in told(client.get("/e-mails"))

    page = client.get(f"{PAGE}/restore")
    assert "Your link to your request for a JAGS (JAGS-2026-014)" in told(page)
    client.post(f"{PAGE}/restore", data={"csrf_token": token(page), "version": version(page)})
    assert mailed(work_on, "restored").startswith("Your link to your request for a JAGS")
    earlier = told(client.get(PAGE)).partition("Earlier and present versions")[2]
    assert re.search(r" 2 .*24 November 2026.* As it came with the software 1 .* Here is", earlier)


def test_a_try_shows_how_it_reads_and_changes_nothing(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    page = save(client, how="try")
    assert "How your try reads" in told(page)
    assert "Your new link to JAGS-2026-014." in told(page)
    assert "Your new link to ${reference}." in html.unescape(page.get_data(as_text=True))
    with work_on(write=False) as work:
        assert not wording_in_force(work, MailKind.STATUS_LINK).own


def test_what_cannot_be_sent_is_said_at_its_field_and_kept(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    page = save(client, body=BODY.replace("${recipient_name}", "${name}"))
    assert [html.unescape(e)[:26] for e in errors(page)] == ["There is no ${name} here. "]
    assert "Dear ${name}" in html.unescape(page.get_data(as_text=True))
    page = save(client, subject="", body="")
    assert errors(page) == ["Write a subject.", "Write what the e-mail says."]
    page = save(client, body=BODY + "\n\nNHS number 943 476 5919")
    assert "NHS number" in errors(page)[0]


def test_markup_in_a_wording_is_shown_as_typed(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    save(client, body=BODY.replace("new", "<b>new</b>"))
    assert "<b>new" not in client.get(PAGE).get_data(as_text=True)
    assert "<b>new</b> link" in mailed(work_on, "markup")


def test_two_people_at_once_do_not_overwrite_each_other(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    assert save(client, version="0").status_code == 303
    second = save(client, version="0", subject="Mine ${reference}")
    assert second.status_code == 409
    with work_on(write=False) as work:
        assert wording_in_force(work, MailKind.STATUS_LINK).subject == SUBJECT


def test_a_kind_that_is_none_is_not_found(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    assert client.get("/e-mails/love-letter").status_code == 404
    assert heading(submit(client, PAGE, subject="", body="")) == "New link to a request"
