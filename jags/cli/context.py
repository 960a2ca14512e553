"""What every command needs: the application, one unit of work, and one-line errors."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NoReturn

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import Config, ConfigurationError
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.errors import SetupIncomplete
from jags.kernel.work import Work, unit_of_work

EXIT_WRONG_INPUT = 2


def stop(message: str) -> NoReturn:
    """End the command with one line on standard error and exit status 2."""
    click.echo(message, err=True)
    sys.exit(EXIT_WRONG_INPUT)


@cache
def application() -> Flask:
    """Return the application of the environment, made once; ends the command when a setting is missing."""
    from jags.app import create_app  # noqa: PLC0415 - Commands that need no application start faster without it.

    try:
        return create_app(Config.from_environment())
    except (ConfigurationError, SetupIncomplete) as error:
        stop(str(error))


@contextmanager
def command_work(command: str, *, write: bool = True) -> Iterator[Work]:
    """Run one unit of work as a command: the actor is the command itself.

    A database that is away or has no tables ends the command with one line.
    """
    app = application()
    try:
        with (
            app.app_context(),
            Session(db.engine) as session,
            unit_of_work(
                session, actor=system(f"cli:{command}"), ports=app.extensions["jags_ports"], write=write
            ) as work,
        ):
            yield work
    except DBAPIError as error:
        stop(
            f"The database could not do this ({type(error.orig).__name__}). "
            "Is it there, and at the newest version? Run: jags database upgrade"
        )
