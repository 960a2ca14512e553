"""Turn a problem into tables of whole numbers, in the order of ids, so that the order of the input cannot matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import gcd

import numpy as np
import numpy.typing as npt

from jags.allocation.engine.planning.plan import Pair, Plan
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.scoring import growth_of_squares, tie_costs

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

BITS = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the objective, to be made as small as can be.

    An allocated request costs `request[r]`, `member[r, f]` for each of the two, and `untrained[r]` if nobody in the pair is
    trained for it. With `squares`, a facilitator's n-th new session costs by how much it makes the squared load grow.
    """

    name: str
    request: Whole
    member: Whole
    untrained: Whole
    squares: bool = False

    @property
    def step(self) -> int:
        """What every plan costs a whole multiple of: two plans are equally good or differ by at least this.

        Squares grow by an odd number with every session, and sessions come in twos.
        """
        costs = (self.request, self.member, self.untrained)
        return max(1, gcd(2 * self.squares, *(int(np.gcd.reduce(array.ravel())) for array in costs)))

    @property
    def least(self) -> int:
        """What no plan can go below, as is seen without looking at who fits whom; nothing costs less than 0 but by the request or for both."""
        if not self.member.size:
            return 0
        return int(np.minimum(0, self.request + 2 * self.member.min(axis=1)).sum())

    @property
    def largest(self) -> int:
        """The largest cost of all, at least 1."""
        costs = (self.request, self.member, self.untrained)
        return max(1, *(int(np.abs(array).max(initial=0)) for array in costs))


@dataclass(frozen=True, slots=True)
class Tables:
    """A problem as arrays over requests (rows, r) and facilitators (columns, f), both sorted by id.

    `fits[r, f]` says that f may be one of the two for r as far as f alone is concerned. `free` and `wanted` hold slots as
    bits of 64-bit words. `capacity` is never more than the number of requests.
    """

    facilitators: tuple[Facilitator, ...]
    requests: tuple[Request, ...]
    capacity: Whole
    load: Whole
    agency: Whole
    trained: Truth
    fits: Truth
    free: Words
    wanted: Words

    def of_requests(self, rows: slice) -> Tables:
        """Return the tables of some requests alone."""
        return replace(self, requests=self.requests[rows], fits=self.fits[rows], wanted=self.wanted[:, rows])

    def pairs_of(self, plan: Plan) -> dict[int, tuple[int, int]]:
        """Translate a plan from ids to places."""
        place = {person.id: number for number, person in enumerate(self.facilitators)}
        found = {}
        for number, request in enumerate(self.requests):
            if request.id in plan:
                first, second = sorted(place[one] for one in plan[request.id])
                found[number] = (first, second)
        return found

    def plan_of(self, pairs: dict[int, tuple[int, int]]) -> dict[str, Pair]:
        """Translate a plan from places to ids."""
        people = self.facilitators
        return {self.requests[r].id: (people[f].id, people[g].id) for r, (f, g) in sorted(pairs.items())}

    def cost(self, line: Line, pairs: dict[int, tuple[int, int]]) -> int:
        """Measure one line of a plan exactly."""
        total = 0
        given: dict[int, int] = {}
        for r, (f, g) in pairs.items():
            total += int(line.request[r] + line.member[r, f] + line.member[r, g])
            if not (self.trained[f] or self.trained[g]):
                total += int(line.untrained[r])
            for one in (f, g):
                given[one] = given.get(one, 0) + 1
        if line.squares:
            total += sum(n * (2 * int(self.load[f]) + n) for f, n in given.items())
        return total


def tables_of(problem: Problem) -> Tables:
    """Lay out a problem."""
    people = tuple(sorted(problem.facilitators, key=lambda person: person.id))
    requests = tuple(sorted(problem.requests, key=lambda request: request.id))
    names = {name: number for number, name in enumerate(sorted({person.agency for person in people}))}
    place = {person.id: number for number, person in enumerate(people)}
    free, wanted = _slot_words(people, requests)
    capacity = np.array([min(person.capacity, len(requests)) for person in people], np.int64)
    fits = np.zeros((len(requests), len(people)), bool)
    for number, request in enumerate(requests):
        fits[number] = (free & wanted[:, number, None]).any(axis=0) & (capacity > 0)
        fits[number, [place[one] for one in request.blocked]] = False
    return Tables(
        facilitators=people,
        requests=requests,
        capacity=capacity,
        load=np.array([person.load for person in people], np.int64),
        agency=np.array([names[person.agency] for person in people], np.int64),
        trained=np.array([person.transitional for person in people], bool),
        fits=fits,
        free=free,
        wanted=wanted,
    )


def lines_of(tables: Tables) -> tuple[Line, ...]:
    """Lay out the first four lines of the objective; `draws_of` is the fifth, and the order of ids is the solver's to keep."""
    people, requests = tables.facilitators, tables.requests
    nothing = np.zeros(len(requests), np.int64)
    no_member = np.zeros(tables.fits.shape, np.int64)
    names = {name: number for number, name in enumerate({person.agency for person in people})}
    theirs = np.array([names.get(request.agency, -1) for request in requests], np.int64)
    agency = np.array([names[person.agency] for person in people], np.int64)
    travel = no_member.copy()
    place = {person.id: number for number, person in enumerate(people)}
    for number, request in enumerate(requests):
        travel[number, [place[one] for one in request.travel]] = list(request.travel.values())
    transitional = np.array([request.transitional for request in requests], np.int64)
    return (
        Line("weight", -np.array([request.weight for request in requests], np.int64), no_member, nothing),
        Line("soft", nothing, (agency == theirs[:, None]).astype(np.int64), transitional),
        Line("load_squares", nothing, no_member, nothing, squares=True),
        Line("travel", nothing, travel, nothing),
    )


def draws_of(tables: Tables, wanted: Truth, *, seed: int) -> Line:
    """Lay out the fifth line, the draw by hash, for those who can still be chosen: drawing for everybody would take seconds."""
    nothing = np.zeros(len(tables.requests), np.int64)
    tie = np.zeros(wanted.shape, np.int64)
    for number, request in enumerate(tables.requests):
        tie_cost = tie_costs(seed, request.id)
        for one in np.nonzero(wanted[number])[0].tolist():
            tie[number, one] = tie_cost(tables.facilitators[one].id)
    return Line("tie", nothing, tie, nothing)


def growth(tables: Tables, place: int, session: int) -> int:
    """Return by how much the squared load grows with somebody's n-th new session (the first is number 0)."""
    return growth_of_squares(int(tables.load[place]) + session)


def _slot_words(people: tuple[Facilitator, ...], requests: tuple[Request, ...]) -> tuple[Words, Words]:
    """Give every slot a bit; the last bit stands for "nothing recorded", which only two unrecorded sides share."""
    recorded = [one.slots for group in (people, requests) for one in group if one.slots is not None]
    slots = sorted(frozenset[int]().union(*recorded))
    bit = {slot: number for number, slot in enumerate(slots)}
    words = len(slots) // BITS + 1
    return _words(people, bit, words), _words(requests, bit, words)


def _words(everybody: Iterable[Facilitator | Request], bit: dict[int, int], words: int) -> Words:
    everything = (1 << (len(bit) + 1)) - 1
    mask = (1 << BITS) - 1
    columns = []
    for one in everybody:
        bits = everything if one.slots is None else sum(1 << bit[slot] for slot in one.slots)
        columns.append([bits >> (BITS * word) & mask for word in range(words)])
    return np.array(columns, np.uint64).reshape(len(columns), words).T.copy()
