"""Calling a session off, in each of the ways in which that happens, and ending a request at any stage."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select, text

from conftest import NOW
from factories.pool import accepted_request, facilitator, offer_to
from factories.sessions import COORDINATOR, agree, arrange, deliver, mail
from jags.accounts.rules import Purpose
from jags.allocation.queries import agreed_facilitators, live_offers
from jags.facilitators.model import Booking
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, Stale
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
    note_did_not_take_place,
    postpone_session,
)


def requester(request_id):
    return Actor(ActorKind.LINK, "link:1", purpose=Purpose.REQUEST_STATUS, subject_id=request_id)


def bookings(work):
    return work.session.scalars(select(Booking)).all()


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


def test_a_session_whose_time_has_come_is_not_postponed(work_on, clock):
    session_id = arrange(work_on, agree(work_on, people=1))
    clock.instant = NOW + timedelta(days=15)
    with pytest.raises(MoveNotPossible, match="Note whether it took place"), work_on(COORDINATOR) as work:
        postpone_session(work, session_id, version=get_session(work, session_id).version)


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
