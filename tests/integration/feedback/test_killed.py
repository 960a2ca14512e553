"""A process that is killed while it asks, takes an answer or opens answers: nothing is lost, nothing is there twice."""

import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from conftest import SOAK, WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, open_round
from factories.held_sessions import add_held_session, tickets_mailed
from jags.adapters.clock import FixedClock
from jags.extensions import db
from jags.feedback.model import Comment, Pool, Pot, Round, Tally, Ticket
from jags.feedback.rules import Outcome, RoundState, spares_for
from jags.feedback.service import accept_answer, close_due_rounds, open_due_rounds
from jags.feedback.service.answering import SEALED_BYTES
from jags.kernel.actor import ANONYMOUS
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage

PEOPLE = 6
# Every so many statements somebody is killed; `make soak` tries each.
STRIDE = 1 if SOAK else 5
PATIENCE_SECONDS = 60


@pytest.fixture
def killed(app: Flask, work_on: WorkOn) -> Callable[..., bool]:
    """Let a process of its own do something, and kill it before a statement or commit; tell whether it came that far.

    Whoever comes to the end is killed there: after the commit, before anybody is told.
    """

    def kill(do: Callable[[Work], object], *, at: int, actor: Any = None) -> bool:
        with app.app_context():
            db.engine.dispose()
        fork = multiprocessing.get_context("fork")
        ended = fork.Event()

        def run() -> None:
            with app.app_context():
                # The connections of the process that this one was forked from are not ours to use.
                db.engine.dispose(close=False)
                left = iter(range(at))

                def count(*_given: object) -> None:
                    if next(left, None) is None:
                        os.kill(os.getpid(), signal.SIGKILL)

                event.listen(db.engine, "before_cursor_execute", count)
                event.listen(db.engine, "commit", count)
            with work_on(actor) as work:
                do(work)
            ended.set()
            os.kill(os.getpid(), signal.SIGKILL)

        process = fork.Process(target=run)
        with warnings.catch_warnings():
            # Later versions of Python warn of threads beside a fork; the child uses nothing of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == -signal.SIGKILL
        return not ended.is_set()

    return kill


def number(work: Work, table: type) -> int:
    return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_killed_while_asking_everybody_is_asked_once(work_on: WorkOn, killed: Callable[..., bool]) -> None:
    with work_on() as work:
        session_id = add_held_session(work, people=PEOPLE).id

    def asked() -> tuple[int, ...]:
        with work_on(write=False) as work:
            return tuple(number(work, table) for table in (Round, Ticket, OutboxMessage))

    whole = (1, PEOPLE + spares_for(PEOPLE), PEOPLE)
    at = 0
    while killed(open_due_rounds, at=at):
        assert asked() == (0, 0, 0)
        at += STRIDE
    # Killed after the commit; and whoever comes next asks nobody again.
    assert asked() == whole
    with work_on() as work:
        assert open_due_rounds(work) == 0
    assert asked() == whole
    with work_on(write=False) as work:
        assert len(set(tickets_mailed(work, session_id))) == PEOPLE


def test_killed_while_an_answer_is_taken_it_counts_once(
    work_on: WorkOn, clock: FixedClock, killed: Callable[..., bool]
) -> None:
    _, tickets = open_round(work_on, people=10)

    def held() -> tuple[int, int]:
        with work_on(write=False) as work:
            size = work.session.scalar(select(func.sum(func.length(Pot.body)))) or 0
            return number(work, Ticket), size // SEALED_BYTES

    outcomes = []
    for n, ticket in enumerate(tickets):

        def send(work: Work, ticket: str = ticket) -> None:
            accept_answer(work, ticket, {"safe": "agree"})

        tickets_left, came = 10 + spares_for(10) - n, n
        going = killed(send, at=n if n < len(tickets) - 1 else 1000, actor=ANONYMOUS)
        # Either the ticket is there, or the answer.
        assert held() == ((tickets_left, came) if going else (tickets_left - 1, came + 1))
        # Whoever saw no thanks sends again.
        outcomes += answer(work_on, [ticket])
        assert held() == (tickets_left - 1, came + 1)

    # The last was killed after its commit.
    assert set(outcomes[:2]) == {Outcome.GOOD}
    assert outcomes[-1] is Outcome.SPENT
    clock.instant = AFTER_CLOSING
    with work_on() as work:
        close_due_rounds(work)
    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool.answers)).one() == 10


def test_killed_while_answers_are_opened_each_counts_once(
    work_on: WorkOn, clock: FixedClock, killed: Callable[..., bool]
) -> None:
    _, tickets = open_round(work_on, people=PEOPLE)
    answer(work_on, tickets, comment="We paused.", differently="Listen first.")
    clock.instant = AFTER_CLOSING
    with work_on(write=False) as work:
        sealed = work.session.scalars(select(Pot.body)).one()

    at = 0
    while killed(close_due_rounds, at=at):
        # All as it was: sealed, with every ticket that was left, and a key to open it.
        with work_on(write=False) as work:
            assert work.session.scalars(select(Pot.body)).one() == sealed
            assert number(work, Ticket) == spares_for(PEOPLE)
            assert (number(work, Pool), number(work, Tally), number(work, Comment)) == (0, 0, 0)
            assert work.session.scalars(select(Round.state)).one() is RoundState.OPEN
        at += STRIDE
    assert at > STRIDE

    opened = state_of(work_on)
    with work_on() as work:
        assert close_due_rounds(work) == 0
    assert state_of(work_on) == opened
    assert opened == {
        "answers": [PEOPLE],
        "safe": [PEOPLE],
        "comments": 2 * PEOPLE,
        "pots": 0,
        "tickets": 0,
        "key": [None],
    }


def state_of(work_on: WorkOn) -> dict[str, object]:
    with work_on(write=False) as work:
        return {
            "answers": work.session.scalars(select(Pool.answers)).all(),
            "safe": work.session.scalars(select(Tally.n).where(Tally.item == "safe")).all(),
            "comments": number(work, Comment),
            "pots": number(work, Pot),
            "tickets": number(work, Ticket),
            "key": work.session.scalars(select(Round.private_key_sealed)).all(),
        }
