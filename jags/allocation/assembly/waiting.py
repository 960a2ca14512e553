"""Turn rows into the engine's problem for requests that wait: status, training, capacity, availability and independence."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jags.accounts.queries import organisations_of
from jags.allocation.assembly.standing import organisation, requesting, standing_of_each
from jags.allocation.engine import problem as engine
from jags.allocation.queries import kept_offers, taken_on
from jags.allocation.rules import PossibleConnection, Rule, in_checking_order
from jags.allocation.rules.taken_on import TakenOn
from jags.facilitators.queries import PoolMember, free_at, free_time, pool
from jags.facilitators.rules import Span, quarter_of, slot_count, slot_day
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests import queries as requests
from jags.requests.model import Request
from jags.requests.rules import Priority, State, closed_while, is_working_day, working_day_after
from jags.settings.queries import partnership

# An overdue request still needs dates to look at: at least so many calendar days ahead.
LEAST_DAYS_AHEAD = 28


@dataclass(frozen=True)
class Together:
    """The problem of several requests, with what the engine does not know: people, their doubts, and who is kept.

    `taken` is what people have taken on in the quarter of `last_day`, these requests apart. Doubts and who is kept are given by the request's id; half-days are counted from the morning of `first_day`.
    """

    requests: tuple[Request, ...]
    problem: engine.Problem
    members: Mapping[str, PoolMember]
    taken: Mapping[str, TakenOn]
    doubts: Mapping[str, Mapping[str, frozenset[PossibleConnection]]]
    kept: Mapping[str, uuid.UUID]
    first_day: date
    last_day: date

    def of(self, request: Request) -> "Assembled":
        """Return what is known for one of the requests, beside the others."""
        key = str(request.id)
        return Assembled(
            request,
            self.problem,
            self.members,
            self.taken,
            self.doubts[key],
            self.kept.get(key),
            self.first_day,
            self.last_day,
        )


@dataclass(frozen=True)
class Assembled:
    """The problem for one request, with what the engine does not know: people, their doubts, and who is kept."""

    request: Request
    problem: engine.Problem
    members: Mapping[str, PoolMember]
    taken: Mapping[str, TakenOn]
    doubts: Mapping[str, frozenset[PossibleConnection]]
    kept: uuid.UUID | None
    first_day: date
    last_day: date

    @property
    def names(self) -> dict[str, str]:
        """Return the names by the ids that the engine uses."""
        return {key: member.name for key, member in self.members.items()}


def assemble(work: Work, request: Request) -> Assembled:
    """Return the problem for one request, by a constant number of queries.

    Half-days run from tomorrow to the local target for the session (docs/glossary.md), capacity is what is left in that
    day's quarter after sessions that are booked or promised, and independence is settled as far as known.
    """
    return _together(work, [request], {request.id: target_day(work, request)}).of(request)


def assemble_at(work: Work, request: Request, time: Span) -> Assembled:
    """Return the problem for one request whose date is set already: who may hold it on that day, and is free in that time.

    There is one half-day, which is that time. Capacity is counted in its quarter. Whoever has accepted has agreed to it.
    """
    day = london_date(time.starts_at)
    found = _together(work, [request], {request.id: day})
    key = str(request.id)
    kept = found.kept.get(key)
    free = free_at(work, [m.person_id for m in found.members.values()], time)
    slots = {True: frozenset({0}), False: frozenset[int](), None: None}
    people = tuple(
        replace(
            person,
            slots=slots[True if found.members[person.id].person_id == kept else free[uuid.UUID(person.id)]],
        )
        for person in found.problem.facilitators
    )
    asked = found.problem.request(key)
    blocked = dict(asked.blocked)
    for person_key, member in found.members.items():
        if not member.current_on(day):
            rules = frozenset(blocked.get(person_key, ())) | {Rule.NOT_CURRENT}
            blocked[person_key] = in_checking_order(rules)
    problem = engine.Problem(people, (replace(asked, slots=frozenset({0}), blocked=blocked),))
    return Assembled(request, problem, found.members, found.taken, found.doubts[key], kept, day, day)


def assemble_waiting(work: Work, waiting: Sequence[Request]) -> tuple[Together, ...]:
    """Return the problems of requests that wait: one for each quarter in which their local targets lie, the nearest first.

    Capacity is counted by the quarter, so requests of two quarters are no one problem. Requests keep their order. What is promised for
    requests of an earlier problem is left out of the later ones: whoever plans counts there what it gives, who is kept too.
    """
    targets = {request.id: target_day(work, request) for request in waiting}
    quarters = sorted({quarter_of(day) for day in targets.values()})
    return tuple(
        _together(
            work,
            [one for one in waiting if quarter_of(targets[one.id]) == quarter],
            targets,
            counted=[one for one in waiting if quarter_of(targets[one.id]) < quarter],
        )
        for quarter in quarters
    )


def _together(
    work: Work,
    asked: Sequence[Request],
    targets: Mapping[uuid.UUID, date],
    *,
    counted: Sequence[Request] = (),
) -> Together:
    last_day = max(targets[request.id] for request in asked)
    # A date that is set may be today's.
    first_day = min(work.today + timedelta(days=1), last_day)
    members = pool(work, in_quarter_of=last_day)
    organisations = organisations_of(work)
    kept = _kept(work, asked, members)
    taken = taken_on(
        work,
        {m.person_id: m.load for m in members},
        apart_from=[request.id for request in (*asked, *counted)],
    )
    standing = standing_of_each(work, [(request, members) for request in asked], organisations)
    return Together(
        tuple(asked),
        engine.Problem(
            _people(work, members, organisations, kept, taken, (first_day, last_day)),
            tuple(
                engine.Request(
                    id=str(request.id),
                    agency=requesting(request, organisations),
                    weight=weights(work)[request.priority],
                    # Dates are agreed with the network after the facilitators; only the local target bounds them.
                    slots=_until(first_day, targets[request.id], last_day),
                    blocked=_blocked(
                        members,
                        {person: rules for person, (rules, _) in standing[request.id].items()},
                        kept=kept.get(str(request.id)),
                        days=(first_day, targets[request.id]),
                    ),
                    transitional=bool(request.transitional_confirmed),
                    travel=travel(request, members),
                )
                for request in asked
            ),
        ),
        {str(m.person_id): m for m in members},
        {str(person_id): one for person_id, one in taken.items()},
        {
            str(request_id): {str(person): doubts for person, (_, doubts) in people.items()}
            for request_id, people in standing.items()
        },
        kept,
        first_day,
        last_day,
    )


def weights(work: Work) -> Mapping[Priority, int]:
    """Return how much a request counts in a plan, by how soon it is needed."""
    return {Priority.ROUTINE: 1, Priority.SOONER: partnership(work).weight_of_sooner}


def target_day(work: Work, request: Request) -> date:
    """Return the last day on which the session of a request that waits is looked for."""
    received = request.received_on or work.today
    return max(due_day(work, request, received), work.today + timedelta(days=LEAST_DAYS_AHEAD))


def due_day(work: Work, request: Request, received_on: date) -> date:
    """Return the local target for the session of a request."""
    targets, school = partnership(work), requests.asked_by_school(request)
    closed = closed_while(State.FACILITATORS_AGREED, targets=targets, school=school)
    return working_day_after(received_on, targets.held_days, closed)


def travel(request: Request, members: Sequence[PoolMember]) -> dict[str, int]:
    """Return 1 for everybody who works in localities, but not in the request's."""
    places = {str(m.person_id): {one.locality for one in m.facilitator.localities} for m in members}
    return {
        key: 1
        for key, names in places.items()
        if request.locality and names and request.locality not in names
    }


def _people(
    work: Work,
    members: Sequence[PoolMember],
    organisations: Mapping[uuid.UUID, str],
    kept: Mapping[str, uuid.UUID],
    taken: Mapping[uuid.UUID, TakenOn],
    days: tuple[date, date],
) -> tuple[engine.Facilitator, ...]:
    first_day, last_day = days
    settings = partnership(work)
    time = free_time(
        work,
        [m.person_id for m in members],
        first_day=first_day,
        last_day=last_day,
        minutes=settings.preparation_minutes + settings.session_minutes + settings.debrief_minutes,
        is_working_day=is_working_day,
    )
    keeping = Counter(kept.values())
    people = []
    for member in members:
        free, lapsed = time[member.person_id], _days_without_training(member, first_day, last_day)
        people.append(
            engine.Facilitator(
                id=str(member.person_id),
                agency=organisation(member, organisations),
                # Who has accepted a request has kept a session for it.
                capacity=max(keeping[member.person_id], taken[member.person_id].left),
                load=taken[member.person_id].in_twelve_months,
                slots=free.slots - lapsed,
                transitional=member.facilitator.transitional_training,
                recorded=free.recorded,
            )
        )
    return tuple(people)


def _blocked(
    members: Sequence[PoolMember],
    standing: Mapping[uuid.UUID, frozenset[Rule]],
    *,
    kept: uuid.UUID | None,
    days: tuple[date, date],
) -> dict[str, tuple[Rule, ...]]:
    """Return who is kept from one request, and by which rules; on each of the `days`, first and last, or for good."""
    blocked = {}
    for member in members:
        rules = standing[member.person_id]
        if not _is_ever_current(member, *days):
            rules |= {Rule.NOT_CURRENT}
        # Who has accepted this request was asked before the session that was heavy.
        if member.load.rests_until is not None and kept != member.person_id:
            rules |= {Rule.RESTING}
        if rules:
            blocked[str(member.person_id)] = in_checking_order(rules)
    return blocked


def _kept(work: Work, asked: Sequence[Request], members: Sequence[PoolMember]) -> dict[str, uuid.UUID]:
    in_pool = {m.person_id for m in members}
    found = kept_offers(work, [request.id for request in asked])
    return {str(request_id): o.person_id for request_id, o in found.items() if o.person_id in in_pool}


def _until(first_day: date, target: date, last_day: date) -> frozenset[int] | None:
    """Return the half-days up to a request's own target; None where the whole problem ends with it."""
    return None if target == last_day else frozenset(range(slot_count(first_day, target)))


def _is_ever_current(member: PoolMember, first_day: date, last_day: date) -> bool:
    span = (last_day - first_day).days + 1
    return any(member.current_on(first_day + timedelta(days=n)) for n in range(span))


def _days_without_training(member: PoolMember, first_day: date, last_day: date) -> frozenset[int]:
    """Return the half-days on which the training is not valid; none where it never is, which is a rule of its own."""
    count = slot_count(first_day, last_day)
    lapsed = frozenset(n for n in range(count) if not member.current_on(slot_day(first_day, n)))
    return frozenset() if len(lapsed) == count else lapsed
