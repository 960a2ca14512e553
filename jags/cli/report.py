"""Commands that print figures and write reports."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from jags.cli.context import command_work, stop
from jags.evaluation.queries import figures as figures_of
from jags.evaluation.queries.reports import frozen_edition, get_released
from jags.evaluation.render import figures_document, figures_lines
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules import By, Period
from jags.evaluation.rules.document import Document, Edition, Format
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.settings.queries import partnership


def _day(_context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        stop(f"{parameter.opts[0]}: write the date as 2026-01-13, not {value!r}.")


@click.group()
def report() -> None:
    """Print figures of a period, and write reports."""


@report.command()
@click.option("--from", "from_on", required=True, callback=_day, help="First day, as 2026-01-13 (London).")
@click.option("--to", "to_on", required=True, callback=_day, help="Last day, included.")
@click.option(
    "--transitional", is_flag=True, help="Only requests whose transitional safeguarding is confirmed."
)
@click.option("--locality", default="", help="Only requests from this locality, by its name.")
@click.option(
    "--by",
    type=click.Choice([b.value for b in By]),
    default=By.RECEIVED.value,
    show_default=True,
    help="Requests received in the period, or requests whose session was held in it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def figures(**given: Any) -> None:
    """Print the internal figures of a period."""
    try:
        with command_work("report", write=False) as work:
            found = figures_of(
                work,
                from_on=given["from_on"],
                to_on=given["to_on"],
                by=By(given["by"]),
                transitional=given["transitional"],
                locality=_locality(work, given["locality"]),
            )
    except Invalid as error:
        stop(str(error))
    if given["as_json"]:
        click.echo(json.dumps(figures_document(found), ensure_ascii=False, indent=2))
        return
    for line in figures_lines(found):
        click.echo(line)


@report.command()
@click.option("--from", "from_on", callback=_day, help="First day, as 2026-01-13 (London).")
@click.option("--to", "to_on", callback=_day, help="Last day, included.")
@click.option(
    "--transitional", is_flag=True, help="Only requests whose transitional safeguarding is confirmed."
)
@click.option("--locality", default="", help="Only requests from this locality, by its name.")
@click.option(
    "--edition",
    type=click.Choice([edition.value for edition in Edition]),
    help="Whom it is for: a draft is internal, a release public, unless you say otherwise.",
)
@click.option("--release", "reference", help="Write what was released, by its number, instead of a draft.")
@click.option(
    "--format", "kind", type=click.Choice([kind.value for kind in Format]), required=True, help="The format."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="The file to write.",
)
def evaluation(**given: Any) -> None:
    """Write an evaluation: a draft of a period, or what was released."""
    chosen = given["edition"] and Edition(given["edition"])
    asked = _asked(given)
    if given["reference"] and chosen is Edition.INTERNAL:
        stop("--edition: a release has a restricted and a public edition.")
    with Progress(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True)) as shown:
        step = shown.add_task("Reading figures", total=2)
        with command_work("report", write=False) as work:
            if asked:
                _locality(work, asked.locality)
            document = (
                draft_report(work, asked, chosen or Edition.INTERNAL)
                if asked
                else _released(work, given["reference"], chosen or Edition.PUBLIC)
            )
        shown.update(step, advance=1, description="Writing, and reading back")
        written = write_document(document, Format(given["kind"]))
        shown.update(step, advance=1, description="Written")
    given["output"].write_bytes(written)
    standing = document.released.release_id if document.released else "a draft"
    click.echo(f"{given['output']}: {document.title}, {standing}, {document.edition} edition")


def _asked(given: dict[str, Any]) -> Asked | None:
    """Return what a draft is asked of; None where a release is."""
    dates = [given["from_on"], given["to_on"]]
    if given["reference"]:
        if any(dates) or given["transitional"] or given["locality"]:
            stop(
                "--release: a release has its own period; leave out --from, --to, --transitional and --locality."
            )
        return None
    if not all(dates):
        stop("Say which period with --from and --to, or which release with --release.")
    try:
        return Asked(Period(*dates), given["transitional"], locality=given["locality"])
    except Invalid as error:
        stop(str(error))


def _locality(work: Work, name: str) -> str:
    """Return a locality of the list, or none; stops for another, of which an empty report would be written."""
    known = partnership(work).localities
    if name and name not in known:
        stop(f"--locality: {name!r} is not on the list. Write one of: {', '.join(known)}.")
    return name


def _released(work: Work, reference: str, edition: Edition) -> Document:
    try:
        return frozen_edition(work, get_released(work, reference), edition)
    except NotFound as error:
        stop(str(error))
