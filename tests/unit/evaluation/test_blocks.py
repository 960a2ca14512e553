"""Blocks of requests: whole, for good, and never too small to stand alone."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jags.evaluation.rules import Period
from jags.evaluation.rules.blocks import (
    LEAST_RECORDS,
    NewBlock,
    Span,
    form_blocks,
    segment_of,
    why_not_releasable,
)

CUTS = ("01-01", "01-13", "04-01", "07-01", "07-13", "10-01")
HALF_YEAR = Period(date(2026, 1, 13), date(2026, 7, 12))
SPRING = Span(date(2026, 1, 13), date(2026, 3, 31))
SUMMER = Span(date(2026, 4, 1), date(2026, 6, 30))


def dated(*groups: tuple[date, int]) -> list[tuple[str, date]]:
    return [(f"{day}-{number:02}", day) for day, many in groups for number in range(many)]


def formed(records: list[tuple[str, date]], *, period: Period = HALF_YEAR, closed: tuple[Span, ...] = ()):
    return form_blocks(records, period=period, cuts=CUTS, closed=closed, least=10)


def test_segments_with_enough_are_blocks_of_their_own() -> None:
    found = formed(dated((date(2026, 2, 1), 10), (date(2026, 4, 1), 11), (date(2026, 7, 12), 10)))

    assert [(one.span, len(one.records), one.moved) for one in found.blocks] == [
        (SPRING, 10, 0),
        (SUMMER, 11, 0),
        (Span(date(2026, 7, 1), date(2026, 7, 12)), 10, 0),
    ]


def test_a_small_last_segment_goes_with_the_one_before() -> None:
    found = formed(dated((date(2026, 2, 1), 10), (date(2026, 4, 1), 10), (date(2026, 7, 5), 2)))

    assert [one.span for one in found.blocks] == [SPRING, Span(date(2026, 4, 1), date(2026, 7, 12))]
    assert [len(one.records) for one in found.blocks] == [10, 12]


def test_a_small_first_segment_goes_with_the_next() -> None:
    found = formed(dated((date(2026, 2, 1), 3), (date(2026, 4, 1), 7)))

    assert [(one.span, len(one.records)) for one in found.blocks] == [
        (Span(date(2026, 1, 13), date(2026, 7, 12)), 10)
    ]


def test_what_came_before_and_what_came_late_is_carried_and_counted_as_moved() -> None:
    earlier = dated((date(2025, 11, 1), 2), (date(2026, 2, 1), 1))
    found = formed(earlier + dated((date(2026, 4, 1), 9)), closed=(SPRING,))

    [block] = found.blocks
    assert (block.span, len(block.records), block.moved) == (
        Span(date(2026, 4, 1), date(2026, 7, 12)),
        12,
        3,
    )


def test_too_few_in_the_whole_period_wait() -> None:
    found = formed(dated((date(2026, 2, 1), 4), (date(2026, 7, 1), 5)))

    assert (found.blocks, found.waiting) == ((), 9)


def test_a_closed_block_in_the_middle_is_not_spanned() -> None:
    found = formed(dated((date(2026, 2, 1), 6), (date(2026, 7, 1), 6)), closed=(SUMMER,))

    assert found.blocks == (
        NewBlock(
            Span(date(2026, 7, 1), date(2026, 7, 12)),
            tuple(sorted(name for name, _ in dated((date(2026, 2, 1), 6), (date(2026, 7, 1), 6)))),
            6,
        ),
    )


def test_records_after_the_period_wait_for_their_own() -> None:
    found = formed(dated((date(2026, 2, 1), 10), (date(2026, 7, 13), 30)))

    assert [len(one.records) for one in found.blocks] == [10]
    assert found.waiting == 0


@given(
    st.lists(st.integers(0, 400), max_size=90),
    st.lists(st.sampled_from([0, 1, 2, 3, 4]), min_size=2, max_size=5),
)
def test_every_record_has_one_block_at_most_and_no_block_is_small(days: list[int], ends: list[int]) -> None:
    # Reports of any periods between cuts, one after the other; whatever their order, blocks stay whole and big enough.
    starts = [date(2025, 10, 1), date(2026, 1, 13), date(2026, 4, 1), date(2026, 7, 13), date(2026, 10, 1)]
    records = {f"r{n}": date(2025, 9, 1) + timedelta(days=day) for n, day in enumerate(days)}
    closed: list[Span] = []
    placed: dict[str, int] = {}
    for first, last in itertools.pairwise(ends):
        if first >= last:
            continue
        period = Period(starts[first], starts[last] - timedelta(days=1))
        if why_not_releasable(period, cuts=CUTS, closed=closed, today=date(2030, 1, 1)):
            continue
        left = [(name, on) for name, on in records.items() if name not in placed]
        for block in formed(left, period=period, closed=tuple(closed)).blocks:
            assert len(block.records) >= LEAST_RECORDS
            assert period.from_on <= block.span.first_on <= block.span.last_on <= period.to_on
            assert not any(
                span.first_on <= block.span.last_on and block.span.first_on <= span.last_on for span in closed
            )
            assert not placed.keys() & set(block.records)
            placed |= dict.fromkeys(block.records, len(closed))
            closed.append(block.span)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(date(2026, 1, 14), date(2026, 7, 12)), "its dates are not on the list"),
        (Period(date(2026, 1, 13), date(2026, 7, 13)), "its dates are not on the list"),
        (Period(date(2026, 10, 1), date(2026, 12, 31)), "its period has not ended"),
        (Period(date(2026, 4, 1), date(2026, 6, 30)), "would divide them"),
        (Period(date(2026, 1, 13), date(2026, 6, 30)), "would divide them"),
        (Period(date(2026, 7, 13), date(2026, 9, 30)), ""),
        (Period(date(2026, 1, 13), date(2026, 7, 12)), ""),
    ],
)
def test_why_dates_give_a_draft_that_cannot_be_released(period: Period, words: str) -> None:
    closed = (Span(date(2026, 1, 13), date(2026, 7, 12)),)

    said = why_not_releasable(period, cuts=CUTS, closed=closed, today=date(2026, 11, 24))

    assert (words in said) if words else said == ""


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 7, 12), date(2026, 4, 1)),
        (date(2026, 7, 13), date(2026, 7, 13)),
        (date(2027, 1, 12), date(2026, 7, 13)),
        (date(2027, 1, 13), date(2027, 1, 13)),
        (date(2027, 3, 31), date(2027, 1, 13)),
    ],
)
def test_a_day_belongs_to_the_days_that_a_listed_date_begins(day: date, begins: date) -> None:
    assert segment_of(day, {"01-13", "04-01", "07-13"}) == begins
