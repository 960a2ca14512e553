"""After a session: who asked for a call is rung by somebody with a name, and a concern is followed until it is taken."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from conftest import NOW
from factories.people import account
from factories.requests import envelopes
from factories.sessions import agree, arrange
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound
from jags.notifications.rules import MailKind
from jags.quality.queries.afterwards import concerns_of, open_calls, open_concerns
from jags.quality.rules.afterwards import ConcernRoute
from jags.quality.service.afterwards import (
    Taking,
    confirm_concern,
    note_call_made,
    note_concern,
    remind_of_concerns,
    take_call,
    wish_call,
)
from jags.requests.model import Request
from jags.scheduling.model import JagsSession

# The Wednesday after the session of factories.sessions.WALL.
AFTER = datetime(2026, 12, 9, 10, 0, tzinfo=UTC)
TAKING = Taking("Person 1, A School", ConcernRoute.CHILDRENS_ADVICE, date(2026, 12, 9))


@pytest.fixture
def over(work_on, clock):
    """A session that was held yesterday, its two facilitators as actors, and a coordinator who looks after it."""
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    clock.instant = AFTER
    with work_on() as work:
        unit = actor_of(account(work, Role.COORDINATOR, name="Wren Young"))
        other = actor_of(account(work, Role.COORDINATOR, name="Ada Able"))
        work.session.get_one(Request, offered.request_id).owner_id = unit.person_id
    return session_id, offered.actors, unit, other


def test_who_asks_to_be_rung_is_rung_by_a_person_with_a_name_and_it_is_followed_until_done(work_on, over):
    session_id, (ash, _), unit, other = over
    with work_on(ash) as work:
        call_id = wish_call(work, session_id).id
    with work_on(ash) as work:
        # Asked again, the same call is meant.
        assert wish_call(work, session_id).id == call_id

    with work_on(unit) as work:
        (line,) = open_calls(work)
        assert (line.name, line.caller, line.call.due_on) == ("Ash Reed", "Wren Young", date(2026, 12, 10))
        (mail,) = envelopes(work, MailKind.CALL_WISHED)
        assert mail["params"] == {"day": "Thursday 10 December 2026"}
        assert "Ash" not in str(mail)
    with work_on(other) as work:
        take_call(work, call_id)
        assert open_calls(work)[0].caller == "Ada Able"
        assert envelopes(work, MailKind.CALL_WISHED) == []
        note_call_made(work, call_id)
        work.session.flush()
        assert open_calls(work) == []
        with pytest.raises(MoveNotPossible):
            take_call(work, call_id)


def test_a_call_is_late_when_its_day_has_passed(work_on, clock, over):
    session_id, (ash, _), unit, _ = over
    with work_on(ash) as work:
        wish_call(work, session_id)
    for days, late in ((1, False), (2, True)):
        clock.instant = AFTER + timedelta(days=days)
        with work_on(unit) as work:
            assert [line.late for line in open_calls(work)] == [late]


def test_nobody_else_asks_for_a_call_and_nobody_before_the_session(work_on, clock, over):
    session_id, (ash, _), _, _ = over
    with work_on() as work:
        stranger = actor_of(account(work, Role.FACILITATOR))
    with pytest.raises(NotFound), work_on(stranger) as work:
        wish_call(work, session_id)
    with work_on(ash) as work:
        call_id = wish_call(work, session_id).id
    with pytest.raises(NotAllowed), work_on(ash) as work:
        note_call_made(work, call_id)
    clock.instant = NOW
    with pytest.raises(MoveNotPossible), work_on(ash) as work:
        wish_call(work, session_id)


def test_without_anybody_in_the_business_unit_the_page_says_to_ring(work_on, clock):
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    clock.instant = AFTER
    with pytest.raises(MoveNotPossible, match="Please ring us"), work_on(offered.actors[0]) as work:
        wish_call(work, session_id)


def test_a_concern_is_kept_as_who_takes_it_where_and_when_and_both_facilitators_can_confirm(work_on, over):
    session_id, (ash, birch), unit, _ = over
    with work_on(ash) as work:
        concern_id = note_concern(work, session_id, TAKING).id
    with work_on(unit) as work:
        (line,) = open_concerns(work)
        assert (line.who, line.concern.route, line.due) == (TAKING.who, TAKING.route, False)
        assert b"Person 1" not in (line.concern.taken_by_sealed or b"")
    with work_on(birch) as work:
        confirm_concern(work, concern_id)
    with work_on(unit) as work:
        assert open_concerns(work) == []
        session = work.session.get_one(JagsSession, session_id)
        assert [line.concern.confirmed_on for line in concerns_of(work, session)] == [date(2026, 12, 9)]


def test_a_concern_that_nobody_confirms_is_asked_after_once_on_the_next_working_day(work_on, clock, over):
    session_id, (ash, _), unit, _ = over
    clock.instant = friday = datetime(2026, 12, 11, 10, 0, tzinfo=UTC)
    with work_on(ash) as work:
        note_concern(work, session_id, replace(TAKING, on=friday.date()))

    asked = []
    for days in (0, 1, 2, 3, 4):
        clock.instant = friday + timedelta(days=days)
        with work_on() as work:
            asked.append(remind_of_concerns(work))
    assert asked == [0, 0, 0, 1, 0]
    with work_on(unit) as work:
        (mail,) = envelopes(work, MailKind.CONCERN_REMINDER)
        assert (mail["name"], mail["params"]) == ("Ash Reed", {"day": "11 December 2026"})
        assert [line.due for line in open_concerns(work)] == [True]
        confirm_concern(work, open_concerns(work)[0].concern.id)
        work.session.flush()
        assert envelopes(work, MailKind.CONCERN_REMINDER) == []


@pytest.mark.parametrize("on", [date(2026, 12, 7), date(2026, 12, 11)])
def test_a_concern_is_taken_at_once(work_on, over, on):
    session_id, (ash, _), _, _ = over
    with pytest.raises(Invalid) as refused, work_on(ash) as work:
        note_concern(work, session_id, replace(TAKING, on=on))
    assert refused.value.field == "on"


def test_a_concern_is_confirmed_by_nobody_who_has_nothing_to_do_with_it(work_on, over):
    session_id, (ash, _), _, _ = over
    with work_on(ash) as work:
        concern_id = note_concern(work, session_id, TAKING).id
        stranger = actor_of(account(work, Role.FACILITATOR))
    for who, what in ((stranger, concern_id), (ash, uuid.uuid4())):
        with pytest.raises(NotFound), work_on(who) as work:
            confirm_concern(work, what)
