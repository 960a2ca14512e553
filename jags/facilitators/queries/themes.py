"""Read what people would rather not facilitate for now."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from jags.facilitators.model import ThemesToAvoid
from jags.facilitators.rules import Themes
from jags.kernel.work import Work


def find_themes(work: Work, person_id: uuid.UUID) -> ThemesToAvoid | None:
    """Return the row of somebody's themes to avoid, if there is one; the caller has checked that the actor may see it."""
    return work.session.scalar(select(ThemesToAvoid).where(ThemesToAvoid.person_id == person_id))


def open_themes(work: Work, row: ThemesToAvoid | None) -> str:
    """Open somebody's themes to avoid; empty when there are none."""
    return work.vault.open(row, "themes", Themes).text if row else ""


def themes_of(work: Work, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return by person what they would rather avoid for now, by two queries; the caller has checked that the actor may."""
    rows = work.session.scalars(
        select(ThemesToAvoid).where(ThemesToAvoid.person_id.in_(person_ids)).order_by(ThemesToAvoid.person_id)
    ).all()
    work.vault.prefetch(rows)
    return {row.person_id: open_themes(work, row) for row in rows}
