"""What figures tell of anonymous feedback: in bands, from enough answers, in whole pools and blocks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import add_held_session
from factories.opened import add_pool
from jags.accounts.rules import PERMISSIONS, Role
from jags.adapters.clock import FixedClock
from jags.evaluation.queries import figures
from jags.evaluation.render import figures_document, figures_lines
from jags.evaluation.rules import Figures
from jags.feedback.model import Pool
from jags.feedback.service import close_due_rounds
from jags.feedback.service.joining import join_pools
from jags.kernel.actor import Actor, ActorKind
from jags.requests.rules import AgeBand
from jags.settings.service import change_setting

YEAR = {"from_on": date(2026, 4, 1), "to_on": date(2027, 3, 31)}
TEEN = frozenset({AgeBand.SIXTEEN_SEVENTEEN})


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def read(work_on: WorkOn, **wanted: Any) -> Figures:
    with work_on(write=False) as work:
        return figures(work, **{**YEAR, **wanted})


def run_next_day(work_on: WorkOn, clock: FixedClock) -> None:
    """Let the job that opens rounds join the pools of the day before."""
    clock.instant += timedelta(days=1)
    with work_on() as work:
        close_due_rounds(work)


def reader(role: Role) -> Actor:
    return Actor(ActorKind.ACCOUNT, "somebody", PERMISSIONS[role])


def test_feedback_is_hidden_below_five_and_says_why(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on)
    answer(work_on, tickets[:4])
    close(work_on, clock)

    feedback = read(work_on).feedback

    assert (feedback.opinions, feedback.answers, feedback.waiting) == ((), 0, 1)
    assert feedback.hidden == "Opinions are shown from 5 answers, so that nobody can be found in them."


def test_feedback_is_told_in_bands_and_unanimity_never_shows(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=9)
    answer(work_on, tickets[:5], time="agree", views="strongly_agree", impact="agree")
    answer(work_on, tickets[5:6], time="agree", views="disagree", impact="not_applicable")
    close(work_on, clock)

    with work_on(write=False) as work:
        found = figures(work, **YEAR)
    opinions = {o.item: (o.n, o.band) for o in found.feedback.opinions}

    assert (found.feedback.answers, found.feedback.invited, found.feedback.hidden) == (6, 9, "")
    assert opinions["safe"] == opinions["time"] == opinions["views"] == (6, "all or all but one")
    assert opinions["impact"] == (5, "all or all but one")
    assert opinions["centre"] == (0, "")
    assert "both_services" not in opinions
    told = "\n".join(figures_lines(found))
    assert "all or all but one agreed (n = 6)" in told
    assert "100" not in told


def test_item_with_few_answers_is_hidden_though_the_pool_is_not(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on)
    answer(work_on, tickets[:4], views="agree")
    answer(work_on, tickets[4:])
    close(work_on, clock)

    found = read(work_on)

    assert {o.item: o.band for o in found.feedback.opinions}["views"] == ""
    assert figures_document(found)["feedback"]["agreed"]["views"] == {
        "statement": "Different views were explored with respect.",
        "agreed": "hidden: fewer than 5 answers",
    }


def test_pool_of_small_rounds_belongs_whole_to_the_span_of_its_last_session(
    work_on: WorkOn, clock: FixedClock
) -> None:
    for starts_at in (at(10, 30), at(11, 20)):
        _, tickets = open_round(work_on, starts_at=starts_at)
        answer(work_on, tickets[:3])
    close(work_on, clock)

    october = read(work_on, from_on=date(2026, 10, 1), to_on=date(2026, 10, 31)).feedback
    november = read(work_on, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback

    assert (october.answers, october.opinions) == (0, ())
    assert (november.answers, november.invited, november.sessions) == (6, 12, 2)


@pytest.mark.parametrize(
    ("role", "answers", "shown"),
    [
        (Role.COORDINATOR, 4, False),
        (Role.COORDINATOR, 5, True),
        (Role.ADMINISTRATOR, 9, True),
        (Role.EVALUATION_READER, 9, False),
        (Role.EVALUATION_READER, 10, True),
        (Role.SCRUTINEER, 9, False),
        (Role.SCRUTINEER, 10, True),
    ],
)
def test_opinions_are_shown_from_five_answers_inside_and_from_ten_outside(
    work_on: WorkOn, clock: FixedClock, role: Role, answers: int, *, shown: bool
) -> None:
    _, tickets = open_round(work_on, people=12)
    answer(work_on, tickets[:answers])
    close(work_on, clock)
    run_next_day(work_on, clock)

    with work_on(reader(role), write=False) as work:
        found = figures(work, **YEAR).feedback

    assert {o.item: o.band != "" for o in found.opinions}.get("safe", False) is shown
    assert (found.hidden == "") is shown
    if not shown:
        least = 10 if answers == 9 else 5
        assert f"from {least} answers" in found.hidden


def test_two_periods_read_outside_differ_by_ten_answers_or_none(work_on: WorkOn, clock: FixedClock) -> None:
    days = [at(10, day) for day in (1, 5, 9, 13, 17)]
    for starts_at, confirmed in zip(days, (False, True, False, True, False), strict=True):
        _, tickets = open_round(work_on, starts_at=starts_at, confirmed=confirmed)
        answer(work_on, tickets)
        clock.instant += timedelta(days=20)
        with work_on() as work:
            close_due_rounds(work)
    run_next_day(work_on, clock)

    counted = set()
    for last in days:
        for transitional in (False, True):
            with work_on(reader(Role.SCRUTINEER), write=False) as work:
                found = figures(work, from_on=YEAR["from_on"], to_on=last.date(), transitional=transitional)
            counted.add((last.day, transitional, found.feedback.answers))

    # Two pools of six make a block, of confirmed sessions and of others apart; the fifth waits for another.
    assert counted == {
        (1, False, 0), (5, False, 0), (9, False, 12), (13, False, 24), (17, False, 24),
        (1, True, 0), (5, True, 0), (9, True, 0), (13, True, 12), (17, True, 12),
    }  # fmt: skip
    assert read(work_on).feedback.answers == 30


def test_pools_opened_today_are_not_shown_outside_yet(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=12)
    answer(work_on, tickets)
    close(work_on, clock)

    with work_on() as work:
        close_due_rounds(work)
    with work_on(reader(Role.SCRUTINEER), write=False) as work:
        assert figures(work, **YEAR).feedback.answers == 0
    assert read(work_on).feedback.answers == 12


def test_blocks_stay_as_they_are_when_more_answers_are_asked_for_later(
    work_on: WorkOn, clock: FixedClock
) -> None:
    for day in (1, 5, 9):
        _, tickets = open_round(work_on, starts_at=at(10, day))
        answer(work_on, tickets)
        clock.instant += timedelta(days=20)
        with work_on() as work:
            close_due_rounds(work)
    run_next_day(work_on, clock)

    def pools_by_block() -> list[int]:
        with work_on(write=False) as work:
            blocks = [pool.block_id for pool in work.session.query(Pool)]
        return sorted(blocks.count(one) for one in set(blocks))

    # Two pools of six make a block; the third waits.
    assert pools_by_block() == [1, 2]
    with work_on() as work:
        change_setting(work, "feedback_least_outside", 18)
    run_next_day(work_on, clock)

    assert pools_by_block() == [1, 2]


def test_feedback_of_confirmed_sessions_is_that_of_their_pools(work_on: WorkOn, clock: FixedClock) -> None:
    for confirmed, number in ((True, 5), (False, 6)):
        _, tickets = open_round(work_on, confirmed=confirmed, age_bands=TEEN)
        answer(work_on, tickets[:number], both_services="agree")
    open_round(work_on, confirmed=True)
    close(work_on, clock)

    found = read(work_on, transitional=True).feedback

    assert (found.answers, found.waiting) == (5, 1)
    assert {o.item: o.n for o in found.opinions}["both_services"] == 5


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EVALUATION_READER])
@pytest.mark.parametrize(("agreed", "shown"), [(5, ""), (9, "all or all but one")])
def test_the_confirmed_beside_all_never_tell_what_all_the_others_said(
    work_on: WorkOn, role: Role, agreed: int, shown: str
) -> None:
    others = {"disagree": 10} if agreed == 5 else {"agree": 7, "disagree": 3}
    with work_on() as work:
        confirmed, other = (
            add_held_session(work, starts_at=at(8, day), confirmed=yes)
            for day, yes in ((4, True), (5, False))
        )
        add_pool(
            work,
            [confirmed],
            opened_on=date(2026, 8, 20),
            answers=10,
            tallies={"safe": {"agree": agreed, "disagree": 10 - agreed}},
            confirmed=True,
        )
        add_pool(work, [other], opened_on=date(2026, 8, 21), answers=10, tallies={"safe": others})
        join_pools(work)

    told = {}
    for transitional in (False, True):
        with work_on(reader(role), write=False) as work:
            found = figures(work, **YEAR, transitional=transitional)
        told[transitional] = next((o.n, o.band) for o in found.feedback.opinions if o.item == "safe")

    assert told == {False: (20, "about 25 %" if agreed == 5 else "about 80 %"), True: (10, shown)}
    said = "hidden: beside all answers it could tell what the others said"
    assert (said in "\n".join(figures_lines(found))) is (shown == "")
