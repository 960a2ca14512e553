"""Compare one facilitator with the people around a child: known facts block, doubts wait for the coordinator.

Only as far as known: addresses are compared by their keyed index, names and teams by their spelling. What is not
recorded says nothing, which is why nobody is agreed before declaring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jags.accounts.rules import spelling
from jags.allocation.rules import Doubt, PossibleConnection, Rule


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
    """Somebody around the child, and what they are to the request; `ref` tells them from everybody else around."""

    place: Place
    person: Somebody
    ref: str = ""


def compare(
    facilitator: Somebody, around: Sequence[Around]
) -> tuple[frozenset[Rule], frozenset[PossibleConnection]]:
    """Return the known facts that block a facilitator, and the doubts that must be cleared first, written out."""
    rules: set[Rule] = set()
    doubts: set[PossibleConnection] = set()
    for one in around:
        if one.place is Place.SHOULD_NOT_FACILITATE:
            _compare_unsuitable(facilitator, one, rules, doubts)
            continue
        if _same(facilitator.address, one.person.address):
            _same_address(around, one, rules, doubts)
        else:
            if _same_name(facilitator, one.person):
                doubts.add(_possible(Doubt.SAME_NAME, one, spelling(one.person.name)))
            _compare_teams(facilitator, one, rules, doubts)
        if _same(facilitator.address, one.person.manager):
            rules.add(Rule.LINE_MANAGER)
        if _same(facilitator.manager, one.person.address):
            doubts.add(_possible(Doubt.MANAGED, one, _written(one.person.address)))
    return frozenset(rules), frozenset(doubts)


def _compare_unsuitable(
    facilitator: Somebody, one: Around, rules: set[Rule], doubts: set[PossibleConnection]
) -> None:
    if _same(facilitator.address, one.person.address):
        rules.add(Rule.NAMED_UNSUITABLE)
    elif _same_name(facilitator, one.person):
        doubts.add(_possible(Doubt.NAME_OF_UNSUITABLE, one, spelling(one.person.name)))


def _same_address(
    around: Sequence[Around], one: Around, rules: set[Rule], doubts: set[PossibleConnection]
) -> None:
    if _is_shared(around, one.person.address):
        doubts.add(_possible(Doubt.SHARED_ADDRESS, one, _written(one.person.address)))
    elif one.place is Place.LEAD_PROFESSIONAL:
        rules.add(Rule.INVOLVED)
    else:
        rules.add(Rule.REQUESTER_OR_PARTICIPANT)


def _compare_teams(
    facilitator: Somebody, one: Around, rules: set[Rule], doubts: set[PossibleConnection]
) -> None:
    if not _same(spelling(facilitator.team), spelling(one.person.team)):
        return
    same_agency = _same(facilitator.agency, one.person.agency)
    teams = (spelling(one.person.team), facilitator.agency, one.person.agency)
    if one.place is Place.LEAD_PROFESSIONAL:
        if same_agency:
            rules.add(Rule.SAME_TEAM)
        else:
            doubts.add(_possible(Doubt.TEAM_OF_LEAD, one, *teams))
    # An agency that was typed and is not settled yet may be any.
    elif one.place is Place.REQUESTER and (same_agency or not one.person.agency):
        doubts.add(_possible(Doubt.TEAM_OF_REQUESTER, one, *teams))


def _possible(doubt: Doubt, one: Around, *what: str) -> PossibleConnection:
    return PossibleConnection(doubt, "\n".join((one.place, one.ref, *what)))


def _written(address: bytes | None) -> str:
    return (address or b"").hex()


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
