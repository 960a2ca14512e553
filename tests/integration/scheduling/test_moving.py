"""Move a session and change who is invited: the same calendar entry is updated, and only those concerned are told."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from factories.sessions import (
    COORDINATOR,
    WALL,
    agree,
    appointment,
    arrange,
    deliver,
    mail,
)
from jags.facilitators.model import Booking
from jags.kernel.errors import Stale
from jags.notifications.rules import MailState
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import (
    get_session,
    present_attendees,
)
from jags.scheduling.rules import Place
from jags.scheduling.service import change_participants, move_session


def event(sent):
    return Calendar.from_ical(sent.envelope.calendar_text).events[0]


def bookings(work):
    return work.session.scalars(select(Booking).order_by(Booking.starts_at, Booking.person_id)).all()


def test_moving_updates_the_same_entry_and_frees_the_old_time(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)
    later = WALL + timedelta(hours=1)

    with work_on(COORDINATOR) as work:
        version = work.session.get_one(JagsSession, session_id).version
        move_session(
            work, session_id, appointment(later, minutes=90, place=Place(venue="Library")), version=version
        )

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        sent = mail(work, session_id)
        assert [s.kind for s in sent] == ["session_changed"] * 3
        assert {(event(s)["UID"], event(s)["SEQUENCE"]) for s in sent} == {(session.calendar_uid, 1)}
        assert {str(event(s)["LOCATION"]) for s in sent} == {"Library"}
        assert {(b.starts_at, b.ends_at) for b in bookings(work)} == {
            (datetime(2026, 12, 8, 13, 50, tzinfo=UTC), datetime(2026, 12, 8, 17, 30, tzinfo=UTC))
        }
        assert len(bookings(work)) == 2


def test_moving_before_the_invitation_left_sends_one_true_invitation(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        move_session(work, session_id, appointment(WALL + timedelta(days=1)), version=session.version)

    with work_on() as work:
        waiting = mail(work, session_id)
        assert [s.kind for s in waiting] == ["session_invitation"] * 3
        assert all("Wednesday 9 December 2026" in s.envelope.params["when"] for s in waiting)
        assert len(mail(work, session_id, state=MailState.WITHDRAWN)) == 3


def test_moving_to_the_same_place_and_time_tells_nobody(work_on):
    session_id = arrange(work_on, agree(work_on, people=1))
    deliver(work_on, session_id)

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        move_session(work, session_id, appointment(WALL), version=session.version)

    with work_on() as work:
        assert mail(work, session_id) == []
        assert work.session.get_one(JagsSession, session_id).calendar_sequence == 0


def test_only_the_person_who_is_removed_gets_a_cancellation_and_only_the_new_one_an_invitation(work_on):
    offered = agree(work_on, people=3)
    with work_on() as work:
        ids = [m.id for m in work.session.get_one(Request, offered.request_id).network]
    session_id = arrange(work_on, offered, member_ids=ids[:2])
    deliver(work_on, session_id)

    with work_on(COORDINATOR) as work:
        version = get_session(work, session_id).version
        change_participants(work, session_id, member_ids=ids[1:], version=version)
    with pytest.raises(Stale), work_on(COORDINATOR) as work:
        change_participants(work, session_id, member_ids=ids, version=version)

    with work_on() as work:
        cancelled, invited = mail(work, session_id)
        assert (cancelled.kind, cancelled.envelope.email) == ("called_off", "person0@example.org")
        assert (cancelled.envelope.calendar_method, event(cancelled)["STATUS"]) == ("CANCEL", "CANCELLED")
        assert event(cancelled)["SEQUENCE"] == 1
        assert (invited.kind, invited.envelope.email) == ("session_invitation", "person2@example.org")
        present = present_attendees(work.session.get_one(JagsSession, session_id))
        assert [a.member_id for a in present] == ids[1:]

    with work_on(COORDINATOR) as work:
        change_participants(work, session_id, member_ids=ids, version=get_session(work, session_id).version)
    with work_on() as work:
        assert {s.envelope.email for s in mail(work, session_id) if s.kind == "session_invitation"} == {
            "person0@example.org",
            "person2@example.org",
        }
