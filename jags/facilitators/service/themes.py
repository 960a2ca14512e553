"""Note what a facilitator would rather not facilitate for now; for the coordinator only."""

import uuid
from dataclasses import dataclass

from jags.facilitators.model import ThemesToAvoid
from jags.facilitators.policy import require_themes
from jags.facilitators.queries import find_themes, get_facilitator, open_themes, themes_of
from jags.facilitators.rules import Themes
from jags.kernel.work import Work


@dataclass(frozen=True)
class NotedThemes:
    """Somebody's themes to avoid as a page shows them; version 0 means that nothing is noted."""

    text: str
    version: int


def themes_to_avoid(work: Work, person_id: uuid.UUID) -> NotedThemes:
    """Return somebody's themes to avoid; raises `NotAllowed` for everybody but the coordinator."""
    require_themes(work.actor)
    row = find_themes(work, person_id)
    return NotedThemes(open_themes(work, row), row.version if row else 0)


def themes_beside_pairs(work: Work, person_ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the themes of those who have noted any; raises `NotAllowed` for everybody but the coordinator."""
    require_themes(work.actor)
    return themes_of(work, person_ids)


def note_themes(work: Work, person_id: uuid.UUID, text: str, *, version: int) -> None:
    """Note what somebody would rather avoid for now; an empty text forgets it.

    Raises `NotAllowed` for everybody but the coordinator, `Stale` when it was noted elsewhere since `version`.
    """
    require_themes(work.actor)
    # The row is held, so that two first notes at once are one after the other.
    work.session.refresh(get_facilitator(work, person_id), with_for_update=True)
    row = find_themes(work, person_id)
    if row is None:
        if not text.strip():
            return
        row = ThemesToAvoid(key_id=work.vault.new_key(), person_id=person_id, noted_at=work.now)
        work.session.add(row)
    else:
        row.expect(version)
    if text.strip():
        row.noted_at = work.now
        work.vault.seal(row, "themes", Themes(text.strip()))
    else:
        work.session.delete(row)
    work.record("facilitator:themes_noted", person_id)
