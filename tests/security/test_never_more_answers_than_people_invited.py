"""A promise of privacy: a session never takes more answers than people invited, also where links were lost.

A lost link is replaced by a spare ticket that was there from the beginning: counted, once each, and tied to nobody.
"""

import json
import uuid

import pytest
from sqlalchemy import select

from conftest import WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, close, open_round
from factories.held_sessions import add_held_session, envelope_of
from factories.sessions import COORDINATOR
from jags.accounts.rules import PERMISSIONS, Role
from jags.adapters.clock import FixedClock
from jags.audit.model import AuditEvent
from jags.feedback.model import LostLink, Pool, Round, Ticket
from jags.feedback.queries import lost_links
from jags.feedback.rules import Outcome, spares_for
from jags.feedback.rules.tickets import read
from jags.feedback.service import ask_for_another_link, make_slips, remind_rounds, replace_lost_links
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import NetworkContact, PauseReason
from jags.scheduling.model import JagsSession


def people(work_on: WorkOn, session_id: uuid.UUID) -> list[uuid.UUID]:
    with work_on(write=False) as work:
        request_id = work.session.get_one(JagsSession, session_id).request_id
        found = select(NetworkMember.id).where(NetworkMember.request_id == request_id)
        return list(work.session.scalars(found.order_by(NetworkMember.position)))


def lose(work_on: WorkOn, session_id: uuid.UUID, member_id: uuid.UUID, *, who: Actor = COORDINATOR) -> None:
    with work_on(who) as work:
        ask_for_another_link(work, session_id, member_id=member_id)


def replace(work_on: WorkOn) -> int:
    with work_on() as work:
        return replace_lost_links(work)


def sent_again(work_on: WorkOn) -> dict[str, str]:
    """Return the tickets that were sent instead of lost ones, by address."""
    with work_on(write=False) as work:
        rows = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.FEEDBACK_LINK_AGAIN)
        )
        opened = [envelope_of(work, row) for row in rows]
        return {one["email"]: one["link"].rpartition("/")[2] for one in opened}


def hashes(work_on: WorkOn) -> set[bytes]:
    with work_on(write=False) as work:
        return set(work.session.scalars(select(Ticket.hash)))


def test_another_link_works_like_the_first_and_was_minted_with_it(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, _ = open_round(work_on)
    before = hashes(work_on)
    assert len(before) == 6 + spares_for(6)

    lose(work_on, session_id, people(work_on, session_id)[2])
    assert replace(work_on) == 1

    again = sent_again(work_on)
    assert list(again) == ["person2@example.org"]
    ticket = read(again["person2@example.org"])
    # Nothing is minted for one person: the ticket lay among all others from the beginning.
    assert ticket is not None
    assert ticket.hash in before == hashes(work_on)
    assert replace(work_on) == 0
    assert answer(work_on, [*again.values()] * 2) == [Outcome.GOOD, Outcome.SPENT]
    with work_on(write=False) as work:
        assert work.session.scalars(select(Round.replaced)).one() == 1


def test_who_has_lost_it_stands_nowhere_that_can_be_read_without_the_jobs_key(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on)
    member = people(work_on, session_id)[0]
    lose(work_on, session_id, member)

    with work_on(write=False) as work:
        row = work.session.scalars(select(LostLink)).one()
        left = row.whom_sealed + (work.session.scalars(select(Round.spares_sealed)).one() or b"")
        events = work.session.scalars(select(AuditEvent).where(AuditEvent.tag == "feedback_round:link_lost"))
        told = json.dumps([(one.subject_ref, one.payload) for one in events])
    assert member.bytes not in left
    assert str(member).encode() not in left
    assert str(member) not in told

    replace(work_on)

    with work_on(write=False) as work:
        assert work.session.scalars(select(LostLink)).all() == []
        refs = work.session.scalars(select(OutboxMessage.recipient_ref)).all()
    assert str(member) not in refs


def test_never_more_answers_are_taken_than_people_were_asked(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, tickets = open_round(work_on, people=5)
    lose(work_on, session_id, people(work_on, session_id)[0])
    replace(work_on)
    (again,) = sent_again(work_on).values()
    # Somebody answers twice, by both links; one of the others comes last.
    assert answer(work_on, [again, *tickets[:4]]) == [Outcome.GOOD] * 5

    assert answer(work_on, [tickets[4], again]) == [Outcome.FULL, Outcome.SPENT]

    with work_on(write=False) as work:
        assert len(work.session.scalars(select(Ticket.hash)).all()) == 1 + spares_for(5) - 1
    close(work_on, clock)
    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool.answers)).one() == 5


def test_each_has_one_other_link_and_nobody_who_was_not_asked_has_any(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on, people=12)
    first, second = people(work_on, session_id)[:2]
    with work_on() as work:
        request = work.session.get_one(JagsSession, session_id).request
        absent = NetworkMember(key_id=request.key_id, request_id=request.id, position=9)
        work.vault.seal(absent, "contact", NetworkContact(name="Late", email="late@example.org"))
        work.session.add(absent)
        work.session.flush()
        absent_id = absent.id

    for member in (first, absent_id, first, second):
        lose(work_on, session_id, member)
        # What is counted is the wish: whether it led to a message would tell who was there.
        assert replace(work_on) == 1

    assert sorted(sent_again(work_on)) == ["person0@example.org", "person1@example.org"]
    with work_on(write=False) as work:
        assert work.session.scalars(select(Round.replaced)).one() == 4
        sent = select(OutboxMessage.id).where(OutboxMessage.kind == MailKind.FEEDBACK_LINK_AGAIN)
        assert len(work.session.scalars(sent).all()) == 2


def test_spare_links_run_out(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on)
    members = people(work_on, session_id)
    assert spares_for(6) == 2
    for member in members[:2]:
        lose(work_on, session_id, member)
    with work_on(COORDINATOR, write=False) as work:
        status = lost_links(work, work.session.get_one(JagsSession, session_id))
        assert (status.replaced, status.on_their_way, status.left) == (0, 2, 0)
    with pytest.raises(MoveNotPossible, match="No other can be made"):
        lose(work_on, session_id, members[2])
    assert replace(work_on) == 2
    with pytest.raises(MoveNotPossible, match="No other can be made"):
        lose(work_on, session_id, members[2])


def test_the_reminder_answers_the_message_that_can_be_found(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, _ = open_round(work_on)
    lose(work_on, session_id, people(work_on, session_id)[0])
    replace(work_on)
    with work_on() as work:
        for row in work.session.scalars(select(OutboxMessage)):
            row.state = MailState.SENT
        ids = {
            envelope_of(work, row)["email"]: row.message_id
            for row in work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.kind))
        }
    clock.instant = AFTER_CLOSING.replace(day=3)
    with work_on() as work:
        assert remind_rounds(work) == 1
        replies = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.FEEDBACK_REMINDER)
        )
        assert {(one := envelope_of(work, row))["email"]: one["reply_to"] for row in replies} == ids


def test_closing_forgets_spares_and_wishes(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, _ = open_round(work_on)
    lose(work_on, session_id, people(work_on, session_id)[0])

    close(work_on, clock)

    assert replace(work_on) == 0
    with work_on(write=False) as work:
        assert work.session.scalars(select(LostLink)).all() == []
        assert work.session.scalars(select(Round.spares_sealed)).one() is None
    with pytest.raises(MoveNotPossible, match="while feedback"):
        lose(work_on, session_id, people(work_on, session_id)[0])


def test_during_a_pause_no_link_is_sent_and_none_is_lost(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on)
    first, second = people(work_on, session_id)[:2]
    lose(work_on, session_id, first)
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        request.paused_at, request.paused_reason = work.now, PauseReason.DEATH
    assert replace(work_on) == 0
    with pytest.raises(MoveNotPossible, match="paused"):
        lose(work_on, session_id, second)

    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        request.paused_at = request.paused_reason = None
    assert replace(work_on) == 1


def test_slips_are_not_replaced_and_only_the_business_unit_asks(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on)
    member = people(work_on, session_id)[0]
    facilitator = Actor(ActorKind.ACCOUNT, "f", PERMISSIONS[Role.FACILITATOR])
    with pytest.raises(NotAllowed):
        lose(work_on, session_id, member, who=facilitator)
    for nobody in (None, uuid.uuid4()):
        with pytest.raises(Invalid) as refused:
            lose(work_on, session_id, nobody)
        assert refused.value.field == "whom"
    with work_on(facilitator) as work, pytest.raises(NotAllowed):
        replace_lost_links(work)
    with work_on() as work:
        by_slips = add_held_session(work).id
    with work_on(COORDINATOR) as work:
        make_slips(work, by_slips, number=6)
    with pytest.raises(MoveNotPossible, match="while feedback"):
        lose(work_on, by_slips, people(work_on, by_slips)[0])
