"""Read audits: which sessions could be drawn, what came back, and the recommendations."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from jags.accounts.model import Agency
from jags.kernel.errors import NotFound
from jags.kernel.time import start_of_day
from jags.kernel.work import Work
from jags.quality.model import AgencyReturn, AuditedSession, AuditRecommendation, PracticeAudit
from jags.quality.rules.auditing import AskedOf, PanelView, Purposes, Recommendation, Return
from jags.requests.queries import visible_to
from jags.scheduling.model import AgencyAttendance, JagsSession
from jags.scheduling.rules import Attendance, SessionState


@dataclass(frozen=True)
class AuditLine:
    """An audit in a list."""

    audit: PracticeAudit
    question: str
    sessions: int
    asked: int
    returned: int


@dataclass(frozen=True)
class RecommendationLine:
    """A recommendation, opened."""

    row: AuditRecommendation
    text: str


def audits(work: Work) -> list[AuditLine]:
    """Return all audits, the latest first; by four queries."""
    rows = work.session.scalars(
        select(PracticeAudit)
        .options(selectinload(PracticeAudit.cases).selectinload(AuditedSession.returns))
        .order_by(PracticeAudit.drawn_at.desc(), PracticeAudit.id)
    ).all()
    work.vault.prefetch(rows)
    return [
        AuditLine(
            audit,
            purposes_of(work, audit).question,
            len(audit.cases),
            sum(len(case.returns) for case in audit.cases),
            sum(one.returned_on is not None for case in audit.cases for one in case.returns),
        )
        for audit in rows
    ]


def get_audit(work: Work, audit_id: uuid.UUID) -> PracticeAudit:
    """Return an audit with its sessions and returns; raises `NotFound`."""
    found = work.session.scalar(
        select(PracticeAudit)
        .where(PracticeAudit.id == audit_id)
        .options(
            selectinload(PracticeAudit.cases).options(
                joinedload(AuditedSession.session).joinedload(JagsSession.request),
                selectinload(AuditedSession.returns).joinedload(AgencyReturn.agency),
            ),
            selectinload(PracticeAudit.recommendations),
        )
    )
    if found is None:
        raise NotFound("There is no such audit.")
    return found


def cases_seen(work: Work, audit: PracticeAudit) -> list[AuditedSession]:
    """Return the sessions of an audit's sample that the actor may see, in their order."""
    seen = set(
        work.session.scalars(
            select(AuditedSession.id)
            .join(AuditedSession.session)
            .join(JagsSession.request)
            .where(AuditedSession.audit_id == audit.id, visible_to(work.actor))
        )
    )
    return [case for case in audit.cases if case.id in seen]


def get_case(work: Work, case_id: uuid.UUID) -> AuditedSession:
    """Return a session of an audit's sample that the actor may see; raises `NotFound`."""
    found = work.session.scalar(
        select(AuditedSession)
        .join(AuditedSession.session)
        .join(JagsSession.request)
        .where(AuditedSession.id == case_id, visible_to(work.actor))
        .options(
            joinedload(AuditedSession.audit),
            joinedload(AuditedSession.session).joinedload(JagsSession.request),
            selectinload(AuditedSession.returns).joinedload(AgencyReturn.agency),
        )
    )
    if found is None:
        raise NotFound("There is no such session in an audit.")
    return found


def get_return(work: Work, return_id: uuid.UUID) -> AgencyReturn:
    """Return what an agency was asked; raises `NotFound`."""
    found = work.session.get(AgencyReturn, return_id)
    if found is None:
        raise NotFound("There is nothing to return.")
    return found


def returns_missing(work: Work) -> Sequence[AgencyReturn]:
    """Return what was asked for in audits that are open and has not come back, asked longest ago first; by two queries."""
    rows = work.session.scalars(
        select(AgencyReturn)
        .join(AgencyReturn.case)
        .join(AuditedSession.audit)
        .where(AgencyReturn.returned_on.is_(None), PracticeAudit.closed_on.is_(None))
        .options(
            contains_eager(AgencyReturn.case).options(
                contains_eager(AuditedSession.audit),
                joinedload(AuditedSession.session).joinedload(JagsSession.request),
            )
        )
        .order_by(AgencyReturn.asked_at, AgencyReturn.id)
    ).all()
    work.vault.prefetch(rows)
    return rows


def sessions_to_draw(work: Work, *, held_from: date, held_to: date) -> Sequence[JagsSession]:
    """Return the sessions held in a period, both London dates included, that the actor may see, by date."""
    return work.session.scalars(
        _held().where(
            JagsSession.starts_at >= start_of_day(held_from),
            JagsSession.starts_at < start_of_day(held_to + timedelta(days=1)),
            visible_to(work.actor),
        )
    ).all()


def agencies_to_ask(work: Work, case: AuditedSession) -> list[Agency]:
    """Return the known agencies that were at a session and were not asked yet, by name."""
    asked = [one.agency_id for one in case.returns]
    return list(
        work.session.scalars(
            select(Agency)
            .join(AgencyAttendance, AgencyAttendance.agency_id == Agency.id)
            .where(
                AgencyAttendance.session_id == case.session_id,
                AgencyAttendance.attendance == Attendance.PRESENT,
                Agency.id.not_in(asked),
            )
            .order_by(Agency.name, Agency.id)
        )
    )


def purposes_of(work: Work, audit: PracticeAudit) -> Purposes:
    """Open what an audit asks."""
    return work.vault.open(audit, "purposes", Purposes)


def panel_of(work: Work, case: AuditedSession) -> PanelView:
    """Open what the panel says of a session."""
    return work.vault.open(case, "panel", PanelView)


def return_of(work: Work, row: AgencyReturn) -> Return:
    """Open what an agency returned."""
    return work.vault.open(row, "return", Return)


def asked_of(work: Work, row: AgencyReturn) -> AskedOf:
    """Open who answers for an agency."""
    return work.vault.open(row, "asked_of", AskedOf)


def recommendations_of(work: Work, audit: PracticeAudit) -> list[RecommendationLine]:
    """Open the recommendations of an audit, in their order."""
    return [
        RecommendationLine(row, work.vault.open(row, "text", Recommendation).text)
        for row in audit.recommendations
    ]


def _held() -> Select[JagsSession]:
    return (
        select(JagsSession)
        .join(JagsSession.request)
        .where(JagsSession.state == SessionState.HELD)
        .options(joinedload(JagsSession.request))
        .order_by(JagsSession.starts_at, JagsSession.id)
    )
