"""Say what would be otherwise under other weights, capacity or rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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


AS_IT_STANDS = OtherRules()
