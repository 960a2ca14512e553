"""The `jags` command: one group, one module a subject."""

import os

import click

from jags.cli.accounts import accounts
from jags.cli.allocation import allocation
from jags.cli.allocation_past import compare, replay
from jags.cli.audit import audit
from jags.cli.database import database
from jags.cli.demo.command import demo
from jags.cli.identifiers import identifiers
from jags.cli.importing import import_group
from jags.cli.keys import keys
from jags.cli.mail import mail
from jags.cli.report import report
from jags.cli.retention import retention
from jags.cli.serve import serve, worker
from jags.cli.sessions import sessions
from jags.cli.settings import settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Joint Agency Group Supervision: requests, facilitators, dates, feedback and evaluation."""
    # What a command writes (a database, keys, mails) is for its own user only.
    os.umask(0o077)


for command in (
    accounts,
    allocation,
    audit,
    database,
    demo,
    identifiers,
    import_group,
    keys,
    mail,
    report,
    retention,
    serve,
    sessions,
    settings,
    worker,
):
    main.add_command(command)
for command in (compare, replay):
    allocation.add_command(command)
