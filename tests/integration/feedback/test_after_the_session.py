"""The closing of requests whose feedback is in."""

import uuid

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from jags.adapters.clock import FixedClock
from jags.feedback.service import close_finished_requests
from jags.requests.model import Request
from jags.requests.rules import PauseReason, State
from jags.scheduling.model import JagsSession


def state_of(work_on: WorkOn, session_id: uuid.UUID) -> State:
    with work_on(write=False) as work:
        return work.session.get_one(JagsSession, session_id).request.state


def close_finished(work_on: WorkOn) -> int:
    with work_on() as work:
        return close_finished_requests(work)


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
