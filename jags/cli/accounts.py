"""Commands on accounts."""

import click

from jags.accounts.rules import Role
from jags.accounts.service import invite as invite_account
from jags.cli.context import command_work, stop
from jags.kernel.errors import Invalid


@click.group()
def accounts() -> None:
    """Invite people to accounts."""


@accounts.command()
@click.argument("email")
@click.option(
    "--role", type=click.Choice([r.value for r in Role]), required=True, help="What the account is for."
)
@click.option("--name", default="", help="The person's name, if it is not known yet.")
def invite(email: str, role: str, name: str) -> None:
    """Invite EMAIL to an account; the invitation goes by mail, works once and expires."""
    try:
        with command_work("accounts") as work:
            invite_account(work, email=email, role=Role(role), name=name)
    except Invalid as error:
        stop(str(error))
    click.echo("The invitation is on its way.")
