"""Keep the pattern by which somebody offers half-days, and fill the coming weeks by it."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

from jags.facilitators.model import AvailabilityPattern
from jags.facilitators.policy import require_own_time
from jags.facilitators.queries import find_pattern, get_facilitator, patterns_to_extend
from jags.facilitators.rules import CYCLE_MOST, HALF_DAYS, WEEKS_AHEAD, Pattern, Span, pattern_spans
from jags.facilitators.service.time import give_availability
from jags.kernel.errors import Invalid
from jags.kernel.time import start_of_day
from jags.kernel.work import Work
from jags.settings.queries import partnership

_DAY = timedelta(days=1)


def save_pattern(
    work: Work,
    person_id: uuid.UUID,
    pattern: Pattern,
    *,
    version: int,
    is_working_day: Callable[[date], bool],
) -> None:
    """Keep a pattern, and offer its half-days in the coming weeks in place of all that was offered in them.

    Each day is filled once: what is changed by hand afterwards stays. `version` is 0 where there was no pattern.
    Raises `NotAllowed` for somebody else's time, `Invalid` for a pattern that offers nothing, `Stale` when it was changed.
    """
    require_own_time(work.actor, person_id)
    # The row is held, so that two first saves at once are one after the other.
    work.session.refresh(get_facilitator(work, person_id), with_for_update=True)
    if not 1 <= pattern.cycle_days <= CYCLE_MOST:
        raise Invalid(f"Enter a number of days from 1 to {CYCLE_MOST}.", field="days")
    if not pattern.halves or not all(0 <= n < pattern.cycle_days * len(HALF_DAYS) for n in pattern.halves):
        raise Invalid("Tick at least one half-day of those that are shown.", field="halves")
    row = find_pattern(work, person_id)
    if row is None:
        row = AvailabilityPattern(person_id=person_id)
        work.session.add(row)
    else:
        row.expect(version)
    row.cycle_days, row.begins_on = pattern.cycle_days, pattern.begins_on
    row.halves = " ".join(str(number) for number in sorted(pattern.halves))
    row.term_time_only = pattern.term_time_only
    _fill(work, row, work.today + _DAY, is_working_day)
    work.record("facilitator:pattern_saved", person_id, days=pattern.cycle_days)


def forget_pattern(work: Work, person_id: uuid.UUID, *, version: int) -> None:
    """Let no further week be filled; what is offered already stays. Raises like `save_pattern`."""
    require_own_time(work.actor, person_id)
    row = find_pattern(work, person_id)
    if row is None:
        return
    row.expect(version)
    work.session.delete(row)
    work.record("facilitator:pattern_forgotten", person_id)


def extend_patterns(work: Work, *, is_working_day: Callable[[date], bool]) -> int:
    """Fill by every pattern the days that have come near since it was filled last; return for how many people."""
    due = patterns_to_extend(work, last_day=_last_day(work))
    for row in due:
        _fill(work, row, max(row.filled_until, work.today) + _DAY, is_working_day)
    return len(due)


def _last_day(work: Work) -> date:
    return work.today + timedelta(weeks=WEEKS_AHEAD)


def _fill(
    work: Work, row: AvailabilityPattern, first_day: date, is_working_day: Callable[[date], bool]
) -> None:
    row.filled_until = last_day = _last_day(work)
    holidays = [
        (date.fromisoformat(first), date.fromisoformat(last))
        for first, last in partnership(work).school_holidays.values()
    ]
    spans = pattern_spans(row.pattern, first_day, last_day, is_working_day=is_working_day, holidays=holidays)
    window = Span(start_of_day(first_day), start_of_day(last_day + _DAY))
    give_availability(work, row.person_id, spans, replacing=window)
