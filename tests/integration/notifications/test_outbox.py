"""A message is queued with its cause, claimed by one sender, and tried again."""

import base64
import dataclasses
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from factories.outbox import PAUSED, claim, queue, row_of, sent_by, states
from jags.accounts.model import Link
from jags.accounts.queries import find_link_by_secret
from jags.accounts.rules import Purpose
from jags.audit.model import AuditEvent
from jags.kernel.errors import SetupIncomplete
from jags.kernel.ids import new_id
from jags.kernel.sealing import DataKey
from jags.notifications.model import MailTemplate, OutboxMessage
from jags.notifications.rules import CLAIM_LEASE, RETRY_AFTER, MailKind, MailState, Recipient
from jags.notifications.service import (
    LinkWanted,
    claim_next,
    note_not_sent,
)


def test_one_cause_recipient_and_kind_is_one_message(work_on):
    with work_on() as work:
        assert queue(work) is not None
        assert queue(work) is None
    with work_on() as work:
        assert queue(work, params={"role": "another", "days": "1"}) is None
        assert queue(work, recipient_ref="birch", to=Recipient("Birch Lane", "birch@example.org")) is not None
        assert queue(work, kind=MailKind.STATUS_LINK) is not None
        assert queue(work, cause="another cause") is not None


def test_a_message_is_there_only_with_its_cause(work_on):
    with work_on() as work:
        queue(work)
        work.abandon()
    assert states(work_on) == {}


def test_the_database_holds_no_address_and_no_value_of_a_message(work_on):
    with work_on() as work:
        queue(work)
    with work_on(write=False) as work:
        stored = [
            repr(work.session.execute(select(table.__table__)).mappings().all())
            for table in (OutboxMessage, AuditEvent)
        ]
    assert not any(text in row for row in stored for text in ("ash@example.org", "Ash Reed", "made-before"))


def test_the_oldest_due_message_goes_first_and_none_before_its_time(work_on, clock):
    with work_on() as work:
        for minutes in (5, 0, 2):
            queue(
                work,
                f"in {minutes}",
                to=Recipient("Ash", f"in{minutes}@example.org"),
                due_at=work.now + timedelta(minutes=minutes),
            )
    assert sent_by(work_on) == ["in0@example.org"]
    clock.instant += timedelta(minutes=5)
    assert sent_by(work_on) == ["in2@example.org", "in5@example.org"]


def test_what_was_sent_is_blanked_and_not_sent_again(work_on, clock):
    with work_on() as work:
        queue(work)
    assert sent_by(work_on) == ["ash@example.org"]
    clock.instant += timedelta(days=1)
    assert claim(work_on) is None
    with work_on(write=False) as work:
        row = row_of(work)
        assert (row.state, row.envelope_sealed, row.sent_at) == (MailState.SENT, None, row.queued_at)
        tags = work.session.scalars(select(AuditEvent.tag).order_by(AuditEvent.seq)).all()
    assert tags == ["mail:queued", "mail:sent"]


def test_senders_at_the_same_time_never_claim_the_same_message(work_on):
    with work_on() as work:
        for number in range(12):
            queue(work, f"{number}", to=Recipient("Ash", f"ash{number}@example.org"))
    with ThreadPoolExecutor(3) as pool:
        claimed = [address for batch in pool.map(lambda h: sent_by(work_on, h), "abc") for address in batch]
    assert sorted(claimed) == sorted(f"ash{number}@example.org" for number in range(12))


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_on_postgresql_a_second_sender_takes_the_next_message_without_waiting(work_on):
    with work_on() as work:
        first = queue(work, "1").id
        second = queue(work, "2", due_at=work.now).id
    with work_on() as one, work_on() as two:
        claimed = [claim_next(work, holder="x", paused=[PAUSED]).id for work in (one, two)]
        assert claim_next(two, holder="y", paused=[PAUSED]) is None
    assert set(claimed) == {first, second}


def test_a_claim_that_brings_no_result_is_taken_over_with_the_same_message_id(work_on, clock):
    with work_on() as work:
        queue(work)
    first = claim(work_on, "killed")
    clock.instant += CLAIM_LEASE
    assert claim(work_on, "other") is None
    clock.instant += timedelta(seconds=1)
    second = claim(work_on, "other")
    assert (second.id, second.message["Message-ID"]) == (first.id, first.message["Message-ID"])
    with work_on(write=False) as work:
        assert (row_of(work).claimed_by, row_of(work).attempts) == ("other", 2)


def test_a_refused_message_is_tried_after_growing_pauses_and_then_failed(work_on, clock):
    with work_on() as work:
        queue(work)
    ids, pauses = set(), []
    for _ in RETRY_AFTER:
        claimed = claim(work_on)
        ids.add(claimed.message["Message-ID"])
        with work_on() as work:
            note_not_sent(work, claimed.id, problem="code 451")
            pauses.append(row_of(work).due_at - work.now)
            clock.instant = row_of(work).due_at
    claimed = claim(work_on)
    with work_on() as work:
        note_not_sent(work, claimed.id, problem="code 451")
    clock.instant += timedelta(days=30)
    assert claim(work_on) is None
    assert pauses == list(RETRY_AFTER)
    assert ids == {claimed.message["Message-ID"]}
    with work_on(write=False) as work:
        assert (row_of(work).state, row_of(work).last_problem) == (MailState.FAILED, "code 451")
        last = work.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert (last.tag, json.loads(last.payload)) == ("mail:failed", {"attempts": 7, "kind": "invitation"})


def spoil_envelope(work):
    row_of(work, "poison").envelope_sealed = b"\x01" + os.urandom(80)


def swap_envelopes(work):
    row_of(work, "poison").envelope_sealed = row_of(work, "good").envelope_sealed


def forget_envelope(work):
    row_of(work, "poison").envelope_sealed = None


def ask_for_more(work):
    work.session.add(
        MailTemplate(
            kind=MailKind.STATUS_LINK, version=1, subject="x", body="${nothing}", changed_at=work.now
        )
    )


def break_template(work):
    work.session.add(
        MailTemplate(kind=MailKind.STATUS_LINK, version=1, subject="$ 5", body="x", changed_at=work.now)
    )


def nothing_more(_work):
    pass


@pytest.mark.parametrize(
    ("spoil", "email", "problem"),
    [
        (spoil_envelope, "ash@example.org", "SealBroken"),
        (swap_envelopes, "ash@example.org", "SealBroken"),
        (forget_envelope, "ash@example.org", "ValueError"),
        (ask_for_more, "ash@example.org", "KeyError"),
        (break_template, "ash@example.org", "ValueError"),
        (nothing_more, "ash@example.org\r\nBcc: eve@example.org", "ValueError"),
        (nothing_more, "@", "ValueError"),
    ],
)
def test_a_message_that_cannot_be_rendered_is_failed_and_stops_no_other(work_on, spoil, email, problem):
    with work_on() as work:
        queue(
            work, "poison", kind=MailKind.STATUS_LINK, to=Recipient("Ash", email), params={"reference": "J"}
        )
        queue(work, "good", due_at=work.now + timedelta(0), to=Recipient("Birch", "birch@example.org"))
        row_of(work, "poison").due_at -= timedelta(minutes=1)
        spoil(work)
    assert sent_by(work_on) == ["birch@example.org"]
    assert states(work_on) == {"poison": MailState.FAILED, "good": MailState.SENT}
    with work_on(write=False) as work:
        assert row_of(work, "poison").last_problem == problem


def test_a_missing_key_is_no_fault_of_the_message(work_on):
    with work_on() as work:
        queue(work)
        work.session.execute(
            update(DataKey).where(DataKey.name == "outbox").values(master_key_id="elsewhere")
        )
    with pytest.raises(SetupIncomplete, match="The master key elsewhere is needed"):
        claim(work_on)
    assert states(work_on) == {"cause": MailState.QUEUED}


def test_mail_for_the_scheduler_alone_cannot_be_read_in_another_process(work_on, app):
    with work_on() as work:
        queue(work, only_for_jobs=True)
    ports = app.extensions["jags_ports"]
    app.extensions["jags_ports"] = dataclasses.replace(ports, jobs_private_key=None)
    with pytest.raises(SetupIncomplete, match="Only the scheduler process"):
        claim(work_on)
    app.extensions["jags_ports"] = ports
    assert sent_by(work_on) == ["ash@example.org"]
    with work_on(write=False) as work:
        # When feedback mail went is kept nowhere but in its own row.
        assert work.session.scalars(select(AuditEvent.tag)).all() == []


def test_a_link_is_made_at_delivery_and_only_its_hash_is_kept(work_on, clock):
    subject = new_id()
    with work_on() as work:
        queue(work, link=LinkWanted(Purpose.OFFER, subject, timedelta(days=7)))
        assert work.session.scalars(select(Link)).all() == []
    clock.instant += timedelta(hours=1)
    message = claim(work_on).message
    secret = message.get_body(("plain",)).get_content().partition("/link/")[2].split()[0]
    with work_on(write=False) as work:
        link = find_link_by_secret(work, secret)
        assert (link.purpose, link.subject_id) == (Purpose.OFFER, subject)
        assert link.expires_at == clock.instant + timedelta(days=7)
        assert secret.encode() not in link.secret_hash


def test_the_newest_edited_template_is_used(work_on):
    with work_on() as work:
        for version in (1, 2):
            work.session.add(
                MailTemplate(
                    kind=MailKind.INVITATION,
                    version=version,
                    subject=f"Version {version} for ${{role}}",
                    body="Dear ${recipient_name}",
                    changed_at=work.now,
                )
            )
        queue(work)
    assert claim(work_on).message["Subject"] == "Version 2 for coordinator"


def test_claiming_looks_at_one_message_however_many_wait(work_on):
    with work_on() as work:
        for number in range(20):
            queue(work, f"waits {number}", about_ref=PAUSED)
        queue(work, "goes")
    asked = []
    with work_on() as work:
        engine = work.session.get_bind()
        note = lambda _c, _cursor, statement, *_rest: asked.append(statement)  # noqa: E731 - It must be removed again.
        event.listen(engine, "before_cursor_execute", note)
        claimed = claim_next(work, holder="a", paused=[PAUSED])
        event.remove(engine, "before_cursor_execute", note)
        assert claimed.id == row_of(work, "goes").id
    assert len([statement for statement in asked if "FROM outbox_message" in statement]) == 1


def test_a_key_that_was_destroyed_fails_its_messages_only(work_on):
    with work_on() as work:
        queue(work)
        work.session.execute(
            update(DataKey).where(DataKey.name == "outbox").values(wrapped=base64.b64encode(os.urandom(45)))
        )
    assert claim(work_on) is None
    assert states(work_on) == {"cause": MailState.FAILED}
