"""Bound the work of a search by a count, which repeats exactly, and by time, which is for people."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_STEPS = 20_000
"""Default count of steps; one step is one relaxation."""


@dataclass(slots=True)
class Effort:
    """What may still be spent; `watch` hears what is being worked on."""

    seconds: float
    steps: int = MOST_STEPS
    clock: Callable[[], float] = time.monotonic
    watch: Callable[[str, float], None] | None = None
    started: float = field(init=False)
    taken: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started

    @property
    def left(self) -> float:
        """Seconds that are left, never below 0."""
        return max(0.0, self.seconds - self.spent)

    @property
    def over(self) -> bool:
        """Whether time or count has run out."""
        return self.taken >= self.steps or self.spent >= self.seconds

    def step(self, what: str) -> None:
        """Count one step."""
        self.taken += 1
        if self.watch is not None:
            self.watch(what, self.spent)
