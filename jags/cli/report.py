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
from jags.evaluation.render import figures_document, figures_lines
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules import By, Period
from jags.evaluation.rules.document import Edition, Format
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.kernel.errors import Invalid


def _day(_context: click.Context, parameter: click.Parameter, value: str) -> date:
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
            )
    except Invalid as error:
        stop(str(error))
    if given["as_json"]:
        click.echo(json.dumps(figures_document(found), ensure_ascii=False, indent=2))
        return
    for line in figures_lines(found):
        click.echo(line)


@report.command()
@click.option("--from", "from_on", required=True, callback=_day, help="First day, as 2026-01-13 (London).")
@click.option("--to", "to_on", required=True, callback=_day, help="Last day, included.")
@click.option(
    "--transitional", is_flag=True, help="Only requests whose transitional safeguarding is confirmed."
)
@click.option(
    "--edition",
    type=click.Choice([edition.value for edition in Edition]),
    default=Edition.INTERNAL.value,
    show_default=True,
    help="Whom the draft is for.",
)
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
    """Write an evaluation as a draft."""
    try:
        asked = Asked(Period(given["from_on"], given["to_on"]), given["transitional"])
    except Invalid as error:
        stop(str(error))
    with Progress(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True)) as shown:
        step = shown.add_task("Reading figures", total=2)
        with command_work("report", write=False) as work:
            document = draft_report(work, asked, Edition(given["edition"]))
        shown.update(step, advance=1, description="Writing, and reading back")
        written = write_document(document, Format(given["kind"]))
        shown.update(step, advance=1, description="Written")
    given["output"].write_bytes(written)
    click.echo(f"{given['output']}: {document.title}, a draft, {given['edition']} edition")
