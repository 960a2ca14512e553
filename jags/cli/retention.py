"""Commands on how long records are kept, and on what was erased."""

import json
from pathlib import Path

import click

from jags.cli.context import application, command_work, stop
from jags.extensions import db
from jags.kernel.errors import Invalid
from jags.kernel.sealing import forget_keys
from jags.retention import queries, service
from jags.retention.rules import KINDS, Action, RecordKind, Rule, Trigger, read_notes


@click.group()
def retention() -> None:
    """Show how long records are kept and what is due, and erase again in a restored copy."""


@retention.command()
def rules() -> None:
    """Print the rules in force as JSON."""
    with command_work("retention", write=False) as work:
        found = queries.rules(work)
    shown = {
        rule.kind.value: {
            "title": KINDS[rule.kind].title,
            "trigger": rule.trigger.value,
            "months": rule.months,
            "action": rule.action.value,
            "owner": rule.owner,
        }
        for rule in found
    }
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@retention.command("set")
@click.argument("kind", type=click.Choice([kind.value for kind in RecordKind]))
@click.option("--months", type=int, help="How long it is kept.")
@click.option(
    "--trigger", type=click.Choice([one.value for one in Trigger]), help="What the period counts from."
)
@click.option("--action", type=click.Choice([one.value for one in Action]), help="Erase, or list for review.")
@click.option("--owner", help="Who answers for the rule: a position, no name.")
def set_rule(
    kind: str, months: int | None, trigger: str | None, action: str | None, owner: str | None
) -> None:
    """Set the rule of a KIND of record; what is not given stays as it is."""
    try:
        with command_work("retention") as work:
            now = queries.rule_of(work, RecordKind(kind))
            service.set_rule(
                work,
                Rule(
                    now.kind,
                    Trigger(trigger) if trigger else now.trigger,
                    now.months if months is None else months,
                    Action(action) if action else now.action,
                    now.owner if owner is None else owner,
                    now.version,
                ),
            )
    except Invalid as error:
        stop(str(error))
    click.echo(f"The rule for {kind} is set.")


@retention.command("list")
def list_due() -> None:
    """List what is due today, and change nothing: one line each, with what is on legal hold."""
    with command_work("retention", write=False) as work:
        found = queries.due(work)
    for rule, one in found:
        number = f"{one.number} " if one.number > 1 else ""
        on_hold = ", on legal hold: stays" if one.held else ""
        click.echo(
            f"{one.kind.value}: {number}{one.label}, since {one.since_on.isoformat()}, {rule.action.value}{on_hold}"
        )
    click.echo(f"{len(found)} due. Nothing was changed; a list is put forward and approved on its page.")


@retention.command()
@click.option(
    "--record",
    "record",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The record of erasures, if it is not where the software keeps it.",
)
def reapply(record: Path | None) -> None:
    """Erase again in a restored copy what was erased since its backup was made; before anybody opens it."""
    try:
        notes = (
            read_notes(record.read_text("utf-8").splitlines())
            if record
            else application().extensions["jags_records"].erasures()
        )
        with command_work("retention") as work:
            erased = service.apply_again(work, notes)
        with application().app_context():
            forget_keys(db.engine)
    except (Invalid, UnicodeDecodeError) as error:
        stop(str(error))
    click.echo(f"{len(notes)} erasures are on record; {erased} were done again.")
