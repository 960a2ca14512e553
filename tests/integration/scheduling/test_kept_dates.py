"""A date that is kept through a change of facilitator: it stands again where it suits, waits where it does not, or is let go."""

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select, text

from conftest import NOW
from factories.pool import facilitator, offer_to, offers_slots, signs_in, span
from factories.requests import coordinator
from factories.sessions import COORDINATOR, WALL, accept_all, agree, arrange, deliver, mail, schedule
from jags.accounts.model import Recusal
from jags.allocation.queries import kept_offers
from jags.facilitators.model import Booking
from jags.facilitators.rules import BookingKind
from jags.facilitators.rules.calendar import Reading
from jags.facilitators.service import (
    book,
    claim_calendar,
    give_availability,
    give_calendar,
    note_calendar_read,
)
from jags.kernel.errors import MoveNotPossible, NotAllowed, NotFound, Stale
from jags.requests.model import Request
from jags.requests.rules import State
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session, panel
from jags.scheduling.rules import SessionState
from jags.scheduling.service import (
    let_date_go,
    step_back,
    step_back_from_offer,
)


def bookings(work):
    return work.session.scalars(select(Booking)).all()


def steps_back(work, offered, person_id):
    """Step back with a form that is fresh."""
    version = work.session.get_one(Request, offered.request_id).version
    step_back(work, offered.request_id, person_id=person_id, version=version)


def state_of(work_on, request_id):
    with work_on() as work:
        return work.session.get_one(Request, request_id).state


def test_stepping_back_keeps_partner_and_date_and_clears_only_the_own_calendar(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)
    leaving, staying = offered.people

    with pytest.raises(NotAllowed), work_on(offered.actors[1]) as work:
        steps_back(work, offered, leaving)
    with work_on(offered.actors[0]) as work:
        steps_back(work, offered, leaving)

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (session.state, session.request.state) == (SessionState.SCHEDULED, State.ACCEPTED)
        assert [f.person_id for f in session.facilitators] == [staying]
        assert [b.person_id for b in bookings(work)] == [staying]
        assert kept_offers(work, [offered.request_id]).get(offered.request_id).person_id == staying
        (sent,) = mail(work, session_id)
        assert (sent.kind, sent.recipient_ref) == ("called_off", str(leaving))
    with pytest.raises(NotFound), work_on(offered.actors[0]) as work:
        steps_back(work, offered, leaving)


def test_nobody_steps_back_from_a_session_that_has_begun(work_on, clock):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    clock.instant = NOW + timedelta(days=14, hours=5)

    with pytest.raises(MoveNotPossible, match="has begun"), work_on(offered.actors[0]) as work:
        steps_back(work, offered, offered.people[0])


def test_a_kept_partner_who_steps_back_too_is_freed_of_the_kept_date(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    leaving, staying = offered.people
    with work_on(offered.actors[0]) as work:
        steps_back(work, offered, leaving)
    deliver(work_on, session_id)

    with work_on(offered.actors[1]) as work:
        kept = kept_offers(work, [offered.request_id]).get(offered.request_id)
        step_back_from_offer(work, kept.id, version=kept.version)

    with work_on() as work:
        assert bookings(work) == []
        assert work.session.get_one(JagsSession, session_id).facilitators == []
        assert kept_offers(work, [offered.request_id]).get(offered.request_id) is None
        assert (str(staying), "called_off") in {(m.recipient_ref, m.kind) for m in mail(work, session_id)}


def change_facilitator(work_on, offered, new_details=None, before_accepting=None):
    """Let the first facilitator step back and Cedar Vale accept in their place; return Cedar Vale's id."""
    leaving, staying = offered.people
    with work_on(offered.actors[0]) as work:
        steps_back(work, offered, leaving)
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        new = facilitator(work, "Cedar Vale", **(new_details or {}))
        again = offer_to(work, request, (staying, new))
    if before_accepting:
        before_accepting(new)
    index = again.people.index(new)
    accept_all(
        work_on,
        type(again)(again.request_id, (new,), (again.offers[index],), (again.actors[index],)),
    )
    return new


def test_a_kept_date_that_suits_the_new_pair_stands_again_by_itself_under_the_same_entry(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)

    new = change_facilitator(work_on, offered)

    leaving, staying = offered.people
    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert session.request.state is State.SCHEDULED
        assert {f.person_id for f in session.facilitators} == {staying, new}
        assert {b.person_id for b in bookings(work)} == {staying, new}
        sent = mail(work, session_id)
        assert {(m.kind, m.recipient_ref) for m in sent} == {
            ("called_off", str(leaving)),
            ("session_invitation", str(new)),
        }
        uids = {Calendar.from_ical(m.envelope.calendar_text).events[0]["UID"] for m in sent}
        assert uids == {session.calendar_uid}


def unsuitable(work_on, clock, offered, how):
    """Change the facilitator so that the kept date cannot stand again: return nothing, leave both agreed."""

    def is_booked(new):
        with work_on() as work:
            starts = datetime.fromisoformat("2026-12-08T15:00+00:00")
            book(work, new, starts, starts + timedelta(hours=1), BookingKind.LEAVE, new)

    def offers_another_day(new):
        with work_on() as work:
            offers_slots(work, new, 0, 1)

    def has_something_in_the_calendar(new):
        """Offer that whole day, with an hour of it taken in a calendar of their own."""
        with work_on() as work:
            give_availability(work, new, [span(WALL.date(), 8, 18)])
            themselves = signs_in(work, new)
        with work_on(themselves) as work:
            give_calendar(work, new, "https://calendar.example.org/me.ics")
        with work_on() as work:
            reading = Reading((span(WALL.date(), 15, 16),))
            note_calendar_read(work, claim_calendar(work), reading)

    def waits(_new):
        clock.instant = NOW + timedelta(days=15)

    acts = {
        "booked": is_booked,
        "another day": offers_another_day,
        "calendar": has_something_in_the_calendar,
        "passed": waits,
    }
    lapses = {"refresher_due_on": NOW.date() + timedelta(days=12)} if how == "not current" else None
    change_facilitator(work_on, offered, lapses, acts.get(how))


@pytest.mark.parametrize("how", ["booked", "another day", "calendar", "passed", "not current"])
def test_a_kept_date_that_does_not_suit_waits_for_the_coordinator_who_can_let_it_go(work_on, clock, how):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    unsuitable(work_on, clock, offered, how)
    deliver(work_on, session_id)
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        assert request.state is State.FACILITATORS_AGREED
        assert panel(work, request).kept
        assert {b.person_id for b in bookings(work) if b.ref == session_id} == {offered.people[1]}

    with work_on(COORDINATOR) as work:
        let_date_go(work, session_id, version=get_session(work, session_id).version)

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (session.state, session.request.state) == (SessionState.POSTPONED, State.FACILITATORS_AGREED)
        assert [b for b in bookings(work) if b.ref == session_id] == []
        assert [m.kind for m in mail(work, session_id)] == ["called_off"] * 2


def test_a_kept_date_that_does_not_suit_is_changed_under_the_same_entry(work_on, clock):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    unsuitable(work_on, clock, offered, "booked")

    with work_on(COORDINATOR) as work:
        later = schedule(work, offered.request_id, wall_start=WALL + timedelta(days=1))
        assert (later.id, later.request.state) == (session_id, State.SCHEDULED)
        assert len({f.person_id for f in later.facilitators}) == 2


def test_a_date_that_stands_is_not_let_go(work_on):
    session_id = arrange(work_on, agree(work_on, people=1))
    with pytest.raises(MoveNotPossible, match="Postpone"), work_on(COORDINATOR) as work:
        let_date_go(work, session_id, version=get_session(work, session_id).version)


def test_a_coordinator_notes_a_step_back_only_of_a_request_that_they_may_see_and_of_a_fresh_form(work_on):
    offered = agree(work_on, people=1)
    with work_on() as work:
        actor = coordinator(work)
        recusal = Recusal(person_id=actor.person_id, request_id=offered.request_id, since=work.now)
        work.session.add(recusal)
    with pytest.raises(NotFound), work_on(actor) as work:
        steps_back(work, offered, offered.people[0])
    with work_on() as work:
        work.session.delete(work.session.scalars(select(Recusal)).one())
    with pytest.raises(Stale), work_on(actor) as work:
        step_back(work, offered.request_id, person_id=offered.people[0], version=1)
    with work_on(actor) as work:
        steps_back(work, offered, offered.people[0])
    assert state_of(work_on, offered.request_id) is State.ACCEPTED


def changed_meanwhile(work, request_id):
    """Change a request as another connection does: what this unit of work has read of it before is not told."""
    request = work.session.get_one(Request, request_id)
    work.session.execute(text("UPDATE request SET version = version + 1"))
    return request


def test_nobody_steps_back_with_a_form_that_went_stale_after_the_request_was_read(work_on):
    offered = agree(work_on)
    person_id = offered.people[0]
    with work_on(COORDINATOR) as work:
        request = changed_meanwhile(work, offered.request_id)
        with pytest.raises(Stale):
            step_back(work, offered.request_id, person_id=person_id, version=request.version)
        work.abandon()
    assert state_of(work_on, offered.request_id) is State.FACILITATORS_AGREED
