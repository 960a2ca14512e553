"""Commands on the database: bring it to the head, take it down, copy it, and compare models with migrations."""

import base64
import os
import tempfile
from pathlib import Path

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade as migrate_down
from flask_migrate import upgrade as migrate_up
from sqlalchemy.orm import Session

from config import ROOT, Config
from jags.adapters.keys import KEY_BYTES
from jags.app import connect_migrations
from jags.cli.context import application, stop
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.database import CopyFailed, copy_to
from jags.kernel.work import unit_of_work
from jags.schema import METADATA

MIGRATIONS = ROOT / "migrations"

# Made with the database, so that a page that only reads never has to make one.
_SYSTEM_KEYS = ("audit-detail", "audit-mac", "blind-index", "feedback-comments", "feedback-ticket", "outbox")


@click.group()
def database() -> None:
    """Bring the database to the newest version, copy it, and check it."""


@database.command()
def upgrade() -> None:
    """Bring the database to the head, and make the system's keys."""
    bring_to_head(application())
    click.echo("The database is at the newest version.")


def bring_to_head(app: Flask) -> None:
    """Run the migrations that are missing, and make the system's keys."""
    connect_migrations(app)
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
    connect_migrations(app)
    with app.app_context():
        migrate_down(directory=str(MIGRATIONS), revision=revision)
    click.echo(f"The database is at {revision}.")


@database.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to FILE while it is in use, and check the copy (SQLite; PostgreSQL has pg_dump)."""
    app = application()
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            stop("This database is on PostgreSQL: make its backup with pg_dump.")
        try:
            # Nobody but its owner may read it, from its first byte on; and never over a file that is there.
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            stop(f"{file} is there already. Name a file that is not.")
        except OSError as error:
            stop(f"{file} cannot be written: {error.strerror}.")
        try:
            found = copy_to(db.engine, file)
        except CopyFailed as error:
            found = [str(error)]
    if found:
        # Half a backup must not lie under the name of one.
        file.unlink()
        stop(f"There is no copy: {'; '.join(found[:3])}. Make another where there is room.")
    click.echo(f"The database was copied to {file}, and the copy is sound.")


@database.command()
def check() -> None:
    """Bring a scratch database to the head and compare it with the models; exit 2 when they differ."""
    with tempfile.TemporaryDirectory() as folder:
        differences = _differences(Path(folder))
    if differences:
        for difference in differences:
            click.echo(str(difference), err=True)
        stop("The models and the migrations differ: write a migration.")
    click.echo("The models equal the head.")


def _differences(folder: Path) -> list[object]:
    from jags.app import create_app  # noqa: PLC0415 - Other commands use the application of the environment.

    config = Config.from_environment(
        {
            "JAGS_MODE": "test",
            "JAGS_BASE_URL": "http://localhost",
            "JAGS_MASTER_KEY": base64.b64encode(os.urandom(KEY_BYTES)).decode(),
            "JAGS_INSTANCE_DIR": str(folder),
        }
    )
    app = create_app(config)
    bring_to_head(app)
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = list(compare_metadata(context, METADATA))
        db.engine.dispose()
    return found
