"""Commands that look back at a period in the database: what planning would have done, and what changed rules would have."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import click

from jags.allocation.assembly import assemble_past
from jags.allocation.choice import replay_shown
from jags.allocation.engine.planning.effort import MOST_STEPS, Effort
from jags.allocation.engine.planning.plan import Plan, objective, sessions_given
from jags.allocation.engine.problem import Problem
from jags.allocation.service import (
    check_question,
    question_of_today,
    replay_past,
    rules_asked,
    rules_now,
)
from jags.cli.context import command_work, stop
from jags.kernel.errors import Invalid

_SECONDS = 60.0
_Counted = tuple[str, int, int]


def _day(_context: click.Context, parameter: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        stop(f"{parameter.opts[0]}: write the date as 2026-01-13, not {value!r}.")


def _period(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that both commands take."""
    seed = click.option(
        "--seed", default=0, show_default=True, help="Decides ties, so that nobody picks by hand."
    )
    last = click.option("--to", "to_on", required=True, callback=_day, help="Last day, included.")
    first = click.option(
        "--from", "from_on", required=True, callback=_day, help="First day received (London)."
    )
    return first(last(seed(command)))


@click.command()
@_period
def compare(from_on: date, to_on: date, seed: int) -> None:
    """Say what planning a past period at once gives, beside first come, first served: how many pairs, and how fair."""
    from jags.allocation.engine.planning.first_come import first_come_first_served  # noqa: PLC0415 - numpy loads late.
    from jags.allocation.engine.planning.solver import propose  # noqa: PLC0415

    with command_work("allocation", write=False) as work:
        past = assemble_past(work, from_on=from_on, to_on=to_on)
        now = rules_now(work, past)
    problems = [now.applied_to(quarter.problem) for quarter in past.quarters]
    proposals = [
        propose(problem, effort=Effort(_SECONDS / len(problems), MOST_STEPS), seed=seed)
        for problem in problems
    ]
    planned = _measured(problems, [one.pairs for one in proposals])
    as_they_came = _measured(problems, [first_come_first_served(problem, seed=seed) for problem in problems])
    requests = sum(len(problem.requests) for problem in problems)
    proven = "proven to be the best plan" if all(one.proven for one in proposals) else "not proven in time"
    quarters = "quarter" if len(problems) == 1 else "quarters"
    click.echo(f"{requests} requests went ahead, in {len(problems)} {quarters}; {proven}.")
    _table(
        ("Planned at once", "First come"),
        [(what, planned[what], as_they_came[what]) for what in planned],
    )


@click.command()
@_period
@click.option(
    "--weight-of-sooner", type=int, help="What a request counts that is needed sooner; 1 without hurry."
)
@click.option(
    "--more-sessions", type=int, help="Sessions a quarter that everybody could give beyond what is recorded."
)
@click.option(
    "--rest/--no-rest", "rest_holds", default=None, help="Whether there is a rest after a heavy session."
)
@click.option(
    "--one-employer/--no-one-employer",
    "one_employer_is_one",
    default=None,
    help="Whether services of one employer count as one agency.",
)
@click.option(
    "--training/--no-training",
    "training_counts",
    default=None,
    help="Whether training for transitional safeguarding counts.",
)
def replay(from_on: date, to_on: date, seed: int, **changed: Any) -> None:
    """Say what changed rules would have done to a past period; nothing is changed by it."""
    with command_work("allocation", write=False) as work:
        today = question_of_today(work, from_on=from_on, to_on=to_on)
        question = replace(today, **{name: value for name, value in changed.items() if value is not None})
        try:
            check_question(work, question)
        except Invalid as error:
            stop(str(error))
        past = assemble_past(work, from_on=from_on, to_on=to_on)
        now, then = rules_now(work, past), rules_asked(question, past)
        answer = replay_past(past, now, then, asked=(today, question), seed=seed, seconds=_SECONDS)
        shown = replay_shown(work, json.dumps(answer))
    for change in shown.changes or ():
        click.echo(f"{change.what}: {change.was} → {change.would_be}")
    differing = ", ".join(one.reference for one in shown.differs) or "none"
    click.echo(f"{shown.requests} requests went ahead. Another pair: {differing}.")
    _table(shown.sides, [(one.what, one.was, one.would_be) for one in shown.measured])


def _measured(problems: list[Problem], plans: list[Plan]) -> dict[str, int]:
    """Count what plans of several quarters are worth; the squares are of sessions given in the period, whoever gave them."""
    lines = [objective(problem, plan) for problem, plan in zip(problems, plans, strict=True)]
    given: Counter[str] = Counter()
    for plan in plans:
        given.update(sessions_given(plan))
    return {
        "Requests with a pair": sum(map(len, plans)),
        "Soft rules broken": sum(line.soft for line in lines),
        "People who are asked": len(given),
        "Most sessions of one person in the period": max(given.values(), default=0),
        "Sum of squared loads": sum(line.load_squares for line in lines),
        "People from another locality": sum(line.travel for line in lines),
    }


def _table(heads: tuple[str, str], rows: list[_Counted]) -> None:
    wide = max(len(what) for what, _, _ in rows)
    first, second = (max(len(head), 6) for head in heads)
    click.echo(f"{'':{wide}}  {heads[0]:>{first}}  {heads[1]:>{second}}")
    for what, one, other in rows:
        click.echo(f"{what:{wide}}  {one:>{first}}  {other:>{second}}")
