"""Commands on the audit trail."""

import sys

import click

from jags.audit.service import verify as verify_trail
from jags.cli.context import command_work


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command()
def verify() -> None:
    """Check every chain from its beginning; exit 1 when something was found."""
    with command_work("audit", write=False) as work:
        findings = verify_trail(work)
    for finding in findings:
        click.echo(f"{finding.stream} {finding.seq}: {finding.problem}")
    if findings:
        sys.exit(1)
    click.echo("The audit trail is whole.")
