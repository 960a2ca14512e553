"""People and a request of the engine, as hand-made cases of its tests need them."""

from jags.allocation.engine.problem import Facilitator, Request
from jags.allocation.rules import Rule


def someone(
    person_id: str,
    agency: str,
    slots: set[int] | None = None,
    *,
    capacity: int = 1,
    load: int = 0,
    trained: bool = False,
) -> Facilitator:
    """Return somebody of the pool; `slots` None: nothing recorded."""
    dates = None if slots is None else frozenset(slots)
    return Facilitator(person_id, agency, capacity, load, dates, transitional=trained)


def asking(
    slots: set[int] | None = None,
    *,
    agency: str = "health",
    blocked: dict[str, tuple[Rule, ...]] | None = None,
    transitional: bool = False,
    travel: dict[str, int] | None = None,
) -> Request:
    """Return the request "r"; `slots` None: no dates given."""
    dates = None if slots is None else frozenset(slots)
    return Request("r", agency, 1, dates, blocked or {}, transitional=transitional, travel=travel or {})


NAMES = {"ann": "Ann Field", "ben": "Ben Moor", "cat": "Cat Lane", "dan": "Dan Hill"}


ANN, BEN = someone("ann", "police", {1, 2}), someone("ben", "school", {1, 2})
