"""How people of the pool, pairs and their reasons are shown, whatever the page."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from jags.allocation.engine.explanation import Reason, ReasonKind
from jags.allocation.engine.wording import reason_in_words


@dataclass(frozen=True)
class PersonShown:
    """Somebody of the pool, in a pair or in the list of everybody."""

    person_id: uuid.UUID
    name: str
    agency: str


def said(reason: Reason, names: Mapping[str, str]) -> str:
    """Say a reason as pages show it: travel is counted in people who come from another locality."""
    if reason.kind is ReasonKind.TRAVEL:
        return (
            "one of them works in another locality" if reason.number == 1 else "both work in other localities"
        )
    return reason_in_words(reason, names)
