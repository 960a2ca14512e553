"""Words for the outcome of a job."""

from enum import StrEnum

# A scheduler that has not renewed its lease for this many seconds has lost it.
LEASE_SECONDS = 120


class Outcome(StrEnum):
    """How a job's run ended."""

    DONE = "done"
    FAILED = "failed"
