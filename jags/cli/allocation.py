"""Commands that plan requests from a problem file, explain one, and mend a proposal."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from jags.allocation.engine.document import read_problem
from jags.allocation.engine.explanation import explain_person
from jags.allocation.engine.planning.effort import MOST_STEPS, Effort
from jags.allocation.engine.problem import Problem, ProblemError
from jags.allocation.engine.ranking import RankedPair, rank_pairs
from jags.allocation.engine.remedy import explain_no_pair
from jags.allocation.engine.wording import no_pair_in_words, pair_in_words, person_in_words
from jags.cli.context import stop

_FILE = click.Path(path_type=Path)
_QUIET_SECONDS = 1.0
_DEFAULT_SECONDS = 60.0


def _seconds(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if not 0 < value < float("inf"):
        stop("--time-limit: must be more than 0 seconds.")
    return value


_TIME_LIMIT = click.option(
    "--time-limit",
    default=_DEFAULT_SECONDS,
    show_default=True,
    callback=_seconds,
    help="Seconds after which the best plan so far is given, with what is proven of it.",
)
_SEED = click.option(
    "--seed", default=0, show_default=True, help="Decides ties, so that nobody picks by hand."
)
_OUT = click.option("-o", "--output", type=_FILE, help="Write here instead of to standard output.")


@click.group()
def allocation() -> None:
    """Find the best two facilitators for each request, from a file."""


@allocation.command()
@click.argument("file", type=_FILE)
@_TIME_LIMIT
@_OUT
@_SEED
def solve(file: Path, time_limit: float, output: Path | None, seed: int) -> None:
    """Plan all requests of FILE at once: the best plan, proven where time allows."""
    from jags.allocation.engine.planning.first_come import compared_with_first_come  # noqa: PLC0415 - numpy loads late.
    from jags.allocation.engine.planning.proposal_document import proposal_document  # noqa: PLC0415
    from jags.allocation.engine.planning.solver import propose  # noqa: PLC0415

    problem = _problem(file)
    with _effort(time_limit) as effort:
        proposal = propose(problem, effort=effort, seed=seed)
    _write(proposal_document(proposal), output)
    with_plan = compared_with_first_come(problem, proposal.pairs, seed=seed)
    click.echo(
        f"{with_plan.allocated} of {len(problem.requests)} requests have a pair, "
        f"{'proven' if proposal.proven else 'not proven'} to be the best plan. "
        f"First come, first served: {with_plan.first_come_allocated}.",
        err=True,
    )


@allocation.command()
@click.argument("file", type=_FILE)
@click.argument("request")
@click.argument("facilitator", required=False)
@_SEED
def explain(file: Path, request: str, facilitator: str | None, seed: int) -> None:
    """Rank the pairs for one REQUEST of FILE, or say how one FACILITATOR stands for it."""
    problem = _problem(file)
    try:
        document = (
            _ranked(problem, request, seed)
            if facilitator is None
            else _standing(problem, request, facilitator, seed)
        )
    except ProblemError as error:
        stop(str(error))
    _write(document, None)


@allocation.command()
@click.argument("file", type=_FILE)
@click.argument("proposal", type=_FILE)
@click.option("--without", required=True, help="The facilitator who drops out.")
@_TIME_LIMIT
@_OUT
@_SEED
def repair(**given: Any) -> None:
    """Mend PROPOSAL, made for FILE, without one facilitator: fewest people moved, then the best."""
    from jags.allocation.engine.planning.proposal_document import proposal_document, read_plan  # noqa: PLC0415 - numpy loads late.
    from jags.allocation.engine.planning.repair import repair as mend  # noqa: PLC0415

    problem = _problem(given["file"])
    try:
        plan = read_plan(_bytes(given["proposal"]), problem)
        problem.facilitator(given["without"])
    except ProblemError as error:
        stop(str(error))
    with _effort(given["time_limit"]) as effort:
        repaired = mend(problem, plan, given["without"], effort=effort, seed=given["seed"])
    moved = [{"request": request_id, "facilitator": one} for request_id, one in repaired.moved]
    _write({**proposal_document(repaired.proposal), "moved": moved}, given["output"])


def _problem(file: Path) -> Problem:
    try:
        return read_problem(_bytes(file))
    except ProblemError as error:
        stop(str(error))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        stop(f"{file}: {error.strerror}")


def _write(document: dict[str, Any], output: Path | None) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        stop(f"{output}: {error.strerror}")


def _ranked(problem: Problem, request_id: str, seed: int) -> dict[str, Any]:
    ranking = rank_pairs(problem, request_id, seed=seed)
    pairs = [{**_pair(pair), "words": pair_in_words(ranking.request, pair)} for pair in ranking.pairs]
    words = [] if pairs else no_pair_in_words(explain_no_pair(problem, request_id, seed=seed))
    return {"request": request_id, "pairs": pairs, "words": words, "seed": seed}


def _standing(problem: Problem, request_id: str, facilitator_id: str, seed: int) -> dict[str, Any]:
    standing = explain_person(problem, rank_pairs(problem, request_id, seed=seed), facilitator_id)
    lost = standing.shortfall
    return {
        "request": request_id,
        "facilitator": facilitator_id,
        "excluded_by": standing.excluded_by,
        "best_pair": standing.pair and _pair(standing.pair),
        "loses": lost and {"line": lost.line, "by": lost.by, "to": lost.to},
        "words": person_in_words(standing),
        "seed": seed,
    }


def _pair(pair: RankedPair) -> dict[str, Any]:
    score = pair.score
    slots = pair.common_slots
    return {
        "pair": score.pair,
        "score": {
            "soft": score.soft,
            "load_squares": score.load_squares,
            "travel": score.travel,
            "tie": score.tie,
        },
        "slots": None if slots is None else sorted(slots),
    }


@contextmanager
def _effort(seconds: float) -> Iterator[Effort]:
    """Make an effort whose progress shows on standard error after a second, where somebody watches."""
    console = Console(stderr=True)
    columns = (TextColumn("Planning: {task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("start", total=seconds, visible=False)

        def watch(line: str, spent: float) -> None:
            progress.update(
                task, completed=min(spent, seconds), description=line, visible=spent > _QUIET_SECONDS
            )

        yield Effort(seconds, MOST_STEPS, watch=watch)
