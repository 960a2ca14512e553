"""Instants, London dates and wall times, and how they are said."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jags.kernel.errors import Invalid

LONDON = ZoneInfo("Europe/London")


def london_date(instant: datetime) -> date:
    """Return the calendar date in London at an aware instant."""
    return instant.astimezone(LONDON).date()


def start_of_day(day: date) -> datetime:
    """Return the first instant of a London date, in UTC."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)


class HappensTwice(Invalid):
    """That time happens twice, because the clocks go back in that hour."""


def from_wall(wall: datetime, zone: ZoneInfo = LONDON, *, second: bool | None = None) -> datetime:
    """Return the UTC instant of a naive wall time; `second` says which one is meant where it happens twice.

    Raises `Invalid` for a wall time that does not exist (clocks go forward), and `HappensTwice` for one that happens twice
    (clocks go back) while `second` is None.
    """
    early = wall.replace(tzinfo=zone, fold=0)
    late = wall.replace(tzinfo=zone, fold=1)
    instant = early.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        raise Invalid("That time does not exist: the clocks go forward in that hour. Choose another time.")
    if early.utcoffset() == late.utcoffset():
        return instant
    if second is None:
        raise HappensTwice(
            "That time happens twice: the clocks go back in that hour. Select which one you mean."
        )
    return late.astimezone(UTC) if second else instant


def happens_twice(wall: datetime, zone: ZoneInfo = LONDON) -> bool:
    """Tell whether a naive wall time happens twice, because the clocks go back in that hour."""
    try:
        from_wall(wall, zone)
    except HappensTwice:
        return True
    except Invalid:
        return False
    return False


def overlaps(start_a: datetime, end_a: datetime, start_b: datetime, end_b: datetime) -> bool:
    """Tell whether two half-open intervals share an instant."""
    return start_a < end_b and start_b < end_a


def days(number: float) -> timedelta:
    """Return a span of days."""
    return timedelta(days=number)


def date_in_words(day: date) -> str:
    """Return a date as 3 March 2026."""
    return f"{day.day} {day:%B %Y}"


def day_in_words(day: date) -> str:
    """Return a date with its day of the week, as Tuesday 3 March 2026."""
    return f"{day:%A} {date_in_words(day)}"


def time_in_words(value: datetime | time) -> str:
    """Return a time of day as 2:30pm; an aware instant counts as its wall time in London."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(LONDON)
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon divides the twelve-hour clock.


def hour_in_words(hour: int) -> str:
    """Return a whole hour of the clock, from 0 to 24, as 8am."""
    return time_in_words(time(hour % 24))


def span_in_words(starts_at: datetime, ends_at: datetime) -> str:
    """Return a span between two aware instants as "Tuesday 3 March 2026, 2:30pm to 4:30pm", in London time.

    One that ends on another day names that day, too.
    """
    first, last = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    until = (
        time_in_words(last) if first.date() == last.date() else f"{day_in_words(last)}, {time_in_words(last)}"
    )
    return f"{day_in_words(first)}, {time_in_words(first)} to {until}"
