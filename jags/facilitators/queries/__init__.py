"""Read the pool: who is in it, when they are free, whether their training is valid, and how much they have given."""

from jags.facilitators.queries.calendar import (
    BusyTimes,
    CalendarState,
    busy_times_of,
    calendar_host,
    calendar_state,
    find_calendar,
)
from jags.facilitators.queries.pool import (
    Load,
    PoolMember,
    find_facilitator,
    get_facilitator,
    load,
    pool,
)
from jags.facilitators.queries.themes import find_themes, open_themes, themes_of
from jags.facilitators.queries.time import (
    Booked,
    FreeTime,
    KnownTime,
    availability_of,
    coming_bookings,
    find_pattern,
    free_at,
    free_time,
    heavy_marks,
    known_time,
    patterns_to_extend,
)
from jags.facilitators.queries.training import (
    LapsingTraining,
    lapsing_training,
    not_current_on,
    training_of,
    training_terms,
)

__all__ = [
    "Booked",
    "BusyTimes",
    "CalendarState",
    "FreeTime",
    "KnownTime",
    "LapsingTraining",
    "Load",
    "PoolMember",
    "availability_of",
    "busy_times_of",
    "calendar_host",
    "calendar_state",
    "coming_bookings",
    "find_calendar",
    "find_facilitator",
    "find_pattern",
    "find_themes",
    "free_at",
    "free_time",
    "get_facilitator",
    "heavy_marks",
    "known_time",
    "lapsing_training",
    "load",
    "not_current_on",
    "open_themes",
    "patterns_to_extend",
    "pool",
    "themes_of",
    "training_of",
    "training_terms",
]
