"""Calling a session off, in each of the ways in which that happens, and ending a request at any stage."""

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select, text

from conftest import NOW
from factories.pool import accepted_request, facilitator, offer_to, offers_slots, signs_in, span
from factories.requests import coordinator
from factories.sessions import COORDINATOR, WALL, accept_all, agree, arrange, deliver, mail, schedule
from jags.accounts.model import Recusal
from jags.accounts.rules import Purpose
from jags.allocation.queries import agreed_facilitators, kept_offers, live_offers
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
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.requests.rules import State, Verb
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session, panel
from jags.scheduling.rules import SessionState
from jags.scheduling.service import (
    change_participants,
    end_request,
    let_date_go,
    note_did_not_take_place,
    postpone_session,
    step_back,
    step_back_from_offer,
)


def requester(request_id):
    return Actor(ActorKind.LINK, "link:1", purpose=Purpose.REQUEST_STATUS, subject_id=request_id)


def bookings(work):
    return work.session.scalars(select(Booking)).all()


def steps_back(work, offered, person_id):
    """Step back with a form that is fresh."""
    version = work.session.get_one(Request, offered.request_id).version
    step_back(work, offered.request_id, person_id=person_id, version=version)


def end(work_on, request_id, actor=COORDINATOR, **details):
    with work_on(actor) as work:
        version = work.session.get_one(Request, request_id).version
        end_request(work, request_id, **{"version": version, **details})


def state_of(work_on, request_id):
    with work_on() as work:
        return work.session.get_one(Request, request_id).state


def test_postponing_clears_calendars_and_time_and_another_date_is_a_new_entry(work_on):
    offered = agree(work_on, people=1)
    first_id = arrange(work_on, offered)
    deliver(work_on, first_id)

    with work_on(COORDINATOR) as work:
        postpone_session(work, first_id, version=get_session(work, first_id).version, reason="Illness")

    with work_on() as work:
        session = work.session.get_one(JagsSession, first_id)
        assert (session.state, session.request.state) == (SessionState.POSTPONED, State.FACILITATORS_AGREED)
        assert bookings(work) == []
        sent = mail(work, first_id)
        assert [s.kind for s in sent] == ["called_off"] * 3
        assert {s.envelope.calendar_method for s in sent} == {"CANCEL"}
        entries = [Calendar.from_ical(s.envelope.calendar_text).events[0] for s in sent]
        assert {(e["UID"], e["SEQUENCE"]) for e in entries} == {(session.calendar_uid, 1)}
        assert not any("Illness" in str(s.envelope) for s in sent)
    second_id = arrange(work_on, offered)
    with work_on(COORDINATOR) as work:
        shown = panel(work, work.session.get_one(Request, offered.request_id))
        assert shown.session is not None
        assert (shown.session.id, [s.id for s in shown.earlier]) == (second_id, [first_id])


def test_an_invitation_that_never_left_is_withdrawn_and_facilitators_hear_as_of_any_offer(work_on):
    offered = agree(work_on, people=1)
    with work_on() as work:
        for row in work.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.OFFER)):
            row.state = MailState.SENT
    session_id = arrange(work_on, offered)

    end(work_on, offered.request_id, verb=Verb.CANCEL, reason="A duplicate")

    with work_on() as work:
        assert mail(work, session_id) == []
        assert len(mail(work, session_id, state=MailState.WITHDRAWN)) == 3
        told = work.session.scalars(
            select(OutboxMessage.recipient_ref).where(OutboxMessage.kind == MailKind.OFFER_WITHDRAWN)
        ).all()
        assert len(told) == 2


def test_cancelling_a_scheduled_request_tells_everybody_once_and_frees_the_pair(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)

    end(work_on, offered.request_id, verb=Verb.CANCEL, reason="The plan changed", told="We rang you")

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (session.state, session.request.state) == (SessionState.CANCELLED, State.CANCELLED)
        assert (bookings(work), agreed_facilitators(work, offered.request_id)) == ([], [])
        assert [s.kind for s in mail(work, session_id)] == ["called_off"] * 3
        kinds = work.session.scalars(
            select(OutboxMessage.kind).where(OutboxMessage.about_ref == str(offered.request_id))
        ).all()
        assert kinds.count(MailKind.REQUEST_CLOSED_OTHERWISE) == 1
        assert kinds.count(MailKind.OFFER_WITHDRAWN) == 0


def test_the_requester_withdraws_by_their_own_link_and_by_no_other_verb_or_link(work_on):
    with work_on() as work:
        request = accepted_request(work)
        other = accepted_request(work, email="other@example.org")
        offered = offer_to(work, request, tuple(facilitator(work, n) for n in ("Ash Reed", "Birch Lane")))
        request_id, other_id = request.id, other.id
    for refused in (
        {"verb": Verb.CANCEL, "reason": "x"},
        {"verb": Verb.SIGNPOST, "reason": "x", "route": "tacs"},
    ):
        with pytest.raises(NotAllowed):
            end(work_on, request_id, requester(request_id), **refused)
    with pytest.raises(NotAllowed):
        end(work_on, other_id, requester(request_id), verb=Verb.WITHDRAW)
    with pytest.raises(NotAllowed):
        end(work_on, request_id, offered.actors[0], verb=Verb.WITHDRAW)

    end(work_on, request_id, requester(request_id), verb=Verb.WITHDRAW)

    assert (state_of(work_on, request_id), state_of(work_on, other_id)) == (State.WITHDRAWN, State.ACCEPTED)
    with work_on() as work:
        assert live_offers(work, request_id) == []


def test_ending_asks_for_a_reason_and_a_route_and_a_fresh_form(work_on):
    with work_on() as work:
        request_id = accepted_request(work).id
    for details, field in (
        ({"verb": Verb.CANCEL}, "reason"),
        ({"verb": Verb.SIGNPOST, "route": "tacs"}, "reason"),
        ({"verb": Verb.SIGNPOST, "reason": "Needs a plan", "route": "nowhere"}, "route"),
    ):
        with pytest.raises(Invalid) as refused:
            end(work_on, request_id, **details)
        assert refused.value.field == field
    with pytest.raises(Stale):
        end(work_on, request_id, verb=Verb.CANCEL, reason="x", version=0)
    assert state_of(work_on, request_id) is State.ACCEPTED

    end(
        work_on,
        request_id,
        verb=Verb.SIGNPOST,
        reason="Needs a plan",
        route="tacs",
        contact_given="The TACS team",
    )

    with work_on() as work:
        request = work.session.get_one(Request, request_id)
        assert (request.state, request.route) == (State.SIGNPOSTED, "tacs")


def test_a_request_whose_session_has_begun_is_not_ended_before_that_is_settled(work_on, clock):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    clock.instant = NOW + timedelta(days=15)
    with pytest.raises(MoveNotPossible):
        end(work_on, offered.request_id, verb=Verb.CANCEL, reason="x")

    with work_on(COORDINATOR) as work:
        note_did_not_take_place(work, session_id, version=get_session(work, session_id).version)

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert session.state is SessionState.DID_NOT_TAKE_PLACE
        assert session.request.state is State.FACILITATORS_AGREED
        assert (bookings(work), mail(work, session_id)) == ([], [])


def test_a_session_to_come_cannot_have_failed_to_take_place(work_on):
    session_id = arrange(work_on, agree(work_on, people=1))

    with pytest.raises(Invalid, match="postpone"), work_on(COORDINATOR) as work:
        note_did_not_take_place(work, session_id, version=get_session(work, session_id).version)


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


def test_a_session_whose_time_has_come_is_not_postponed(work_on, clock):
    session_id = arrange(work_on, agree(work_on, people=1))
    clock.instant = NOW + timedelta(days=15)
    with pytest.raises(MoveNotPossible, match="Note whether it took place"), work_on(COORDINATOR) as work:
        postpone_session(work, session_id, version=get_session(work, session_id).version)


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


def test_nothing_of_an_ended_session_can_be_changed(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    end(work_on, offered.request_id, verb=Verb.CANCEL, reason="x")

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        version, members = session.version, [a.member_id for a in session.attendees]
    with pytest.raises(MoveNotPossible), work_on(COORDINATOR) as work:
        change_participants(work, session_id, member_ids=members, version=version)
    with pytest.raises(MoveNotPossible), work_on(COORDINATOR) as work:
        postpone_session(work, session_id, version=version)


def changed_meanwhile(work, request_id):
    """Change a request as another connection does: what this unit of work has read of it before is not told."""
    request = work.session.get_one(Request, request_id)
    work.session.execute(text("UPDATE request SET version = version + 1"))
    return request


def test_a_form_that_went_stale_after_the_request_was_read_ends_nothing(work_on):
    with work_on() as work:
        request_id = accepted_request(work).id
    with work_on(COORDINATOR) as work:
        request = changed_meanwhile(work, request_id)
        with pytest.raises(Stale):
            end_request(work, request_id, verb=Verb.WITHDRAW, version=request.version, reason="Not needed")
        work.abandon()
    assert state_of(work_on, request_id) is State.ACCEPTED


def test_nobody_steps_back_with_a_form_that_went_stale_after_the_request_was_read(work_on):
    offered = agree(work_on)
    person_id = offered.people[0]
    with work_on(COORDINATOR) as work:
        request = changed_meanwhile(work, offered.request_id)
        with pytest.raises(Stale):
            step_back(work, offered.request_id, person_id=person_id, version=request.version)
        work.abandon()
    assert state_of(work_on, offered.request_id) is State.FACILITATORS_AGREED
