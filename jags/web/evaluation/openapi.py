"""The OpenAPI document of the interface for programs, made from its routes, so that it says what is there and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from http import HTTPStatus
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from flask import current_app
from werkzeug.routing import AnyConverter, Rule

from jags.web.access import rule_of
from jags.web.problems import API, PROBLEM_TYPE

View = TypeVar("View", bound=Callable[..., Any])
_TYPES: Mapping[type, dict[str, str]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
}
_WRONG = {
    HTTPStatus.BAD_REQUEST: "A date cannot be read",
    HTTPStatus.UNAUTHORIZED: "No key was sent, or one that nobody knows",
    HTTPStatus.FORBIDDEN: "The key has ended",
    HTTPStatus.NOT_FOUND: "There is no such report, or it was withdrawn",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many wrong keys came from this network today",
}


@dataclass(frozen=True)
class Answers:
    """What a view answers: rows of a kind, under a name, and what may be asked: query → what it does."""

    rows: type[Any]
    name: str
    asks: Mapping[str, str] = field(default_factory=dict)


def answers(rows: type[Any], name: str, *, asks: Mapping[str, str] | None = None) -> Callable[[View], View]:
    """Mark a view with what it answers."""

    def mark(view: View) -> View:
        view.answers = Answers(rows, name, asks or {})  # type: ignore[attr-defined] # The mark that the document reads.
        return view

    return mark


def openapi_document() -> dict[str, Any]:
    """Return the document of every route for programs that has rows to give."""
    paths: dict[str, Any] = {}
    kinds: dict[str, type[Any]] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda one: one.rule):
        view = current_app.view_functions[rule.endpoint]
        told: Answers | None = getattr(view, "answers", None)
        if told is None or not rule.rule.startswith(API):
            continue
        kinds[told.rows.__name__] = told.rows
        for file_format in ("csv", "json"):
            paths[_path(rule, file_format)] = {"get": _operation(rule, view, told, file_format)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Released figures of JAGS",
            "version": "1",
            "description": "The public figures of released reports, for spreadsheets and dashboards. Read-only, with a key of the Business Unit.",
        },
        "paths": paths,
        "components": {
            "schemas": {
                "Problem": {
                    "type": "object",
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                    },
                    "required": ["type", "title", "status", "detail"],
                },
                **{name: _schema(kind) for name, kind in kinds.items()},
            },
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "The key as a bearer token"},
                "password": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "Any user name, and the key as the password: for Excel and Power BI",
                },
            },
        },
        "security": [{"key": []}, {"password": []}],
    }


def _path(rule: Rule, file_format: str) -> str:
    """Return the path of a rule in one format: a program needs to know what comes back."""
    written = rule.rule
    for name, converter in rule._converters.items():  # noqa: SLF001 - Werkzeug has no other way to ask.
        for before in (f"<{name}>", f"<any(json, csv):{name}>"):
            written = written.replace(
                before, file_format if isinstance(converter, AnyConverter) else f"{{{name}}}"
            )
    return written


def _operation(rule: Rule, view: Callable[..., Any], told: Answers, file_format: str) -> dict[str, Any]:
    access = rule_of(view)
    if access is None:
        raise AssertionError("every view has an access rule")
    names = [name for name in sorted(rule.arguments) if name != "file_format"]
    wrong = set(_WRONG)
    if not told.asks:
        wrong.discard(HTTPStatus.BAD_REQUEST)
    if not names:
        wrong.discard(HTTPStatus.NOT_FOUND)
    return {
        "operationId": f"{rule.endpoint.rpartition('.')[2]}_{file_format}",
        "summary": (view.__doc__ or "").strip(),
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
                for name in names
            ),
            *(
                {"name": name, "in": "query", "description": words, "schema": _TYPES[date]}
                for name, words in told.asks.items()
            ),
        ],
        "responses": {
            "200": {"description": "The rows", "content": _content(told, file_format)},
            **{
                str(int(status)): {
                    "description": _WRONG[status],
                    "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                for status in sorted(wrong)
            },
        },
    }


def _content(told: Answers, file_format: str) -> dict[str, Any]:
    if file_format == "csv":
        return {"text/csv": {"schema": {"type": "string"}}}
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{told.rows.__name__}"}}
    return {
        "application/json": {
            "schema": {"type": "object", "properties": {told.name: rows}, "required": [told.name]}
        }
    }


def _schema(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip(),
        "properties": {one.name: _type(hints[one.name]) for one in fields(kind)},
        "required": [one.name for one in fields(kind)],
        "additionalProperties": False,
    }


def _type(hint: Any) -> dict[str, Any]:
    if isinstance(hint, UnionType):
        (kind,) = (one for one in get_args(hint) if one is not type(None))
        return {"type": [_TYPES[kind]["type"], "null"]}
    return dict(_TYPES[hint])
