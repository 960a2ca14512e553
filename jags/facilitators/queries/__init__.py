"""Read the pool: who is in it, when they are free, whether their training is valid, and how much they have given."""

from jags.facilitators.queries.pool import (
    Load,
    PoolMember,
    find_facilitator,
    get_facilitator,
    load,
    pool,
)
from jags.facilitators.queries.time import availability_of, bookings_of, free_slots
from jags.facilitators.queries.training import (
    LapsingTraining,
    lapsing_training,
    not_current_on,
    training_terms,
)

__all__ = [
    "LapsingTraining",
    "Load",
    "PoolMember",
    "availability_of",
    "bookings_of",
    "find_facilitator",
    "free_slots",
    "get_facilitator",
    "lapsing_training",
    "load",
    "not_current_on",
    "pool",
    "training_terms",
]
