"""A pause stops the clock of a feedback round: nobody loses the time to answer, and no mail says a day that has passed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from conftest import WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, close, open_round
from jags.adapters.clock import FixedClock
from jags.audit.model import AuditEvent
from jags.feedback.model import Round
from jags.feedback.queries import not_yet_prolonged, ticket_page
from jags.feedback.rules import Outcome, RoundState
from jags.feedback.service import close_due_rounds
from jags.jobs.runner import Runner
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailState
from jags.notifications.service import claim_next
from jags.requests.model import Request
from jags.requests.rules import PauseReason
from jags.requests.service import lift_pause, pause_request


def pause(work_on: WorkOn) -> None:
    with work_on() as work:
        pause_request(work, work.session.scalars(select(Request.id)).one(), reason=PauseReason.DEATH)


def lift(work_on: WorkOn) -> str:
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        lift_pause(work, request.id, version=request.version)
        return str(request.id)


def state(work_on: WorkOn) -> tuple[RoundState, datetime]:
    with work_on(write=False) as work:
        found = work.session.scalars(select(Round)).one()
        return found.state, found.closes_at


def test_a_paused_round_takes_answers_beyond_its_day_and_closes_later_by_the_pause(
    work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)
    clock.instant += timedelta(days=1)
    pause(work_on)

    assert close(work_on, clock) == 0
    assert answer(work_on, tickets[:1]) == [Outcome.GOOD]
    with work_on(write=False) as work:
        assert ticket_page(work, tickets[1]).closes_on == work.today == date(2026, 12, 9)

    # Paused from the 25th, 10am, until the 9th, one second past midnight: 13 days and 14 hours, told in whole days.
    lift(work_on)
    assert answer(work_on, tickets[1:2]) == [Outcome.GOOD]
    with work_on() as work:
        assert close_due_rounds(work) == 0
    assert state(work_on) == (RoundState.OPEN, datetime(2026, 12, 23, tzinfo=UTC))
    clock.instant = datetime(2026, 12, 22, 23, 59, 59, tzinfo=UTC)
    assert answer(work_on, tickets[2:3]) == [Outcome.GOOD]
    clock.instant += timedelta(seconds=1)
    assert answer(work_on, tickets[3:4]) == [Outcome.CLOSED]
    with work_on() as work:
        assert close_due_rounds(work) == 1
        assert close_due_rounds(work) == 0


def test_time_is_given_back_once_and_a_pause_before_the_round_counts_nothing(
    work_on: WorkOn, clock: FixedClock
) -> None:
    open_round(work_on, paused_seconds=500_000)
    with work_on() as work:
        assert close_due_rounds(work) == 0
    assert state(work_on)[1] == datetime(2026, 12, 9, tzinfo=UTC)
    for _ in range(2):
        pause(work_on)
        clock.instant += timedelta(days=1)
        lift(work_on)
    for _ in range(2):
        with work_on() as work:
            assert close_due_rounds(work) == 0
    assert state(work_on)[1] == datetime(2026, 12, 11, tzinfo=UTC)
    with work_on(write=False) as work:
        tags = work.session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.startswith("feedback"))).all()
    assert sorted(tags) == ["feedback_round:opened", "feedback_round:prolonged"]


def test_an_invitation_that_a_pause_held_back_leaves_with_the_new_day(
    work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on, people=1)
    pause(work_on)
    clock.instant = AFTER_CLOSING
    with work_on() as work:
        close_due_rounds(work)
        assert work.session.scalars(
            select(OutboxMessage.state).where(OutboxMessage.kind == "feedback_invitation")
        ).all() == [MailState.QUEUED]
    lift(work_on)
    with work_on() as work:
        close_due_rounds(work)
    with work_on() as work:
        claimed = claim_next(work, holder="test", paused=())
    assert claimed is not None
    text = claimed.message.get_body(("plain",)).get_content()
    assert tickets[0] in text
    assert "until the end of Wednesday 23 December 2026" in text


@pytest.mark.usefixtures("clock")
def test_no_invitation_leaves_between_the_end_of_a_pause_and_the_new_day(
    work_on: WorkOn, app, clock, monkeypatch
) -> None:
    class FakeMailer:
        sent = 0

        def send(self, _message: object, *, return_to: str) -> None:  # noqa: ARG002 - It comes back to nobody here.
            self.sent += 1

    mailer = FakeMailer()
    monkeypatch.setitem(app.extensions, "jags_mailer", mailer)
    open_round(work_on, people=2)
    pause(work_on)
    clock.instant += timedelta(days=3)
    reference = lift(work_on)
    with work_on(write=False) as work:
        assert not_yet_prolonged(work) == {reference}
    runner = Runner(app)
    with app.app_context():
        runner._lease()
        while runner._deliver_next():
            pass
        assert mailer.sent == 0
        with work_on() as work:
            close_due_rounds(work)
        while runner._deliver_next():
            pass
    assert mailer.sent == 2
