"""Write a document as canonical JSON and read it back without loss: the text that a release freezes and rebuilds from."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from jags.evaluation.rules.document import Document

FORMAT = "jags-report/1"
_KIND = "is"


def to_json(document: Document) -> str:
    """Return a document as canonical JSON: sorted keys, no spaces, what has its default left out; the same document, the same text."""
    whole = {"format": FORMAT, "draft": document.released is None, "document": _plain(document)}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Document:
    """Return the document of a canonical text; raises `ValueError` for another format or a document that does not hold together."""
    whole = json.loads(text)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ValueError(f"this is no document of the format {FORMAT}")
    try:
        document: Document = _shaped(whole["document"], Document)
    except (KeyError, TypeError) as error:
        raise ValueError(f"this document is not complete: {error}") from error
    return document


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != field.default
        }
        return {_KIND: type(value).__name__, **kept}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _shaped(value: Any, kind: Any) -> Any:
    """Return a plain value as the type that a field asks for."""
    if get_origin(kind) in {Union, UnionType}:
        return _shaped_as_one_of(value, get_args(kind))
    if get_origin(kind) is tuple:
        return tuple(_shaped(one, get_args(kind)[0]) for one in value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        given = {name: _shaped(one, hints[name]) for name, one in value.items() if name != _KIND}
        return kind(**given)  # type: ignore[operator] # A dataclass is called to make one.
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _shaped_as_one_of(value: Any, kinds: tuple[Any, ...]) -> Any:
    if isinstance(value, dict):
        return _shaped(value, next(kind for kind in kinds if getattr(kind, "__name__", "") == value[_KIND]))
    if value is None and type(None) in kinds:
        return None
    for kind in kinds:
        if kind is date or type(value) is kind:
            return _shaped(value, kind)
    raise TypeError(f"{value!r} is none of what it may be")
