"""Commands on the audit trail."""

import sys

import click

from jags.allocation.queries import broken_records
from jags.audit.rules import Finding, Stream
from jags.audit.service import anchors, has_event, last_event, verify_anchors
from jags.audit.service import verify as verify_trail
from jags.cli.context import application, command_work
from jags.kernel.errors import Invalid
from jags.kernel.work import Work


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
        findings += _of_anchors(work)
        if expect and not has_event(work, expect):
            findings.append(
                Finding(Stream.ACTS, 0, f"the event {expect} that was noted is not there any more")
            )
        last = last_event(work)
    for finding in findings:
        click.echo(f"{finding.stream} {finding.seq}: {finding.problem}")
    if findings:
        sys.exit(1)
    if noted := application().extensions["jags_records"].anchors():
        click.echo(f"It holds the {len(noted)} anchors that were noted outside, the last of {noted[-1].at}.")
    click.echo(f"The audit trail is whole. Its last event: {last or 'none yet'}")


@audit.command()
def anchor() -> None:
    """Note outside how far each chain has come, and print it: a line each, signed, to be mailed or kept elsewhere too."""
    with command_work("audit", write=False) as work:
        found = anchors(work)
    application().extensions["jags_records"].note_anchors(found)
    for one in found:
        click.echo(one.line())


def _of_anchors(work: Work) -> list[Finding]:
    try:
        noted = application().extensions["jags_records"].anchors()
    except Invalid as error:
        return [Finding(Stream.ACTS, 0, str(error))]
    return verify_anchors(work, noted)
