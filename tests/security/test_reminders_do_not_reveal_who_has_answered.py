"""A promise of privacy: reminders do not reveal who has answered.

One reminder, to all who were asked by mail alike, as a reply to their invitation and without a link.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from conftest import NOW, WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import add_held_session
from factories.sessions import COORDINATOR
from jags.adapters.clock import FixedClock
from jags.feedback.model import Round
from jags.feedback.service import make_slips, remind_rounds
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.notifications.service import claim_next, note_sent
from jags.requests.model import Request
from jags.requests.rules import PauseReason
from jags.settings.service import change_setting


def deliver(work_on: WorkOn):
    """Deliver what is due, and return the messages."""
    sent = []
    while True:
        with work_on() as work:
            claimed = claim_next(work, holder="test", paused=())
            if claimed is None:
                return sent
            note_sent(work, claimed.id)
            sent.append(claimed.message)


def remind(work_on: WorkOn, clock: FixedClock, *, days: int = 7) -> int:
    clock.instant = NOW + timedelta(days=days)
    with work_on() as work:
        return remind_rounds(work)


def test_everybody_gets_one_reminder_as_a_reply_whoever_has_answered(
    work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on, people=6)
    invitations = {message["To"]: message for message in deliver(work_on)}
    answer(work_on, tickets[:3])
    # Closes at the end of Tuesday 8 December; five working days before is Tuesday 1 December.
    assert remind(work_on, clock, days=6) == 0

    assert remind(work_on, clock, days=7) == 1

    reminders = deliver(work_on)
    assert {m["To"]: m["In-Reply-To"] for m in reminders} == {
        to: m["Message-ID"] for to, m in invitations.items()
    }
    assert len(reminders) == 6
    for message in reminders:
        text = message.get_body(("plain",)).get_content()
        assert message["References"] == message["In-Reply-To"]
        assert message["Subject"] == "Re: How was the JAGS on Monday 23 November 2026?"
        assert not re.search(r"https?://|/feedback/", message.as_string().replace("https://www.w3.org", ""))
        assert "until the end of Tuesday 8 December 2026" in text
    assert remind(work_on, clock, days=8) == 0
    assert deliver(work_on) == []
    with work_on(write=False) as work:
        assert work.session.scalars(select(Round.threads_sealed)).one() is None


def test_who_was_asked_cannot_be_read_without_the_key_of_the_scheduler(work_on: WorkOn) -> None:
    open_round(work_on, people=2)

    with work_on(write=False) as work:
        sealed = work.session.scalars(select(Round.threads_sealed)).one()
        ids = work.session.scalars(select(OutboxMessage.message_id)).all()
    assert sealed
    assert not any(message_id.encode() in sealed for message_id in ids)


def test_an_invitation_that_has_not_left_is_not_followed_by_a_reminder(
    work_on: WorkOn, clock: FixedClock
) -> None:
    open_round(work_on, people=2)
    with work_on() as work:
        claimed = claim_next(work, holder="test", paused=())
        assert claimed
        note_sent(work, claimed.id)

    assert remind(work_on, clock) == 1

    with work_on(write=False) as work:
        reminders = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.FEEDBACK_REMINDER)
        ).all()
        assert len(reminders) == 1


def test_nobody_is_reminded_during_a_pause_after_closing_or_where_the_setting_says_so(
    work_on: WorkOn, clock: FixedClock
) -> None:
    open_round(work_on, people=2)
    deliver(work_on)
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        request.paused_at, request.paused_reason = work.now, PauseReason.DEATH
    assert remind(work_on, clock) == 0
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        request.paused_at = request.paused_reason = None
        change_setting(work, "feedback_reminder_days", 0)
    assert remind(work_on, clock) == 0
    with work_on() as work:
        change_setting(work, "feedback_reminder_days", 5)
    close(work_on, clock)

    assert remind(work_on, clock, days=16) == 0


def test_a_reminder_that_has_not_left_by_the_closing_moment_does_not_leave(
    work_on: WorkOn, clock: FixedClock
) -> None:
    open_round(work_on, people=2)
    deliver(work_on)
    remind(work_on, clock)

    close(work_on, clock)

    with work_on(write=False) as work:
        kinds = select(OutboxMessage.state).where(OutboxMessage.kind == MailKind.FEEDBACK_REMINDER)
        assert set(work.session.scalars(kinds)) == {MailState.WITHDRAWN}
    assert deliver(work_on) == []


@pytest.mark.parametrize("people", [1])
def test_slips_are_not_reminded_of(work_on: WorkOn, clock: FixedClock, people: int) -> None:
    with work_on() as work:
        session_id = add_held_session(work, people=people).id
    with work_on(COORDINATOR) as work:
        make_slips(work, session_id, number=people)

    assert remind(work_on, clock) == 0
