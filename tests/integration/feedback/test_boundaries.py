"""Rounds of none to ten answers, and of one opinion: what is opened, what waits for others, and that unanimity never shows."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.sessions import COORDINATOR
from jags.adapters.clock import FixedClock
from jags.evaluation.queries import figures
from jags.feedback.model import Pool, Round
from jags.feedback.rules import FormKey, RoundState, mixed_kind, year_began_on
from jags.feedback.service import close_due_rounds
from jags.requests.rules import AgeBand


def test_rounds_of_none_to_ten_answers_are_opened_alone_or_together(
    work_on: WorkOn, clock: FixedClock
) -> None:
    for number in range(11):
        _, tickets = open_round(work_on, people=max(1, number))
        answer(work_on, tickets[:number])

    close(work_on, clock)

    with work_on(write=False) as work:
        # Five to ten alone; none, one, two, three and four are ten together.
        pools = {pool.id: pool.answers for pool in work.session.scalars(select(Pool))}
        rounds = work.session.scalars(select(Round).order_by(Round.invited, Round.id)).all()
        together = [found.invited for found in rounds if pools[found.pool_id] == 10 and found.invited < 10]
        assert sorted(pools.values()) == [5, 6, 7, 8, 9, 10, 10]
        assert together == [1, 1, 2, 3, 4]
        assert {found.state for found in rounds} == {RoundState.OPENED}


def test_small_rounds_of_other_cells_are_joined_when_the_year_is_over(
    work_on: WorkOn, clock: FixedClock
) -> None:
    for band in (AgeBand.FIVE_TO_TEN, AgeBand.SIXTEEN_SEVENTEEN):
        _, tickets = open_round(work_on, people=3, age_bands=frozenset({band}))
        answer(work_on, tickets)
    close(work_on, clock)
    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool)).all() == []

    clock.instant = datetime(2027, 4, 1, 0, 5, tzinfo=UTC)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        pool = work.session.scalars(select(Pool)).one()
        assert (pool.kind, pool.answers) == (mixed_kind(FormKey.PARTICIPANT), 6)
        assert {found.state for found in work.session.scalars(select(Round))} == {RoundState.OPENED}
    with work_on(COORDINATOR, write=False) as work:
        told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
        confirmed = figures(
            work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30), transitional=True
        ).feedback
    # In all of a period, and in no part of it.
    assert (told.answers, confirmed.answers) == (6, 0)


def test_fewer_than_five_stay_sealed_over_the_year_and_only_their_number_is_told(
    work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on, people=4)
    answer(work_on, tickets)
    close(work_on, clock)
    clock.instant = datetime(2027, 4, 1, 0, 5, tzinfo=UTC)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        assert work.session.scalars(select(Round.state)).one() is RoundState.WAITING
        told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
    assert (told.answers, told.waiting, told.opinions) == (0, 1, ())


def test_answers_that_are_counted_with_later_ones_are_told(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=3)
    answer(work_on, tickets)
    close(work_on, clock)
    _, tickets = open_round(work_on, people=4)
    answer(work_on, tickets)
    clock.instant = datetime(2027, 1, 15, tzinfo=UTC)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        before = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
        after = figures(work, from_on=date(2026, 12, 1), to_on=date(2026, 12, 31)).feedback
        both = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 12, 31)).feedback
    assert (before.answers, before.moved_in, before.moved_out) == (0, 0, 7)
    assert (after.answers, after.moved_in, after.moved_out) == (7, 7, 0)
    assert (both.answers, both.moved_in, both.moved_out) == (7, 0, 0)


@pytest.mark.parametrize(
    ("day", "began"),
    [
        (date(2027, 3, 31), date(2026, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
        (date(2026, 12, 31), date(2026, 4, 1)),
    ],
)
def test_a_year_begins_in_april(day: date, began: date) -> None:
    assert year_began_on(day) == began


def test_unanimity_never_shows(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=5)
    answer(work_on, tickets, safe="strongly_agree", time="strongly_disagree")

    close(work_on, clock)

    with work_on(write=False) as work:
        told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
    bands = {opinion.item: opinion.band for opinion in told.opinions}
    assert (bands["safe"], bands["time"]) == ("all or all but one", "fewer than half")
