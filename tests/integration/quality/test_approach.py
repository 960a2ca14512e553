"""Keeping to the approach from several sides, pooled; nothing of a quarter with too few sessions, and no session by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from factories.held_sessions import add_facilitator, add_held_session
from factories.opened import add_pool
from factories.people import account
from jags.accounts.rules import Role
from jags.feedback.service.joining import join_pools
from jags.kernel.ids import new_id
from jags.quality.model import FacilitatorReflection, Observation
from jags.quality.queries.approach import approach
from jags.quality.rules.approach import Quarter, Share, Told
from jags.quality.rules.elements import Element
from jags.quality.rules.observation import Notes, ObservationState
from jags.quality.rules.reflections import Pooled
from jags.requests.model import Request
from jags.requests.rules import Gate, Question, State

AUGUST = datetime(2026, 8, 3, 10, 0, tzinfo=UTC)
SUMMER, SPRING = Quarter(2026, 3), Quarter(2026, 2)
TOO_FEW, NOT_RECORDED = Share(Told.TOO_FEW), Share(Told.NOT_RECORDED)


def reflect(work, session, **values):
    row = FacilitatorReflection(
        key_id=session.key_id,
        session_id=session.id,
        person_id=add_facilitator(work).person_id,
        saved_at=work.now,
    )
    work.session.add(row)
    work.vault.seal(row, "pooled", Pooled(**values))


@pytest.fixture
def held(work_on):
    """So many sessions in August, each with a reflection, participants' answers, and an observation."""

    def hold(number):
        with work_on() as work:
            observer = account(work, Role.OBSERVER).person_id
            for n in range(number):
                session = add_held_session(work, starts_at=AUGUST + timedelta(days=n))
                session.request.choose(Question.GATE, frozenset({Gate.TASKS} if n == 0 else set()))
                reflect(
                    work,
                    session,
                    elements={"opening": "seen", "close": "no_chance"},
                    line_managers="held_well" if n else "nobody",
                    principles=("relational",),
                )
                add_pool(work, [session], opened_on=AUGUST.date() + timedelta(days=30 + n))
                seen = Observation(
                    id=new_id(),
                    key_id=session.key_id,
                    session_id=session.id,
                    observer_id=observer,
                    planned_at=AUGUST,
                    state=ObservationState.SHARED if n else ObservationState.PLANNED,
                )
                work.vault.seal(seen, "notes", Notes("Well", {"opening": "partly"}))
                work.session.add(seen)
            join_pools(work)

    return hold


def line(found, element):
    return next(one for one in found.elements if one.element is element)


def test_five_sessions_tell_what_three_sides_saw_as_far_as_each_has_five(work_on, held):
    held(5)
    with work_on() as work:
        found = approach(work, SUMMER.first, SUMMER.last)
    assert found.sessions == 5
    opening, containment, close = (
        line(found, one) for one in (Element.OPENING, Element.CONTAINMENT, Element.CLOSE)
    )
    assert opening.facilitators == Share(Told.SHOWN, "all or all but one", 5)
    # Nobody asks participants about the opening; one observation of the five is not shared yet.
    assert (opening.participants, opening.observers) == (NOT_RECORDED, TOO_FEW)
    # The fifth session's answers wait until they make a block of ten with others, so four have been opened.
    assert containment.participants == TOO_FEW
    assert (containment.facilitators, close.facilitators) == (NOT_RECORDED, TOO_FEW)
    assert found.recorded == Share(Told.SHOWN, "all or all but one", 5)
    assert found.line_managers == Share(Told.SHOWN, "all or all but one", 5)
    assert (found.held_well, found.toolbox) == (TOO_FEW, NOT_RECORDED)
    assert dict(found.principles)["relational"] == Share(Told.SHOWN, "all or all but one", 5)
    assert [fact.number for fact in found.facts] == [1, 0]


def test_a_request_that_was_never_one_has_no_session_to_tell_of(work_on, held):
    held(5)
    with work_on() as work:
        work.session.scalars(select(Request)).first().state = State.DUPLICATE
    with work_on() as work:
        assert approach(work, SUMMER.first, SUMMER.last).sessions == 4


def test_four_sessions_are_too_few_to_say_anything_and_an_empty_quarter_is_not_recorded(work_on, held):
    held(4)
    with work_on() as work:
        found, empty = approach(work, SUMMER.first, SUMMER.last), approach(work, SPRING.first, SPRING.last)
    assert line(found, Element.CONTAINMENT).participants == TOO_FEW
    assert (found.recorded, found.line_managers) == (TOO_FEW, TOO_FEW)
    assert [fact.number for fact in found.facts] == [None, None]
    assert (empty.sessions, empty.recorded) == (0, NOT_RECORDED)
    assert {one.facilitators for one in empty.elements} == {NOT_RECORDED}


def test_six_sessions_tell_participants_and_observers_too_by_as_many_queries_as_one(work_on, held):
    held(1)
    alone, one = counted(work_on)
    # People were asked, and what they said waits for others: that is not nothing.
    assert line(alone, Element.CONTAINMENT).participants == TOO_FEW
    held(6)

    found, six = counted(work_on)

    assert line(found, Element.OPENING).observers == Share(Told.SHOWN, "fewer than half", 5)
    assert line(found, Element.CONTAINMENT).participants == Share(Told.SHOWN, "95 % or more", 30)
    held(8)
    _, eight = counted(work_on)
    # With too few answers there is one table less to ask.
    assert one < six == eight <= 12


def counted(work_on):
    with work_on() as work:
        statements = []
        event.listen(work.session.connection(), "before_cursor_execute", lambda *a: statements.append(a[2]))
        return approach(work, SUMMER.first, SUMMER.last), len(statements)
