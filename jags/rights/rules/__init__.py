"""Complaints and concerns in words, and what is sealed of them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# So many requests one person puts together for whom they are about, within so long.
TAKEN_IN_A_DAY = 10
TAKEN_WITHIN = timedelta(hours=24)


class ComplaintOutcome(StrEnum):
    """What came of a complaint."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class ComplaintText:
    """Who complains, how to reach them, what about, and what we answered and learned; sealed under a key of its own."""

    who: str = ""
    reach: str = ""
    what: str = ""
    answer: str = ""


@dataclass(frozen=True)
class ConcernText:
    """Why a facilitator is paused; sealed under a key of its own, for the Business Unit alone."""

    why: str = ""
