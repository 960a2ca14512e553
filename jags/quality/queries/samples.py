"""Read the samples of multi-agency audits as the scrutineer sees them: how they were drawn and what came back, and nothing written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.work import Work
from jags.quality.model import AgencyReturn, AuditedSession, PracticeAudit
from jags.scheduling.model import JagsSession


@dataclass(frozen=True)
class SampledSession:
    """A session of a sample; `returned` is by agency, None where nothing has come back."""

    reference: str
    held_at: datetime
    returned: tuple[tuple[str, date | None], ...]
    moderated_on: date | None


@dataclass(frozen=True)
class DrawnSample:
    """A sample: `seed` draws it again, and is None where sessions were chosen for a reason; of recommendations the words are left out."""

    drawn_at: datetime
    held_from: date
    held_to: date
    seed: int | None
    closed_on: date | None
    sessions: tuple[SampledSession, ...]
    recommendations: int


def samples(work: Work) -> Sequence[DrawnSample]:
    """Return every sample, the latest first; no sealed text is opened. Raises `NotAllowed` for all but the scrutineer."""
    require(work.actor, Permission.REPORT_SCRUTINISE)
    rows = work.session.scalars(
        select(PracticeAudit)
        .options(
            selectinload(PracticeAudit.cases).options(
                joinedload(AuditedSession.session).joinedload(JagsSession.request),
                selectinload(AuditedSession.returns).joinedload(AgencyReturn.agency),
            ),
            selectinload(PracticeAudit.recommendations),
        )
        .order_by(PracticeAudit.drawn_at.desc(), PracticeAudit.id)
    ).all()
    return [
        DrawnSample(
            row.drawn_at,
            row.held_from,
            row.held_to,
            row.seed,
            row.closed_on,
            tuple(_session(case) for case in row.cases),
            len(row.recommendations),
        )
        for row in rows
    ]


def _session(case: AuditedSession) -> SampledSession:
    returned = sorted(((one.agency.name, one.returned_on) for one in case.returns), key=lambda one: one[0])
    reference = case.session.request.reference or str(case.position)
    return SampledSession(reference, case.session.starts_at, tuple(returned), case.moderated_on)
