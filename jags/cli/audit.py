"""Commands on the audit trail."""

import sys
from pathlib import Path

import click

from jags.allocation.queries import broken_records
from jags.audit.rules import Anchor, Finding, Stream, anchors_in
from jags.audit.service import anchors, has_event, last_event, verify_anchors
from jags.audit.service import verify as verify_trail
from jags.cli.context import application, command_work, stop
from jags.kernel.errors import Invalid
from jags.kernel.work import Work


@click.group()
def audit() -> None:
    """Check the audit trail."""


@audit.command()
@click.option(
    "--expect", default="", help="The last event of an earlier check, as SEQ:MAC: it must still be there."
)
@click.option(
    "--anchors",
    "mailed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file into which the e-mails about the audit trail were saved: the chains must hold what they say.",
)
def verify(expect: str, mailed: Path | None) -> None:
    """Check every chain and every independence record, and tell the last event to note elsewhere; exit 1 when something was found.

    A chain whose end was cut together with its head, or that was emptied, shows only against what was noted outside: in the
    file of the scheduler, in e-mails to administrators (--anchors), or as the last event of an earlier check (--expect).
    """
    with command_work("audit", write=False) as work:
        findings = verify_trail(work)
        findings += [Finding(Stream.ACTS, 0, problem) for problem in broken_records(work)]
        findings += _of_anchors(work, _mailed(mailed) if mailed else [])
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


def _mailed(file: Path) -> list[Anchor]:
    try:
        found = anchors_in(file.read_text("utf-8"))
    except ValueError as error:
        stop(str(error))
    if not found:
        stop(f"There is no anchor in {file}.")
    return found


def _of_anchors(work: Work, mailed: list[Anchor]) -> list[Finding]:
    try:
        noted = application().extensions["jags_records"].anchors()
    except Invalid as error:
        return [Finding(Stream.ACTS, 0, str(error))]
    return verify_anchors(work, [*noted, *(one for one in mailed if one not in noted)])
