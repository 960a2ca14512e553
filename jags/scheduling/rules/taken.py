"""How much of two facilitators' time a session takes: preparation, debrief, a pause around it, and the way."""

from datetime import datetime, timedelta

from jags.facilitators.rules import Span
from jags.scheduling.rules.sessions import SessionFormat
from jags.settings.rules import Partnership


def together_from(house: Partnership, starts_at: datetime, minutes: int) -> Span:
    """Return from when to when the two are there: preparation, a session of so many minutes, and the debrief."""
    return Span(
        starts_at - timedelta(minutes=house.preparation_minutes),
        starts_at + timedelta(minutes=minutes + house.debrief_minutes),
    )


def around(house: Partnership, there: Span, how: SessionFormat | None) -> Span:
    """Return what being somewhere takes of a person's time, whatever it is for: with a pause around it, and the way unless it is online."""
    way = 0 if how is SessionFormat.ONLINE else house.travel_minutes
    pause = timedelta(minutes=house.pause_minutes + way)
    return Span(there.starts_at - pause, there.ends_at + pause)
