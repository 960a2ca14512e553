"""Read which times could be proposed for a session: what is known of both facilitators, the request and the calendar."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jags.accounts.queries import names_of
from jags.accounts.rules import Sector
from jags.allocation.queries import agreed_facilitators
from jags.facilitators.queries import KnownTime, known_time, training_of, training_terms
from jags.facilitators.rules import HALF_DAYS, Span, TrainingRecord, TrainingTerms, is_current
from jags.kernel.errors import Invalid
from jags.kernel.time import from_wall
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import asked_by_school, detail_of, target_of
from jags.requests.rules import is_working_day
from jags.scheduling.rules import SessionFormat, Slot, around, best_few, named_in, together_from
from jags.settings.queries import partnership
from jags.settings.rules import Partnership, school_holiday_on

# How far ahead dates are proposed, and how finely their beginnings are tried.
_LOOKED_AHEAD = timedelta(weeks=8)
_STEP = timedelta(minutes=30)


@dataclass(frozen=True)
class _Known:
    """What a slot is judged by."""

    house: Partnership
    format: SessionFormat
    minutes: int
    names: Mapping[uuid.UUID, str]
    training: Mapping[uuid.UUID, tuple[TrainingRecord, ...]]
    terms: TrainingTerms
    times: Mapping[uuid.UUID, KnownTime]
    blocked: str
    due_on: date | None
    school: bool


def proposed_slots(
    work: Work,
    request: Request,
    *,
    minutes: int,
    format_: SessionFormat,
    number: int,
    also: Iterable[datetime] = (),
) -> list[Slot]:
    """Return the best few slots to propose for a request whose facilitators have agreed, by date, and those of `also`.

    Working days of the coming weeks, from `dates_from_days` on; the earliest hour of each half-day that both have free for
    preparation, session and debrief, with the way and a pause around it clear of what is booked.
    """
    known = _known(work, request, minutes=minutes, format_=format_)
    first = work.today + timedelta(days=known.house.dates_from_days)
    days = (first + timedelta(days=n) for n in range(_LOOKED_AHEAD.days))
    found = [slot for day in days if is_working_day(day) for slot in _of_day(known, day)]
    best = best_few(found, number, school=known.school or _has_school(request))
    others = {*also} - {slot.wall_start for slot in best}
    return sorted([*best, *(_judged(known, start) for start in others)], key=lambda s: s.wall_start)


def judged_slots(
    work: Work, request: Request, starts: Iterable[datetime], *, minutes: int, format_: SessionFormat
) -> list[Slot]:
    """Return the given starts (naive London times) as slots: what speaks against each, and what is good to know, in their order."""
    known = _known(work, request, minutes=minutes, format_=format_)
    return [_judged(known, wall_start) for wall_start in starts]


def _known(work: Work, request: Request, *, minutes: int, format_: SessionFormat) -> _Known:
    pair = agreed_facilitators(work, request.id)
    target = target_of(work, request)
    return _Known(
        partnership(work),
        format_,
        minutes,
        names_of(work, pair),
        training_of(work, pair),
        training_terms(work),
        known_time(work, pair) if pair else {},
        detail_of(work, request).not_these_dates,
        target.due_on if target else None,
        asked_by_school(request),
    )


def _has_school(request: Request) -> bool:
    """Tell whether somebody of the sector education is around the child, whom school holidays keep away."""
    return any(
        m.agency is not None and m.agency.sector is Sector.EDUCATION and m.removed_at is None
        for m in request.network
    )


def _of_day(known: _Known, day: date) -> Iterator[Slot]:
    """Yield for each half-day the earliest start against which nothing speaks, if there is one."""
    near = {person_id: times.near(day) for person_id, times in known.times.items()}
    for begins, ends in HALF_DAYS:
        for wall_start in _starts(known, day, begins, ends):
            slot = _judged(known, wall_start, near)
            if not slot.against:
                yield slot
                break


def _starts(known: _Known, day: date, begins: time, ends: time) -> Iterator[datetime]:
    before = timedelta(minutes=known.house.preparation_minutes)
    after = timedelta(minutes=known.minutes + known.house.debrief_minutes)
    start, end = datetime.combine(day, begins) + before, datetime.combine(day, ends)
    while start + after <= end:
        yield start
        start += _STEP


def _judged(known: _Known, wall_start: datetime, near: Mapping[uuid.UUID, KnownTime] | None = None) -> Slot:
    day = wall_start.date()
    against, ask = [], []
    together, taken = _spans(known, wall_start)
    for person_id, times in (near or known.times).items():
        name = known.names[person_id]
        free = None if together is None else times.is_free(together)
        if taken is not None and times.is_taken(taken):
            against.append(f"{name} is not free then, with preparation, debrief and the way")
        elif free is False:
            against.append(f"{name} has not offered this time")
        elif free is None:
            ask.append(name)
        if not is_current(known.training.get(person_id, ()), day, known.terms):
            against.append(f"the training of {name} does not count on that day")
    if not is_working_day(day):
        against.append("it is a weekend or a bank holiday")
    if named_in(known.blocked, day):
        against.append("the requester seems to have named it among the dates that do not work")
    return Slot(
        wall_start,
        tuple(against),
        school_holiday_on(known.house, day),
        late=known.due_on is not None and day > known.due_on,
        ask=tuple(ask),
    )


def _spans(known: _Known, wall_start: datetime) -> tuple[Span, Span] | tuple[None, None]:
    """Return when the two are there, and what it takes of their time; nothing for an hour that is none, or happens twice."""
    try:
        starts_at = from_wall(wall_start)
    except Invalid:
        return None, None
    together = together_from(known.house, starts_at, known.minutes)
    return together, around(known.house, together, known.format)
