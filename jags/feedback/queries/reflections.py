"""Read a facilitator's own reflection."""

import uuid

from sqlalchemy import select

from jags.feedback.model import FacilitatorReflection
from jags.feedback.rules import Reflection
from jags.kernel.work import Work


def find_reflection(
    work: Work, *, session_id: uuid.UUID, person_id: uuid.UUID
) -> FacilitatorReflection | None:
    """Return the row of a person's reflection on a session."""
    return work.session.scalar(
        select(FacilitatorReflection).where(
            FacilitatorReflection.session_id == session_id, FacilitatorReflection.person_id == person_id
        )
    )


def open_reflection(work: Work, row: FacilitatorReflection | None) -> Reflection:
    """Open what was written; empty before anything was."""
    return work.vault.open(row, "reflection", Reflection) if row else Reflection()
