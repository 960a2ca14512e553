"""Commands on the audit trail."""

import sys

import click

from jags.allocation.queries import broken_records
from jags.audit.rules import Finding, Stream
from jags.audit.service import has_event, last_event
from jags.audit.service import verify as verify_trail
from jags.cli.context import command_work


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command()
@click.option(
    "--expect", default="", help="The last event of an earlier check, as SEQ:MAC: it must still be there."
)
def verify(expect: str) -> None:
    """Check every chain and every independence record, and tell the last event to note elsewhere; exit 1 when something was found.

    A chain whose end was cut together with its head, or that was emptied, shows only against such a note (--expect).
    """
    with command_work("audit", write=False) as work:
        findings = verify_trail(work)
        findings += [Finding(Stream.ACTS, 0, problem) for problem in broken_records(work)]
        if expect and not has_event(work, expect):
            findings.append(
                Finding(Stream.ACTS, 0, f"the event {expect} that was noted is not there any more")
            )
        last = last_event(work)
    for finding in findings:
        click.echo(f"{finding.stream} {finding.seq}: {finding.problem}")
    if findings:
        sys.exit(1)
    click.echo(f"The audit trail is whole. Its last event: {last or 'none yet'}")
