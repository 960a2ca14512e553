"""`jags mail receive`, as a mail server's pipe calls it."""

from click.testing import CliRunner
from sqlalchemy import select

from factories.coming_back import bounce, letter
from jags.cli.context import application
from jags.cli.main import main
from jags.extensions import db
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import RECEIVED_MOST, MailKind, MailState, Recipient
from jags.notifications.service import queue_mail


def piped(settings, monkeypatch, raw):
    """Run the command with a message on standard input; return its exit status and what it said."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    application.cache_clear()
    result = CliRunner().invoke(main, ["mail", "receive"], input=raw, catch_exceptions=False)
    if application.cache_info().currsize:
        with application().app_context():
            db.engine.dispose()
    application.cache_clear()
    return result.exit_code, result.output.strip()


def test_a_report_is_noted_and_a_letter_passed_on(work_on, settings, monkeypatch):
    with work_on() as work:
        row = queue_mail(
            work,
            kind=MailKind.STATUS_LINK,
            cause_ref="cause",
            recipient_ref="requester:1",
            to=Recipient("Ash Reed", "ash@example.org"),
            params={"reference": "JAGS-2026-0001"},
        )
        row.state = MailState.SENT
        message_id = row.message_id
    assert piped(settings, monkeypatch, bounce(message_id)) == (
        0,
        "noted what a server reports on an e-mail of ours",
    )
    assert piped(settings, monkeypatch, letter()) == (0, "passed on to the shared mailbox")
    with work_on(write=False) as work:
        states = dict(work.session.execute(select(OutboxMessage.kind, OutboxMessage.state)).all())
    assert states == {MailKind.STATUS_LINK: MailState.CAME_BACK, MailKind.FORWARDED: MailState.QUEUED}


def test_what_is_too_large_or_empty_goes_back_and_what_cannot_be_kept_now_waits(settings, monkeypatch):
    status, said = piped(settings, monkeypatch, letter("x" * RECEIVED_MOST))
    assert (status, said) == (65, "This message is larger than 5,000,000 bytes.")
    assert piped(settings, monkeypatch, b" \r\n")[0] == 65
    assert (
        piped({**settings, "JAGS_DATABASE_URL": "sqlite:////nowhere/at/all.db"}, monkeypatch, letter())[0]
        == 75
    )
    assert piped({**settings, "JAGS_MASTER_KEY": ""}, monkeypatch, letter())[0] == 75
