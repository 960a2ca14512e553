"""The list of fifty out of many requests: how long it takes, how it grows, and how many queries it asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from benchmarks.load import median_ms
from benchmarks.made_up import sign_in_coordinator
from benchmarks.store import Store
from benchmarks.table import Row, as_ratio
from benchmarks.visitor import Visitor
from benchmarks.web_server import WebServer
from jags.extensions import db

PATH = "/requests"
COOKIE = "jags_signed_in"
LINES = 50
MOST_MS = 50.0
MOST_GROWTH = 1.5
MOST_QUERIES = 8


@dataclass(frozen=True)
class ListFigures:
    """What one size of database gave: milliseconds a page, and queries a page."""

    milliseconds: float
    queries: int


def measure_list(server: WebServer, store: Store) -> ListFigures:
    """Open the first page of the queue again and again as a coordinator, one after the other.

    Raises `RuntimeError` unless the page shows fifty requests.
    """
    secret = sign_in_coordinator(store.app)
    visitor = Visitor(server.url).keep_cookie(COOKIE, secret)
    page = visitor.get(PATH)
    shown = page.text.count('href="/requests/')
    if page.status != 200 or urlsplit(page.path).path != PATH or shown < LINES:
        raise RuntimeError(f"The list at {page.path} ({page.status}) shows {shown} requests, not {LINES}.")
    return ListFigures(median_ms(lambda: visitor.get(PATH)), _queries(store.app, secret))


def rows(kind: str, *, few: ListFigures, many: ListFigures, bare_ms: float) -> list[Row]:
    """Return the lines of the list on one kind of database."""
    growth = many.milliseconds / few.milliseconds
    return [
        Row(
            f"list of 50 of 10,000 requests, {kind}",
            f"{many.milliseconds:.1f} ms",
            f"{as_ratio(many.milliseconds / bare_ms)} × as long",
            f"≤ {MOST_MS:.0f} ms",
            many.milliseconds <= MOST_MS,
        ),
        Row(
            f"growth of that list, 100 → 10,000, {kind}",
            f"{growth:.2f} ×",
            "–",
            f"≤ {MOST_GROWTH:.1f}",
            growth <= MOST_GROWTH,
        ),
        Row(
            f"queries of that list, 100 and 10,000, {kind}",
            f"{few.queries} and {many.queries}",
            "–",
            f"≤ {MOST_QUERIES}, the same",
            many.queries <= MOST_QUERIES and few.queries == many.queries,
        ),
    ]


def _queries(app: Flask, secret: str) -> int:
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    _answered(client)  # The first page of a process also loads what later ones keep.
    with app.app_context(), _counted(app) as statements:
        _answered(client)
    return len(statements)


def _answered(client: FlaskClient) -> None:
    status = client.get(PATH).status_code
    if status != 200:
        raise RuntimeError(f"The list answered {status} in this process.")


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that reach the database; beginning and ending a transaction is none."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
