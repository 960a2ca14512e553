"""Run each view inside one unit of work, committed before the response leaves."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from jags.accounts.rules import OWN_WORDS, SESSION_TOUCH
from jags.accounts.service import touch_session
from jags.extensions import db
from jags.kernel.actor import ANONYMOUS, ActorKind
from jags.kernel.database import read_at_once
from jags.kernel.work import Ports, Work, unit_of_work
from jags.web.access import View, check_rules, refuse_unlisted_export, rule_of

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def current_work() -> Work:
    """Return the unit of work of the page that is being made."""
    work: Work = g.work
    return work


def begins_reading(view: View) -> View:
    """Mark a view whose POST reads for long and turns to writing itself (`Work.begin_writing`)."""
    view.begins_reading = True  # type: ignore[attr-defined] # The mark that the wrapper reads.
    return view


def ports() -> Ports:
    """Return the ports of the application."""
    found: Ports = current_app.extensions["jags_ports"]
    return found


def wrap_views(app: Flask) -> None:
    """Wrap every view; raises `AccessRuleMissing` when one has no access rule."""
    check_rules(app)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint != "static":
            app.view_functions[endpoint] = _wrapped(view)
    app.after_request(_touch)


def _wrapped(view: Callable[..., Any]) -> Callable[..., Response]:
    rule = rule_of(view)

    @wraps(view)
    def run(**arguments: Any) -> Response:
        write = request.method not in _SAFE and not getattr(view, "begins_reading", False)
        with unit_of_work(db.session(), actor=ANONYMOUS, ports=ports(), write=write) as work:
            g.work = work
            if request.method in _SAFE:
                read_at_once(work.session)
            refused = rule.admit(work) if rule else None
            if refused is not None:
                return refused
            response = make_response(view(**arguments))
            refuse_unlisted_export(view, response)
        if not (work.left_a_trace or response.is_json or "Location" in response.headers):
            _record_reads(work)
        return response

    return run


def _record_reads(work: Work) -> None:
    """Record which cases a page tells of: one event, committed before the page leaves, in a short transaction of its own.

    Where it cannot be recorded, there is no page. What a requester reads by their own link they wrote themselves. What leads on
    shows nothing, words to a script hold nothing of a case, and a form that was sent and kept leaves an act.
    """
    read, own_words = work.vault.case_texts, work.actor.purpose in OWN_WORDS
    if not read or own_words or work.actor.kind not in {ActorKind.ACCOUNT, ActorKind.LINK}:
        return
    ids = sorted(map(str, read))
    with unit_of_work(db.session(), actor=work.actor, ports=ports()) as own:
        own.record("case:read", ids[0] if len(ids) == 1 else "several", requests_read=" ".join(ids))


def _touch(response: Response) -> Response:
    """Write a session's last-seen time, in a unit of work of its own, at most once a minute."""
    signed_in = g.get("signed_in")
    if signed_in is not None and ports().clock.now() - signed_in.last_seen_at >= SESSION_TOUCH:
        # The page is done and committed: a last-seen time that cannot be written must not turn it into an error.
        with (
            suppress(SQLAlchemyError),
            Session(db.engine) as session,
            unit_of_work(session, actor=ANONYMOUS, ports=ports()) as work,
        ):
            touch_session(work, signed_in.session_id)
    return response
