"""Find a half-day for each planned request so that nobody has two at once: the check before a batch is offered."""

from __future__ import annotations

from collections.abc import Mapping

from jags.allocation.engine.planning.plan import Plan

Slots = dict[str, int]
"""The half-day of each request that needs one of its own, by request id."""


def distinct_slots(suiting: Mapping[str, frozenset[int] | None], plan: Plan) -> Slots | None:
    """Give each planned request a half-day that suits its pair, none twice to the same person; None when there is no way.

    `suiting` are the half-days of each request of the plan. Exact. Where they are None, because nobody has recorded any, the request
    fits beside everything and is left out. A request with more half-days than
    requests that share a person with it can always be placed last, so only the few that are left are searched.
    """
    open_to = {one: slots for one, slots in suiting.items() if slots is not None}
    rivals = {
        one: {other for other in open_to if other != one and set(plan[one]) & set(plan[other])}
        for one in open_to
    }
    placed_last: list[str] = []
    left = set(open_to)
    while easy := sorted(one for one in left if len(open_to[one]) > len(rivals[one] & left)):
        placed_last.append(easy[0])
        left.remove(easy[0])
    found = _search(open_to, rivals, left)
    if found is None:
        return None
    for one in reversed(placed_last):
        taken = {found[other] for other in rivals[one] if other in found}
        found[one] = min(open_to[one] - taken)
    return found


def _search(
    open_to: Mapping[str, frozenset[int]], rivals: Mapping[str, set[str]], left: set[str]
) -> Slots | None:
    """Place what is left, always the request with the fewest half-days first, going back where it does not work out."""
    if not left:
        return {}
    one = min(left, key=lambda request_id: (len(open_to[request_id]), request_id))
    for slot in sorted(open_to[one]):
        narrowed = {
            other: open_to[other] - {slot} if other in rivals[one] else open_to[other]
            for other in left
            if other != one
        }
        found = _search(narrowed, rivals, left - {one})
        if found is not None:
            found[one] = slot
            return found
    return None
