"""Figures are kept while nothing changes, and counted anew as soon as anything does."""

import uuid
from datetime import date

from sqlalchemy import select

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from jags.evaluation.queries import figures
from jags.evaluation.queries.practised import practised
from jags.evaluation.rules import ALL, Figures, Period
from jags.kernel.work import Work
from jags.quality.model import FacilitatorReflection
from jags.quality.rules.approach import Approach
from jags.quality.rules.reflections import Pooled
from jags.requests.model import Request
from jags.requests.rules import State
from jags.scheduling.model import JagsSession


def count(work: Work) -> Figures:
    return figures(work, from_on=date(2026, 4, 1), to_on=date(2027, 3, 31))


def read(work_on: WorkOn) -> Figures:
    with work_on(write=False) as work:
        return count(work)


def test_figures_are_kept_until_something_changes(work_on: WorkOn) -> None:
    with work_on() as work:
        request_id = add_request(work, state=State.ACCEPTED).id
    first = read(work_on)
    assert read(work_on) is first

    with work_on() as work:
        work.session.get_one(Request, request_id).state = State.CANCELLED

    changed = read(work_on)
    assert (first.funnel.proceeded, changed.funnel.proceeded, changed.funnel.not_proceeded) == (1, 0, 1)
    with work_on() as work:
        add_request(work)
    assert read(work_on).funnel.received == 2


def test_what_is_rolled_back_is_kept_for_nobody(work_on: WorkOn) -> None:
    before = read(work_on)
    with work_on() as work:
        add_request(work)
        assert count(work).funnel.received == 1
        work.abandon()

    assert read(work_on) == before


def test_what_was_said_of_sessions_is_opened_once_until_somebody_writes(work_on: WorkOn) -> None:
    def approach() -> Approach:
        with work_on(write=False) as work:
            return practised(work, Period(date(2026, 4, 1), date(2027, 3, 31)), ALL).approach

    with work_on() as work:
        sessions = [add_held_session(work) for _ in range(5)]
        for session in sessions:
            reflect(work, session.id, session.facilitators[0].person_id, "seen")
    first = approach()
    assert approach() is first

    with work_on() as work:
        for row in work.session.scalars(select(FacilitatorReflection)).all()[:3]:
            work.vault.seal(row, "pooled", Pooled({"opening": "partly"}))

    told = [found.elements[0].facilitators.band for found in (first, approach())]
    assert told == ["all or all but one", "fewer than half"]


def reflect(work: Work, session_id: uuid.UUID, person_id: uuid.UUID, opening: str) -> None:
    key_id = work.session.get_one(JagsSession, session_id).key_id
    row = FacilitatorReflection(key_id=key_id, session_id=session_id, person_id=person_id, saved_at=work.now)
    work.vault.seal(row, "pooled", Pooled({"opening": opening}))
    work.session.add(row)
