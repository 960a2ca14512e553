"""Reflections: kept while they are written, and each part opened by whoever it is for."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from conftest import NOW, WorkOn
from factories.held_sessions import add_facilitator, add_held_session
from factories.sessions import COORDINATOR
from jags.accounts.rules import Permission
from jags.adapters.clock import FixedClock
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import MoveNotPossible, NotAllowed, NotFound, Stale
from jags.quality.model import FacilitatorReflection
from jags.quality.queries.reflections import for_the_unit, from_the_other
from jags.quality.rules.reflections import ForBoth, ForTheUnit, Reflection, Written
from jags.quality.service.reflecting import reflection_of, save_reflection
from jags.requests.service import Shown
from jags.scheduling.model import JagsSession, SessionFacilitator


def facilitator_actor(person_id: uuid.UUID, *permissions: Permission) -> Actor:
    held = frozenset(permissions or (Permission.SESSION_RECORD,))
    return Actor(ActorKind.ACCOUNT, "someone", held, person_id=person_id)


def helped(words: str) -> Written:
    return Written(Reflection(helped=words))


@pytest.fixture
def held(work_on: WorkOn) -> tuple[uuid.UUID, uuid.UUID]:
    with work_on() as work:
        session = add_held_session(work)
        return session.id, session.facilitators[0].person_id


def test_reflection_is_kept_and_only_its_writer_reads_it(
    work_on: WorkOn, held: tuple[uuid.UUID, uuid.UUID]
) -> None:
    session_id, person_id = held
    written = Written(Reflection(helped="Silence", learning="Invite adult services early"))
    with work_on(facilitator_actor(person_id)) as work:
        assert reflection_of(work, session_id).version == 0
        save_reflection(work, session_id, written=written, shown=Shown(0, ""))

    with work_on(facilitator_actor(person_id)) as work:
        assert reflection_of(work, session_id).written == written
    with work_on() as work:
        other_id = add_facilitator(work).person_id
    with pytest.raises(NotFound), work_on(facilitator_actor(other_id)) as work:
        reflection_of(work, session_id)
    with pytest.raises(NotAllowed), work_on(facilitator_actor(person_id, Permission.REQUEST_READ)) as work:
        reflection_of(work, session_id)
    with work_on(write=False) as work:
        sealed = work.session.scalars(select(FacilitatorReflection.reflection_sealed)).one()
    assert b"Silence" not in sealed


def test_reflection_saved_in_another_window_is_not_overwritten(
    work_on: WorkOn, held: tuple[uuid.UUID, uuid.UUID]
) -> None:
    session_id, person_id = held
    actor = facilitator_actor(person_id)
    for version, words in ((0, "First"), (1, "Second")):
        with work_on(actor) as work:
            save_reflection(work, session_id, written=helped(words), shown=Shown(version, ""))

    for stale in (0, 1):
        with pytest.raises(Stale), work_on(actor) as work:
            save_reflection(work, session_id, written=helped("Late"), shown=Shown(stale, ""))
    with work_on(actor) as work:
        assert reflection_of(work, session_id).written.own.helped == "Second"


def test_reflection_waits_for_the_session_to_begin(
    work_on: WorkOn, clock: FixedClock, held: tuple[uuid.UUID, uuid.UUID]
) -> None:
    session_id, person_id = held
    clock.instant = NOW - timedelta(days=2)

    with pytest.raises(MoveNotPossible), work_on(facilitator_actor(person_id)) as work:
        reflection_of(work, session_id)


def test_unknown_session_is_not_found(work_on: WorkOn, held: tuple[uuid.UUID, uuid.UUID]) -> None:
    with pytest.raises(NotFound), work_on(facilitator_actor(held[1])) as work:
        reflection_of(work, uuid.uuid4())


def test_what_a_page_sent_earlier_and_the_network_brings_late_changes_nothing(
    work_on: WorkOn, held: tuple[uuid.UUID, uuid.UUID]
) -> None:
    session_id, person_id = held
    for step, words in ((1, "One"), (3, "Three"), (2, "Two")):
        with work_on(facilitator_actor(person_id)) as work:
            save_reflection(
                work, session_id, written=helped(words), shown=Shown(0, "mark", step), finished=False
            )

    with work_on(facilitator_actor(person_id)) as work:
        assert reflection_of(work, session_id).written.own.helped == "Three"
    with pytest.raises(Stale), work_on(facilitator_actor(person_id)) as work:
        save_reflection(work, session_id, written=helped("Other tab"), shown=Shown(0, "other", 1))


def test_each_part_is_opened_by_whoever_it_is_for(work_on: WorkOn, held: tuple[uuid.UUID, uuid.UUID]) -> None:
    session_id, person_id = held
    with work_on() as work:
        other_id = add_facilitator(work).person_id
        work.session.add(SessionFacilitator(session_id=session_id, person_id=other_id, position=1))
    written = Written(
        Reflection(helped="Only mine"), ForBoth("For us two"), ForTheUnit("Invite housing earlier")
    )
    with work_on(facilitator_actor(person_id)) as work:
        save_reflection(work, session_id, written=written, shown=Shown(0, ""))

    with work_on(facilitator_actor(other_id)) as work:
        session = work.session.get_one(JagsSession, session_id)
        assert from_the_other(work, session, other_id) == "For us two"
        assert from_the_other(work, session, person_id) == ""
        assert reflection_of(work, session_id).written == Written()
        with pytest.raises(NotAllowed):
            for_the_unit(work, session)
    with work_on(COORDINATOR) as work:
        session = work.session.get_one(JagsSession, session_id)
        assert for_the_unit(work, session) == ["Invite housing earlier"]
        with pytest.raises(NotAllowed):
            reflection_of(work, session_id)
