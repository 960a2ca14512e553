"""The intake form under load: a page opened, and its answers committed, on both databases."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.bare import PATH
from benchmarks.load import Bare, Rate, load
from benchmarks.store import Store
from benchmarks.table import Line, rate_row, slowest_row
from benchmarks.visitor import Visitor, form_body
from benchmarks.web_server import WebServer
from jags.extensions import db
from jags.requests.model import Request

BEGIN = "/ask"
GATE = {"danger": "no", "disagreement": "no", "tasks": "no"}
ABOUT_YOU = {
    "name": "Sam Requester",
    "role": "Social worker",
    "agency": "Made-up Agency 1",
    "team": "Team East",
    "email": "sam.requester@example.org",
    "phone": "01632 960 001",
}
ABOUT_THE_CHILD = (
    ("pseudonym", "A. B."),
    ("age_bands", "14-15"),
    ("age_bands", "16-17"),
    ("sibling_group", "no"),
    ("locality", "East"),
    ("responsibility", "ours"),
    ("plans", "child_protection"),
)
GET_GOAL = 0.15
POST_GOALS = {"SQLite": 0.06, "PostgreSQL": 0.05}


@dataclass(frozen=True)
class Draft:
    """A draft that a visitor has begun: the page under load, its cookies and a filled form."""

    path: str
    cookies: str
    body: str


def begin_draft(server: WebServer) -> Draft:
    """Begin a request as people do, keep the second page once, and return what the load repeats.

    Raises `RuntimeError` when the form was refused: repeating it would measure error messages.
    """
    visitor = Visitor(server.url)
    before = visitor.get(BEGIN)
    first = visitor.post(before.path, form_body(before, GATE))
    second = visitor.post(first.path, form_body(first, ABOUT_YOU))
    body = form_body(second, ABOUT_THE_CHILD)
    third = visitor.post(second.path, body)
    if not (second.redirected and third.redirected and third.status == 200 and third.path != second.path):
        raise RuntimeError(f"The form was not kept: {second.path} led to {third.path} ({third.status}).")
    return Draft(second.path, visitor.cookies_for(second.path), body)


def measure(bare: Bare, limit: WebServer, server: WebServer, store: Store) -> list[Line]:
    """Measure the form on one database, and what bare Flask reaches when it commits one row there."""
    draft, kind = begin_draft(server), store.kind
    first = bare.beside(partial(load, server.url + BEGIN))
    later = bare.beside(partial(load, server.url + draft.path, cookies=draft.cookies))
    kept = bare.beside(partial(_commit, server, draft, store))
    one_row = bare.beside(partial(load, limit.url + PATH, bodies=["words=one"]))
    return [
        rate_row(f"intake form, GET, {kind}", first, GET_GOAL),
        slowest_row(f"intake form, GET, {kind}", first),
        rate_row(f"intake form, GET of a later page with its answers, {kind}", later, None),
        rate_row(f"intake form, POST, committed, {kind}", kept, POST_GOALS[kind]),
        slowest_row(f"intake form, POST, {kind}", kept),
        rate_row(f"bare Flask, one row committed, {kind}", one_row, None),
        slowest_row(f"bare Flask, one row committed, {kind}", one_row, goal=None),
    ]


def _commit(server: WebServer, draft: Draft, store: Store) -> Rate:
    """Load the page with posts, and check that the database kept each of them."""
    before = _writes(store)
    rate = load(server.url + draft.path, cookies=draft.cookies, bodies=[draft.body])
    kept = _writes(store) - before
    if kept < rate.answers:
        raise RuntimeError(f"{rate.answers} posts were answered and {kept} were kept.")
    return rate


def _writes(store: Store) -> int:
    # Every write of a request raises its version by one.
    with store.app.app_context(), Session(db.engine) as session:
        return session.scalar(select(func.sum(Request.version))) or 0
