"""The demonstration: a made-up year on this machine, with a one-time sign-in link for each role."""

import os
import secrets
import socket
import sys
from pathlib import Path

import click

from config import ROOT
from jags.adapters.keys import new_jobs_key, new_master_key
from jags.cli.context import application, command_work, stop
from jags.cli.database import bring_to_head
from jags.cli.demo.once import loaded_once
from jags.cli.demo.ways import ways_in
from jags.cli.serve import run_pair

_FIRST_PORT = 8000
_PORTS = 50


@click.group()
def demo() -> None:
    """Show the software with made-up people."""


@demo.command()
@click.option("--port", type=int, default=None, help="The port; the first free one from 8000 unless said.")
@click.option(
    "--instance", type=click.Path(path_type=Path), default=ROOT / "instance", help="Where its files lie."
)
def run(port: int | None, instance: Path) -> None:
    """Make the database, load a made-up year once, start web and scheduler on loopback, print the ways in."""
    chosen = _port(port)
    _settle(instance, chosen)
    _load(instance / "demo")
    _print_ways_in(chosen, instance)
    sys.exit(run_pair(host="127.0.0.1", port=chosen, workers=1))


def _load(folder: Path) -> None:
    """Bring the database to the head, and load the year where it was not loaded to its end."""
    from jags.cli.demo.year import is_empty, load_year  # noqa: PLC0415 - Only the demonstration needs it.

    own = _own_database(folder)
    with loaded_once(
        folder, own if os.environ["JAGS_DATABASE_URL"] == f"sqlite:///{own}" else None
    ) as missing:
        if missing:
            click.echo("Making the database.")
        app = application()
        bring_to_head(app)
        if not missing:
            return
        if not is_empty(app):
            stop(
                "The database of JAGS_DATABASE_URL is not empty, and no made-up year was loaded into it to the end. "
                "Empty it, or give another."
            )
        load_year(app)


def _own_database(folder: Path) -> Path:
    return folder / "jags.db"


def _port(wanted: int | None) -> int:
    candidates = range(_FIRST_PORT, _FIRST_PORT + _PORTS) if wanted is None else (wanted,)
    port = next((p for p in candidates if _is_free(p)), None)
    if port is None:
        stop(f"Port {candidates[0]} is taken on this machine: choose another with --port.")
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _settle(instance: Path, port: int) -> None:
    """Make the keys of the demonstration once, and set its environment."""
    folder = instance / "demo"
    masters, jobs_key, secret = folder / "keys", folder / "jobs.key", folder / "secret"
    if not masters.is_dir():
        new_master_key(masters / "demo.key")
    if not jobs_key.exists():
        new_jobs_key(jobs_key)
    if not secret.exists():
        secret.write_text(secrets.token_hex(32))
    os.environ.update(
        {
            "JAGS_MODE": "demo",
            "JAGS_BASE_URL": f"http://localhost:{port}",
            "JAGS_INSTANCE_DIR": str(instance),
            "JAGS_DATABASE_URL": os.environ.get("JAGS_DATABASE_URL", f"sqlite:///{_own_database(folder)}"),
            "JAGS_MASTER_KEY_FILE": str(masters),
            "JAGS_JOBS_KEY_FILE": str(jobs_key),
            "JAGS_SECRET_KEY": secret.read_text(),
            "JAGS_TICK_SECONDS": os.environ.get("JAGS_TICK_SECONDS", "2"),
        }
    )
    for unused in ("JAGS_MASTER_KEY", "JAGS_JOBS_KEY", "JAGS_MAIL_SERVER"):
        os.environ.pop(unused, None)


def _print_ways_in(port: int, instance: Path) -> None:
    with command_work("demo") as work:
        ways = ways_in(work)
    click.echo(f"\nJAGS runs at http://localhost:{port} – made-up people, nothing is sent.")
    click.echo(
        f"To ask for a JAGS, open that page; no account is needed. Mails appear as files in {instance}/outbox.\n"
    )
    click.echo("Sign in, each link once (a new start prints new ones):\n")
    for words, address in ways:
        click.echo(f"  {words}\n    {address}\n")
    click.echo("Stop with Ctrl+C.")
