"""Reflections, and the closing of requests whose feedback is in."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from conftest import NOW, WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import add_facilitator, add_held_session
from jags.accounts.rules import Permission
from jags.adapters.clock import FixedClock
from jags.feedback.model import FacilitatorReflection
from jags.feedback.rules import Reflection
from jags.feedback.service import close_finished_requests, reflection_of, save_reflection
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import MoveNotPossible, NotAllowed, NotFound, Stale
from jags.requests.model import Request
from jags.requests.rules import PauseReason, State
from jags.scheduling.model import JagsSession


def facilitator_actor(person_id: uuid.UUID, *permissions: Permission) -> Actor:
    held = frozenset(permissions or (Permission.SESSION_RECORD,))
    return Actor(ActorKind.ACCOUNT, "someone", held, person_id=person_id)


@pytest.fixture
def held(work_on: WorkOn) -> tuple[uuid.UUID, uuid.UUID]:
    with work_on() as work:
        session = add_held_session(work)
        return session.id, session.facilitators[0].person_id


def state_of(work_on: WorkOn, session_id: uuid.UUID) -> State:
    with work_on(write=False) as work:
        return work.session.get_one(JagsSession, session_id).request.state


def close_finished(work_on: WorkOn) -> int:
    with work_on() as work:
        return close_finished_requests(work)


def test_reflection_is_kept_and_only_its_writer_reads_it(
    work_on: WorkOn, held: tuple[uuid.UUID, uuid.UUID]
) -> None:
    session_id, person_id = held
    written = Reflection(helped="Silence", learning="Invite adult services early")
    with work_on(facilitator_actor(person_id)) as work:
        assert reflection_of(work, session_id).version == 0
        save_reflection(work, session_id, reflection=written, version=0)

    with work_on(facilitator_actor(person_id)) as work:
        assert reflection_of(work, session_id).reflection == written
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
            save_reflection(work, session_id, reflection=Reflection(helped=words), version=version)

    for stale in (0, 1):
        with pytest.raises(Stale), work_on(actor) as work:
            save_reflection(work, session_id, reflection=Reflection(helped="Late"), version=stale)
    with work_on(actor) as work:
        assert reflection_of(work, session_id).reflection.helped == "Second"


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


def test_request_closes_when_its_round_has_closed(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, tickets = open_round(work_on)
    answer(work_on, tickets[:2])
    assert close_finished(work_on) == 0

    close(work_on, clock)

    assert close_finished(work_on) == 1
    assert state_of(work_on, session_id) is State.CLOSED


def test_request_without_a_record_or_paused_stays_held(work_on: WorkOn, clock: FixedClock) -> None:
    unrecorded, _ = open_round(work_on, recorded=False)
    paused, _ = open_round(work_on)
    close(work_on, clock)
    with work_on() as work:
        request = work.session.get_one(Request, work.session.get_one(JagsSession, paused).request_id)
        request.paused_at, request.paused_reason = work.now, PauseReason.COMPLAINT

    assert close_finished(work_on) == 0
    assert {state_of(work_on, unrecorded), state_of(work_on, paused)} == {State.HELD}


def test_session_of_people_without_addresses_asks_nobody_and_closes_like_others(
    work_on: WorkOn, clock: FixedClock
) -> None:
    session_id, tickets = open_round(work_on, people=0, without_address=3)
    assert (tickets, close_finished(work_on)) == ([], 0)

    close(work_on, clock)

    assert close_finished(work_on) == 1
    assert state_of(work_on, session_id) is State.CLOSED
