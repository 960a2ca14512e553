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
class Change:
    """A rule that a replay changed, in words, with what it is and what it would be."""

    what: str
    was: str
    would_be: str


def changes(was: Question, would_be: Question) -> tuple[Change, ...]:
    """Return the rules in which two questions differ, in the order of the form."""
    sides = (was, would_be)
    found = (
        Change("Weight of a request that is needed sooner", *(str(one.weight_of_sooner) for one in sides)),
        Change("Sessions a quarter that everybody could give", *(_more(one.more_sessions) for one in sides)),
        Change(
            "Nothing new is offered soon after a heavy session", *(_holds(one.rest_holds) for one in sides)
        ),
        Change(
            "Services of one employer count as one agency",
            *(_holds(one.one_employer_is_one) for one in sides),
        ),
        Change(
            "Training for transitional safeguarding counts", *(_holds(one.training_counts) for one in sides)
        ),
    )
    return tuple(one for one in found if one.was != one.would_be)


def _more(number: int) -> str:
    return "as recorded" if number == 0 else f"{abs(number)} {'more' if number > 0 else 'fewer'}"


def _holds(held: bool) -> str:  # noqa: FBT001 - Said of a rule, not asked of a caller.
    return "yes" if held else "no"


@dataclass(frozen=True)
class Answer:
    """What came out, as JSON; sealed."""

    text: str = ""
