"""Say in words what a plan of all waiting requests is: its pairs, who is left out and why, what is proven and gained."""

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jags.allocation.choice.people import PersonShown, said, still_to_ask
from jags.allocation.engine.document import read_problem
from jags.allocation.engine.explanation import ReasonKind, pair_reasons
from jags.allocation.engine.planning.plan import Pair, Plan, objective
from jags.allocation.engine.planning.proposal_document import read_reasons
from jags.allocation.engine.planning.reasons import Outweighed, WhyNot
from jags.allocation.engine.problem import Problem
from jags.allocation.engine.ranking import ranked_pair
from jags.allocation.engine.wording import no_pair_in_words
from jags.allocation.model import Calculation
from jags.allocation.queries import answer_of, people_by_id, requests_by_id
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State

_LINES = {
    "moved": "how many who have accepted are kept",
    "weight": "how many requests get a pair",
    "soft": "how many soft rules are broken",
    "load_squares": "how evenly sessions are shared",
    "travel": "how many come from another locality",
    "tie": "the draw among plans that are equally good",
}
# What speaks against first come, first served, by the line on which it loses.
_WORSE = (
    "but fewer of those that are needed sooner",
    "with more soft rules broken",
    "but would share sessions less evenly",
    "with more people from another locality",
)
_TRUE_OF_ALL = frozenset({ReasonKind.DIFFERENT_AGENCIES, ReasonKind.DATES_NOT_GIVEN})
_UNSEEN = "another request"


@dataclass(frozen=True)
class PlannedRow:
    """A request with its planned pair, in the order of names, and why in words.

    `kept` names who has accepted already, `released` who had accepted and is not needed for it; `standby` could step in and is neither
    told nor held. `waits` tells whether the request still waits for facilitators.
    """

    request: Request
    first: PersonShown
    second: PersonShown
    reasons: tuple[str, ...]
    kept: str
    released: str
    standby: tuple[PersonShown, ...]
    waits: bool

    @property
    def reference(self) -> str:
        """Return the request's reference."""
        return self.request.reference or ""

    @property
    def keys(self) -> Pair:
        """Return the two people by the ids that the engine uses, in the order in which they are shown."""
        return str(self.first.person_id), str(self.second.person_id)


@dataclass(frozen=True)
class LeftOut:
    """A request without a pair in the plan, and why, sentence by sentence."""

    request: Request
    words: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """One thing that is counted of the plan, and of first come, first served."""

    what: str
    planned: int
    first_come: int


@dataclass(frozen=True)
class PlanShown:
    """A plan as its page shows it; `hidden` counts requests that the reader does not see."""

    rows: tuple[PlannedRow, ...]
    left_out: tuple[LeftOut, ...]
    hidden: int
    proof: str
    gained: str
    beside: tuple[Beside, ...]
    made_at: datetime | None


def plan_shown(work: Work, plan: Calculation) -> PlanShown:
    """Return a plan that is worked out, by a constant number of queries, with the requests that the actor may see."""
    groups = [_Group(**group) for group in json.loads(answer_of(work, plan))["groups"]]
    problems = [read_problem(group.problem) for group in groups]
    requests = requests_by_id(work, [uuid.UUID(one.id) for problem in problems for one in problem.requests])
    people = people_by_id(work, [uuid.UUID(one.id) for problem in problems for one in problem.facilitators])
    said_by = _Words(requests, people, plan.seed)
    rows, left_out = [], []
    for group, problem in zip(groups, problems, strict=True):
        reasons = read_reasons(group.proposal)
        for request in problem.requests:
            if request.id not in requests:
                continue
            if request.id in group.pairs:
                rows.append(said_by.row(group, problem, request.id))
            elif request.id in reasons:
                left_out.append(LeftOut(requests[request.id], said_by.why(reasons[request.id])))
    return PlanShown(
        tuple(rows),
        tuple(left_out),
        hidden=sum(len(problem.requests) for problem in problems) - len(rows) - len(left_out),
        proof=_proof(groups),
        gained=_gained(groups, problems),
        beside=_beside(groups, problems),
        made_at=plan.ended_at,
    )


@dataclass(frozen=True)
class _Group:
    problem: str
    kept: Mapping[str, str]
    released: Mapping[str, str]
    proposal: Mapping[str, Any]
    first_come: Mapping[str, Sequence[str]]
    standby: Mapping[str, Sequence[str]]

    @property
    def pairs(self) -> Plan:
        return _pairs(self.proposal["pairs"])


class _Words:
    """Says rows of a plan, with names and references."""

    def __init__(
        self, requests: Mapping[str, Request], people: Mapping[str, tuple[str, str]], seed: int
    ) -> None:
        self._requests, self._people, self._seed = requests, people, seed
        self._names = {key: name for key, (name, _) in people.items()}

    def row(self, group: _Group, problem: Problem, request_id: str) -> PlannedRow:
        pair = ranked_pair(problem, request_id, group.pairs[request_id], seed=self._seed)
        request = self._requests[request_id]
        first, second = self._shown(pair.score.pair)
        return PlannedRow(
            request,
            first,
            second,
            reasons=tuple(
                said(reason, self._names)
                for reason in still_to_ask(
                    pair_reasons(problem.request(request_id), pair),
                    None if group.released.get(request_id) else group.kept.get(request_id),
                )
                if reason.kind not in _TRUE_OF_ALL
            ),
            kept=self._name(group.kept.get(request_id), unless=group.released.get(request_id)),
            released=self._name(group.released.get(request_id)),
            standby=self._shown(group.standby.get(request_id, ())),
            waits=request.state is State.ACCEPTED and not request.paused,
        )

    def why(self, reason: WhyNot) -> tuple[str, ...]:
        if not isinstance(reason, Outweighed):
            return no_pair_in_words(reason, self._names)
        needing = sorted({self._reference(one) for one in reason.by})
        pair = listing(one.name for one in self._shown(reason.pair))
        return (f"{pair} would be possible, but their sessions are needed for {listing(needing)}.",)

    def _shown(self, keys: Sequence[str]) -> tuple[PersonShown, ...]:
        known = [PersonShown(uuid.UUID(key), *self._people[key]) for key in keys if key in self._people]
        return tuple(sorted(known, key=lambda one: (one.name.casefold(), str(one.person_id))))

    def _name(self, key: str | None, *, unless: str | None = None) -> str:
        return self._names.get(key, "") if key is not None and key != unless else ""

    def _reference(self, request_id: str) -> str:
        request = self._requests.get(request_id)
        return (request.reference or "") if request else _UNSEEN


def _proof(groups: Sequence[_Group]) -> str:
    open_gaps = [group.proposal["gap"] for group in groups if group.proposal["gap"]]
    if not open_gaps:
        return "No rule is broken, and it is proven that no other plan is better."
    gap = open_gaps[0]
    part = max(1, round(100 * gap["part"]))
    return (
        "No rule is broken. Time ran out before it was proven to be the best plan: another might still be better in "
        f"{_LINES.get(gap['line'], gap['line'])}, by {part} % at most."
    )


def _gained(groups: Sequence[_Group], problems: Sequence[Problem]) -> str:
    number = sum(len(problem.requests) for problem in problems)
    planned, first_come = (sum(len(plan) for plan in plans) for plans in _both(groups))
    ours, theirs = _worth(problems, _both(groups)[0]), _worth(problems, _both(groups)[1])
    requests, get = "request" if number == 1 else "requests", "gets" if planned == 1 else "get"
    begins = f"{planned} of {number} {requests} {get} a pair"
    if ours == theirs:
        return f"{begins}. First come, first served would do as well this time."
    if theirs < ours:
        return (
            f"{begins}. Who has accepted is kept first; first come, first served, {first_come} would get one."
        )
    if planned != first_come:
        return f"{begins}. First come, first served, it would be {first_come}."
    line = next(place for place, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b)
    return f"{begins}. First come, first served would give as many, {_WORSE[line]}."


def _beside(groups: Sequence[_Group], problems: Sequence[Problem]) -> tuple[Beside, ...]:
    counted = []
    for plans in _both(groups):
        worth = _worth(problems, plans)
        given = Counter(one for plan in plans for pair in plan.values() for one in pair)
        loads = {one.id: one.load for problem in problems for one in problem.facilitators}
        busiest = max((load + given[one] for one, load in loads.items() if given[one]), default=0)
        counted.append((sum(map(len, plans)), worth[1], busiest, worth[3]))
    what = (
        "Requests with a pair",
        "Soft rules broken: the requester’s own agency, or nobody trained for transitional safeguarding",
        "Most sessions in twelve months of anybody who is asked",
        "People from another locality",
    )
    return tuple(Beside(words, a, b) for words, a, b in zip(what, *counted, strict=True))


def _both(groups: Sequence[_Group]) -> tuple[list[Plan], list[Plan]]:
    return [group.pairs for group in groups], [_pairs(group.first_come) for group in groups]


def _worth(problems: Sequence[Problem], plans: Sequence[Plan]) -> tuple[int, int, int, int]:
    lines = [objective(problem, plan) for problem, plan in zip(problems, plans, strict=True)]
    weight, soft, squares, travel = (sum(line[n] for line in lines) for n in range(4))
    return -weight, soft, squares, travel


def _pairs(document: Mapping[str, Sequence[str]]) -> dict[str, Pair]:
    return {request_id: (pair[0], pair[1]) for request_id, pair in document.items()}
