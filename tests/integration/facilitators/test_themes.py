"""Themes to avoid: sealed, for the coordinator only, on both databases."""

import pytest
from sqlalchemy import select

from conftest import WorkOn
from factories.pool import facilitator, signs_in
from factories.sessions import COORDINATOR
from jags.accounts.rules import PERMISSIONS, Role
from jags.facilitators.model import ThemesToAvoid
from jags.facilitators.queries import themes_of
from jags.facilitators.service import NotedThemes, note_themes, themes_beside_pairs, themes_to_avoid
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotAllowed, NotFound, Stale
from jags.kernel.ids import new_id

ADMINISTRATOR = Actor(ActorKind.ACCOUNT, "lead", PERMISSIONS[Role.ADMINISTRATOR])


def test_themes_are_sealed_changed_and_forgotten(work_on: WorkOn) -> None:
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
    with work_on(COORDINATOR) as work:
        assert themes_to_avoid(work, ann) == NotedThemes("", 0)
        note_themes(work, ann, "  ", version=0)
        note_themes(work, ann, " A recent bereavement ", version=0)
    with work_on(COORDINATOR) as work:
        assert themes_to_avoid(work, ann) == NotedThemes("A recent bereavement", 1)
        assert themes_beside_pairs(work, [ann, ben]) == {ann: "A recent bereavement"}
        (row,) = work.session.scalars(select(ThemesToAvoid)).all()
        assert b"bereavement" not in row.themes_sealed
        note_themes(work, ann, "Court", version=1)
    with pytest.raises(Stale), work_on(COORDINATOR) as work:
        note_themes(work, ann, "Late", version=1)
    with work_on(COORDINATOR) as work:
        note_themes(work, ann, "", version=2)
    with work_on(COORDINATOR) as work:
        assert themes_of(work, [ann]) == {}
        with pytest.raises(NotFound):
            note_themes(work, new_id(), "Nobody", version=0)


def test_nobody_but_the_coordinator_sees_or_changes_them(work_on: WorkOn) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
        own = signs_in(work, ann)
        note_themes(work, ann, "Court", version=0)
    for actor in (own, ADMINISTRATOR):
        for act in (
            lambda work: themes_to_avoid(work, ann),
            lambda work: themes_beside_pairs(work, [ann]),
            lambda work: note_themes(work, ann, "Changed", version=1),
        ):
            with pytest.raises(NotAllowed), work_on(actor) as work:
                act(work)
