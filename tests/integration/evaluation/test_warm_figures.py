"""Figures are kept while nothing changes, and counted anew as soon as anything does."""

from datetime import date

from conftest import WorkOn
from factories.held_sessions import add_request
from jags.evaluation.queries import figures
from jags.evaluation.rules import Figures
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State


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
