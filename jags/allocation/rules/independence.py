"""Compare one facilitator with the people around a child: known facts block, doubts wait for the coordinator.

Only as far as known: addresses are compared by their keyed index, names and teams by their spelling. What is not
recorded says nothing, which is why nobody is agreed before declaring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jags.accounts.rules import spelling
from jags.allocation.rules import Doubt, Rule


class Place(StrEnum):
    """What somebody is to a request."""

    REQUESTER = "requester"
    LEAD_PROFESSIONAL = "lead_professional"
    NETWORK = "network"
    SHOULD_NOT_FACILITATE = "should_not_facilitate"


@dataclass(frozen=True)
class Somebody:
    """What is known of a person, for comparing; `address` and `manager` are keyed indexes of e-mail addresses."""

    name: str = ""
    address: bytes | None = None
    manager: bytes | None = None
    agency: str = ""
    team: str = ""


@dataclass(frozen=True)
class Around:
    """Somebody around the child, and what they are to the request."""

    place: Place
    person: Somebody


def compare(facilitator: Somebody, around: Sequence[Around]) -> tuple[frozenset[Rule], frozenset[Doubt]]:
    """Return the known facts that block a facilitator, and the doubts that must be cleared first."""
    rules: set[Rule] = set()
    doubts: set[Doubt] = set()
    for one in around:
        if one.place is Place.SHOULD_NOT_FACILITATE:
            _compare_unsuitable(facilitator, one.person, rules, doubts)
            continue
        if _same(facilitator.address, one.person.address):
            _same_address(around, one, rules, doubts)
        else:
            if _same_name(facilitator, one.person):
                doubts.add(Doubt.SAME_NAME)
            _compare_teams(facilitator, one, rules, doubts)
        if _same(facilitator.address, one.person.manager):
            rules.add(Rule.LINE_MANAGER)
        if _same(facilitator.manager, one.person.address):
            doubts.add(Doubt.MANAGED)
    return frozenset(rules), frozenset(doubts)


def _compare_unsuitable(facilitator: Somebody, named: Somebody, rules: set[Rule], doubts: set[Doubt]) -> None:
    if _same(facilitator.address, named.address):
        rules.add(Rule.NAMED_UNSUITABLE)
    elif _same_name(facilitator, named):
        doubts.add(Doubt.NAME_OF_UNSUITABLE)


def _same_address(around: Sequence[Around], one: Around, rules: set[Rule], doubts: set[Doubt]) -> None:
    if _is_shared(around, one.person.address):
        doubts.add(Doubt.SHARED_ADDRESS)
    elif one.place is Place.LEAD_PROFESSIONAL:
        rules.add(Rule.INVOLVED)
    else:
        rules.add(Rule.REQUESTER_OR_PARTICIPANT)


def _compare_teams(facilitator: Somebody, one: Around, rules: set[Rule], doubts: set[Doubt]) -> None:
    if not _same(spelling(facilitator.team), spelling(one.person.team)):
        return
    same_agency = _same(facilitator.agency, one.person.agency)
    if one.place is Place.LEAD_PROFESSIONAL:
        if same_agency:
            rules.add(Rule.SAME_TEAM)
        else:
            doubts.add(Doubt.TEAM_OF_LEAD)
    elif one.place is Place.REQUESTER and same_agency:
        doubts.add(Doubt.TEAM_OF_REQUESTER)


def _is_shared(around: Sequence[Around], address: bytes | None) -> bool:
    """Tell whether people of different names use one address: a team's mailbox names nobody."""
    names = {
        spelling(one.person.name)
        for one in around
        # Who gave no name may be the one whose name stands beside the same address.
        if one.person.address == address and one.person.name and one.place is not Place.SHOULD_NOT_FACILITATE
    }
    return len(names) > 1


def _same_name(left: Somebody, right: Somebody) -> bool:
    return _same(spelling(left.name), spelling(right.name))


def _same(left: object, right: object) -> bool:
    """Tell whether two things are recorded and equal."""
    return bool(left) and left == right
