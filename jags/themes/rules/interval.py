"""A coefficient of agreement with how sure it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A coefficient (1 is full agreement, 0 is what chance gives) with its 95 % interval."""

    value: float
    low: float
    high: float
