"""How people of the pool, pairs and their reasons are shown, whatever the page."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jags.allocation.engine.explanation import Reason, ReasonKind
from jags.allocation.engine.wording import reason_in_words


@dataclass(frozen=True)
class PersonShown:
    """Somebody of the pool, in a pair or in the list of everybody."""

    person_id: uuid.UUID
    name: str
    agency: str


def still_to_ask(reasons: Iterable[Reason], kept: uuid.UUID | str | None) -> list[Reason]:
    """Leave out that somebody is to be asked for their time who has accepted and stays."""
    found = []
    for reason in reasons:
        if reason.kind is ReasonKind.AVAILABILITY_NOT_RECORDED:
            who = tuple(one for one in reason.who if one != str(kept))
            if not who:
                continue
            found.append(replace(reason, who=who))
        else:
            found.append(reason)
    return found


def said(reason: Reason, names: Mapping[str, str]) -> str:
    """Say a reason as pages show it: travel is counted in people who come from another locality."""
    if reason.kind is ReasonKind.TRAVEL:
        return (
            "one of them works in another locality" if reason.number == 1 else "both work in other localities"
        )
    return reason_in_words(reason, names)
