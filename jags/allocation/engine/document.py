"""Read and write problems as `jags-allocation/1` documents, refusing with one line whatever is not exactly that."""

from __future__ import annotations

import json

from jags.allocation.engine.fields import (
    JsonObject,
    fields_of,
    id_text,
    list_of,
    mapping,
    parse,
    shown,
    truth,
    whole_number,
)
from jags.allocation.engine.problem import Facilitator, Problem, ProblemError, Request
from jags.allocation.rules import Rule

FORMAT = "jags-allocation/1"

_DOCUMENT_FIELDS = ("format", "facilitators", "requests")
_FACILITATOR_FIELDS = ("id", "agency", "capacity", "load", "slots", "transitional")
_REQUEST_FIELDS = ("id", "agency", "weight", "slots", "blocked", "transitional")
_REQUEST_OPTIONAL = ("travel",)


def read_problem(document: str | bytes) -> Problem:
    """Parse a `jags-allocation/1` document.

    `slots` may be null (nothing recorded) and `travel` may be absent (no journey costs anything); everything else is
    required and nothing else is allowed. A blocked facilitator gets the reason `Rule.BLOCKED`.

    Raises:
        ProblemError: one line that begins with the field that is wrong and says what it must be.
    """
    data = fields_of(parse(document), "", _DOCUMENT_FIELDS, form=FORMAT)
    if data["format"] != FORMAT:
        raise ProblemError(f'format: must be "{FORMAT}"')
    facilitators = list_of(data["facilitators"], "facilitators")
    requests = list_of(data["requests"], "requests")
    return Problem(
        facilitators=tuple(_facilitator(item, f"facilitators[{n}]") for n, item in enumerate(facilitators)),
        requests=tuple(_request(item, f"requests[{n}]") for n, item in enumerate(requests)),
    )


def write_problem(problem: Problem) -> str:
    """Write a problem as a `jags-allocation/1` document; reasons of blocks are not part of the format."""
    return json.dumps(
        {
            "format": FORMAT,
            "facilitators": [
                {
                    "id": person.id,
                    "agency": person.agency,
                    "capacity": person.capacity,
                    "load": person.load,
                    "slots": _sorted_or_null(person.slots),
                    "transitional": person.transitional,
                }
                for person in problem.facilitators
            ],
            "requests": [
                {
                    "id": request.id,
                    "agency": request.agency,
                    "weight": request.weight,
                    "slots": _sorted_or_null(request.slots),
                    "blocked": sorted(request.blocked),
                    "transitional": request.transitional,
                    "travel": dict(sorted(request.travel.items())),
                }
                for request in problem.requests
            ],
        }
    )


def _facilitator(value: object, path: str) -> Facilitator:
    data = fields_of(value, path, _FACILITATOR_FIELDS, form=FORMAT)
    return Facilitator(
        id=id_text(data["id"], f"{path}.id"),
        agency=id_text(data["agency"], f"{path}.agency"),
        capacity=whole_number(data["capacity"], f"{path}.capacity"),
        load=whole_number(data["load"], f"{path}.load"),
        slots=_slots(data["slots"], f"{path}.slots"),
        transitional=truth(data["transitional"], f"{path}.transitional"),
    )


def _request(value: object, path: str) -> Request:
    data = fields_of(value, path, _REQUEST_FIELDS, form=FORMAT, optional=_REQUEST_OPTIONAL)
    return Request(
        id=id_text(data["id"], f"{path}.id"),
        agency=id_text(data["agency"], f"{path}.agency"),
        weight=whole_number(data["weight"], f"{path}.weight", least=1),
        slots=_slots(data["slots"], f"{path}.slots"),
        blocked=dict.fromkeys(_blocked(data["blocked"], f"{path}.blocked"), (Rule.BLOCKED,)),
        transitional=truth(data["transitional"], f"{path}.transitional"),
        travel=_travel(data.get("travel", JsonObject()), f"{path}.travel"),
    )


def _slots(value: object, path: str) -> frozenset[int] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ProblemError(f"{path}: must be a list of slot numbers, or null when nothing is recorded")
    found: set[int] = set()
    for place, item in enumerate(value):
        slot = whole_number(item, f"{path}[{place}]")
        if slot in found:
            raise ProblemError(f"{path}[{place}]: {slot} appears twice")
        found.add(slot)
    return frozenset(found)


def _blocked(value: object, path: str) -> list[str]:
    found: dict[str, None] = {}
    for place, item in enumerate(list_of(value, path)):
        facilitator_id = id_text(item, f"{path}[{place}]")
        if facilitator_id in found:
            raise ProblemError(f"{path}[{place}]: {facilitator_id!r} appears twice")
        found[facilitator_id] = None
    return list(found)


def _travel(value: object, path: str) -> dict[str, int]:
    data = mapping(value, path)
    return {id_text(name, path): whole_number(cost, f"{path}[{shown(name)}]") for name, cost in data.items()}


def _sorted_or_null(slots: frozenset[int] | None) -> list[int] | None:
    return None if slots is None else sorted(slots)
