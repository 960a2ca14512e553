"""Half-days that repeat: weeks, rotas, term time, and what is changed by hand; on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from conftest import NOW, WorkOn
from factories.pool import facilitator, signs_in, span
from jags.adapters.clock import FixedClock
from jags.facilitators.queries import availability_of, find_pattern
from jags.facilitators.rules import FacilitatorStatus, Pattern, Span
from jags.facilitators.service import (
    extend_patterns,
    forget_pattern,
    give_availability,
    save_pattern,
    set_status,
)
from jags.kernel.errors import Invalid, NotAllowed, Stale
from jags.kernel.time import LONDON
from jags.requests.rules import is_working_day
from jags.settings.service import change_setting

# Tuesday 24 November 2026.
TODAY = NOW.date()
MONDAY = TODAY - timedelta(days=1)
LAST = TODAY + timedelta(weeks=8)
MONDAY_MORNINGS = Pattern(7, MONDAY, frozenset({0}))


def save(work, person_id, pattern: Pattern, version: int = 0) -> None:
    save_pattern(work, person_id, pattern, version=version, is_working_day=is_working_day)


def extend(work_on: WorkOn) -> int:
    with work_on() as work:
        return extend_patterns(work, is_working_day=is_working_day)


def shown(spans: list[Span]) -> list[tuple[date, int, int]]:
    """Return the London day of each span, and the hours between which it lies."""
    local = [(s.starts_at.astimezone(LONDON), s.ends_at.astimezone(LONDON)) for s in spans]
    return [(first.date(), first.hour, last.hour) for first, last in local]


def offered(work_on: WorkOn, person_id) -> list[tuple[date, int, int]]:
    with work_on() as work:
        return shown(availability_of(work, person_id))


def test_a_weekly_pattern_fills_eight_weeks_without_bank_holidays(work_on: WorkOn) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
        give_availability(work, ann, [span(TODAY + timedelta(days=3), 9, 13)])
        save(work, ann, Pattern(7, MONDAY, frozenset({0, 9})))
    found = offered(work_on, ann)
    # Monday mornings and Friday afternoons; 25 and 28 December and 1 January are bank holidays.
    days = [
        (date(2026, 11, 27), 13, 17), (date(2026, 11, 30), 9, 13), (date(2026, 12, 4), 13, 17),
        (date(2026, 12, 7), 9, 13), (date(2026, 12, 11), 13, 17), (date(2026, 12, 14), 9, 13),
        (date(2026, 12, 18), 13, 17), (date(2026, 12, 21), 9, 13), (date(2027, 1, 4), 9, 13),
        (date(2027, 1, 8), 13, 17), (date(2027, 1, 11), 9, 13), (date(2027, 1, 15), 13, 17),
        (date(2027, 1, 18), 9, 13),
    ]  # fmt: skip
    assert found == days


def test_term_time_leaves_school_holidays_out_to_their_last_day(work_on: WorkOn) -> None:
    with work_on() as work:
        change_setting(work, "school_holidays", {"Christmas": ["2026-12-21", "2027-01-04"]})
        ann = facilitator(work, "Ann")
        save(work, ann, Pattern(7, MONDAY, frozenset({0}), term_time_only=True))
    assert [day for day, _, _ in offered(work_on, ann)] == [
        date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14), date(2027, 1, 11), date(2027, 1, 18),
    ]  # fmt: skip


def test_a_rota_repeats_after_its_own_number_of_days_on_working_days(work_on: WorkOn) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
        # A cycle of four days that begins in the future still tells the days before it.
        save(work, ann, Pattern(4, TODAY + timedelta(days=5), frozenset({0, 1})))
    found = offered(work_on, ann)
    assert found[:4] == [
        (date(2026, 11, 25), 9, 17),
        (date(2026, 12, 3), 9, 17),
        (date(2026, 12, 7), 9, 17),
        (date(2026, 12, 11), 9, 17),
    ]
    assert all((day - date(2026, 11, 25)).days % 4 == 0 and is_working_day(day) for day, _, _ in found)


def test_each_day_is_filled_once_so_that_changes_by_hand_stay(work_on: WorkOn, clock: FixedClock) -> None:
    with work_on() as work:
        ann, left = facilitator(work, "Ann"), facilitator(work, "Left")
        save(work, ann, MONDAY_MORNINGS)
        save(work, left, MONDAY_MORNINGS)
        set_status(work, left, FacilitatorStatus.LEFT)
    assert extend(work_on) == 0
    with work_on() as work:
        # By hand: nothing on 7 December, and the afternoon of the 8th.
        day = date(2026, 12, 7)
        whole = Span(span(day, 0, 1).starts_at, span(day + timedelta(days=1), 23, 24).ends_at)
        give_availability(work, ann, [span(day + timedelta(days=1), 13, 17)], replacing=whole)
    clock.instant = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    assert extend(work_on) == 1
    assert extend(work_on) == 0
    found = offered(work_on, ann)
    assert found[0] == (date(2026, 12, 8), 13, 17)
    # 19 January was the last day that was filled; the week after it has come near.
    assert found[-2:] == [(date(2027, 1, 18), 9, 13), (date(2027, 1, 25), 9, 13)]
    clock.instant = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
    assert extend(work_on) == 1
    assert offered(work_on, ann)[0] == (date(2027, 6, 7), 9, 13)


def test_a_pattern_that_has_ended_fills_no_further_week(work_on: WorkOn, clock: FixedClock) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
        save(work, ann, MONDAY_MORNINGS)
    before = offered(work_on, ann)
    with pytest.raises(Stale), work_on() as work:
        forget_pattern(work, ann, version=7)
    with work_on() as work:
        forget_pattern(work, ann, version=1)
        forget_pattern(work, ann, version=1)
    assert offered(work_on, ann) == before
    clock.instant = NOW + timedelta(days=14)
    assert extend(work_on) == 0


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (Pattern(0, MONDAY, frozenset({0})), "days"),
        (Pattern(57, MONDAY, frozenset({0})), "days"),
        (Pattern(7, MONDAY, frozenset()), "halves"),
        (Pattern(7, MONDAY, frozenset({14})), "halves"),
        (Pattern(7, MONDAY, frozenset({-1})), "halves"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(work_on: WorkOn, pattern: Pattern, field: str) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
    with pytest.raises(Invalid) as caught, work_on() as work:
        save(work, ann, pattern)
    assert caught.value.field == field


def test_nobody_changes_the_pattern_of_somebody_else_or_over_another_change(work_on: WorkOn) -> None:
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        own, other = signs_in(work, ann), signs_in(work, ben)
    with work_on(own) as work:
        save(work, ann, MONDAY_MORNINGS)
    for act in (
        lambda work: save(work, ann, MONDAY_MORNINGS, version=1),
        lambda work: forget_pattern(work, ann, version=1),
    ):
        with pytest.raises(NotAllowed), work_on(other) as work:
            act(work)
    with work_on(own) as work:
        save(work, ann, Pattern(7, MONDAY, frozenset({1})), version=1)
    with pytest.raises(Stale), work_on(own) as work:
        save(work, ann, MONDAY_MORNINGS, version=1)
    with work_on() as work:
        assert find_pattern(work, ann).pattern.halves == {1}
