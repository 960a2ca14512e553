"""Domain errors, and everything else that goes wrong, as plain pages without a trace."""

import re
from contextlib import suppress
from itertools import islice
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import RequestRedirect
from wtforms import DateField
from wtforms.widgets import HiddenInput

from jags.extensions import db
from jags.kernel.actor import ANONYMOUS
from jags.kernel.errors import (
    DomainError,
    Invalid,
    LinkNotValid,
    MoveNotPossible,
    NotAllowed,
    NotFound,
    SetupIncomplete,
    Stale,
    TooMany,
)
from jags.kernel.log import log, where
from jags.kernel.sealing import SealBroken
from jags.kernel.work import unit_of_work
from jags.web.access import KeyNeeded, ProofNeeded, SignInNeeded, recognise
from jags.web.bounds import too_large
from jags.web.guard import inputs
from jags.web.problems import asked_by_program, problem

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Stale: 409,
    MoveNotPossible: 409,
    LinkNotValid: 410,
    Invalid: 400,
    TooMany: 429,
    SetupIncomplete: 503,
    SealBroken: 500,
}
_PAGES = frozenset({400, 401, 403, 404, 409, 410, 413, 429, 500, 503})
# For a host that is not ours, where no address can be made, and for a page that cannot itself be drawn.
_PLAIN = (
    '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>JAGS</title></head>\n'
    "<body><h1>Sorry, this page cannot be shown</h1>\n"
    "<p>Check the address, and try again in a few minutes. If it is urgent, ring the Business Unit.</p></body></html>\n"
)
# What a form carries besides what a person typed.
_REFERENCE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}(:[0-9]+)?")
# A choice is sent by its key, in small letters and underlines.
_KEY = re.compile(r"[a-z]+(_[a-z]+)+")
_MOST_SHOWN = 50
_NOT_TYPED = frozenset(
    {
        "csrf_token",
        "version",
        "page",
        "password",
        "again",
        "code",
        "ticket",
        "go",
        "seen",
        "names",
        "later",
        "add",
    }
)
# PostgreSQL's codes for a transaction that gives way to another one: a deadlock, and a failed serialisation.
_TOO_LATE = frozenset({"40P01", "40001"})


def register_errors(app: Flask) -> None:
    """Turn errors into pages."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(SignInNeeded, _signed_out)
    app.register_error_handler(ProofNeeded, _to_be_proved)
    app.register_error_handler(KeyNeeded, _key_needed)
    app.register_error_handler(CSRFError, _forgery)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    # What PostgreSQL says when it may only be read.
    app.register_error_handler(InternalError, _database)
    app.register_error_handler(Exception, _unforeseen)


def _domain(error: DomainError) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 409)
    if asked_by_program() and not isinstance(error, SealBroken):
        return problem(status, str(error))
    if isinstance(error, SealBroken):
        log().error("a sealed value does not open", endpoint=request.endpoint, where=where(error))
        return _page(status)
    if status == 409:  # noqa: PLR2004 - The status of a page that shows what was typed.
        changed = isinstance(error, Stale)
        return _page(
            409,
            changed=changed,
            reason=str(error),
            typed=_typed(),
            look_again_url=_page_to_look_at(request.path, itself=changed),
        )
    again = _page_to_look_at(request.path, itself=True) if status == 429 else ""  # noqa: PLR2004 - Later it may be sent again.
    return _page(status, reason=str(error), typed=_typed(), look_again_url=again)


def _page_to_look_at(path: str, *, itself: bool) -> str:
    """Return the nearest page that shows how things stand: the one of the form `itself`, or the one above it; "" for none.

    What is sent to an address that shows nothing is looked at above as well.
    """
    pages = current_app.url_map.bind("")
    parts = path.rstrip("/").split("/")
    for length in range(len(parts) if itself else len(parts) - 1, 1, -1):
        address = "/".join(parts[:length])
        with suppress(HTTPException, RequestRedirect):
            pages.match(address, method="GET")
            return address
    return ""


def _signed_out(_error: SignInNeeded) -> Response:
    return _page(401, typed=_typed())


def _to_be_proved(_error: ProofNeeded) -> Response:
    back = _page_to_look_at(request.path, itself=True)
    return _page(401, typed=_typed(), prove_again_url=url_for("second_step.again", next=back or "/"))


def _key_needed(_error: KeyNeeded) -> Response:
    return problem(401, "Send a key to released figures, as a bearer token or as a password.")


def _forgery(_error: CSRFError) -> Response:
    return _page(
        400,
        unknown=True,
        typed=_typed(),
        look_again_url=_page_to_look_at(request.path, itself=True),
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, SecurityError):
        return make_response(_PLAIN, status)
    if status in {301, 302, 303, 307, 308}:
        return make_response(error.get_response())
    if asked_by_program():
        answer = problem(status, error.description or "")
        answer.headers.extend({name: value for name, value in error.get_headers() if name == "Allow"})
        return answer
    if status == 413:  # noqa: PLR2004 - The status of a page that says how much may be sent.
        return _page(413, reason=too_large(), look_again_url=_page_to_look_at(request.path, itself=True))
    return _page(status if status in _PAGES else (404 if status == 405 else 400))  # noqa: PLR2004 - A wrong method is a wrong address.


def _database(error: DBAPIError) -> Response:
    if getattr(error.orig, "sqlstate", None) in _TOO_LATE:
        return _domain(Stale())
    log().error("database not available", problem=type(error.orig).__name__)
    return _page(503)


def _unforeseen(error: Exception) -> Response:
    # A statement's parameters may hold what a person typed, so a database error is logged by its kind only.
    if isinstance(error, DBAPIError):
        log().error("database error", problem=type(error.orig).__name__, endpoint=request.endpoint)
    else:
        log().error("unforeseen error", endpoint=request.endpoint, where=where(error))
    return _page(500)


def _page(status: int, **context: object) -> Response:
    g.pop("work", None)
    if asked_by_program():
        return problem(status, "")
    try:
        if "signed_in" not in g:
            _recognise()
        return make_response(render_template(f"errors/{status}.html", **context), status)
    except Exception as error:  # noqa: BLE001 - An error page that fails must not leave a trace on the screen.
        log().error("error page cannot be drawn", status=status, where=where(error))
        return make_response(_PLAIN, status)


def _recognise() -> None:
    """Know who is signed in, so that they can go on from here; nobody while the database is away or a name does not open."""
    with (
        suppress(SQLAlchemyError, DomainError),
        Session(db.engine) as session,
        unit_of_work(
            session, actor=ANONYMOUS, ports=current_app.extensions["jags_ports"], write=False
        ) as work,
    ):
        recognise(work)


def _typed() -> dict[str, str]:
    """Return what was typed, by the words of its question; ticks without words and hidden references are not typing.

    No page of ours has more fields that are typed than are shown.
    """
    asked = {field.name: field for form in g.get("forms", ()) for field in inputs(form)}
    typed: dict[str, str] = {}
    for name, values in request.form.lists():
        field = asked.get(name)
        hidden = name in _NOT_TYPED or isinstance(getattr(field, "widget", None), HiddenInput)
        said = [_said(field, value) for value in values if value.strip() and not _REFERENCE.fullmatch(value)]
        if said and not hidden:
            label = field.label.text if field is not None else _field_words(name)
            before = [typed[label]] if label in typed else []
            typed[label] = "\n".join([*before, (" " if isinstance(field, DateField) else ", ").join(said)])
    return dict(islice(typed.items(), _MOST_SHOWN))


def _said(field: Any, value: str) -> str:
    """Return an answer in words: a choice is sent by its key."""
    choices = (
        {str(one[0]): str(one[1]) for one in field.iter_choices()} if hasattr(field, "iter_choices") else {}
    )
    return choices.get(value) or (value.replace("_", " ") if _KEY.fullmatch(value) else value)


def _field_words(name: str) -> str:
    return name.rpartition("-")[2].replace("_", " ").capitalize()
