"""Say in words what changed rules would have done to a past period."""

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jags.allocation.engine.document import read_problem
from jags.allocation.engine.problem import Problem
from jags.allocation.queries import people_by_id, requests_by_id
from jags.allocation.rules.calculation import Change, Question, changes
from jags.kernel.words import listing
from jags.kernel.work import Work

_NO_PAIR = "no pair"


@dataclass(frozen=True)
class Differs:
    """A request whose pair would have been another, and both in words."""

    reference: str
    was: str
    would_be: str


@dataclass(frozen=True)
class Measured:
    """One thing that is counted by the rules of today and by the changed ones."""

    what: str
    was: int
    would_be: int


@dataclass(frozen=True)
class ReplayShown:
    """What a replay found; `hidden` counts requests that differ and that the reader does not see.

    `changes` are the rules that were changed; None for what was worked out before they were kept with it.
    """

    requests: int
    differs: tuple[Differs, ...]
    hidden: int
    measured: tuple[Measured, ...]
    proven: bool
    changes: tuple[Change, ...] | None

    @property
    def sides(self) -> tuple[str, str]:
        """Return what the two plans are called, with the figures where one rule alone was changed."""
        if self.changes is None or len(self.changes) != 1:
            return "Today", "Changed"
        (one,) = self.changes
        return f"Today: {one.was}", f"Changed: {one.would_be}"


def replay_shown(work: Work, answer: str) -> ReplayShown:
    """Return what a replay found, by a constant number of queries, with the requests that the actor may see."""
    document = json.loads(answer)
    quarters = document["quarters"]
    problems = [read_problem(quarter["problem"]) for quarter in quarters]
    people = people_by_id(work, {uuid.UUID(one.id) for problem in problems for one in problem.facilitators})
    names = {key: name for key, (name, _) in people.items()}
    differing = [
        (one, quarter["was"].get(one), quarter["would_be"].get(one))
        for quarter in quarters
        for one in sorted(quarter["was"].keys() | quarter["would_be"].keys())
        if quarter["was"].get(one) != quarter["would_be"].get(one)
    ]
    seen = requests_by_id(work, [uuid.UUID(one) for one, _, _ in differing])
    differs = tuple(
        Differs(seen[one].reference or "", _pair(was, names), _pair(then, names))
        for one, was, then in differing
        if one in seen
    )
    return ReplayShown(
        document["requests"],
        tuple(sorted(differs, key=lambda one: one.reference)),
        len(differing) - len(differs),
        _measured(quarters, problems),
        document["proven"],
        changes(*(Question(**one) for one in document["rules"])) if "rules" in document else None,
    )


def _measured(quarters: Sequence[Mapping[str, Any]], problems: Sequence[Problem]) -> tuple[Measured, ...]:
    asked = sum(len(problem.requests) for problem in problems)
    sides = []
    for place, side in enumerate(("was", "would_be")):
        given = [Counter(one for pair in quarter[side].values() for one in pair) for quarter in quarters]
        most = [
            max((one.load + times[one.id] for one in problem.facilitators if times[one.id]), default=0)
            for problem, times in zip(problems, given, strict=True)
        ]
        sides.append(
            (
                asked - sum(len(quarter[side]) for quarter in quarters),
                sum(quarter["soft"][place] for quarter in quarters),
                max(most, default=0),
                len(set().union(*given)) if given else 0,
            )
        )
    what = (
        "Requests without a pair",
        "Soft rules broken: the requester’s own agency, or nobody trained for transitional safeguarding",
        "Most sessions in twelve months of anybody who would have been asked",
        "Different people who would have been asked",
    )
    return tuple(Measured(words, a, b) for words, a, b in zip(what, *sides, strict=True))


def _pair(keys: Sequence[str] | None, names: Mapping[str, str]) -> str:
    if keys is None:
        return _NO_PAIR
    return listing(sorted(names.get(one, "") for one in keys))
