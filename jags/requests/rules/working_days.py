"""Working days, and the days by which the Business Unit aims to have dealt with a request."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from jags.requests.rules.states import MOVES, State, Verb
from jags.settings.rules import Partnership


def is_working_day(day: date) -> bool:
    """Tell whether a date is neither at a weekend nor a bank holiday in England."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays(day.year)


def working_day_after(day: date, number: int) -> date:
    """Return the date that is so many working days after a date; a number of 0 gives the date itself."""
    found = day
    for _ in range(number):
        found += timedelta(days=1)
        while not is_working_day(found):
            found += timedelta(days=1)
    return found


def working_days_left(today: date, due: date) -> int:
    """Return how many working days remain after today until a due date; negative when it has passed."""
    first, last = min(today, due), max(today, due)
    holidays = sum(
        first < day <= last and day.weekday() < _SATURDAY
        for year in range(first.year, last.year + 1)
        for day in _bank_holidays(year)
    )
    number = _weekdays_until(last) - _weekdays_until(first) - holidays
    return number if due >= today else -number


def due_on(
    state: State, *, received_on: date, changed_on: date, targets: Partnership, waited: int = 0
) -> date | None:
    """Return the London date by which the Business Unit aims to have dealt with a request in a state.

    `changed_on` is when it came into this state, for triage without counting answers of the requester; `waited` are the
    working days since then on which we waited for one (`triage_clock`). None where no local target runs.
    """
    match state:
        case State.UNCONFIRMED:
            return working_day_after(received_on, targets.acknowledge_days)
        case State.IN_TRIAGE:
            return working_day_after(changed_on, targets.triage_days + waited)
        case State.ACCEPTED | State.OFFERED:
            return working_day_after(changed_on, targets.facilitators_days)
        case State.FACILITATORS_AGREED:
            return working_day_after(received_on, targets.held_days)
        case _:
            return None


def triage_clock(moves: Iterable[tuple[Verb, date]]) -> tuple[date | None, int]:
    """Return when the present triage began, and the working days since then on which we waited for the requester.

    `moves` are verbs with their London dates, oldest first. A request that is taken up again begins anew.
    """
    began: date | None = None
    asked: date | None = None
    waited = 0
    for verb, on in moves:
        if verb is Verb.ASK:
            asked = on
        elif verb is Verb.ANSWER and asked is not None:
            waited += working_days_left(asked, on)
        elif MOVES[verb][1] is State.IN_TRIAGE:
            began, waited = on, 0
    return began, waited


def ring_by(*, received_on: date, confirmed_on: date, targets: Partnership) -> date:
    """Return the day by which the requester is promised a call: so many working days from received.

    Who confirms when that day has passed is promised the next working day.
    """
    due = working_day_after(received_on, targets.acknowledge_days)
    return due if due >= confirmed_on else working_day_after(confirmed_on, 1)


_SATURDAY = 5


def _weekdays_until(day: date) -> int:
    """Return the number of Mondays to Fridays in the calendar up to a date, whose first day was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - It takes half a second to load, which no worker should pay at its start.

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
