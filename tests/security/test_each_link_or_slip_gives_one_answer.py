"""A promise of privacy: each link or slip gives one answer, however often and at what moment it is sent.

How lost links are counted stands in test_never_more_answers_than_people_invited.py, what reminders tell in
test_reminders_do_not_reveal_who_has_answered.py, and slips that are moved, replaced or forgotten in tests/integration/feedback/test_slips.py.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from sqlalchemy import func, select

from conftest import SOAK, WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, close, open_round
from jags.adapters.clock import FixedClock
from jags.feedback.model import Pool, Pot, Ticket
from jags.feedback.queries import ticket_page
from jags.feedback.rules import Outcome
from jags.feedback.service import accept_answer, close_due_rounds
from jags.feedback.service.answering import SEALED_BYTES
from jags.kernel.actor import ANONYMOUS


def test_same_ticket_sent_many_times_at_once_gives_one_answer(
    work_on: WorkOn, clock: FixedClock, record_property: Callable[[str, object], None]
) -> None:
    people = 200 if SOAK else 8
    _, tickets = open_round(work_on, people=people)

    def send(ticket: str) -> Outcome:
        with work_on(ANONYMOUS) as work:
            return accept_answer(work, ticket, {"safe": "agree"})

    begun = monotonic()
    with ThreadPoolExecutor(max_workers=6) as threads:
        outcomes = list(threads.map(send, tickets * 3))

    seconds = monotonic() - begun
    # Kept with the results of a run (`pytest --junitxml`).
    record_property("tickets_posts_seconds", f"{people} × 3 in {seconds:.1f} s")
    assert outcomes.count(Outcome.GOOD) == people
    assert outcomes.count(Outcome.SPENT) == 2 * people
    assert seconds < 60
    close(work_on, clock)
    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool.answers)).one() == people


def test_answer_that_arrives_as_the_window_closes_is_kept_whole(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on)
    answer(work_on, tickets[:4])

    def close_now() -> int:
        with work_on() as work:
            return close_due_rounds(work)

    with ThreadPoolExecutor(max_workers=1) as threads:
        with work_on(ANONYMOUS) as work:
            outcome = accept_answer(work, tickets[4], {"safe": "agree"})
            clock.instant = AFTER_CLOSING
            closing = threads.submit(close_now)
        assert closing.result(timeout=20) == 1

    assert outcome is Outcome.GOOD
    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool.answers)).one() == 5
        assert work.session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_repeated_send_is_thanked_and_counts_once(work_on: WorkOn) -> None:
    _, tickets = open_round(work_on)

    assert answer(work_on, [tickets[0]] * 3) == [Outcome.GOOD, Outcome.SPENT, Outcome.SPENT]
    with work_on(write=False) as work:
        assert work.session.scalar(select(func.sum(func.length(Pot.body)))) == SEALED_BYTES
        assert ticket_page(work, tickets[0]).outcome is Outcome.SPENT
