"""Replay past problems under other weights, capacity or rules, and say what would have been different."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.proposal import Proposal
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.rules import Rule


@dataclass(frozen=True, slots=True)
class OtherRules:
    """What would have been otherwise; as it stands, nothing.

    `weights` gives the new weight for an old one, `more_sessions` is added to everybody's capacity (below zero: taken away),
    `lifted` are reasons that would no longer block a person, `one_agency` gives the agency as which another would have
    counted (an employer, for its services), and `training_counts` says whether the soft rule on transitional safeguarding
    holds.
    """

    weights: Mapping[int, int] = field(default_factory=dict)
    more_sessions: int = 0
    lifted: frozenset[Rule] = frozenset()
    one_agency: Mapping[str, str] = field(default_factory=dict)
    training_counts: bool = True

    def applied_to(self, problem: Problem) -> Problem:
        """Return the problem as it would have been."""
        return Problem(
            facilitators=tuple(self._facilitator(person) for person in problem.facilitators),
            requests=tuple(self._request(request) for request in problem.requests),
        )

    def _facilitator(self, person: Facilitator) -> Facilitator:
        return replace(
            person,
            agency=self.one_agency.get(person.agency, person.agency),
            capacity=max(0, person.capacity + self.more_sessions),
        )

    def _request(self, request: Request) -> Request:
        still = {
            one: tuple(reason for reason in reasons if reason not in self.lifted)
            for one, reasons in request.blocked.items()
        }
        return replace(
            request,
            agency=self.one_agency.get(request.agency, request.agency),
            weight=self.weights.get(request.weight, request.weight),
            blocked={one: reasons for one, reasons in still.items() if reasons},
            transitional=request.transitional and self.training_counts,
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past problem, planned as it was and as it would have been, and the requests that differ (ids, in order).

    `gained` would have had a pair and `lost` none; `changed` would have had another pair.
    """

    was: Proposal
    would_be: Proposal
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    changed: tuple[str, ...]


AS_IT_STANDS = OtherRules()


def replay(
    problems: Sequence[Problem],
    other: OtherRules,
    *,
    effort: Callable[[], Effort],
    now: OtherRules = AS_IT_STANDS,
    seed: int = 0,
) -> tuple[Replayed, ...]:
    """Plan each problem twice, by the rules of `now` and by `other` ones, with a new `effort` each time.

    Each problem is taken as it was recorded: what other rules would have done to the loads of later ones is not guessed.
    """
    return tuple(
        _differences(
            propose(now.applied_to(problem), effort=effort(), seed=seed),
            propose(other.applied_to(problem), effort=effort(), seed=seed),
        )
        for problem in problems
    )


def _differences(was: Proposal, would_be: Proposal) -> Replayed:
    before, then = was.pairs, would_be.pairs
    return Replayed(
        was,
        would_be,
        gained=tuple(sorted(then.keys() - before.keys())),
        lost=tuple(sorted(before.keys() - then.keys())),
        changed=tuple(sorted(one for one in before.keys() & then.keys() if before[one] != then[one])),
    )
