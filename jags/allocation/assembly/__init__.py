"""Turn rows into the engine's problems: of requests that wait, of a past period, and of the months to come."""

from jags.allocation.assembly.around import people_around
from jags.allocation.assembly.half_days import Promised, finds_half_day, half_days_promised
from jags.allocation.assembly.holding import Against, Held, what_speaks_against
from jags.allocation.assembly.outlook import RECENT_WEEKS, assemble_ahead
from jags.allocation.assembly.past import SOONER_IN_THE_PAST, Past, PastQuarter, assemble_past
from jags.allocation.assembly.standing import organisation, standing_of, standing_of_each
from jags.allocation.assembly.waiting import (
    LEAST_DAYS_AHEAD,
    Assembled,
    Together,
    assemble,
    assemble_at,
    assemble_waiting,
)

__all__ = [
    "LEAST_DAYS_AHEAD",
    "RECENT_WEEKS",
    "SOONER_IN_THE_PAST",
    "Against",
    "Assembled",
    "Held",
    "Past",
    "PastQuarter",
    "Promised",
    "Together",
    "assemble",
    "assemble_ahead",
    "assemble_at",
    "assemble_past",
    "assemble_waiting",
    "finds_half_day",
    "half_days_promised",
    "organisation",
    "people_around",
    "standing_of",
    "standing_of_each",
    "what_speaks_against",
]
