"""Gather what is known of the pool's time to come: training, leave, sessions left, and the rate of requests."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import case, func, select

from jags.accounts.queries import organisations_of
from jags.allocation.assembly.standing import organisation
from jags.allocation.engine.outlook import Ahead, Kind, Person
from jags.allocation.rules.taken_on import TakenOn
from jags.facilitators.queries import Booked, PoolMember, coming_bookings
from jags.facilitators.rules import BookingKind, FacilitatorStatus, entitlement, quarter_of
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import PROCEEDED, State
from jags.settings.queries import partnership

# Half a year of requests gives the rate; a year is looked ahead [design].
RECENT_WEEKS = 26
WEEKS_LOOKED_AHEAD = 52
_WEEK = 7


def assemble_ahead(work: Work, members: Sequence[PoolMember], taken: Mapping[uuid.UUID, TakenOn]) -> Ahead:
    """Return what is known of the coming year of the pool, by two queries more than the pool itself, what it has taken on, and the agencies.

    Weeks begin on Mondays, the first being this one. Who is paused, has left, or has no recorded agency is not counted on. A week in
    which somebody is away on each working day is not theirs.
    """
    monday = work.today - timedelta(days=work.today.weekday())
    weeks = [monday + timedelta(days=_WEEK * n) for n in range(WEEKS_LOOKED_AHEAD)]
    starts = sorted({quarter_of(max(week, work.today))[0] for week in weeks})
    quarters = tuple(starts.index(quarter_of(max(week, work.today))[0]) for week in weeks)
    booked, organisations = coming_bookings(work), organisations_of(work)
    recent, waiting = _requests(work)
    active = [
        m for m in members if m.facilitator.status is FacilitatorStatus.ACTIVE and m.facilitator.person.agency
    ]
    return Ahead(
        tuple(
            _person(
                work,
                member,
                organisation(member, organisations),
                weeks,
                starts,
                booked[member.person_id],
                taken[member.person_id],
            )
            for member in active
        ),
        quarters,
        recent,
        RECENT_WEEKS,
        waiting,
        partnership(work).newcomer_sessions_a_quarter or 1,
    )


def _person(
    work: Work,
    member: PoolMember,
    agency: str,
    weeks: Sequence[date],
    starts: Sequence[date],
    booked: Sequence[Booked],
    taken: TakenOn,
) -> Person:
    here = {n for n, week in enumerate(weeks) if not _is_away(booked, week)}
    trained = {n for n, week in enumerate(weeks) if member.current_on(max(week, work.today))}
    sessions = Counter(
        quarter_of(one.from_on)[0]
        for one in booked
        if one.kind is BookingKind.SESSION and one.from_on >= starts[0]
    )
    can_give = member.facilitator.sessions_per_quarter
    given, left = member.load.last_twelve_months, []
    for place, start in enumerate(starts):
        most = entitlement(can_give, given=given, newcomers=partnership(work).newcomer_sessions_a_quarter)
        # In this quarter what has been held counts too; the load knows it.
        left.append(taken.left if place == 0 else max(0, most - sessions[start]))
        given += left[-1]
    return Person(
        id=str(member.person_id),
        agency=agency,
        weeks=frozenset(here & trained),
        if_renewed=frozenset(here) if member.facilitator.training else frozenset(here & trained),
        sessions=tuple(left),
        load=taken.in_twelve_months + taken.offered,
        trained=member.facilitator.transitional_training,
    )


def _is_away(booked: Sequence[Booked], week: date) -> bool:
    working = [week + timedelta(days=n) for n in range(5)]
    leave = [one for one in booked if one.kind is BookingKind.LEAVE]
    return all(any(one.from_on <= day <= one.to_on for one in leave) for day in working)


def _requests(work: Work) -> tuple[Mapping[Kind, int], Mapping[Kind, int]]:
    """Count by kind the requests of the last weeks that went ahead, and those that wait for facilitators."""
    transitional = func.coalesce(Request.transitional_confirmed, False)
    since = work.today - timedelta(days=RECENT_WEEKS * _WEEK)
    waits = (Request.state == State.ACCEPTED) & Request.paused_at.is_(None)
    rows = work.session.execute(
        select(
            transitional,
            func.sum(case((Request.received_on > since, 1), else_=0)),
            func.sum(case((waits, 1), else_=0)),
        )
        # Numbers of the whole service, whoever looks: an administrator reads no request, and sees how long the pool lasts.
        .where(Request.state.in_(PROCEEDED))
        .group_by(transitional)
    ).all()
    kinds = {True: Kind.TRANSITIONAL, False: Kind.OTHER}
    return (
        {kinds[bool(is_so)]: int(recent) for is_so, recent, _ in rows},
        {kinds[bool(is_so)]: int(waiting) for is_so, _, waiting in rows},
    )
