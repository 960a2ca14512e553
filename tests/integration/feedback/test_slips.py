"""Slips are tickets like any others: made before the session, good from its beginning, and one way for each session."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from conftest import NOW, WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import add_held_session
from factories.sessions import COORDINATOR
from jags.accounts.rules import Permission
from jags.adapters.clock import FixedClock
from jags.feedback.model import Pool, Pot, Round, Ticket
from jags.feedback.queries import ticket_page
from jags.feedback.rules import Door, Outcome, RoundState
from jags.feedback.service import close_due_rounds, make_slips, open_due_rounds, slips_of
from jags.kernel.actor import ANONYMOUS, Actor, ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound
from jags.requests.rules import PauseReason
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState


def to_come(work_on: WorkOn, *, days: int = 2, **values: object):
    """Arrange a session that begins in so many days."""
    with work_on() as work:
        session = add_held_session(work, starts_at=NOW + timedelta(days=days), recorded=False, **values)
        session.state, session.presence_sealed = SessionState.SCHEDULED, None
        return session.id, session.facilitators[0].person_id


def make(work_on: WorkOn, session_id, *, actor: Actor = COORDINATOR, number: int = 6, again: bool = False):
    with work_on(actor) as work:
        return make_slips(work, session_id, number=number, again=again)


def test_slips_are_tickets_like_any_others_and_count_like_them(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, _ = to_come(work_on)
    sheet = make(work_on, session_id)
    assert sheet.closes_on == date(2026, 12, 10)
    with work_on(ANONYMOUS, write=False) as work:
        assert ticket_page(work, sheet.codes[0]).outcome is Outcome.EARLY
    assert answer(work_on, sheet.codes[:1]) == [Outcome.EARLY]

    clock.instant += timedelta(days=2, hours=1)
    assert answer(work_on, [*sheet.codes[:5], sheet.codes[0].lower().replace("-", " ")]) == [
        Outcome.GOOD
    ] * 5 + [Outcome.SPENT]

    with work_on(write=False) as work:
        assert {c.name for c in Ticket.__table__.columns} == {"hash", "pot_id"}
        assert [len(h) for h in work.session.scalars(select(Ticket.hash))] == [32]
    clock.instant = NOW + timedelta(days=20)
    with work_on() as work:
        close_due_rounds(work)
    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool.answers)).one() == 5


def test_hashes_of_slips_lie_in_their_own_order_too(work_on: WorkOn) -> None:
    session_id, _ = to_come(work_on)
    sheet = make(work_on, session_id, number=30)

    with work_on(write=False) as work:
        rows = work.session.execute(select(func.count()).select_from(Ticket)).scalar_one()
    assert (rows, len(set(sheet.codes))) == (30, 30)
    assert list(sheet.codes) != sorted(sheet.codes)


def test_a_session_with_slips_is_not_asked_by_mail_too(work_on: WorkOn, clock: FixedClock) -> None:
    with work_on() as work:
        session_id = add_held_session(work).id
    make(work_on, session_id)

    with work_on() as work:
        assert open_due_rounds(work) == 0
        assert work.session.scalars(select(Round.door)).one() is Door.SLIPS


def test_a_session_that_was_asked_by_mail_gets_no_slips(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on)

    with pytest.raises(MoveNotPossible, match="asked by e-mail"):
        make(work_on, session_id)


def test_another_sheet_before_the_session_ends_the_first(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, _ = to_come(work_on)
    first = make(work_on, session_id)
    with pytest.raises(Invalid) as caught:
        make(work_on, session_id)
    assert caught.value.field == "again"

    second = make(work_on, session_id, number=4, again=True)

    clock.instant += timedelta(days=2, hours=1)
    assert answer(work_on, first.codes[:1]) == [Outcome.CLOSED]
    assert answer(work_on, second.codes) == [Outcome.GOOD] * 4
    with pytest.raises(MoveNotPossible, match="nobody knows which have been used"):
        make(work_on, session_id, again=True)


def test_slips_follow_a_session_that_is_moved(work_on: WorkOn, clock: FixedClock) -> None:
    session_id, _ = to_come(work_on)
    sheet = make(work_on, session_id)
    with work_on() as work:
        work.session.get_one(JagsSession, session_id).starts_at = NOW + timedelta(days=30)
    with work_on() as work:
        close_due_rounds(work)

    clock.instant = NOW + timedelta(days=31)
    with work_on() as work:
        assert close_due_rounds(work) == 0
        assert ticket_page(work, sheet.codes[0]).closes_on == date(2027, 1, 12)
    assert answer(work_on, sheet.codes[:1]) == [Outcome.GOOD]


def test_slips_of_a_session_that_does_not_take_place_are_forgotten(work_on: WorkOn) -> None:
    session_id, _ = to_come(work_on)
    make(work_on, session_id)
    with work_on() as work:
        work.session.get_one(JagsSession, session_id).state = SessionState.POSTPONED

    with work_on() as work:
        close_due_rounds(work)
        assert [work.session.scalar(select(func.count()).select_from(t)) for t in (Round, Pot, Ticket)] == [
            0,
            0,
            0,
        ]


@pytest.mark.parametrize("number", [0, -1, 41])
def test_a_sheet_is_for_a_number_of_people_that_can_be_there(work_on: WorkOn, number: int) -> None:
    session_id, _ = to_come(work_on)

    with pytest.raises(Invalid) as caught:
        make(work_on, session_id, number=number)

    assert caught.value.field == "number"


def test_slips_wait_until_the_week_of_the_session_and_for_the_end_of_a_pause(work_on: WorkOn) -> None:
    later, _ = to_come(work_on, days=9)
    paused, _ = to_come(work_on, paused_at=NOW, paused_reason=PauseReason.DEATH)

    with pytest.raises(MoveNotPossible, match="from 7 days before"):
        make(work_on, later)
    with pytest.raises(MoveNotPossible, match="paused"):
        make(work_on, paused)


def test_only_its_facilitators_and_the_business_unit_make_slips(work_on: WorkOn) -> None:
    session_id, person_id = to_come(work_on)
    others_id = to_come(work_on)[1]

    def facilitator(person) -> Actor:
        return Actor(ActorKind.ACCOUNT, "f", frozenset({Permission.SESSION_RECORD}), person_id=person)

    assert len(make(work_on, session_id, actor=facilitator(person_id)).codes) == 6
    with pytest.raises(NotFound):
        make(work_on, session_id, actor=facilitator(others_id), again=True)
    with pytest.raises((NotAllowed, NotFound)), work_on(ANONYMOUS) as work:
        slips_of(work, session_id)


def test_a_round_of_slips_closes_like_others(work_on: WorkOn, clock: FixedClock) -> None:
    with work_on() as work:
        session_id = add_held_session(work).id
    sheet = make(work_on, session_id)
    answer(work_on, sheet.codes[:4])

    close(work_on, clock)

    assert answer(work_on, sheet.codes[4:5]) == [Outcome.CLOSED]
    with work_on(write=False) as work:
        assert work.session.scalars(select(Round.state)).one() is RoundState.WAITING
