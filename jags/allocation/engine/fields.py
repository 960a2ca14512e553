"""Check the fields of a JSON document one by one, refusing with one line that names the field."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NoReturn

from jags.allocation.engine.problem import ProblemError

LARGEST_NUMBER = 1_000_000
"""No capacity, load, weight, cost of travel or slot is larger, so that every sum stays exact in a solver."""

LONGEST_ID = 200


class JsonObject(dict[str, Any]):
    """A JSON object that remembers a name given twice, which plain parsing would lose."""

    repeated: str | None = None


def parse(document: str | bytes) -> object:
    """Parse JSON; objects come as `JsonObject`."""
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


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = JsonObject()
    for name, value in pairs:
        if name in found:
            found.repeated = name
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ProblemError(f"document: {name} is not a number of JSON")


def fields_of(
    value: object, path: str, required: Collection[str], *, form: str, optional: Collection[str] = ()
) -> JsonObject:
    """Take an object with exactly these fields; `form` names the format in the message."""
    data = mapping(value, path or "document")
    prefix = f"{path}." if path else ""
    for name in required:
        if name not in data:
            raise ProblemError(f"{prefix}{name}: is missing")
    for name in data:
        if name not in required and name not in optional:
            raise ProblemError(f"{prefix}{shown(name)}: is not a field of {form}")
    return data


def mapping(value: object, path: str) -> JsonObject:
    """Take an object in which no name appears twice."""
    if not isinstance(value, JsonObject):
        raise ProblemError(f"{path}: must be an object")
    if value.repeated is not None:
        raise ProblemError(f"{path}: {shown(value.repeated)} appears twice")
    return value


def list_of(value: object, path: str) -> list[object]:
    """Take a list."""
    if not isinstance(value, list):
        raise ProblemError(f"{path}: must be a list")
    return value


def id_text(value: object, path: str) -> str:
    """Take an id."""
    # Ids are shown on one line and hashed, so line breaks and lone surrogates are refused with the unprintable.
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_ID or not value.isprintable():
        raise ProblemError(f"{path}: must be text of 1 to {LONGEST_ID} printable characters")
    return value


def whole_number(value: object, path: str, *, least: int = 0) -> int:
    """Take a whole number between `least` and `LARGEST_NUMBER`."""
    # JSON's true is Python's 1, so the type is compared exactly.
    if type(value) is not int or value < least:
        raise ProblemError(f"{path}: must be a whole number of at least {least}")
    if value > LARGEST_NUMBER:
        raise ProblemError(f"{path}: must be at most {LARGEST_NUMBER}")
    return value


def truth(value: object, path: str) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise ProblemError(f"{path}: must be true or false")
    return value


def shown(name: str) -> str:
    """Show a foreign field name safely: on one line and not too long."""
    return (
        name
        if name.isidentifier() and name.isascii() and len(name) <= LONGEST_ID
        else ascii(name[:LONGEST_ID])
    )
