"""Take the time and the place that a session needs, and know how long each is taken."""

from jags.facilitators.rules import BookingKind, Span
from jags.facilitators.service import occupy
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionFormat, around, together_from
from jags.settings.queries import partnership
from jags.venues.rules import VenueTime


def take_time(work: Work, session: JagsSession) -> None:
    """Take its facilitators' time and its place for a session, instead of what it took before.

    Raises `FacilitatorAlreadyBooked` or `VenueAlreadyBooked`.
    """
    there = time_together(work, session)
    occupy(
        work,
        session.id,
        kind=BookingKind.SESSION,
        time=time_taken(work, session),
        person_ids=[f.person_id for f in session.facilitators],
        venue=VenueTime(session.venue_id, there.starts_at, there.ends_at) if session.venue_id else None,
    )


def time_together(work: Work, session: JagsSession) -> Span:
    """Return from when to when the two facilitators are there: preparation, the session and the debrief."""
    return together_from(partnership(work), session.starts_at, session.minutes)


def time_taken(work: Work, session: JagsSession) -> Span:
    """Return what a session takes of its facilitators' time: the time together, a pause, and the way unless all is online."""
    return around(partnership(work), time_together(work, session), session.format)


def with_the_way(work: Work, there: Span, how: SessionFormat | None) -> Span:
    """Return what being somewhere takes of a person's time, whatever it is for: with a pause around it, and the way unless it is online."""
    return around(partnership(work), there, how)
