"""Eight weeks later: the same anonymity with rounds and pools of their own, then and now, and one named question to the requester."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from conftest import NOW, WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, open_round
from factories.held_sessions import add_held_session, later_tickets
from jags.accounts.rules import Purpose
from jags.adapters.clock import FixedClock
from jags.evaluation.queries import figures
from jags.feedback.model import Pool, RequesterAccount, Round, Tally
from jags.feedback.queries import later_status
from jags.feedback.rules import FormKey, RoundState, WhatFollowed
from jags.feedback.service import account_of, close_due_rounds, give_account, open_later_rounds
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, NotAllowed, Stale
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.rules import PauseReason, RequesterContact
from jags.scheduling.model import JagsSession
from jags.settings.service import change_setting

# Held on Monday 23 November 2026, so asked from the Monday eight weeks later on.
DUE = datetime(2027, 1, 18, 0, 30, tzinfo=UTC)


def asked_later(work_on: WorkOn, clock: FixedClock, *, at: datetime = DUE) -> int:
    clock.instant = at
    with work_on() as work:
        return open_later_rounds(work)


def first_round(work_on: WorkOn, clock: FixedClock, **values: object) -> uuid.UUID:
    """Hold a session and let its first round close."""
    session_id, _ = open_round(work_on, **values)
    clock.instant = AFTER_CLOSING
    with work_on() as work:
        close_due_rounds(work)
        request = work.session.get_one(JagsSession, session_id).request
        work.vault.seal(request, "contact", RequesterContact(name="Odette Farr", email="odette@example.org"))
    return session_id


def tickets_later(work_on: WorkOn, session_id: uuid.UUID) -> list[str]:
    with work_on() as work:
        return later_tickets(work, session_id)


def requester(request_id: uuid.UUID, purpose: Purpose = Purpose.WHAT_FOLLOWED) -> Actor:
    return Actor(ActorKind.LINK, "link:test", purpose=purpose, subject_id=request_id)


def test_those_who_were_there_are_asked_on_the_day_eight_weeks_later(
    work_on: WorkOn, clock: FixedClock
) -> None:
    session_id = first_round(work_on, clock)
    assert asked_later(work_on, clock, at=DUE - timedelta(hours=1)) == 0

    assert asked_later(work_on, clock) == 1

    assert asked_later(work_on, clock) == 0
    assert len(tickets_later(work_on, session_id)) == 6
    with work_on(write=False) as work:
        kinds = list(
            work.session.scalars(select(OutboxMessage.kind).where(OutboxMessage.queued_at == work.now))
        )
    assert sorted(kinds) == [MailKind.FEEDBACK_LATER] * 6 + [MailKind.WHAT_FOLLOWED]


def test_then_and_now_are_counted_with_what_changed_and_in_a_pool_of_their_own(
    work_on: WorkOn, clock: FixedClock
) -> None:
    session_id = first_round(work_on, clock)
    asked_later(work_on, clock)
    tickets = tickets_later(work_on, session_id)
    # `safe` is no question of this form.
    for ticket, (then, now) in zip(
        tickets, [("8", "3"), ("8", "8"), ("5", "9"), ("7", "2"), ("6", "")], strict=False
    ):
        answer(work_on, [ticket], stuck_then=then, stuck_now=now, difference="3", example="Asked more")

    clock.instant = DUE + timedelta(days=20)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        tallies = {(t.item, t.option): t.n for t in work.session.scalars(select(Tally))}
        assert work.session.scalars(select(Pool.kind)).one().startswith("later/")
        session = work.session.get_one(JagsSession, session_id)
        assert session.presence_sealed is None
        told = figures(work, from_on=session.starts_at.date(), to_on=session.starts_at.date()).later
    assert tallies == {
        ("stuck_then", "8"): 2, ("stuck_then", "5"): 1, ("stuck_then", "7"): 1, ("stuck_then", "6"): 1,
        ("stuck_now", "3"): 1, ("stuck_now", "8"): 1, ("stuck_now", "9"): 1, ("stuck_now", "2"): 1,
        ("stuck_change", "less"): 2, ("stuck_change", "same"): 1, ("stuck_change", "more"): 1,
        ("difference", "3"): 5,
    }  # fmt: skip
    lines = {line.item: (line.n, line.told) for line in told.lines}
    assert (told.answers, told.invited, told.sessions, told.hidden) == (5, 6, 1, "")
    # Of 5, 6, 7, 8, 8 the middle is 7; what four answered is not told.
    assert lines["stuck_then"] == (5, "7 (median)")
    assert lines["difference"] == (5, "all or all but one")
    assert (lines["stuck_now"], lines["stuck_change"], lines["practice"]) == ((4, ""), (4, ""), (0, ""))


def test_nobody_is_asked_during_a_pause_long_after_or_where_the_setting_says_so(
    work_on: WorkOn, clock: FixedClock
) -> None:
    session_id = first_round(work_on, clock)
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        request.paused_at, request.paused_reason = work.now, PauseReason.DEATH
    assert asked_later(work_on, clock) == 0
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        request.paused_at = request.paused_reason = None

    assert asked_later(work_on, clock, at=DUE + timedelta(weeks=7)) == 0

    with work_on(write=False) as work:
        assert work.session.get_one(JagsSession, session_id).presence_sealed is None


def test_where_nobody_is_asked_later_nobody_needs_to_know_who_was_there(
    work_on: WorkOn, clock: FixedClock
) -> None:
    with work_on() as work:
        change_setting(work, "feedback_later_weeks", 0)
    session_id, _ = open_round(work_on)
    assert asked_later(work_on, clock, at=NOW) == 0
    with work_on(write=False) as work:
        assert work.session.get_one(JagsSession, session_id).presence_sealed is not None

    clock.instant = AFTER_CLOSING
    with work_on() as work:
        close_due_rounds(work)
    assert asked_later(work_on, clock, at=AFTER_CLOSING) == 0

    with work_on(write=False) as work:
        assert work.session.get_one(JagsSession, session_id).presence_sealed is None
        assert work.session.scalars(select(Round.form)).one() is FormKey.PARTICIPANT


def test_few_answers_wait_for_others_of_their_own_kind(work_on: WorkOn, clock: FixedClock) -> None:
    session_id = first_round(work_on, clock)
    asked_later(work_on, clock)
    answer(work_on, tickets_later(work_on, session_id)[:2], stuck_then="5")

    clock.instant = DUE + timedelta(days=20)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        assert (
            work.session.scalars(select(Round.state).order_by(Round.form)).all() == [RoundState.WAITING] * 2
        )
        status = later_status(work, work.session.scalars(select(Request)).one())
    assert status
    assert (status.state, status.invited, status.account) == (RoundState.WAITING, 6, None)


def test_a_requester_tells_under_their_name_and_may_change_it(work_on: WorkOn, clock: FixedClock) -> None:
    with work_on() as work:
        request_id = add_held_session(work).request_id
    with work_on(requester(request_id)) as work:
        assert account_of(work, request_id) == (WhatFollowed(), 0)
        give_account(work, request_id, account=WhatFollowed(said="She smiles more"), version=0)
    with work_on(requester(request_id)) as work:
        give_account(work, request_id, account=WhatFollowed(said="She speaks"), version=1)

    with pytest.raises(Stale), work_on(requester(request_id)) as work:
        give_account(work, request_id, account=WhatFollowed(said="Older window"), version=1)
    with pytest.raises(Invalid), work_on(requester(request_id)) as work:
        give_account(work, request_id, account=WhatFollowed(said=" "), version=2)
    for actor in (requester(uuid.uuid4()), requester(request_id, Purpose.REQUEST_STATUS)):
        with pytest.raises(NotAllowed), work_on(actor) as work:
            account_of(work, request_id)
    with work_on(write=False) as work:
        row = work.session.scalars(select(RequesterAccount)).one()
        assert b"speaks" not in (row.account_sealed or b"")
        status = later_status(work, work.session.get_one(Request, request_id))
    assert status
    assert status.account == WhatFollowed(said="She speaks")
