"""A facilitator's own side: which of their feedback they are shown, and what they write for themselves."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

# A facilitator sees the feedback of their own sessions from so many, and it is renewed when as many more, with as many more
# answers, have closed: so that no two looks differ by one session (docs/adr/0005-anonymous-feedback.md).
SESSIONS_LEAST = 5
ANSWERS_LEAST = 5


@dataclass(frozen=True)
class OwnPool:
    """The opened answers of one session by itself."""

    id: uuid.UUID
    answers: int


@dataclass(frozen=True)
class LogEntry:
    """What a facilitator writes in their development log; sealed under their own key."""

    text: str = ""


def whole_steps(pools: Iterable[OwnPool]) -> list[OwnPool]:
    """Return the pools that are shown, of all in the order of their opening: whole steps only, the rest waits.

    A step is `SESSIONS_LEAST` sessions or more, with `ANSWERS_LEAST` answers or more.
    """
    shown: list[OwnPool] = []
    step: list[OwnPool] = []
    for pool in pools:
        step.append(pool)
        if len(step) >= SESSIONS_LEAST and sum(one.answers for one in step) >= ANSWERS_LEAST:
            shown += step
            step = []
    return shown
