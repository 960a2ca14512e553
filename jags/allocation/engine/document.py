"""Read and write problems as `jags-allocation/1` documents, refusing with one line whatever is not exactly that."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NoReturn

from jags.allocation.engine.problem import Facilitator, Problem, ProblemError, Request
from jags.allocation.rules import Rule

FORMAT = "jags-allocation/1"

LARGEST_NUMBER = 1_000_000
"""No capacity, load, weight, cost of travel or slot is larger, so that every sum stays exact in a solver."""

LONGEST_ID = 200

_DOCUMENT_FIELDS = ("format", "facilitators", "requests")
_FACILITATOR_FIELDS = ("id", "agency", "capacity", "load", "slots", "transitional")
_REQUEST_FIELDS = ("id", "agency", "weight", "slots", "blocked", "transitional")
_REQUEST_OPTIONAL = ("travel",)


class _Object(dict[str, Any]):
    """A JSON object that remembers a name given twice, which plain parsing would lose."""

    repeated: str | None = None


def read_problem(document: str | bytes) -> Problem:
    """Parse a `jags-allocation/1` document.

    `slots` may be null (nothing recorded) and `travel` may be absent (no journey costs anything); everything else is
    required and nothing else is allowed. A blocked facilitator gets the reason `Rule.BLOCKED`.

    Raises:
        ProblemError: one line that begins with the field that is wrong and says what it must be.
    """
    data = _fields(_parse(document), "", _DOCUMENT_FIELDS)
    if data["format"] != FORMAT:
        raise ProblemError(f'format: must be "{FORMAT}"')
    facilitators = _list(data["facilitators"], "facilitators")
    requests = _list(data["requests"], "requests")
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


def _parse(document: str | bytes) -> object:
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise ProblemError("document: must be UTF-8 text") from None
    except RecursionError:
        raise ProblemError("document: is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ProblemError(f"document: is not JSON (line {error.lineno}, column {error.colno})") from None
    except ValueError as error:
        if isinstance(error, ProblemError):
            raise
        raise ProblemError("document: contains a number that is far too long") from None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object()
    for name, value in pairs:
        if name in found:
            found.repeated = name
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ProblemError(f"document: {name} is not a number of JSON")


def _facilitator(value: object, path: str) -> Facilitator:
    data = _fields(value, path, _FACILITATOR_FIELDS)
    return Facilitator(
        id=_id(data["id"], f"{path}.id"),
        agency=_id(data["agency"], f"{path}.agency"),
        capacity=_whole(data["capacity"], f"{path}.capacity"),
        load=_whole(data["load"], f"{path}.load"),
        slots=_slots(data["slots"], f"{path}.slots"),
        transitional=_truth(data["transitional"], f"{path}.transitional"),
    )


def _request(value: object, path: str) -> Request:
    data = _fields(value, path, _REQUEST_FIELDS, optional=_REQUEST_OPTIONAL)
    return Request(
        id=_id(data["id"], f"{path}.id"),
        agency=_id(data["agency"], f"{path}.agency"),
        weight=_whole(data["weight"], f"{path}.weight", least=1),
        slots=_slots(data["slots"], f"{path}.slots"),
        blocked=dict.fromkeys(_blocked(data["blocked"], f"{path}.blocked"), (Rule.BLOCKED,)),
        transitional=_truth(data["transitional"], f"{path}.transitional"),
        travel=_travel(data.get("travel", _Object()), f"{path}.travel"),
    )


def _fields(
    value: object, path: str, required: Collection[str], *, optional: Collection[str] = ()
) -> _Object:
    data = _mapping(value, path or "document")
    prefix = f"{path}." if path else ""
    for name in required:
        if name not in data:
            raise ProblemError(f"{prefix}{name}: is missing")
    for name in data:
        if name not in required and name not in optional:
            raise ProblemError(f"{prefix}{_shown(name)}: is not a field of {FORMAT}")
    return data


def _mapping(value: object, path: str) -> _Object:
    if not isinstance(value, _Object):
        raise ProblemError(f"{path}: must be an object")
    if value.repeated is not None:
        raise ProblemError(f"{path}: {_shown(value.repeated)} appears twice")
    return value


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise ProblemError(f"{path}: must be a list")
    return value


def _id(value: object, path: str) -> str:
    # Ids are shown on one line and hashed, so line breaks and lone surrogates are refused with the unprintable.
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_ID or not value.isprintable():
        raise ProblemError(f"{path}: must be text of 1 to {LONGEST_ID} printable characters")
    return value


def _whole(value: object, path: str, *, least: int = 0) -> int:
    # JSON's true is Python's 1, so the type is compared exactly.
    if type(value) is not int or value < least:
        raise ProblemError(f"{path}: must be a whole number of at least {least}")
    if value > LARGEST_NUMBER:
        raise ProblemError(f"{path}: must be at most {LARGEST_NUMBER}")
    return value


def _truth(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise ProblemError(f"{path}: must be true or false")
    return value


def _slots(value: object, path: str) -> frozenset[int] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ProblemError(f"{path}: must be a list of slot numbers, or null when nothing is recorded")
    found: set[int] = set()
    for place, item in enumerate(value):
        slot = _whole(item, f"{path}[{place}]")
        if slot in found:
            raise ProblemError(f"{path}[{place}]: {slot} appears twice")
        found.add(slot)
    return frozenset(found)


def _blocked(value: object, path: str) -> list[str]:
    found: dict[str, None] = {}
    for place, item in enumerate(_list(value, path)):
        facilitator_id = _id(item, f"{path}[{place}]")
        if facilitator_id in found:
            raise ProblemError(f"{path}[{place}]: {facilitator_id!r} appears twice")
        found[facilitator_id] = None
    return list(found)


def _travel(value: object, path: str) -> dict[str, int]:
    data = _mapping(value, path)
    return {_id(name, path): _whole(cost, f"{path}[{_shown(name)}]") for name, cost in data.items()}


def _shown(name: str) -> str:
    """Show a foreign field name safely: on one line and not too long."""
    return (
        name
        if name.isidentifier() and name.isascii() and len(name) <= LONGEST_ID
        else ascii(name[:LONGEST_ID])
    )


def _sorted_or_null(slots: frozenset[int] | None) -> list[int] | None:
    return None if slots is None else sorted(slots)
