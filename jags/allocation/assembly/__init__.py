"""Turn rows into the engine's problems: of requests that wait, of a past period, and of the months to come."""

from jags.allocation.assembly.standing import organisation, people_around, standing_of
from jags.allocation.assembly.waiting import (
    LEAST_DAYS_AHEAD,
    Assembled,
    Together,
    assemble,
    assemble_waiting,
)

__all__ = [
    "LEAST_DAYS_AHEAD",
    "Assembled",
    "Together",
    "assemble",
    "assemble_waiting",
    "organisation",
    "people_around",
    "standing_of",
]
