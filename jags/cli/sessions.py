"""Commands about sessions."""

import click

from jags.cli.context import command_work
from jags.kernel.time import day_in_words, time_in_words
from jags.scheduling.service import keep_wall_times


@click.group()
def sessions() -> None:
    """Look after sessions that are to come."""


@sessions.command("keep-wall-times")
def keep() -> None:
    """Let each session begin when its wall time says, after the rules of the zone have changed, and list what moved."""
    with command_work("sessions") as work:
        moved = keep_wall_times(work)
    for one in moved:
        when = f"{day_in_words(one.wall_start)}, {time_in_words(one.wall_start)}"
        before = f"{one.before:%H:%M} UTC"
        if one.problem:
            click.echo(f"{one.reference}: {when} needs somebody: {one.problem}")
        else:
            click.echo(f"{one.reference}: {when} stays; it was {before} and is {one.after:%H:%M} UTC now")
    click.echo(
        f"Sessions that moved: {sum(not one.problem for one in moved)}; that need somebody: {sum(bool(one.problem) for one in moved)}."
    )
