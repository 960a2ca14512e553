"""Commands on the partnership's own words, numbers and lists."""

import dataclasses
import json

import click

from jags.cli.context import command_work, stop
from jags.kernel.errors import Invalid
from jags.settings.queries import partnership
from jags.settings.rules import Partnership
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
    """Set KEY to VALUE: text as it is, a number, true or false, or a list as JSON."""
    parsed = _parsed(value)
    if isinstance(getattr(Partnership(), key, None), str) and not isinstance(parsed, str):
        # A telephone number or a word like true is text here, with or without quotes.
        parsed = value
    try:
        with command_work("settings") as work:
            change_setting(work, key, parsed)
    except Invalid as error:
        stop(str(error))
    click.echo(f"{key} is set.")


def _parsed(value: str) -> object:
    try:
        found: object = json.loads(value)
    except json.JSONDecodeError:
        return value
    return found
