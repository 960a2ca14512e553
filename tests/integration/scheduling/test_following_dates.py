"""Follow up a question about dates: one nudge, who rings, the last day, facilitators who run it, and what a pause does."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from factories.dates import (
    ANSWER_BY,
    DATES,
    agreed_around_five,
    answer,
    ask,
    asked_ids,
    bring,
    change,
    later,
    mail_about,
    question_of,
)
from factories.pool import span
from factories.requests import coordinator, envelopes
from factories.sessions import COORDINATOR, WALL, agree, schedule
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked
from jags.facilitators.service import book
from jags.kernel.actor import system
from jags.kernel.errors import MoveNotPossible, NotFound
from jags.kernel.ids import new_id
from jags.kernel.time import from_wall
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.requests.queries import get_request, undelivered
from jags.requests.rules import PauseReason, State, Verb
from jags.requests.service import lift_pause, pause_request
from jags.scheduling.model import DateAsked, DateQuestion
from jags.scheduling.queries import (
    board,
    date_tasks,
    dates_to_find,
    get_question,
    get_request_to_date,
)
from jags.scheduling.rules import Outcome, Vote
from jags.scheduling.service import (
    choose_date,
    close_question,
    end_request,
    nudge_about_dates,
    step_back,
    tell_of_dates_over,
)
from jags.settings.service import change_setting

YES, IF, NO, ELSE = Vote.YES, Vote.IF_NEED_BE, Vote.NO, Vote.SOMEBODY_ELSE
JOB = system("nudge-about-dates")


@pytest.fixture
def offered(work_on):
    """Three people of one school, one of the police and one of adult care, with facilitators who agreed."""
    return agreed_around_five(work_on)


def set_it(work_on, offered, start=DATES[0], **details):
    with work_on(COORDINATOR) as work:
        return schedule(work, offered.request_id, wall_start=start, **details).id


def _around(wall, first, last):
    found = span(wall.date(), first, last)
    return found.starts_at, found.ends_at


def test_setting_the_date_ends_the_question_and_withdraws_what_lies_unsent(work_on, offered) -> None:
    ask(work_on, offered)
    set_it(work_on, offered)
    with work_on() as work:
        question = question_of(work, offered)
        assert question.outcome is Outcome.DATE_SET
        assert [o.chosen for o in question.options] == [True, False]
        assert mail_about(work, MailKind.DATES_PROPOSED) == []
        assert question.request.state is State.SCHEDULED


def test_a_date_that_was_chosen_is_checked_again_when_it_is_set(work_on, offered) -> None:
    ask(work_on, offered)
    with work_on() as work:
        book(work, offered.people[0], *_around(DATES[0], 12, 13), BookingKind.TRAINING, new_id())
    with pytest.raises(FacilitatorAlreadyBooked):
        set_it(work_on, offered)
    with work_on() as work:
        assert question_of(work, offered).closed_at is None


@pytest.mark.parametrize("how", ["ends", "steps back"])
def test_what_ends_the_search_ends_the_question(work_on, offered, how) -> None:
    ask(work_on, offered)
    with work_on(COORDINATOR) as work:
        version = get_request(work, offered.request_id).version
        if how == "ends":
            end_request(
                work, offered.request_id, verb=Verb.CANCEL, version=version, reason="No longer needed"
            )
        else:
            step_back(work, offered.request_id, person_id=offered.people[0], version=version)
    with work_on() as work:
        expected = Outcome.REQUEST_ENDED if how == "ends" else Outcome.FACILITATORS_CHANGED
        assert question_of(work, offered).outcome is expected
        assert mail_about(work, MailKind.DATES_PROPOSED) == []
        one = asked_ids(work, offered.request_id)[0]
    with pytest.raises(MoveNotPossible):
        answer(work_on, one, YES, YES)


def test_a_pause_takes_no_answer_asks_nothing_and_gives_its_days_back(work_on, clock, offered) -> None:
    question_id = ask(work_on, offered)
    with work_on() as work:
        one = asked_ids(work, offered.request_id)[0]
        pause_request(work, offered.request_id, reason=PauseReason.OTHER)
    with pytest.raises(MoveNotPossible, match="paused"):
        answer(work_on, one, YES, YES)
    with pytest.raises(MoveNotPossible, match="paused"):
        ask(work_on, offered)
    with pytest.raises(MoveNotPossible, match="paused"):
        change(work_on, question_id, DATES[1], DATES[2])
    later(clock, days=6)
    with work_on(JOB) as work:
        assert nudge_about_dates(work) == 0
        assert date_tasks(work) == []
    with work_on() as work:
        lift_pause(work, offered.request_id, version=get_request(work, offered.request_id).version)
    # The last day was 1 December; six days were paused.
    later(clock, days=2)
    answer(work_on, one, YES, YES)


def test_one_nudge_to_whose_answer_still_matters_and_then_somebody_rings(work_on, clock, offered) -> None:
    question_id = ask(work_on, offered)
    with work_on() as work:
        teacher, officer, carer = asked_ids(work, offered.request_id)
        # A colleague of the same school.
        request = work.session.get_one(Request, offered.request_id)
        bring(work, request, "Robin Vale", "A School")
        member_ids = [m.id for m in request.network if m.removed_at is None]
    change(work_on, question_id, member_ids=member_ids)
    answer(work_on, teacher, YES, YES)
    answer(work_on, officer, NO, YES)
    # Two working days after a Tuesday: Thursday at eight.
    for step, sent in ((timedelta(days=1, hours=21), 0), (timedelta(hours=2), 1), (timedelta(days=1), 0)):
        clock.instant += step
        with work_on(JOB) as work:
            assert nudge_about_dates(work) == sent
    with work_on(COORDINATOR) as work:
        asked = work.session.get_one(DateAsked, carer)
        assert mail_about(work, MailKind.DATES_NUDGE) == [str(asked.member_id)]
        assert date_tasks(work) == []
    clock.instant = datetime.fromisoformat("2026-12-01T10:00+00:00")
    with work_on(COORDINATOR) as work:
        assert [task.what for task in date_tasks(work)] == ["Ring 1 person about the date"]
        assert [a.ring for a in board(work, get_question(work, question_id)).asked] == [
            False,
            False,
            True,
            False,
        ]
    answer(work_on, carer, NO, NO)
    with work_on(COORDINATOR) as work:
        assert [task.what for task in date_tasks(work)] == [
            "Nobody’s answer can change which date is best any more: set it"
        ]
    later(clock, days=1)
    with work_on(COORDINATOR) as work:
        assert [task.what for task in date_tasks(work)] == [
            "The last day for answers is over: choose a date, or ask again"
        ]


def test_facilitators_may_run_it_where_the_setting_says_so(work_on, offered) -> None:
    me = offered.actors[0]
    with work_on() as work:
        actor = coordinator(work)
    question_id = ask(work_on, offered, actor=me)
    with work_on(me) as work:
        assert [key for key, _ in dates_to_find(work, me.person_id)] == [offered.request_id]
        question = get_question(work, question_id)
        choose_date(work, question_id, question.options[1].id, version=question.version)
    with work_on() as work:
        question = question_of(work, offered)
        assert (question.outcome, [o.chosen for o in question.options]) == (
            Outcome.DATE_CHOSEN,
            [False, True],
        )
        assert question.request.state is State.FACILITATORS_AGREED
        assert mail_about(work, MailKind.DATE_CHOSEN) == [str(actor.person_id)]
    with work_on(COORDINATOR) as work:
        assert [task.what for task in date_tasks(work)] == ["The facilitators have chosen a date: set it"]
    with work_on() as work:
        change_setting(work, "facilitators_find_dates", value=False)
    with work_on(me) as work:
        assert dates_to_find(work, me.person_id) == []
        with pytest.raises(NotFound):
            get_request_to_date(work, offered.request_id)


def test_a_facilitator_of_another_request_finds_nothing(work_on, offered) -> None:
    other = agree(work_on, names=("Cedar Bloom", "Dale Frost"))
    question_id = ask(work_on, offered)
    with work_on(other.actors[0]) as work:
        with pytest.raises(NotFound):
            get_question(work, question_id)
        with pytest.raises(NotFound):
            get_request_to_date(work, offered.request_id)


def test_an_undelivered_question_is_shown_with_whom_it_was_for(work_on, offered) -> None:
    ask(work_on, offered)
    with work_on(COORDINATOR) as work:
        row = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.DATES_PROPOSED).limit(1)
        ).one()
        row.state = MailState.FAILED
        work.session.flush()
        [lost] = undelivered(work)
        assert (lost.kind, lost.role) == (MailKind.DATES_PROPOSED, "a participant")


def test_one_question_at_a_time_is_open(work_on, offered) -> None:
    assert DATES[1] < WALL
    ask(work_on, offered)
    ask(work_on, offered, DATES[1], DATES[2], answer_by=ANSWER_BY)
    with work_on() as work:
        found = work.session.scalars(select(DateQuestion.outcome).order_by(DateQuestion.id)).all()
        assert sorted(found, key=str) == [None, Outcome.ASKED_AGAIN]


def test_when_the_last_day_is_over_whoever_finds_the_date_is_told_once_and_what_comes_next(
    work_on, clock, offered
) -> None:
    with work_on() as work:
        lead = coordinator(work).person_id
    question_id = ask(work_on, offered)
    with work_on() as work:
        first, *_ = asked_ids(work, offered.request_id)
    answer(work_on, first, YES, NO)
    clock.instant = later_at(ANSWER_BY, 23)
    assert told(work_on) == 0
    clock.instant = later_at(ANSWER_BY + timedelta(days=1), 7)
    assert told(work_on) == 0
    clock.instant = later_at(ANSWER_BY + timedelta(days=1), 8)
    assert told(work_on) == 3
    assert told(work_on) == 0
    with work_on() as work:
        assert sorted(mail_about(work, MailKind.DATES_OVER)) == sorted(
            str(key) for key in (lead, *(actor.person_id for actor in offered.actors))
        )
        said = envelopes(work, MailKind.DATES_OVER)[0]
        assert said["params"]["answered"] == "Of 3 people, 1 answered."
        assert said["link"].endswith(f"/requests/{offered.request_id}/dates")

    # Another day to answer takes back what has not left, and when that one has gone by too, it is said again.
    change(work_on, question_id, answer_by=ANSWER_BY + timedelta(days=2))
    with work_on() as work:
        assert states_of(work) == [MailState.WITHDRAWN] * 3
    clock.instant = later_at(ANSWER_BY + timedelta(days=3), 9)
    with work_on() as work:
        change_setting(work, "facilitators_find_dates", value=False)
    assert told(work_on) == 1


def test_nothing_is_said_of_a_last_day_while_everything_is_paused_or_once_a_date_is_set(
    work_on, clock, offered
) -> None:
    ask(work_on, offered)
    clock.instant = later_at(ANSWER_BY + timedelta(days=1), 9)
    with work_on(COORDINATOR) as work:
        request = get_request(work, offered.request_id)
        pause_request(work, request.id, reason=PauseReason.OTHER)
    assert told(work_on) == 0
    with work_on(COORDINATOR) as work:
        request = get_request(work, offered.request_id)
        lift_pause(work, request.id, version=request.version)
    assert told(work_on) == 2
    set_it(work_on, offered)
    with work_on() as work:
        assert states_of(work) == [MailState.WITHDRAWN] * 2
    assert told(work_on) == 0


def test_what_was_closed_without_a_date_or_suits_nobody_is_a_task(work_on, offered) -> None:
    question_id = ask(work_on, offered)
    with work_on() as work:
        people = asked_ids(work, offered.request_id)
    for one in people:
        answer(work_on, one, NO, NO)
    with work_on(COORDINATOR) as work:
        assert [task.what for task in date_tasks(work)] == [
            "None of the dates suits anybody: ask about others"
        ]
        close_question(work, question_id, version=get_question(work, question_id).version)
    with work_on(COORDINATOR) as work:
        assert [task.what for task in date_tasks(work)] == [
            "Nobody is asked about a date now: set one, or ask again"
        ]


def told(work_on):
    with work_on(system("tell-of-dates-over")) as work:
        return tell_of_dates_over(work)


def later_at(day, hour):
    return from_wall(datetime.combine(day, time(hour)))


def states_of(work):
    rows = select(OutboxMessage.state).where(OutboxMessage.kind == MailKind.DATES_OVER)
    return list(work.session.scalars(rows))
