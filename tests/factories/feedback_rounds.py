"""Open a round of feedback, answer it and close it, as participants and the scheduler do."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from conftest import WorkOn
from factories.held_sessions import add_held_session, tickets_mailed
from jags.adapters.clock import FixedClock
from jags.feedback.rules import Outcome
from jags.feedback.service import accept_answer, close_due_rounds, open_due_rounds
from jags.kernel.actor import ANONYMOUS

# The first second after a round that was opened at conftest.NOW has closed.
AFTER_CLOSING = datetime(2026, 12, 9, 0, 0, 1, tzinfo=UTC)


def open_round(work_on: WorkOn, **values: object) -> tuple[uuid.UUID, list[str]]:
    """Hold a session, open its round, and return the session with its tickets."""
    with work_on() as work:
        session_id = add_held_session(work, **values).id
    with work_on() as work:
        open_due_rounds(work)
    with work_on() as work:
        return session_id, tickets_mailed(work, session_id)


def answer(work_on: WorkOn, tickets: Sequence[str], **sent: str) -> list[Outcome]:
    """Send the same answers with each ticket."""
    outcomes = []
    for ticket in tickets:
        with work_on(ANONYMOUS) as work:
            outcomes.append(accept_answer(work, ticket, {"safe": "agree", **sent}))
    return outcomes


def close(work_on: WorkOn, clock: FixedClock) -> int:
    """Set the clock behind the closing moment and let the job run."""
    clock.instant = AFTER_CLOSING
    with work_on() as work:
        return close_due_rounds(work)
