"""What a list of requests can be narrowed to; all of it may lie in an address, so nothing of it names a person outside."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from jags.requests.rules.choices import Priority
from jags.requests.rules.states import NEEDS_DECISION, State


class Owned(StrEnum):
    """Whose work a request is, where it is no single colleague's."""

    MINE = "mine"
    NOBODYS = "nobody"


class Features(StrEnum):
    """How transitional safeguarding stands on a request."""

    CONFIRMED = "confirmed"
    # The age band or the requester suggests it, and the Business Unit has not decided.
    TO_BE_DECIDED = "to_be_decided"


@dataclass(frozen=True)
class Filters:
    """What a list of requests is narrowed to; what is left empty narrows nothing.

    `owner` is a colleague's person id, or a word of `Owned`: mine is also what is done for somebody who is away. `agency` is
    a name or another spelling of the requester's agency.
    """

    states: frozenset[State] = NEEDS_DECISION
    owner: uuid.UUID | Owned | None = None
    priority: Priority | None = None
    locality: str = ""
    agency: str = ""
    transitional: Features | None = None
    paused: bool = False
    late: bool = False
