"""Count what somebody has taken on, the one way in which every page, reason and capacity counts it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakenOn:
    """The sessions of one person in one quarter, and in twelve months.

    `given` are over and `booked` have a date to come, both by the quarter; `agreed` are accepted and `offered` not yet answered, and hold a
    session in whichever quarter is looked at, because they have no date. They may be asked for `entitled` of them in a quarter.
    `in_twelve_months` are those of the last twelve months and to come, agreed ones with them.
    """

    entitled: int
    given: int = 0
    booked: int = 0
    agreed: int = 0
    offered: int = 0
    in_twelve_months: int = 0

    @property
    def total(self) -> int:
        """Return how many sessions of the quarter are taken, open offers with them."""
        return self.given + self.booked + self.agreed + self.offered

    @property
    def left(self) -> int:
        """Return for how many more sessions they may be asked in the quarter."""
        return max(0, self.entitled - self.total)

    @property
    def in_words(self) -> str:
        """Say the quarter, such as "2 of 3 (1 given, 1 offer open)"."""
        kinds = (
            (self.given, "given"),
            (self.booked, "booked"),
            (self.agreed, "agreed"),
            (self.offered, "offer open" if self.offered == 1 else "offers open"),
        )
        parts = ", ".join(f"{number} {kind}" for number, kind in kinds if number)
        return f"{self.total} of {self.entitled}" + (f" ({parts})" if parts else "")
