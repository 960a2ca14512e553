"""Reminders leave once, on the day of the plan, never late; coordinators hear once a day what waits."""

from datetime import datetime

import pytest
from sqlalchemy import select

from factories.requests import coordinator, in_triage
from factories.sessions import COORDINATOR, WALL, agree, appointment, arrange, deliver
from jags.accounts.model import Recusal
from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import set_status
from jags.kernel.actor import system
from jags.kernel.errors import Invalid
from jags.kernel.time import from_wall
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.notifications.service import claim_next, note_sent
from jags.requests.queries import too_late
from jags.scheduling.queries import get_session
from jags.scheduling.service import move_session, postpone_session, send_digests, send_reminders
from jags.settings.service import change_setting


def london(text):
    return from_wall(datetime.fromisoformat(text))


def remind(work_on):
    with work_on(system("test")) as work:
        return send_reminders(work)


def kinds(work_on, state=MailState.QUEUED):
    with work_on(write=False) as work:
        return sorted(
            work.session.scalars(select(OutboxMessage.kind).where(OutboxMessage.state == state)).all()
        )


def arranged(work_on):
    """Arrange a session on Tuesday 8 December, 2pm, for two participants, and deliver the invitations."""
    session_id = arrange(work_on, agree(work_on, people=2))
    deliver(work_on, session_id)
    with work_on() as work:
        for row in work.session.scalars(select(OutboxMessage)):
            row.state = MailState.SENT
    return session_id


def test_the_plan_is_followed_and_each_reminder_leaves_once(work_on, clock):
    arranged(work_on)
    assert remind(work_on) == 0
    clock.instant = london("2026-11-28T07:59")
    assert remind(work_on) == 0
    clock.instant = london("2026-11-28T08:00")
    # Ten days before: the two facilitators, who have not prepared.
    assert [remind(work_on), remind(work_on)] == [2, 0]
    clock.instant = london("2026-12-01T08:00")
    assert [remind(work_on), remind(work_on)] == [4, 0]
    clock.instant = london("2026-12-07T08:00")
    assert [remind(work_on), remind(work_on)] == [4, 0]
    clock.instant = london("2026-12-08T14:00")
    assert remind(work_on) == 0
    with work_on(write=False) as work:
        reminders = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.REMINDER)
        ).all()
        assert len({(row.cause_ref, row.recipient_ref) for row in reminders}) == 8


def test_a_reminder_says_when_and_where_and_has_the_readers_own_link(work_on, clock):
    arranged(work_on)
    clock.instant = london("2026-12-07T08:00")
    with work_on() as work:
        change_setting(work, "first_reminder_days", 0)
        change_setting(work, "spoken_days", 0)
    assert remind(work_on) == 4
    found = {}
    with work_on() as work:
        while claimed := claim_next(work, holder="a", paused=[]):
            found[claimed.message["To"].addresses[0].addr_spec] = claimed.message
    guest = found["person0@example.org"]
    text = guest.get_body(("plain",)).get_content()
    assert guest["Subject"] == "Reminder: JAGS-2026-0001"
    assert "Tuesday 8 December 2026, 2pm to 4pm (London time)" in text
    assert "/link/" in text
    assert "/my-sessions" in found["ash.reed@example.org"].get_body(("plain",)).get_content()
    assert not [p for p in guest.walk() if p.get_content_type() == "text/calendar"]


def test_who_was_told_after_the_day_of_the_reminder_is_not_reminded_of_it(work_on, clock):
    clock.instant = london("2026-12-02T09:00")
    arranged(work_on)
    # The reminder of seven days before was due on 1 December, before anybody was invited.
    assert remind(work_on) == 0
    clock.instant = london("2026-12-07T08:00")
    assert remind(work_on) == 4


def test_nobody_is_asked_whether_they_have_spoken_once_they_have_prepared(work_on, clock):
    session_id = arranged(work_on)
    with work_on() as work:
        get_session(work, session_id).request.prepared_on = work.today
    clock.instant = london("2026-11-28T08:00")
    assert remind(work_on) == 0


def test_after_three_days_without_a_scheduler_the_stale_are_skipped_and_listed(work_on, clock):
    arranged(work_on)
    clock.instant = london("2026-12-04T09:00")
    assert remind(work_on) == 6
    with work_on() as work:
        assert claim_next(work, holder="a", paused=[]) is None
    with work_on(COORDINATOR) as work:
        late = too_late(work)
        assert sorted({line.kind for line in late}) == [MailKind.REMINDER, MailKind.SPOKEN_YET]
        assert {line.request.reference for line in late} == {"JAGS-2026-0001"}
    assert remind(work_on) == 0
    clock.instant = london("2026-12-07T08:00")
    assert remind(work_on) == 4


def test_a_session_that_is_moved_or_called_off_is_not_reminded_of(work_on, clock):
    session_id = arranged(work_on)
    clock.instant = london("2026-12-01T08:00")
    remind(work_on)
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        move_session(
            work,
            session_id,
            appointment(WALL.replace(day=9)),
            version=session.version,
        )
    assert set(kinds(work_on)) == {MailKind.SESSION_CHANGED}
    # Seven days before the new date is tomorrow.
    clock.instant = london("2026-12-02T08:00")
    assert remind(work_on) == 4
    with work_on(COORDINATOR) as work:
        postpone_session(work, session_id, version=get_session(work, session_id).version)
    assert MailKind.REMINDER not in kinds(work_on)
    clock.instant = london("2026-12-08T08:00")
    assert remind(work_on) == 0


def test_nothing_is_written_about_what_is_paused(work_on, clock):
    session_id = arranged(work_on)
    with work_on() as work:
        get_session(work, session_id).request.paused_at = work.now
    clock.instant = london("2026-12-01T08:00")
    assert remind(work_on) == 0


def test_each_coordinator_hears_once_a_day_what_waits_as_they_may_see_it(work_on, clock):
    with work_on() as work:
        request = in_triage(work)
        for name in ("Wren Young", "Rowan Hill"):
            coordinator(work, name)
        involved = coordinator(work, "Sorrel Marsh")
        work.session.add(Recusal(person_id=involved.person_id, request_id=request.id, since=work.now))
    with work_on() as work:
        for row in work.session.scalars(select(OutboxMessage)):
            row.state = MailState.SENT
    clock.instant = london("2026-11-25T07:29")
    with work_on(system("test")) as work:
        assert send_digests(work) == 0
    clock.instant = london("2026-11-25T07:30")
    for expected in (2, 0):
        with work_on(system("test")) as work:
            assert send_digests(work) == expected
    with work_on() as work:
        claimed = claim_next(work, holder="a", paused=[])
        text = claimed.message.get_body(("plain",)).get_content()
        note_sent(work, claimed.id)
    assert claimed.message["Subject"] == "Your work today: Wednesday 25 November 2026"
    assert "– 1 request waits for a decision\n" in text
    assert "K.’s" not in text


def test_the_digest_counts_the_facilitators_against_whom_something_stands_now(work_on, clock):
    made = agree(work_on, names=("Ann", "Ben"))
    with work_on() as work:
        coordinator(work, "Wren Young")
        set_status(work, made.people[0], FacilitatorStatus.PAUSED)
        for row in work.session.scalars(select(OutboxMessage)):
            row.state = MailState.SENT
    clock.instant = london("2026-11-25T07:30")
    with work_on(system("test")) as work:
        assert send_digests(work) == 1
    with work_on() as work:
        text = claim_next(work, holder="a", paused=[]).message.get_body(("plain",)).get_content()
    assert "– The facilitators of 1 request have to be looked at again: something stands against" in text


def test_a_digest_is_not_written_at_a_weekend_nor_about_nothing_and_not_sent_the_day_after(work_on, clock):
    with work_on() as work:
        coordinator(work)
    clock.instant = london("2026-11-25T09:00")
    with work_on(system("test")) as work:
        assert send_digests(work) == 0
    with work_on() as work:
        in_triage(work)
        for row in work.session.scalars(select(OutboxMessage)):
            row.state = MailState.SENT
    clock.instant = london("2026-11-28T09:00")
    with work_on(system("test")) as work:
        assert send_digests(work) == 0
    clock.instant = london("2026-11-27T09:00")
    with work_on(system("test")) as work:
        assert send_digests(work) == 1
    clock.instant = london("2026-11-28T00:00")
    with work_on() as work:
        assert claim_next(work, holder="a", paused=[]) is None


@pytest.mark.parametrize("value", ["01:30", "7:30", "24:00", "morning"])
def test_no_digest_is_due_in_the_night_when_the_clocks_change(work_on, value):
    with work_on() as work, pytest.raises(Invalid):
        change_setting(work, "digest_at", value)
