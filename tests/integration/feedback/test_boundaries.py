"""Rounds of none to ten answers, and of one opinion: what is opened, what waits for others, and that unanimity never shows."""

from datetime import date

from sqlalchemy import select

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from jags.adapters.clock import FixedClock
from jags.evaluation.queries import figures
from jags.feedback.model import Pool, Round
from jags.feedback.rules import RoundState


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


def test_unanimity_never_shows(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=5)
    answer(work_on, tickets, safe="strongly_agree", time="strongly_disagree")

    close(work_on, clock)

    with work_on(write=False) as work:
        told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
    bands = {opinion.item: opinion.band for opinion in told.opinions}
    assert (bands["safe"], bands["time"]) == ("all or all but one", "fewer than half")
