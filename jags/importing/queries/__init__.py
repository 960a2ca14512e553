"""Read what stands here already, in the shape in which the old files and a back-entry tell it."""

from jags.importing.queries.entered import (
    Entered,
    EnteredPage,
    entered_sessions,
    entry_of,
    get_entered,
    may_see,
    same_session,
)
from jags.importing.queries.known import (
    agencies_by_key,
    as_it_stands,
    held_session,
    live_requests,
    pool_by_name,
    requests_by_number,
    taken_on,
    vocabulary,
)

__all__ = [
    "Entered",
    "EnteredPage",
    "agencies_by_key",
    "as_it_stands",
    "entered_sessions",
    "entry_of",
    "get_entered",
    "held_session",
    "live_requests",
    "may_see",
    "pool_by_name",
    "requests_by_number",
    "same_session",
    "taken_on",
    "vocabulary",
]
