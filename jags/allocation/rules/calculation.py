"""What the jobs process works out for a page: its kinds, how it stands, what was asked and what came out."""

from dataclasses import dataclass
from enum import StrEnum


class CalculationKind(StrEnum):
    """What is worked out."""

    PLAN = "plan"
    REPLAY = "replay"


class CalculationState(StrEnum):
    """How it stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


# Whoever took a calculation and has not ended it after so many seconds has been stopped; another takes it.
GIVEN_UP_AFTER = 600


@dataclass(frozen=True)
class Question:
    """What a replay was asked: the period by the day received, and the rules as they would be; sealed."""

    from_on: str = ""
    to_on: str = ""
    weight_of_sooner: int = 1
    more_sessions: int = 0
    rest_holds: bool = True
    one_employer_is_one: bool = False
    training_counts: bool = True


@dataclass(frozen=True)
class Answer:
    """What came out, as JSON; sealed."""

    text: str = ""
