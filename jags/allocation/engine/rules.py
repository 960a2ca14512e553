"""Decide whether a pair of facilitators is valid for a request, and name every rule that it breaks."""

from __future__ import annotations

from jags.allocation.engine.problem import Facilitator, Request
from jags.allocation.rules import Rule, in_checking_order


def suitable_slots(request: Request, facilitator: Facilitator) -> frozenset[int] | None:
    """Return the half-days that suit both; None when neither recorded any, which counts as free."""
    if facilitator.slots is None:
        return request.slots
    if request.slots is None:
        return facilitator.slots
    return facilitator.slots & request.slots


def common_slots(request: Request, first: Facilitator, second: Facilitator) -> frozenset[int] | None:
    """Return the half-days that suit the request and both people; None when nobody recorded any."""
    left, right = suitable_slots(request, first), suitable_slots(request, second)
    if left is None:
        return right
    if right is None:
        return left
    return left & right


def rules_excluding(request: Request, facilitator: Facilitator) -> tuple[Rule, ...]:
    """Name every rule that excludes one person from a request, whoever the partner is."""
    broken = set(request.blocked.get(facilitator.id, ()))
    if facilitator.capacity < 1:
        broken.add(Rule.CAPACITY)
    if suitable_slots(request, facilitator) == frozenset():
        broken.add(Rule.SLOT)
    return in_checking_order(frozenset(broken))


def rules_broken(request: Request, first: Facilitator, second: Facilitator) -> tuple[Rule, ...]:
    """Name every rule that a pair breaks, reasons of blocks included; an empty answer means that the pair is valid.

    Raises:
        ValueError: both are the same person, which is no pair.
    """
    if first.id == second.id:
        raise ValueError("A pair is two different people.")
    broken = {*rules_excluding(request, first), *rules_excluding(request, second)}
    if first.agency == second.agency:
        broken.add(Rule.AGENCY)
    if common_slots(request, first, second) == frozenset():
        broken.add(Rule.SLOT)
    return in_checking_order(frozenset(broken))


def removing_rule(request: Request, first: Facilitator, second: Facilitator) -> Rule | None:
    """Name the first rule, in the order capacity, blocked, agency, slot, that removes a pair; None if it is valid.

    Every hard rule is decided here: two different people, able and unblocked, of two agencies, with a common half-day.
    """
    if first.capacity < 1 or second.capacity < 1:
        return Rule.CAPACITY
    if first.id in request.blocked or second.id in request.blocked:
        return Rule.BLOCKED
    if first.agency == second.agency:
        return Rule.AGENCY
    if common_slots(request, first, second) == frozenset():
        return Rule.SLOT
    return None
