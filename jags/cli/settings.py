"""Commands on the partnership's own words, numbers and lists."""

import dataclasses
import json

import click

from jags.cli.context import command_work, stop
from jags.kernel.errors import Invalid
from jags.settings.queries import partnership
from jags.settings.service import change_setting


@click.group()
def settings() -> None:
    """Show and change the partnership's words, numbers and lists."""


@settings.command()
def show() -> None:
    """Print the settings in force as JSON."""
    with command_work("settings", write=False) as work:
        click.echo(json.dumps(dataclasses.asdict(partnership(work)), ensure_ascii=False, indent=2))


@settings.command("set")
@click.argument("key")
@click.argument("value")
def set_value(key: str, value: str) -> None:
    """Set KEY to VALUE; a list or a number is given as JSON."""
    try:
        parsed = json.loads(value)
    except json.JSONDecodeError:
        parsed = value
    try:
        with command_work("settings") as work:
            change_setting(work, key, parsed)
    except Invalid as error:
        stop(str(error))
    click.echo(f"{key} is set.")
