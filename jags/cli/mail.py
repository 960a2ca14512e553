"""Commands on mail that comes back."""

import sys

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from jags.cli.context import application
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.errors import SetupIncomplete
from jags.kernel.work import unit_of_work
from jags.notifications.rules import RECEIVED_MOST
from jags.scheduling.service import receive_mail

# What a mail server understands of a command's end (sysexits.h): wrong data goes back to its sender, trouble that
# passes makes the server keep the message and try again.
EXIT_WRONG_DATA = 65
EXIT_TRY_AGAIN = 75


@click.group()
def mail() -> None:
    """Take mail that comes back."""


@mail.command()
def receive() -> None:
    """Read one message on standard input, as a mail server's pipe gives it.

    A report that an e-mail did not arrive is noted beside its request, an answer of a calendar beside its session; anything
    else is passed on to the shared mailbox. Exit 75 asks the mail server to try again later, 65 to send it back.
    """
    raw = sys.stdin.buffer.read(RECEIVED_MOST + 1)
    if len(raw) > RECEIVED_MOST:
        click.echo(f"This message is larger than {RECEIVED_MOST:,} bytes.", err=True)
        sys.exit(EXIT_WRONG_DATA)
    if not raw.strip():
        click.echo("There is no message on standard input.", err=True)
        sys.exit(EXIT_WRONG_DATA)
    try:
        app = application()
    except SystemExit:
        # It has said what is missing; meanwhile the mail server keeps the message.
        sys.exit(EXIT_TRY_AGAIN)
    try:
        with (
            app.app_context(),
            Session(db.engine) as session,
            unit_of_work(session, actor=system("cli:mail"), ports=app.extensions["jags_ports"]) as work,
        ):
            taken = receive_mail(work, raw)
    except (SQLAlchemyError, SetupIncomplete, OSError) as error:
        click.echo(f"This cannot be kept now ({type(error).__name__}); try again later.", err=True)
        sys.exit(EXIT_TRY_AGAIN)
    click.echo(taken.value)
