"""Words of what may follow a session: a call, and a concern that came up and is taken by the normal route."""

from dataclasses import dataclass
from enum import StrEnum


class ConcernRoute(StrEnum):
    """Where a concern is taken."""

    CHILDRENS_ADVICE = "childrens_advice"
    ADULT_SAFEGUARDING = "adult_safeguarding"
    POLICE = "police"
    OWN_LEAD = "own_lead"


@dataclass(frozen=True)
class TakenBy:
    """Who takes a concern, by name and agency; sealed. What it is about is written nowhere here."""

    who: str = ""
