"""Work out a plan or a replay: gather what is known in one unit of work, and calculate outside of any."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any

from jags.allocation.assembly import SOONER_IN_THE_PAST, Past, Together, assemble_past, assemble_waiting
from jags.allocation.engine.document import write_problem
from jags.allocation.engine.planning.effort import MOST_STEPS, Effort
from jags.allocation.engine.planning.first_come import first_come_first_served
from jags.allocation.engine.planning.other_rules import OtherRules
from jags.allocation.engine.planning.plan import Plan, ordered, sessions_given
from jags.allocation.engine.planning.proposal_document import proposal_document
from jags.allocation.engine.planning.standby import after, standby_pair
from jags.allocation.engine.problem import Problem
from jags.allocation.queries import question_of, waiting_requests
from jags.allocation.rules import Rule
from jags.allocation.rules.calculation import CalculationKind, Question
from jags.allocation.service.calculating import get_calculation
from jags.allocation.service.replaying import question_of_today
from jags.kernel.work import Work
from jags.settings.queries import partnership

Calculate = Callable[[], dict[str, Any]]


def prepare(work: Work, calculation_id: uuid.UUID) -> Calculate:
    """Gather everything that a calculation needs and return it ready to run, without a database."""
    found = get_calculation(work, calculation_id)
    seconds = float(partnership(work).planning_seconds)
    if found.kind is CalculationKind.PLAN:
        groups = assemble_waiting(work, waiting_requests(work))
        return partial(plan_groups, groups, seed=found.seed, seconds=seconds)
    question = question_of(work, found)
    days = date.fromisoformat(question.from_on), date.fromisoformat(question.to_on)
    past = assemble_past(work, from_on=days[0], to_on=days[1])
    now, then = rules_now(work, past), rules_asked(question, past)
    asked = (question_of_today(work, from_on=days[0], to_on=days[1]), question)
    return partial(replay_past, past, now, then, asked=asked, seed=found.seed, seconds=seconds)


def plan_groups(groups: tuple[Together, ...], *, seed: int, seconds: float) -> dict[str, Any]:
    """Plan the requests that wait, quarter after quarter, each with what the one before has left."""
    from jags.allocation.engine.planning.waiting import plan_waiting  # noqa: PLC0415 - numpy loads late.

    given: Counter[str] = Counter()
    as_they_came: Counter[str] = Counter()
    found: list[dict[str, Any]] = []
    proven, allocated = True, 0
    for group in groups:
        kept = {request_id: str(person_id) for request_id, person_id in group.kept.items()}
        problem = _left(group.problem, given, kept)
        planned = plan_waiting(problem, kept, effort=Effort(seconds / len(groups), MOST_STEPS), seed=seed)
        pairs = planned.proposal.pairs
        given.update(sessions_given(pairs))
        one_by_one = first_come_first_served(_left(group.problem, as_they_came, kept), seed=seed, kept=kept)
        as_they_came.update(sessions_given(one_by_one))
        standby = {one: standby_pair(problem, pairs, one, seed=seed) for one in pairs}
        found.append(
            {
                "problem": write_problem(group.problem),
                "kept": kept,
                "released": dict(planned.released),
                "proposal": proposal_document(planned.proposal),
                "first_come": _lists(one_by_one),
                "standby": {one: pair.score.pair for one, pair in standby.items() if pair},
            }
        )
        proven &= planned.proposal.proven
        allocated += len(pairs)
    requests = sum(len(group.requests) for group in groups)
    return {"groups": found, "proven": proven, "requests": requests, "allocated": allocated}


def replay_past(
    past: Past,
    now: OtherRules,
    then: OtherRules,
    *,
    asked: tuple[Question, Question],
    seed: int,
    seconds: float,
) -> dict[str, Any]:
    """Plan a past period by the rules of today and by other ones; `asked` are both as a form shows them."""
    from jags.allocation.engine.planning.replay import replay  # noqa: PLC0415 - numpy loads late.

    problems = [quarter.problem for quarter in past.quarters]
    each = seconds / max(1, 2 * len(problems))
    replayed = replay(problems, then, effort=lambda: Effort(each, MOST_STEPS), now=now, seed=seed)
    quarters = [
        {
            "first_day": quarter.first_day.isoformat(),
            "problem": write_problem(quarter.problem),
            "was": _lists(one.was.pairs),
            "would_be": _lists(one.would_be.pairs),
            "soft": [one.was.objective.soft, one.would_be.objective.soft],
        }
        for quarter, one in zip(past.quarters, replayed, strict=True)
    ]
    return {
        "quarters": quarters,
        "rules": [asdict(one) for one in asked],
        "proven": all(one.was.proven and one.would_be.proven for one in replayed),
        "requests": sum(len(problem.requests) for problem in problems),
        "allocated": sum(len(one.would_be.pairs) for one in replayed),
    }


def rules_now(work: Work, past: Past) -> OtherRules:
    """Return the rules that the partnership's settings make, on problems whose agencies count apart."""
    settings = partnership(work)
    return OtherRules(
        weights={SOONER_IN_THE_PAST: settings.weight_of_sooner},
        one_agency={} if settings.employer_services_are_different else past.employers,
    )


def rules_asked(question: Question, past: Past) -> OtherRules:
    """Return the rules that a replay was asked for."""
    return OtherRules(
        weights={SOONER_IN_THE_PAST: question.weight_of_sooner},
        more_sessions=question.more_sessions,
        lifted=frozenset() if question.rest_holds else frozenset({Rule.RESTING}),
        one_agency=past.employers if question.one_employer_is_one else {},
        training_counts=question.training_counts,
    )


def _left(problem: Problem, given: Counter[str], kept: Mapping[str, str]) -> Problem:
    """Return the problem as it stands once sessions were given elsewhere; who is kept has a session for it all the same."""
    held = Counter(kept.values())
    people = (after(person, given) for person in problem.facilitators)
    return replace(
        problem,
        facilitators=tuple(
            replace(person, capacity=max(person.capacity, held[person.id], 0)) for person in people
        ),
    )


def _lists(plan: Plan) -> dict[str, list[str]]:
    return {one: list(pair) for one, pair in ordered(plan).items()}
