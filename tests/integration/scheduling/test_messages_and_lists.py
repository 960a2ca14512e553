"""What people find in their mail about a session, and the lists of sessions."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from conftest import NOW
from factories.pool import signs_in
from factories.requests import coordinator
from factories.sessions import COORDINATOR, WALL, agree, arrange, deliver
from jags.accounts.model import Recusal
from jags.kernel.errors import NotFound
from jags.notifications.service import claim_next, note_sent
from jags.scheduling.queries import get_session, sessions_for_person, this_weeks_sessions
from jags.scheduling.service import postpone_session


def delivered(work_on, subject):
    """Deliver everything that is due and return the messages whose subject begins so, by their address."""
    found = {}
    while True:
        with work_on() as work:
            claimed = claim_next(work, holder="test", paused=())
            if claimed is None:
                return found
            note_sent(work, claimed.id)
            if claimed.message["Subject"].startswith(subject):
                found[claimed.message["To"].addresses[0].addr_spec] = claimed.message


def test_an_invitation_reads_well_and_calendars_accept_it(work_on):
    arrange(work_on, agree(work_on, people=1))

    messages = delivered(work_on, "Invitation")

    guest, facilitator = messages["person0@example.org"], messages["ash.reed@example.org"]
    assert guest["Subject"] == "Invitation: JAGS-2026-0001"
    plain = guest.get_body(("plain",)).get_content()
    assert "Dear Person 0" in plain
    assert "Tuesday 8 December 2026, 2pm to 4pm (London time)" in plain
    assert "Town Hall, Room 4" in plain
    assert "/link/" in plain
    assert "two facilitators" not in plain
    assert "one of the two facilitators" in facilitator.get_body(("plain",)).get_content()
    assert "/my-sessions" in facilitator.get_body(("plain",)).get_content()
    (part,) = [p for p in guest.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    entry = Calendar.from_ical(part.get_payload(decode=True).decode()).events[0]
    assert entry.start.replace(tzinfo=None) == WALL
    for message in messages.values():
        assert "Kestrel" not in message.as_string()


def test_nobody_is_invited_to_what_has_begun(work_on, clock):
    session_id = arrange(work_on, agree(work_on, people=1))
    with work_on() as work:
        clock.instant = get_session(work, session_id).starts_at

    assert delivered(work_on, "Invitation") == {}


def test_a_cancellation_names_the_date_and_takes_the_entry_out(work_on):
    session_id = arrange(work_on, agree(work_on, people=1))
    delivered(work_on, "Invitation")
    with work_on(COORDINATOR) as work:
        postpone_session(work, session_id, version=get_session(work, session_id).version)

    message = delivered(work_on, "Called off")["person0@example.org"]

    plain = message.get_body(("plain",)).get_content()
    assert "is postponed" in plain
    assert "Tuesday 8 December 2026" in plain
    (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "CANCEL"


def test_lists_hold_what_is_to_come_what_is_this_week_and_what_is_ones_own(work_on, clock):
    first, second = agree(work_on, people=1), agree(work_on, people=2, names=("Cedar Vale", "Dell Wood"))
    # The London week of NOW ends with Sunday 29 November.
    soon = arrange(work_on, first, wall_start=WALL - timedelta(days=9), unusual_day_ok=True)
    later = arrange(work_on, second, wall_start=WALL - timedelta(days=8))
    deliver(work_on, soon)

    with work_on(COORDINATOR) as work:
        assert [line.session.id for line in this_weeks_sessions(work)] == [soon]
    with work_on() as work:
        person_id = signs_in(work, second.people[0]).person_id
        (own,) = sessions_for_person(work, person_id)
        assert (own.session.id, own.reference, own.people) == (later, "JAGS-2026-0002", 2)
        assert sorted(own.facilitators) == ["Cedar Vale", "Dell Wood"]
    clock.instant = NOW + timedelta(days=5, hours=7)
    with work_on(COORDINATOR) as work:
        assert [line.session.id for line in this_weeks_sessions(work)] == [soon]


def test_no_list_or_page_shows_a_session_to_somebody_who_is_recused(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered, wall_start=WALL - timedelta(days=11))
    with work_on() as work:
        actor = coordinator(work)
        for person_id in (actor.person_id, offered.people[0]):
            work.session.add(Recusal(person_id=person_id, request_id=offered.request_id, since=work.now))

    with work_on(actor) as work:
        assert this_weeks_sessions(work) == []
    with work_on(offered.actors[0]) as work:
        assert sessions_for_person(work, offered.people[0]) == []
    for recused in (actor, offered.actors[0]):
        with pytest.raises(NotFound), work_on(recused) as work:
            get_session(work, session_id)
    with work_on(offered.actors[1]) as work:
        assert len(sessions_for_person(work, offered.people[1])) == 1
