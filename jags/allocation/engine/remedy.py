"""Say why a request has no valid pair, and find the smallest changes that would give it one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import comb

from jags.allocation.engine.explanation import RemovedPairs
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.rules import common_slots, suitable_slots
from jags.allocation.engine.search import FoundPair, cheapest_pairs
from jags.allocation.rules import Rule

PAIR = 2

TODAY = -1
"""The half-days are counted from tomorrow, which is 0."""


class ChangeKind(StrEnum):
    """Something that people could agree to or arrange; a known connection is never among it."""

    ONE_MORE_SESSION = "one_more_session"
    CLEAR_DOUBT = "clear_doubt"
    OTHER_DATE = "other_date"
    FIND_DATE = "find_date"
    ONE_AGENCY = "one_agency"
    MORE_FACILITATORS = "more_facilitators"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: whom it concerns, with its number.

    For another date the number is half-days later (or, below zero, earlier) than the nearest one that suits, for more
    facilitators how many.
    """

    kind: ChangeKind
    who: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes that together would make `pair` valid; `pair` is empty when the pool is too small for any."""

    changes: tuple[Change, ...]
    pair: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoValidPair:
    """Why no pair is valid, and every kind of remedy that needs the least number of changes, easiest first."""

    request_id: str
    removed: RemovedPairs
    remedies: tuple[Remedy, ...]


def explain_no_pair(problem: Problem, request_id: str, *, seed: int = 0) -> NoValidPair:
    """Count what each rule removed and find the smallest changes for a request without a valid pair.

    The number of changes is the least possible: one for each session given beyond capacity and each doubt cleared, one
    for a date, one for agreeing to a single agency. Among remedies that only move the date, the move is the shortest;
    otherwise the pair is the best-scored.

    Raises:
        ProblemError: the problem has no such request.
        ValueError: the request has a valid pair.
    """
    request = problem.request(request_id)
    remedies = _smallest(problem, request, seed=seed)
    if any(not remedy.changes for remedy in remedies):
        raise ValueError("This request has a valid pair.")
    return NoValidPair(request.id, _removed(problem, request), remedies)


def _removed(problem: Problem, request: Request) -> RemovedPairs:
    """Count without looking at pairs: where none is valid, the slot rule removed whatever the others left."""
    able = [person for person in problem.facilitators if person.capacity > 0]
    free = [person for person in able if person.id not in request.blocked]
    same_agency = sum(comb(number, 2) for number in Counter(person.agency for person in free).values())
    return RemovedPairs(
        capacity=comb(len(problem.facilitators), 2) - comb(len(able), 2),
        blocked=comb(len(able), 2) - comb(len(free), 2),
        agency=same_agency,
        slot=comb(len(free), 2) - same_agency,
    )


def _smallest(problem: Problem, request: Request, *, seed: int) -> tuple[Remedy, ...]:
    people = [
        person
        for person in problem.facilitators
        if set(request.blocked.get(person.id, ())) <= {Rule.UNRESOLVED_DOUBT}
    ]
    set_aside = {
        person.id: (person.capacity < 1) + (person.id in request.blocked)
        for person in people
        if person.capacity < 1 or person.id in request.blocked
    }
    if len(people) < PAIR:
        ready = [p for p in people if p.id not in set_aside and suitable_slots(request, p) != frozenset()]
        return (Remedy((Change(ChangeKind.MORE_FACILITATORS, number=PAIR - len(ready)),), ()),)

    remedies = []
    for any_agency in (False, True):

        def find(
            asked: Request, *, any_slot: bool = False, any_agency: bool = any_agency
        ) -> FoundPair | None:
            found = cheapest_pairs(
                asked,
                people,
                limit=1,
                seed=seed,
                set_aside=set_aside,
                any_agency=any_agency,
                any_slot=any_slot,
            )
            return found[0] if found else None

        agency = [Change(ChangeKind.ONE_AGENCY)] if any_agency else []
        if found := find(request):
            remedies.append(_remedy(request, found, agency))
        moved = _nearest_date(request, people, find)
        if moved:
            date = Change(ChangeKind.OTHER_DATE, number=moved[1])
            remedies.append(_remedy(request, moved[0], [date, *agency]))
        found = find(request, any_slot=True)
        # A date that both already have spares them from finding one.
        if found and (moved is None or found.set_aside < moved[0].set_aside):
            date = Change(ChangeKind.FIND_DATE, found.score.pair)
            remedies.append(_remedy(request, found, [date, *agency]))
    size = min(len(remedy.changes) for remedy in remedies)
    return tuple(remedy for remedy in remedies if len(remedy.changes) == size)


def _remedy(request: Request, found: FoundPair, for_both: list[Change]) -> Remedy:
    """Name what was set aside for each of the two, then what was set aside for the pair.

    A remedy of the least size holds only changes that are needed: without a needless one it would be smaller still.
    """
    changes = []
    for person in (found.first, found.second):
        if person.capacity < 1:
            changes.append(Change(ChangeKind.ONE_MORE_SESSION, (person.id,)))
        if person.id in request.blocked:
            changes.append(Change(ChangeKind.CLEAR_DOUBT, (person.id,)))
    return Remedy((*changes, *for_both), found.score.pair)


def _nearest_date(
    request: Request, people: list[Facilitator], find: Callable[[Request], FoundPair | None]
) -> tuple[FoundPair, int] | None:
    """Widen the request's dates as little as gives the cheapest possible pair; return it and the signed move."""
    if request.slots is None:
        return None
    asked = request.slots or frozenset({TODAY})
    known = request.slots.union(*(person.slots for person in people if person.slots is not None))

    def move(slot: int) -> int:
        return min((slot - wanted for wanted in asked), key=lambda step: (abs(step), step < 0))

    moves = {slot: move(slot) for slot in known}
    distances = sorted({abs(step) for step in moves.values()})

    def find_within(distance: int) -> FoundPair | None:
        slots = frozenset(slot for slot, step in moves.items() if abs(step) <= distance)
        return find(replace(request, slots=slots))

    found = find_within(distances[-1]) if distances else None
    if found is None:
        return None
    # More dates never cost more, so the least distance that costs no more than all dates is found by halving.
    low, high = 0, len(distances) - 1
    while low < high:
        middle = (low + high) // 2
        nearer = find_within(distances[middle])
        if nearer is not None and nearer.set_aside == found.set_aside:
            found, high = nearer, middle
        else:
            low = middle + 1
    shared = common_slots(replace(request, slots=known), found.first, found.second) or frozenset()
    return found, min((moves[slot] for slot in shared), key=lambda step: (abs(step), step < 0))
