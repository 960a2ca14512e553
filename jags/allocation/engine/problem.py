"""Hold an allocation problem: facilitators, requests and what is known about each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from jags.allocation.rules import BLOCK_REASONS, Rule


class ProblemError(ValueError):
    """A problem that cannot be solved as written; the message is one line that begins with the field."""


@dataclass(frozen=True, slots=True)
class Facilitator:
    """A person in the pool.

    `capacity` is the number of sessions still to give in the quarter of the local target date, `load` the number given
    or booked in the last twelve months. `slots` are half-days when free; None means that no availability is recorded,
    which counts as free and is flagged. So is whoever has not `recorded` any, and is free in `slots` as far as is known.
    """

    id: str
    agency: str
    capacity: int
    load: int
    slots: frozenset[int] | None
    transitional: bool
    recorded: bool = True

    @property
    def is_asked_first(self) -> bool:
        """Tell whether the person is asked for dates before an offer, because they have recorded none."""
        return self.slots is None or not self.recorded


@dataclass(frozen=True, slots=True)
class Request:
    """A request that waits for two facilitators.

    `agency` is the requester's, `weight` the priority (at least 1), `slots` the half-days that suit (None: no dates
    given). `blocked` names for each blocked facilitator the rules that block them; `travel` gives the cost of the
    journey for a facilitator, 0 where absent.
    """

    id: str
    agency: str
    weight: int
    slots: frozenset[int] | None
    blocked: Mapping[str, tuple[Rule, ...]]
    transitional: bool
    travel: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """A pool and the requests that wait, checked to be consistent.

    Raises:
        ProblemError: an id appears twice, or `blocked` or `travel` names somebody outside the pool, or a block has
            no reason that can block a person.
    """

    facilitators: tuple[Facilitator, ...]
    requests: tuple[Request, ...]
    _facilitators: dict[str, Facilitator] = field(init=False, repr=False, compare=False)
    _requests: dict[str, Request] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_facilitators", _by_id("facilitators", self.facilitators))
        object.__setattr__(self, "_requests", _by_id("requests", self.requests))
        for place, request in enumerate(self.requests):
            for name, people in (("blocked", request.blocked), ("travel", request.travel)):
                unknown = min(people.keys() - self._facilitators.keys(), default=None)
                if unknown is not None:
                    raise ProblemError(f"requests[{place}].{name}: {unknown!r} is not a facilitator")
            for facilitator_id, reasons in request.blocked.items():
                if not reasons or not BLOCK_REASONS.issuperset(reasons):
                    raise ProblemError(
                        f"requests[{place}].blocked: {facilitator_id!r} needs a reason that blocks"
                    )

    def facilitator(self, facilitator_id: str) -> Facilitator:
        """Return one facilitator; raise ProblemError when the pool has none of that id."""
        found = self._facilitators.get(facilitator_id)
        if found is None:
            raise ProblemError(f"facilitator: {facilitator_id!r} is not in the problem")
        return found

    def request(self, request_id: str) -> Request:
        """Return one request; raise ProblemError when none has that id."""
        found = self._requests.get(request_id)
        if found is None:
            raise ProblemError(f"request: {request_id!r} is not in the problem")
        return found


_Item = TypeVar("_Item", Facilitator, Request)


def _by_id(name: str, items: tuple[_Item, ...]) -> dict[str, _Item]:
    found: dict[str, _Item] = {}
    for place, item in enumerate(items):
        if item.id in found:
            raise ProblemError(f"{name}[{place}].id: {item.id!r} appears twice")
        found[item.id] = item
    return found
