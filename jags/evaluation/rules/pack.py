"""The evidence pack for an inspection: what it is made of, and its sample of timelines, which can be drawn again."""

import random
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from jags.evaluation.rules.gathered import Gathered

TIMELINES = 10
SEED_MOST = 2**31 - 1


@dataclass(frozen=True)
class Step:
    """Something that happened to a request, so many days after it was received."""

    day: int
    words: str


@dataclass(frozen=True)
class Timeline:
    """What happened to one request, without its number, its dates, its agency or anybody's name."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Changed:
    """Something of the way of working that changed in the period."""

    on: date
    what: str


@dataclass(frozen=True)
class Pack:
    """An evidence pack: of `requests` received in the period the timelines of a sample, drawn with `seed`."""

    gathered: Gathered
    procedure: str
    requests: int
    seed: int
    timelines: tuple[Timeline, ...]
    changes: tuple[Changed, ...]


def drawn(ids: Collection[uuid.UUID], seed: int) -> list[uuid.UUID]:
    """Return the sample of a seed, in an order of its own: the same for the same requests, so that anybody can draw it again."""
    return random.Random(seed).sample(sorted(ids), min(TIMELINES, len(ids)))  # noqa: S311 # nosec B311 - Repeatable on purpose.
