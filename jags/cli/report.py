"""Commands that print figures."""

import json
from datetime import date
from typing import Any

import click

from jags.cli.context import command_work, stop
from jags.evaluation.queries import figures as figures_of
from jags.evaluation.render import figures_document, figures_lines
from jags.evaluation.rules import By
from jags.kernel.errors import Invalid


def _day(_context: click.Context, parameter: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        stop(f"{parameter.opts[0]}: write the date as 2026-01-13, not {value!r}.")


@click.group()
def report() -> None:
    """Print figures of a period."""


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
