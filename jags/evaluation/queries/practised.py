"""Read what a report tells of practice: effort, audits, comments that may be quoted, and accounts of requesters."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import selectinload

from jags.accounts.model import Agency
from jags.evaluation.model import Promotion
from jags.evaluation.queries.days import instants_of, london_day
from jags.evaluation.queries.quoting import pools_told
from jags.evaluation.queries.selecting import held_in, received_in
from jags.evaluation.queries.warm import kept
from jags.evaluation.rules.counting import Period, Which
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.practised import (
    AuditsTold,
    Effort,
    OverTime,
    Practised,
    RecommendationTold,
    Siblings,
    Stretch,
    spans_of,
)
from jags.feedback import queries as feedback
from jags.feedback.model import RequesterAccount
from jags.kernel.work import Work
from jags.practice.model import Gathering, Invitee
from jags.practice.rules import GatheringKind, GatheringState, Reply
from jags.quality.model import AuditedSession, PracticeAudit
from jags.quality.queries.approach import approach
from jags.quality.queries.auditing import recommendations_of
from jags.requests.model import Request
from jags.scheduling.model import AgencyAttendance, JagsSession, SessionFacilitator, SessionRecord
from jags.scheduling.rules import Attendance


def practised(work: Work, period: Period, which: Which) -> Practised:
    """Return what is told of practice in a period."""
    return Practised(
        # What was written of sessions is sealed, and takes a while to open.
        kept(
            work,
            ("approach", period, which),
            lambda: approach(work, period.from_on, period.to_on, transitional=which.transitional),
        ),
        _audits(work, period),
        feedback.count_quotable(work, pools=pools_told(work, Asked(period, which.transitional))),
        work.session.scalar(
            select(func.count())
            .select_from(RequesterAccount)
            .where(RequesterAccount.request_id.in_(_held(period, which)))
        )
        or 0,
    )


def effort(work: Work, period: Period, which: Which) -> Effort:
    """Return what a period took, by four queries: of JAGS those chosen, and of everything else all."""
    first, before = instants_of(period)
    held = (
        (Gathering.state == GatheringState.HELD)
        & (Gathering.starts_at >= first)
        & (Gathering.starts_at < before)
    )
    kinds = {
        kind: (number, costed, pence)
        for kind, number, costed, pence in work.session.execute(
            select(
                Gathering.kind, func.count(), func.count(Gathering.cost_pence), func.sum(Gathering.cost_pence)
            )
            .where(held)
            .group_by(Gathering.kind)
        )
    }
    there = dict(
        work.session.execute(
            select(Gathering.kind, func.count())
            .join(Invitee, Invitee.gathering_id == Gathering.id)
            .where(held, Invitee.reply == Reply.ATTENDED)
            .group_by(Gathering.kind)
        ).all()
    )
    promoted, reached = work.session.execute(
        select(func.count(), func.sum(Promotion.reach)).where(
            Promotion.on.between(period.from_on, period.to_on)
        )
    ).one()
    holding = (
        select(func.count())
        .where(SessionFacilitator.session_id == SessionRecord.session_id)
        .scalar_subquery()
    )
    timed, by_facilitators, by_people = work.session.execute(
        select(
            func.count(),
            func.sum(SessionRecord.minutes * holding),
            func.sum(SessionRecord.minutes * SessionRecord.people_present),
        )
        .select_from(SessionRecord)
        .join(JagsSession, JagsSession.id == SessionRecord.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(held_in(period, which))
    ).one()
    nothing: tuple[int, int, int | None] = (0, 0, None)
    trainings, costed, pence = kinds.get(GatheringKind.TRAINING, nothing)
    return Effort(
        trainings=trainings,
        trained=there.get(GatheringKind.TRAINING, 0),
        costed=costed,
        pence=_whole(pence),
        meetings=kinds.get(GatheringKind.NETWORK_MEETING, nothing)[0],
        met=there.get(GatheringKind.NETWORK_MEETING, 0),
        promoted=promoted,
        reached=_whole(reached),
        timed=timed,
        facilitator_minutes=_whole(by_facilitators),
        people_minutes=_whole(by_people),
    )


def repeats_and_siblings(work: Work, period: Period, which: Which) -> tuple[int, Siblings]:
    """Return how many requests received in a period are repeats, and how many are about sibling groups; by one query."""
    wanted = received_in(period, which)

    def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = work.session.execute(
        select(
            how_many(Request.previous_request_id.is_not(None)),
            how_many(Request.sibling_group.is_(True)),
            how_many(Request.sibling_group.is_(False)),
            how_many(Request.sibling_group.is_(None)),
        ).where(wanted)
    ).one()
    repeats, *siblings = map(int, row)
    return repeats, Siblings(*siblings)


def families(work: Work, period: Period, which: Which) -> int:
    """Return about how many children, sibling groups or families the sessions held in a period were: linked requests are one."""
    same = func.coalesce(Request.previous_request_id, Request.id)
    return (
        work.session.scalar(
            select(func.count(func.distinct(same))).where(Request.id.in_(_held(period, which)))
        )
        or 0
    )


def over_time(
    work: Work, period: Period, which: Which, stretches: Sequence[Stretch] | None = None
) -> OverTime:
    """Return requests, sessions and agencies at sessions by the spans of a period, or by other stretches of it; by three queries."""
    spans = spans_of(period) if stretches is None else tuple(stretches)

    def placed(days: Sequence[tuple[date, int]]) -> tuple[int, ...]:
        return tuple(
            sum(number for on, number in days if span.first_on <= on <= span.last_on) for span in spans
        )

    received = received_in(period, which)
    asked = work.session.execute(
        select(Request.received_on, func.count()).where(received).group_by(Request.received_on)
    ).all()
    held = held_in(period, which)
    day = london_day(JagsSession.starts_at).label("day")
    sessions = work.session.execute(
        select(day, func.count())
        .select_from(JagsSession)
        .join(Request, Request.id == JagsSession.request_id)
        .where(held)
        .group_by(day)
    ).all()
    there = work.session.execute(
        select(Agency.name, day, func.count(func.distinct(JagsSession.id)))
        .select_from(AgencyAttendance)
        .join(JagsSession, JagsSession.id == AgencyAttendance.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .join(Agency, Agency.id == AgencyAttendance.agency_id)
        .where(held, AgencyAttendance.attendance == Attendance.PRESENT)
        .group_by(Agency.name, day)
    ).all()
    by_agency: dict[str, list[tuple[date, int]]] = {}
    for name, on, number in there:
        by_agency.setdefault(name, []).append((on, number))
    return OverTime(
        spans,
        placed([(on, number) for on, number in asked if on]),
        placed([(on, number) for on, number in sessions]),
        {name: placed(by_agency[name]) for name in sorted(by_agency, key=str.casefold)},
    )


def _held(period: Period, which: Which) -> Select[uuid.UUID]:
    return (
        select(JagsSession.request_id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(held_in(period, which))
    )


def _audits(work: Work, period: Period) -> AuditsTold:
    first, before = instants_of(period)
    found = work.session.scalars(
        select(PracticeAudit)
        .where(PracticeAudit.drawn_at >= first, PracticeAudit.drawn_at < before)
        .options(
            selectinload(PracticeAudit.cases).selectinload(AuditedSession.returns),
            selectinload(PracticeAudit.recommendations),
        )
        .order_by(PracticeAudit.drawn_at, PracticeAudit.id)
    ).all()
    work.vault.prefetch(row for audit in found for row in audit.recommendations)
    returns = [one for audit in found for case in audit.cases for one in case.returns]
    return AuditsTold(
        len(found),
        sum(len(audit.cases) for audit in found),
        len(returns),
        sum(one.returned_on is not None for one in returns),
        tuple(
            RecommendationTold(
                line.text, line.row.group, line.row.area, line.row.state, line.row.plan_reference
            )
            for audit in found
            for line in recommendations_of(work, audit)
        ),
    )


def _whole(number: object) -> int | None:
    return None if number is None else int(number)  # type: ignore[call-overload]
