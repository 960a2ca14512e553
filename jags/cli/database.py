"""Commands on the database: bring it to the head, take it down, and compare models with migrations."""

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade as migrate_down
from flask_migrate import upgrade as migrate_up
from sqlalchemy.orm import Session

from config import ROOT
from jags.cli.context import application, stop
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.work import unit_of_work
from jags.schema import METADATA

MIGRATIONS = ROOT / "migrations"

# Made with the database, so that a page that only reads never has to make one.
_SYSTEM_KEYS = ("audit-detail", "audit-mac", "blind-index", "feedback-comments", "feedback-ticket", "outbox")


@click.group()
def database() -> None:
    """Bring the database to the newest version, and check it."""


@database.command()
def upgrade() -> None:
    """Bring the database to the head, and make the system's keys."""
    bring_to_head(application())
    click.echo("The database is at the newest version.")


def bring_to_head(app: Flask) -> None:
    """Run the migrations that are missing, and make the system's keys."""
    with app.app_context():
        migrate_up(directory=str(MIGRATIONS))
        with (
            Session(db.engine) as session,
            unit_of_work(session, actor=system("cli:database"), ports=app.extensions["jags_ports"]) as work,
        ):
            for name in _SYSTEM_KEYS:
                work.vault.system_key(name)


@database.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database down to REVISION ("base" for nothing)."""
    app = application()
    with app.app_context():
        migrate_down(directory=str(MIGRATIONS), revision=revision)
    click.echo(f"The database is at {revision}.")


@database.command()
def check() -> None:
    """Compare the models with the database at the head; exit 2 when they differ."""
    app = application()
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)
    if differences:
        for difference in differences:
            click.echo(str(difference), err=True)
        stop("The models and the migrations differ: write a migration.")
    click.echo("The models equal the head.")
