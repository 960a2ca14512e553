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


def from_wall(wall: datetime, zone: ZoneInfo = LONDON) -> datetime:
    """Return the UTC instant of a naive wall time.

    Raises `Invalid` for a wall time that does not exist (clocks go forward) or exists twice (clocks go back).
    """
    early = wall.replace(tzinfo=zone, fold=0)
    late = wall.replace(tzinfo=zone, fold=1)
    instant = early.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        raise Invalid("That time does not exist: the clocks go forward in that hour. Choose another time.")
    if early.utcoffset() != late.utcoffset():
        raise Invalid("That time happens twice: the clocks go back in that hour. Choose another time.")
    return instant


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
