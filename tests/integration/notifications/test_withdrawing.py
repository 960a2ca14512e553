"""What became untrue, is paused or was given up: withdrawn, held back, or sent again by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.outbox import PAUSED, claim, queue, row_of, sent_by, states
from jags.audit.model import AuditEvent
from jags.kernel.errors import MoveNotPossible
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import RETRY_AFTER, MailKind, MailState, Recipient
from jags.notifications.service import (
    claim_next,
    give_back,
    note_not_sent,
    send_again,
    set_aside,
    still_wanted,
    withdraw_mail,
)


@pytest.mark.parametrize(
    ("which", "withdrawn"),
    [
        ({"cause_prefix": "session:1:"}, {"session:1:a", "session:1:b"}),
        ({"cause_prefix": "session:_:"}, set()),
        ({"cause_prefix": "session:1:", "recipient_ref": "birch"}, {"session:1:b"}),
        ({"recipient_ref": "ash"}, {"session:1:a", "session:2:a"}),
        ({"about_ref": "request-2"}, {"session:2:a", "session:2:c"}),
        ({"about_ref": "request-2", "kind": MailKind.STATUS_LINK}, {"session:2:c"}),
    ],
)
def test_what_became_untrue_is_withdrawn_by_what_it_belongs_to(work_on, which, withdrawn):
    with work_on() as work:
        queue(work, "session:1:a", about_ref="request-1")
        queue(work, "session:1:b", about_ref="request-1", recipient_ref="birch")
        queue(work, "session:2:a", about_ref="request-2")
        queue(work, "session:2:c", about_ref="request-2", recipient_ref="cedar", kind=MailKind.STATUS_LINK)
    with work_on() as work:
        assert withdraw_mail(work, **which) == len(withdrawn)
    assert {cause for cause, state in states(work_on).items() if state is MailState.WITHDRAWN} == withdrawn
    with work_on(write=False) as work:
        blank = work.session.scalars(
            select(OutboxMessage.cause_ref).where(OutboxMessage.envelope_sealed.is_(None))
        )
        assert set(blank) == withdrawn


def test_withdrawing_everything_by_mistake_is_refused(work_on):
    with work_on() as work, pytest.raises(ValueError, match="say which messages"):
        withdraw_mail(work)


def test_what_was_sent_is_not_withdrawn(work_on):
    with work_on() as work:
        queue(work)
    sent_by(work_on)
    with work_on() as work:
        assert withdraw_mail(work, cause_prefix="cause") == 0
    assert states(work_on) == {"cause": MailState.SENT}


def test_a_message_withdrawn_between_claim_and_send_does_not_go(work_on, clock):
    with work_on() as work:
        queue(work)
    claimed = claim(work_on)
    with work_on() as work:
        withdraw_mail(work, cause_prefix="cause")
    with work_on(write=False) as work:
        assert not still_wanted(work, claimed.id, paused=[PAUSED])
    with work_on() as work:
        give_back(work, claimed.id)
    clock.instant += timedelta(days=1)
    assert claim(work_on) is None
    assert states(work_on) == {"cause": MailState.WITHDRAWN}


def test_a_message_withdrawn_while_the_server_refused_it_stays_withdrawn(work_on):
    with work_on() as work:
        queue(work)
    claimed = claim(work_on)
    with work_on() as work:
        withdraw_mail(work, cause_prefix="cause")
    with work_on() as work:
        note_not_sent(work, claimed.id, problem="code 451")
    assert states(work_on) == {"cause": MailState.WITHDRAWN}


def test_mail_about_a_paused_request_waits_and_lets_others_pass(work_on):
    with work_on() as work:
        queue(work, "waits", about_ref=PAUSED)
        queue(work, "note", about_ref=PAUSED, sent_when_paused=True, to=Recipient("N", "note@example.org"))
        queue(work, "other", about_ref="request-2", to=Recipient("O", "other@example.org"))
    assert sorted(sent_by(work_on)) == ["note@example.org", "other@example.org"]
    assert states(work_on)["waits"] is MailState.QUEUED


def test_what_is_not_true_any_more_is_withdrawn_instead_of_sent(work_on, clock):
    with work_on() as work:
        begins = work.now + timedelta(hours=1)
        queue(work, "session", about_ref=PAUSED, not_after=begins)
        queue(work, "in time", not_after=begins, to=Recipient("T", "in-time@example.org"))
        queue(work, "always", about_ref=PAUSED, to=Recipient("A", "always@example.org"))
    assert sent_by(work_on) == ["in-time@example.org"]
    clock.instant += timedelta(hours=1)
    with work_on() as work:
        assert claim_next(work, holder="a", paused=[PAUSED]) is None
        assert row_of(work, "session").state is MailState.QUEUED
    with work_on() as work:
        claimed = claim_next(work, holder="a", paused=[])
        assert claimed.message["To"].addresses[0].username == "always"
        assert claim_next(work, holder="a", paused=[]) is None
        row = row_of(work, "session")
        assert (row.state, row.envelope_sealed) == (MailState.WITHDRAWN, None)


def give_up(work_on, cause="cause"):
    with work_on() as work:
        row_of(work, cause).state = MailState.FAILED
        row_of(work, cause).attempts = len(RETRY_AFTER) + 1


def test_a_message_that_was_given_up_is_sent_again_with_all_its_attempts(work_on, clock):
    with work_on() as work:
        message_id = queue(work).id
    give_up(work_on)
    assert sent_by(work_on) == []
    clock.instant += timedelta(days=1)
    with work_on() as work:
        send_again(work, message_id)
    claimed = claim(work_on)
    with work_on() as work:
        note_not_sent(work, claimed.id, problem="code 451")
    clock.instant += RETRY_AFTER[0]
    assert sent_by(work_on) == ["ash@example.org"]
    with pytest.raises(MoveNotPossible), work_on() as work:
        send_again(work, message_id)
    with work_on(write=False) as work:
        tags = work.session.scalars(select(AuditEvent.tag).order_by(AuditEvent.seq)).all()
    assert tags == ["mail:queued", "mail:queued_again", "mail:sent"]


def test_a_message_that_was_given_up_and_set_aside_or_became_untrue_is_gone(work_on):
    with work_on() as work:
        aside = queue(work, "aside").id
        untrue = queue(work, "untrue").id
    give_up(work_on, "aside")
    give_up(work_on, "untrue")
    with work_on() as work:
        set_aside(work, aside)
        assert withdraw_mail(work, cause_prefix="untrue") == 1
    assert set(states(work_on).values()) == {MailState.WITHDRAWN}
    for message_id in (aside, untrue):
        with pytest.raises(MoveNotPossible), work_on() as work:
            send_again(work, message_id)


def test_a_message_paused_between_claim_and_send_waits_without_losing_an_attempt(work_on):
    with work_on() as work:
        queue(work, about_ref="request-1")
    claimed = claim(work_on)
    with work_on(write=False) as work:
        assert still_wanted(work, claimed.id, paused=[PAUSED])
        assert not still_wanted(work, claimed.id, paused=["request-1"])
    with work_on() as work:
        give_back(work, claimed.id)
        assert (row_of(work).state, row_of(work).attempts) == (MailState.QUEUED, 0)
    assert sent_by(work_on) == ["ash@example.org"]
