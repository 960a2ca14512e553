"""Commands that make keys."""

from datetime import UTC, datetime
from pathlib import Path

import click

from jags.adapters.keys import new_jobs_key, new_master_key
from jags.cli.context import stop
from jags.kernel.errors import SetupIncomplete


@click.group()
def keys() -> None:
    """Make master keys and the key of the scheduler process."""


@keys.command()
@click.argument("directory", type=click.Path(path_type=Path))
def new(directory: Path) -> None:
    """Make a new master key in DIRECTORY; the newest wraps new data keys."""
    path = directory / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.key"
    try:
        new_master_key(path)
    except SetupIncomplete as error:
        stop(str(error))
    click.echo(f"Made {path}. Keep a copy apart from the database and its backups.")


@keys.command("new-jobs")
@click.argument("file", type=click.Path(path_type=Path))
def new_jobs(file: Path) -> None:
    """Make the key of the scheduler process as FILE; only that process may read it."""
    try:
        new_jobs_key(file)
    except SetupIncomplete as error:
        stop(str(error))
    click.echo(f"Made {file}. Set JAGS_JOBS_KEY_FILE to it for the scheduler process only.")
