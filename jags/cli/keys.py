"""Commands that make keys, change the master key while pages are served, and put keys on paper and back."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.exc import OperationalError

from jags.adapters.keys import new_jobs_key, new_master_key, read_key, write_key
from jags.cli.context import application, command_work, stop
from jags.custody import service
from jags.custody.rules import key_of, sheet_of
from jags.extensions import db
from jags.kernel.errors import Invalid, SetupIncomplete
from jags.kernel.sealing import forget_keys
from jags.kernel.time import date_in_words

Made = TypeVar("Made")


@click.group()
def keys() -> None:
    """Make keys, change the master key, and put keys on paper and back."""


@keys.command()
@click.argument("directory", type=click.Path(path_type=Path))
def new(directory: Path) -> None:
    """Make a new master key in DIRECTORY; the newest wraps new data keys."""
    path = _new_in(directory)
    click.echo(f"Made {path}. Keep a copy apart from the database and its backups.")


@keys.command("new-jobs")
@click.argument("file", type=click.Path(path_type=Path))
def new_jobs(file: Path) -> None:
    """Make the key of the scheduler process as FILE; only that process may read it."""
    _or_stop(lambda: new_jobs_key(file))
    click.echo(f"Made {file}. Set JAGS_JOBS_KEY_FILE to it for the scheduler process only.")


@keys.command()
@click.option("--indexes", is_flag=True, help="Make the keyed indexes anew, too, under a new key.")
@click.option("--keep-master", is_flag=True, help="Make no new master key: go on with what was begun.")
def rotate(*, indexes: bool, keep_master: bool) -> None:
    """Make a new master key and wrap every data key under it, in small steps, while pages are served."""
    masters = application().extensions["jags_ports"].masters
    if not keep_master:
        if masters.directory is None:
            stop(
                "Set JAGS_MASTER_KEY_FILE to a directory of keys: one key cannot be followed by another. "
                "Move its file there as <name>.key, with a name before those of new ones."
            )
        click.echo(f"Made {_new_in(masters.directory)}. Keep a copy apart from the database and its backups.")
    total = 0
    while True:
        with command_work("keys") as work:
            number = service.wrap_again(work)
        total += number
        if not number:
            break
    click.echo(f"{total} data keys are wrapped anew.")
    with application().app_context():
        try:
            forget_keys(db.engine)
        except (OperationalError, TimeoutError):
            click.echo(
                "The database is in use, so old pages of it may hold them as they were wrapped before. "
                "Run this again with --keep-master."
            )
    if indexes:
        with command_work("keys") as work:
            made, lost = service.remake_indexes(work)
        with command_work("keys") as work:
            service.mend_indexes(work)
        click.echo(f"{made} indexes were made anew; {lost} addresses of line managers were forgotten.")
    _tell(masters.ids())


@keys.command("list")
def list_keys() -> None:
    """Say for each master key how many data keys it wraps."""
    _tell(application().extensions["jags_ports"].masters.ids())


@keys.command("print")
@click.option(
    "--jobs",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The scheduler's key file, to be printed, too.",
)
def print_keys(jobs: Path | None) -> None:
    """Print every master key as a sheet for paper, on standard output: send it to a printer, and keep no file of it."""
    masters = application().extensions["jags_ports"].masters
    printed = date_in_words(datetime.now(UTC).date())
    found = [(key_id, masters.get(key_id)) for key_id in masters.ids()]
    if jobs:
        found.append((jobs.stem, _or_stop(lambda: read_key(jobs))))
    with command_work("keys") as work:
        work.record("key:printed", "keys", number=len(found))
    click.echo("\f".join(sheet_of(name, key, printed_on=printed) for name, key in found))


@keys.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("directory", type=click.Path(path_type=Path))
def restore(file: Path, directory: Path) -> None:
    """Make a key file in DIRECTORY from FILE, into which a sheet was typed; a line that was mistyped is named."""
    try:
        name, key = key_of(file.read_text("utf-8"))
    except (Invalid, UnicodeDecodeError) as error:
        stop(str(error))
    path = directory / f"{name}.key"
    _or_stop(lambda: write_key(path, key))
    click.echo(f"Made {path}. Delete {file}.")


def _tell(ids: list[str]) -> None:
    with command_work("keys", write=False) as work:
        counts = service.wrapped_by(work)
    for key_id in sorted({*ids, *counts}):
        number = counts.get(key_id, 0)
        after = "" if number else ": keep it as long as backups need it"
        click.echo(f"{key_id} wraps {number} data keys{after}")


def _new_in(directory: Path) -> Path:
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    # The last by name wraps: whatever the others are called, the new one comes after them.
    last = max((file.stem for file in directory.glob("*.key")), default="")
    path = directory / f"{name if name > last else f'{last}-{name}'}.key"
    _or_stop(lambda: new_master_key(path))
    return path


def _or_stop(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except SetupIncomplete as error:
        stop(str(error))
