"""The servers that other tests stand on do what those tests take for granted."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import psycopg
import pytest
from sqlalchemy import create_engine, text

from servers.app import Application
from servers.browser import PHONE_WIDTH, chromium, new_context
from servers.postgres import Cluster
from servers.smtp import Behaviour, MailServer


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def send_hello(server: MailServer) -> None:
    message = EmailMessage()
    message["From"] = "jags@example.org"
    message["To"] = "ash@example.org"
    message["Subject"] = "A date for the group – München"
    message.set_content("Please open https://jags.example.org/links/abc.\n")
    with smtplib.SMTP(server.host, server.port, timeout=0.5) as client:
        client.send_message(message)


def test_cluster_copies_a_template_and_forgets_a_dropped_database() -> None:
    with Cluster() as cluster:
        with psycopg.connect(cluster.create_database("model").replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE word (said text)")
            connection.execute("INSERT INTO word VALUES ('kept')")
        engine = create_engine(cluster.create_database("copy", template="model"))
        with engine.connect() as connection:
            copied = connection.execute(text("SELECT said FROM word")).scalar_one()
        engine.dispose()
        cluster.drop_database("copy")
        with pytest.raises(psycopg.OperationalError, match='database "copy" does not exist'):
            psycopg.connect(cluster.url("copy").replace("+psycopg", ""))
    assert copied == "kept"


def test_mail_server_keeps_what_it_receives(mail_server: MailServer) -> None:
    send_hello(mail_server)
    mail = mail_server.wait_for("ash@example.org", subject="date")
    assert mail.sender == "jags@example.org"
    assert mail.subject == "A date for the group – München"
    assert mail.links == ["https://jags.example.org/links/abc"]


@pytest.mark.parametrize(
    ("behaviour", "failure", "said", "kept"),
    [
        (Behaviour.REFUSE, smtplib.SMTPHeloError, "421", 0),
        (Behaviour.TEMPORARY_FAILURE, smtplib.SMTPRecipientsRefused, "451", 0),
        (Behaviour.PERMANENT_FAILURE, smtplib.SMTPRecipientsRefused, "550", 0),
        (Behaviour.HANG, smtplib.SMTPServerDisconnected, "timed out", 0),
        (Behaviour.DROP_AFTER_DATA, smtplib.SMTPServerDisconnected, "closed", 1),
    ],
)
def test_mail_server_fails_as_told(
    mail_server: MailServer, behaviour: Behaviour, failure: type[Exception], said: str, kept: int
) -> None:
    mail_server.behaviour = behaviour
    with pytest.raises(failure, match=said):
        send_hello(mail_server)
    assert len(mail_server.mails) == kept


def test_waiting_for_a_mail_that_never_comes_ends(mail_server: MailServer) -> None:
    with pytest.raises(TimeoutError, match=r"did not come within 0\.01 s"):
        mail_server.wait_for("nobody@example.org", seconds=0.01)


def test_browser_draws_a_page_at_the_width_of_a_phone() -> None:
    with chromium() as browser, new_context(browser, width=PHONE_WIDTH) as context:
        page = context.new_page()
        page.set_content("<meta name=viewport content='width=device-width'><h1>Hello</h1>")
        assert page.evaluate("window.innerWidth") == 390
        assert page.get_by_role("heading").inner_text() == "Hello"


def test_application_that_cannot_start_says_why() -> None:
    application = Application({"JAGS_MODE": "production"})
    with pytest.raises(RuntimeError, match="JAGS_"):
        application.start()
