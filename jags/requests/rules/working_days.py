"""Working days, and the days by which the Business Unit aims to have dealt with a request."""

from datetime import date, timedelta
from functools import cache

from jags.requests.rules.states import State, Verb
from jags.settings.rules import Partnership

# Spans of dates, both ends included, on which nobody can be expected to answer; none touches another.
Closed = tuple[tuple[date, date], ...]


def is_working_day(day: date) -> bool:
    """Tell whether a date is neither at a weekend nor a bank holiday in England."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays(day.year)


def working_day_after(day: date, number: int, closed: Closed = ()) -> date:
    """Return the date that is so many working days after a date, closed days not counted; 0 gives the date itself."""
    found = day
    for _ in range(number):
        found += _A_DAY
        while not _is_open(found, closed):
            found += _A_DAY
    return found


def working_days_left(today: date, due: date, closed: Closed = ()) -> int:
    """Return how many working days, closed ones not counted, remain after today until a due date; negative when it has passed."""
    first, last = min(today, due), max(today, due)
    holidays = sum(
        first < day <= last and day.weekday() < _SATURDAY
        for year in range(first.year, last.year + 1)
        for day in _bank_holidays(year)
    )
    number = _weekdays_until(last) - _weekdays_until(first) - holidays
    for closes, opens in closed:
        after, until = max(first, closes - _A_DAY), min(last, opens)
        if after < until:
            number -= working_days_left(after, until)
    return number if due >= today else -number


def latest_start(today: date, number: int, closed: Closed = ()) -> date:
    """Return the last date from which so many working days were over before today: what began by then is late.

    On a day that is not worked it is that of the working day before: nothing becomes late at a weekend.
    """
    while not _is_open(today, closed):
        today -= _A_DAY
    found = today - _A_DAY
    while working_day_after(found, number, closed) >= today:
        found -= _A_DAY
    return found


def due_on(
    state: State, *, received_on: date, changed_on: date, targets: Partnership, school: bool = False
) -> date | None:
    """Return the London date by which the Business Unit aims to have dealt with a request in a state.

    `received_on` and `changed_on`, when it came into this state, are the days from which its targets count: an answer
    (`triage_begins`) and a pause (`counts_after_pause`) put them forward. `school` tells whether a school asked. None where
    no local target runs.
    """
    match state:
        case State.UNCONFIRMED:
            return working_day_after(received_on, targets.acknowledge_days)
        case State.IN_TRIAGE:
            return working_day_after(changed_on, targets.triage_days)
        case State.ACCEPTED | State.OFFERED:
            return working_day_after(changed_on, targets.facilitators_days)
        case State.FACILITATORS_AGREED:
            return working_day_after(
                received_on, targets.held_days, closed_while(state, targets=targets, school=school)
            )
        case _:
            return None


def closed_while(state: State, *, targets: Partnership, school: bool) -> Closed:
    """Return the school holidays that do not count towards the target of a state (docs/glossary.md, "local targets").

    Only the date of the session waits for the network around the child, and so for the school that asked.
    """
    return school_holidays(targets) if school and state is State.FACILITATORS_AGREED else ()


def school_holidays(targets: Partnership) -> Closed:
    """Return the school holidays of the settings in order, those that touch or overlap as one."""
    spans = sorted(
        (date.fromisoformat(first), date.fromisoformat(last))
        for first, last in targets.school_holidays.values()
    )
    joined: list[tuple[date, date]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + _A_DAY:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def triage_begins(verb: Verb, *, on: date, asked_on: date, before: date | None) -> date:
    """Return the day from which the target for the decision counts, when a verb brings a request into triage on a day.

    An answer puts the day from which it counted `before` forward by the working days since we asked: the clock stood still.
    Every other verb begins anew.
    """
    if verb is Verb.ANSWER and before is not None:
        return counts_after_pause(before, paused_on=asked_on, lifted_on=on)
    return on


def counts_after_pause(before: date, *, paused_on: date, lifted_on: date, closed: Closed = ()) -> date:
    """Return the day from which a target counts that counted from a day `before` it was paused: the clock stood still."""
    return working_day_after(before, working_days_left(paused_on, lifted_on, closed), closed)


def ring_by(*, received_on: date, confirmed_on: date, targets: Partnership) -> date:
    """Return the day by which the requester is promised a call: so many working days from received.

    Who confirms when that day has passed is promised the next working day.
    """
    due = working_day_after(received_on, targets.acknowledge_days)
    return due if due >= confirmed_on else working_day_after(confirmed_on, 1)


_SATURDAY = 5
_A_DAY = timedelta(days=1)


def _is_open(day: date, closed: Closed) -> bool:
    return is_working_day(day) and not any(first <= day <= last for first, last in closed)


def _weekdays_until(day: date) -> int:
    """Return the number of Mondays to Fridays in the calendar up to a date, whose first day was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - It takes half a second to load, which no worker should pay at its start.

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
