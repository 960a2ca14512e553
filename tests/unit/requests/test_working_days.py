"""Working days in England, and the local targets that are counted in them."""

from datetime import date, timedelta

import pytest

from jags.requests.rules import (
    MOVES,
    NEEDS_DECISION,
    RECEIVED,
    State,
    Verb,
    due_on,
    is_working_day,
    latest_start,
    reference_of,
    ring_by,
    school_holidays,
    triage_begins,
    working_day_after,
    working_days_left,
)
from jags.settings.rules import Partnership


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 3), True),
        (date(2026, 3, 7), False),  # A Saturday.
        (date(2027, 3, 26), False),  # Good Friday.
        (date(2027, 3, 29), False),  # Easter Monday, a bank holiday in England but not in Scotland.
        (date(2027, 12, 27), False),  # Christmas Day was a Saturday.
        (date(2027, 12, 28), False),  # Boxing Day was a Sunday.
        (date(2026, 3, 17), True),  # St Patrick's Day is one in Northern Ireland only.
    ],
)
def test_weekends_and_bank_holidays_in_england_are_not_worked(day: date, works: bool) -> None:  # noqa: FBT001 - A table of cases.
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2026, 3, 3), 0, date(2026, 3, 3)),
        (date(2026, 3, 3), 2, date(2026, 3, 5)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2027, 3, 25), 2, date(2027, 3, 31)),
        (date(2026, 12, 23), 2, date(2026, 12, 29)),
        (date(2027, 12, 24), 1, date(2027, 12, 29)),
    ],
)
def test_days_are_counted_over_weekends_easter_and_christmas(day: date, number: int, found: date) -> None:
    assert working_day_after(day, number) == found


def test_days_left_turn_negative_after_the_due_date() -> None:
    assert working_days_left(date(2026, 3, 6), date(2026, 3, 9)) == 1
    assert working_days_left(date(2026, 3, 9), date(2026, 3, 9)) == 0
    assert working_days_left(date(2026, 3, 9), date(2026, 3, 5)) == -2
    assert working_days_left(date(2027, 3, 25), date(2027, 3, 30)) == 1


MONDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 4)


@pytest.mark.parametrize(
    ("moves", "counts_from", "due"),
    [
        # Five working days from Monday 2 March.
        ([(Verb.CONFIRM, MONDAY)], MONDAY, date(2026, 3, 9)),
        # Asked on the Wednesday with three days left, which the answer of Monday the 16th leaves as they were.
        (
            [(Verb.CONFIRM, MONDAY), (Verb.ASK, WEDNESDAY), (Verb.ANSWER, date(2026, 3, 16))],
            date(2026, 3, 12),
            date(2026, 3, 19),
        ),
        # Asked and answered in one day, and again over a weekend.
        (
            [
                (Verb.CONFIRM, MONDAY),
                (Verb.ASK, WEDNESDAY),
                (Verb.ANSWER, WEDNESDAY),
                (Verb.ASK, date(2026, 3, 7)),
                (Verb.ANSWER, date(2026, 3, 9)),
            ],
            date(2026, 3, 3),
            date(2026, 3, 10),
        ),
        # Good Friday and Easter Monday are not waited: asked on Thursday 25 March 2027, answered on Tuesday the 30th.
        (
            [
                (Verb.CONFIRM_BY_TELEPHONE, date(2027, 3, 24)),
                (Verb.ASK, date(2027, 3, 25)),
                (Verb.ANSWER, date(2027, 3, 30)),
            ],
            date(2027, 3, 25),
            date(2027, 4, 5),
        ),
        # Taken up again: what was waited before does not count.
        (
            [
                (Verb.CONFIRM, MONDAY),
                (Verb.ASK, WEDNESDAY),
                (Verb.CLOSE_WITHOUT_ANSWER, date(2026, 3, 18)),
                (Verb.REOPEN, date(2026, 4, 1)),
            ],
            date(2026, 4, 1),
            date(2026, 4, 10),
        ),
    ],
)
def test_the_triage_clock_stands_still_while_we_wait_for_the_requester(moves, counts_from, due) -> None:
    asked_on, found = MONDAY, None
    for verb, on in moves:
        if MOVES[verb][1] is State.IN_TRIAGE:
            found = triage_begins(verb, on=on, asked_on=asked_on, before=found)
        asked_on = on
    assert found == counts_from
    due_by = due_on(State.IN_TRIAGE, received_on=MONDAY, changed_on=found, targets=Partnership())
    assert due_by == due


def test_no_target_runs_while_we_wait_for_the_requester() -> None:
    found = due_on(
        State.WAITING_FOR_REQUESTER, received_on=MONDAY, changed_on=WEDNESDAY, targets=Partnership()
    )
    assert found is None


TWO_HOLIDAYS = Partnership(
    school_holidays={
        "A": ("2026-04-03", "2026-04-10"),
        # Touches the first, and lies within the third.
        "B": ("2026-04-11", "2026-04-14"),
        "C": ("2026-04-08", "2026-04-17"),
        "Later": ("2026-05-25", "2026-05-29"),
    }
)


def test_school_holidays_that_touch_or_overlap_are_one_span() -> None:
    assert school_holidays(TWO_HOLIDAYS) == (
        (date(2026, 4, 3), date(2026, 4, 17)),
        (date(2026, 5, 25), date(2026, 5, 29)),
    )


def test_days_of_a_school_holiday_do_not_count_where_a_school_is_waited_for() -> None:
    closed = school_holidays(TWO_HOLIDAYS)
    # Thursday 2 April 2026 is followed by Good Friday; the first day of term is Monday the 20th.
    assert working_day_after(date(2026, 4, 2), 1, closed) == date(2026, 4, 20)
    assert working_day_after(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert working_days_left(date(2026, 4, 2), date(2026, 4, 21), closed) == 2
    # From within the holiday, and back.
    assert working_days_left(date(2026, 4, 9), date(2026, 4, 20), closed) == 1
    assert working_days_left(date(2026, 4, 21), date(2026, 4, 2), closed) == -2


@pytest.mark.parametrize("state", sorted(NEEDS_DECISION))
def test_only_the_date_of_the_session_waits_for_a_school(state: State) -> None:
    when = {"received_on": date(2026, 4, 1), "changed_on": date(2026, 4, 1), "targets": TWO_HOLIDAYS}
    waits = due_on(state, **when, school=True) != due_on(state, **when)
    assert waits is (state is State.FACILITATORS_AGREED)


def test_a_session_for_a_school_is_due_after_thirty_days_of_term() -> None:
    # From 1 April: the 2nd, then 24 days from 20 April to 22 May without the bank holiday of 4 May, then 1 to 5 June.
    found = due_on(
        State.FACILITATORS_AGREED,
        received_on=date(2026, 4, 1),
        changed_on=date(2026, 4, 1),
        targets=TWO_HOLIDAYS,
        school=True,
    )
    assert found == date(2026, 6, 5)


@pytest.mark.parametrize("closed", [(), school_holidays(TWO_HOLIDAYS)])
@pytest.mark.parametrize("number", [0, 1, 2, 5, 30])
def test_what_began_by_the_latest_start_is_late_and_a_day_later_it_is_not(number: int, closed) -> None:
    for n in range(60):
        today = date(2026, 4, 1) + timedelta(days=n)
        start = latest_start(today, number, closed)
        for begins, late in ((start, True), (start + timedelta(days=1), False)):
            due = working_day_after(begins, number, closed)
            assert (working_days_left(today, due, closed) < 0) is late


@pytest.mark.parametrize(
    ("confirmed", "by"),
    [
        (MONDAY, WEDNESDAY),
        (WEDNESDAY, WEDNESDAY),
        # The two days from received have passed: the next working day, here after a weekend.
        (date(2026, 3, 5), date(2026, 3, 6)),
        (date(2026, 3, 6), date(2026, 3, 9)),
    ],
)
def test_the_call_is_promised_from_the_day_received_and_never_for_a_day_gone_by(confirmed, by) -> None:
    assert ring_by(received_on=MONDAY, confirmed_on=confirmed, targets=Partnership()) == by


def test_the_requester_is_answered_from_the_day_received() -> None:
    found = due_on(State.UNCONFIRMED, received_on=MONDAY, changed_on=WEDNESDAY, targets=Partnership())
    assert found == WEDNESDAY


def test_the_session_is_due_from_the_day_received() -> None:
    received, changed = date(2026, 1, 5), date(2026, 1, 30)
    found = due_on(State.FACILITATORS_AGREED, received_on=received, changed_on=changed, targets=Partnership())
    assert found == date(2026, 2, 16)


def test_references_have_four_digits_and_more_when_needed() -> None:
    assert reference_of(2026, 42) == "JAGS-2026-0042"
    assert reference_of(2026, 12345) == "JAGS-2026-12345"


def test_what_needs_a_decision_has_been_received_and_can_move() -> None:
    assert NEEDS_DECISION <= RECEIVED
    leaving = {state for origins, _ in MOVES.values() for state in origins}
    assert leaving >= NEEDS_DECISION


def test_nothing_that_was_held_can_be_withdrawn_or_cancelled() -> None:
    for verb in (Verb.WITHDRAW, Verb.CANCEL):
        assert not MOVES[verb][0] & {State.HELD, State.CLOSED, State.DRAFT}
