"""Read reflections: each part by whoever it is for, and by nobody else."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.work import Work
from jags.quality.model import FacilitatorReflection
from jags.quality.rules.reflections import ForBoth, ForTheUnit, Pooled, Reflection, Written
from jags.scheduling.model import JagsSession


def find_reflection(
    work: Work, *, session_id: uuid.UUID, person_id: uuid.UUID
) -> FacilitatorReflection | None:
    """Return the row of a person's reflection on a session."""
    return work.session.scalar(
        select(FacilitatorReflection).where(
            FacilitatorReflection.session_id == session_id, FacilitatorReflection.person_id == person_id
        )
    )


def open_own(work: Work, row: FacilitatorReflection | None) -> Written:
    """Open all that somebody wrote, for themselves; empty before anything was."""
    if row is None:
        return Written()
    return Written(
        work.vault.open(row, "reflection", Reflection),
        work.vault.open(row, "both", ForBoth),
        work.vault.open(row, "unit", ForTheUnit),
        work.vault.open(row, "pooled", Pooled),
    )


def from_the_other(work: Work, session: JagsSession, person_id: uuid.UUID) -> str:
    """Return what a co-facilitator wrote for both, for the other of the two."""
    rows = work.session.scalars(
        select(FacilitatorReflection)
        .where(FacilitatorReflection.session_id == session.id, FacilitatorReflection.person_id != person_id)
        .order_by(FacilitatorReflection.id)
    )
    return "\n\n".join(filter(None, (work.vault.open(row, "both", ForBoth).together for row in rows)))


def for_the_unit(work: Work, session: JagsSession) -> list[str]:
    """Return what a session's facilitators wrote for the Business Unit, without their names and in no order of theirs."""
    require(work.actor, Permission.SESSION_ARRANGE)
    rows = work.session.scalars(
        select(FacilitatorReflection).where(FacilitatorReflection.session_id == session.id)
    )
    return sorted(filter(None, (work.vault.open(row, "unit", ForTheUnit).system for row in rows)))


def pooled_parts(work: Work, session_ids: Iterable[uuid.UUID]) -> list[tuple[uuid.UUID, Pooled]]:
    """Open the part of the reflections on some sessions that is only ever counted, with the session of each; two queries."""
    rows = work.session.scalars(
        select(FacilitatorReflection)
        .where(FacilitatorReflection.session_id.in_(list(session_ids)))
        .order_by(FacilitatorReflection.id)
    ).all()
    work.vault.prefetch(rows)
    return [(row.session_id, work.vault.open(row, "pooled", Pooled)) for row in rows]
