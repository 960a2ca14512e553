"""Turn a past period into the engine's problems, as far as records say how things stood."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from jags.accounts.queries import agencies_apart, employers
from jags.allocation.assembly.standing import Stands, organisation, requesting, standing_of_each
from jags.allocation.assembly.waiting import due_day, travel
from jags.allocation.engine import problem as engine
from jags.allocation.rules import Rule, in_checking_order
from jags.facilitators.model import Booking
from jags.facilitators.queries import PoolMember, pool
from jags.facilitators.rules import BookingKind, entitlement, quarter_of
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import visible_to
from jags.requests.rules import PROCEEDED, Priority
from jags.settings.queries import partnership

# How somebody stands today says nothing of a day that has passed.
_OF_TODAY = frozenset({Rule.NOT_ACTIVE})
_YEAR = timedelta(days=365)
# A weight that no request without hurry has, so that rules can put their own in its place.
SOONER_IN_THE_PAST = 2


@dataclass(frozen=True)
class PastQuarter:
    """The requests of a past period whose local targets lie in one quarter, as one problem; agencies count apart."""

    first_day: date
    problem: engine.Problem
    members: Mapping[str, PoolMember]


@dataclass(frozen=True)
class Past:
    """A past period by quarters, and the employer as which an agency would count, where services of one count as one."""

    quarters: tuple[PastQuarter, ...]
    employers: Mapping[str, str]


@dataclass(frozen=True)
class _Given:
    starts_on: date
    ends_at: datetime
    heavy: bool


def assemble_past(work: Work, *, from_on: date, to_on: date) -> Past:
    """Return the problems of a period: the requests received between two London dates, both included, that went ahead.

    Each is planned for the quarter of its local target. Load is what somebody had given in the year before that quarter, capacity what
    they can give in a quarter (fewer for who was a newcomer then), training what counted on a day between. Leave, half-days and how
    somebody stood then are not kept, so they are not looked at; independence is as it is known today.
    """
    asked = work.session.scalars(
        select(Request)
        .where(
            Request.state.in_(PROCEEDED),
            Request.received_on.between(from_on, to_on),
            visible_to(work.actor),
        )
        .options(joinedload(Request.agency))
        .order_by(Request.received_at, Request.id)
    ).all()
    members, given, organisations = pool(work, with_left=True), _given(work), agencies_apart(work)
    targets = {request.id: due_day(work, request, request.received_on or from_on) for request in asked}
    quarters = sorted({quarter_of(day)[0] for day in targets.values()})
    return Past(
        tuple(
            _quarter(
                work,
                first_day,
                [one for one in asked if quarter_of(targets[one.id])[0] == first_day],
                targets,
                members,
                given,
                organisations,
            )
            for first_day in quarters
        ),
        employers(work),
    )


def _quarter(
    work: Work,
    first_day: date,
    asked: Sequence[Request],
    targets: Mapping[uuid.UUID, date],
    members: Sequence[PoolMember],
    given: Mapping[uuid.UUID, Sequence[_Given]],
    organisations: Mapping[uuid.UUID, str],
) -> PastQuarter:
    newcomers = partnership(work).newcomer_sessions_a_quarter
    standing = standing_of_each(work, [(request, members) for request in asked], organisations)
    people = []
    for member in members:
        before = [one for one in given[member.person_id] if one.starts_on < first_day]
        people.append(
            engine.Facilitator(
                id=str(member.person_id),
                agency=organisation(member, organisations),
                capacity=entitlement(
                    member.facilitator.sessions_per_quarter, given=len(before), newcomers=newcomers
                ),
                load=sum(one.starts_on >= first_day - _YEAR for one in before),
                slots=None,
                transitional=member.facilitator.transitional_training,
            )
        )
    return PastQuarter(
        first_day,
        engine.Problem(
            tuple(people),
            tuple(
                engine.Request(
                    id=str(request.id),
                    agency=requesting(request, organisations),
                    weight=SOONER_IN_THE_PAST if request.priority is Priority.SOONER else 1,
                    slots=None,
                    blocked=_blocked(
                        work, request, targets[request.id], members, given, standing[request.id]
                    ),
                    transitional=bool(request.transitional_confirmed),
                    travel=travel(request, members),
                )
                for request in asked
            ),
        ),
        {str(member.person_id): member for member in members},
    )


def _blocked(
    work: Work,
    request: Request,
    target: date,
    members: Sequence[PoolMember],
    given: Mapping[uuid.UUID, Sequence[_Given]],
    standing: Mapping[uuid.UUID, Stands],
) -> dict[str, tuple[Rule, ...]]:
    received = request.received_on or target
    rest = timedelta(days=partnership(work).rest_days_after_heavy_session)
    blocked = {}
    for member in members:
        rules = standing[member.person_id][0] - _OF_TODAY
        if not any(
            member.current_on(received + timedelta(days=n)) for n in range((target - received).days + 1)
        ):
            rules |= {Rule.NOT_CURRENT}
        heavy = (london_date(one.ends_at) for one in given[member.person_id] if one.heavy)
        if any(ended <= received <= ended + rest for ended in heavy):
            rules |= {Rule.RESTING}
        if rules:
            blocked[str(member.person_id)] = in_checking_order(rules)
    return blocked


def _given(work: Work) -> defaultdict[uuid.UUID, list[_Given]]:
    """Return everybody's sessions, by one query."""
    rows = work.session.execute(
        select(Booking.person_id, Booking.starts_at, Booking.ends_at, Booking.heavy)
        .where(Booking.kind == BookingKind.SESSION)
        .order_by(Booking.starts_at, Booking.id)
    )
    found: defaultdict[uuid.UUID, list[_Given]] = defaultdict(list)
    for person_id, starts_at, ends_at, heavy in rows:
        found[person_id].append(_Given(london_date(starts_at), ends_at, bool(heavy)))
    return found
