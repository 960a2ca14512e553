"""Look ahead in the pool: the first week in which a kind of request finds no pair, and the fewest people who mend that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from jags.allocation.engine.problem import Facilitator, Request
from jags.allocation.engine.scoring import lacks_training
from jags.allocation.engine.search import FoundPair, cheapest_pairs

LEAST_REQUESTS = 6
"""From fewer recent requests no rate is taken: one more or less would change everything [design]."""

MOST_RECRUITS = 12
_MOST_NAMED = 3
_MOST_LOOKED_AT = 8


class Kind(StrEnum):
    """A kind of request, the one that is harder to serve first."""

    TRANSITIONAL = "transitional"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the pool in the weeks to come, numbered from 0.

    `weeks` are those in which they may hold a session, `if_renewed` those after their training was renewed, `sessions` what they can
    still give in each quarter, `load` what they have given or booked in the last twelve months, `trained` for transitional
    safeguarding.
    """

    id: str
    agency: str
    weeks: frozenset[int]
    if_renewed: frozenset[int]
    sessions: tuple[int, ...]
    load: int
    trained: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of the time to come.

    `quarters` gives for each week the number of its quarter. `recent` counts the requests of each kind in the last `recent_weeks`
    weeks, `waiting` those that need a pair now. `recruit_sessions` is what somebody new gives a quarter.
    """

    people: tuple[Person, ...]
    quarters: tuple[int, ...]
    recent: Mapping[Kind, int]
    recent_weeks: int
    waiting: Mapping[Kind, int]
    recruit_sessions: int


class RepairKind(StrEnum):
    """What would mend a shortage, the easiest first."""

    REFRESH = "refresh"
    TRAIN = "train"
    RECRUIT = "recruit"


@dataclass(frozen=True, slots=True)
class Repair:
    """So many people, who are named unless they are new."""

    kind: RepairKind
    number: int
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first week in which a request of a kind finds no pair; `repairs` are the smallest of each kind, the smallest first."""

    week: int
    kind: Kind
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come: too little to say, or the first shortage, or none in all the weeks that were looked at."""

    too_little: bool
    shortage: Shortage | None = None


def look_ahead(ahead: Ahead) -> Outlook:
    """Say when a kind of request first finds no valid pair, and what would mend it.

    Requests come at their recent rate, evenly, and those that wait come first. Each is given the best pair that is left, one after
    the other: two agencies, a session left in the quarter, training that counts in that week, and one of the two trained for
    transitional safeguarding where that features. Half-days and independence are not looked at: nobody knows them months ahead.

    A repair holds from the week of the shortage on, and no request comes without a pair after it. The number of new people is the
    smallest that does; each is of an agency of their own. Whose training would be renewed, or added to, is looked for
    among the eight who can give most, three people at most. The answer is the same each time.
    """
    if sum(ahead.recent.values()) < LEAST_REQUESTS:
        return Outlook(too_little=True)
    coming = _arrivals(ahead)
    people = {person.id: person for person in ahead.people}
    stopped = _serve(people, coming, ahead.quarters)
    if stopped is None:
        return Outlook(too_little=False)
    week, kind = coming[stopped]
    left = coming[stopped:]
    found = [*_existing(people, left, ahead.quarters), *_new(people, left, ahead)]
    order = list(RepairKind)
    repairs = sorted(found, key=lambda one: (one.number, order.index(one.kind)))
    return Outlook(too_little=False, shortage=Shortage(week, kind, tuple(repairs)))


def _arrivals(ahead: Ahead) -> list[tuple[int, Kind]]:
    """Return the requests to come as (week, kind), in order: what waits in week 0, then evenly at the recent rate."""
    found = [(0, kind) for kind in Kind for _ in range(ahead.waiting.get(kind, 0))]
    for kind in Kind:
        recent = ahead.recent.get(kind, 0)
        number = 1
        # The n-th request comes at the end of n times the usual time between two.
        while recent and (week := -(-number * ahead.recent_weeks // recent) - 1) < len(ahead.quarters):
            found.append((week, kind))
            number += 1
    order = list(Kind)
    return sorted(found, key=lambda one: (one[0], order.index(one[1])))


def _serve(
    people: dict[str, Person], coming: Sequence[tuple[int, Kind]], quarters: Sequence[int]
) -> int | None:
    """Give each request the best pair that is left, changing `people`; return the place of the first without one, or None."""
    for place, (week, kind) in enumerate(coming):
        pair = _pair(people.values(), week, kind, quarters[week], number=place)
        if pair is None:
            return place
        for one in pair.score.pair:
            people[one] = _with_one_more(people[one], quarters[week])
    return None


def _pair(people: Iterable[Person], week: int, kind: Kind, quarter: int, *, number: int) -> FoundPair | None:
    request = Request(f"{kind}-{number}", "", 1, None, {}, kind is Kind.TRANSITIONAL, {})
    able = [
        Facilitator(one.id, one.agency, one.sessions[quarter], one.load, None, one.trained)
        for one in people
        if week in one.weeks and one.sessions[quarter] > 0
    ]
    found = cheapest_pairs(request, able, limit=1, seed=0)
    if not found or lacks_training(request, found[0].first, found[0].second):
        return None
    return found[0]


def _with_one_more(person: Person, quarter: int) -> Person:
    left = tuple(n - 1 if place == quarter else n for place, n in enumerate(person.sessions))
    return replace(person, sessions=left, load=person.load + 1)


def _mends(
    people: Mapping[str, Person],
    changed: Iterable[Person],
    left: Sequence[tuple[int, Kind]],
    quarters: Sequence[int],
) -> bool:
    return _serve({**people, **{one.id: one for one in changed}}, left, quarters) is None


def _existing(
    people: Mapping[str, Person], left: Sequence[tuple[int, Kind]], quarters: Sequence[int]
) -> Iterator[Repair]:
    renewed = {
        one.id: replace(one, weeks=one.if_renewed) for one in people.values() if one.if_renewed > one.weeks
    }
    trained = {one.id: replace(one, trained=True) for one in people.values() if not one.trained and one.weeks}
    if not any(kind is Kind.TRANSITIONAL for _, kind in left):
        trained = {}
    for kind, changed in ((RepairKind.REFRESH, renewed), (RepairKind.TRAIN, trained)):
        most = sorted(changed.values(), key=lambda one: (-sum(one.sessions), one.load, one.id))
        looked_at = most[:_MOST_LOOKED_AT]
        sets = (some for size in range(1, _MOST_NAMED + 1) for some in combinations(looked_at, size))
        who = next((some for some in sets if _mends(people, some, left, quarters)), None)
        if who is not None:
            yield Repair(kind, len(who), tuple(sorted(one.id for one in who)))


def _new(people: Mapping[str, Person], left: Sequence[tuple[int, Kind]], ahead: Ahead) -> Iterator[Repair]:
    weeks = frozenset(range(len(ahead.quarters)))
    sessions = (ahead.recruit_sessions,) * (max(ahead.quarters) + 1)
    for number in range(1, MOST_RECRUITS + 1):
        recruits = [
            Person(f"\0new {n}", f"\0new {n}", weeks, weeks, sessions, 0, trained=True) for n in range(number)
        ]
        if _mends(people, recruits, left, ahead.quarters):
            yield Repair(RepairKind.RECRUIT, number)
            return
