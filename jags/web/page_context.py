"""What every page gets: the partnership's words, who is signed in, and where they can go."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from jags.accounts.rules import SESSION_IDLE
from jags.extensions import db
from jags.kernel.actor import ANONYMOUS
from jags.kernel.work import unit_of_work
from jags.settings.queries import partnership
from jags.settings.rules import Partnership
from jags.web.identity import SignedIn
from jags.web.places import Place, parts_at, places_of, start_of


def register_page_context(app: Flask) -> None:
    """Give every template the partnership, the mode and the navigation."""
    app.context_processor(_context)
    # The same on every page, so that none puts it together.
    app.jinja_env.globals["static_url"] = app.static_url_path


def _context() -> dict[str, Any]:
    signed_in: SignedIn | None = g.get("signed_in")
    held = signed_in.permissions if signed_in else frozenset()
    places = places_of(held)
    return {
        "partnership": _partnership(),
        "current_user": current_user,
        "demo": current_app.config["JAGS"].demo,
        "navigation": _links(places),
        "navigation_within": _links(parts_at(places, request.path)),
        "footer_links": [{"text": "Sign in", "href": "/sign-in"}] if _for_everybody(signed_in) else [],
        "home_url": start_of(held),
        "idle_seconds": _idle_seconds(signed_in),
    }


def _links(places: Iterable[Place]) -> list[dict[str, Any]]:
    return [
        {"text": place.words, "href": place.path, "active": place.holds(request.path)} for place in places
    ]


def _idle_seconds(signed_in: SignedIn | None) -> int:
    """Return in how many seconds the session ends when nothing happens."""
    if signed_in is None:
        return 0
    left = min(SESSION_IDLE, signed_in.ends_at - current_app.extensions["jags_ports"].clock.now())
    return int(left.total_seconds())


def _for_everybody(signed_in: object) -> bool:
    """Tell whether the page is one of those that anybody may find, seen by somebody who is not signed in."""
    return (
        signed_in is None
        and request.blueprint in {"home", "intake", "about", "complaints", "documents"}
        and request.method == "GET"
    )


def _partnership() -> Partnership | None:
    work = g.get("work")
    if work is not None:
        return partnership(work)
    # An error page: the unit of work of the view has ended, and the database may be away.
    try:
        with unit_of_work(
            db.session(), actor=ANONYMOUS, ports=current_app.extensions["jags_ports"], write=False
        ) as work:
            return partnership(work)
    except SQLAlchemyError:
        return None
