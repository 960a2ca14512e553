"""The list of fifty out of many requests: how long it takes, how it grows, and how many queries it asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from operator import truediv
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from benchmarks.bare import PATH as BARE_PATH
from benchmarks.load import Bare, in_turn
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


def measure(bare: Bare, few: tuple[WebServer, Store], many: tuple[WebServer, Store]) -> list[Row]:
    """Open the first page of the queue as a coordinator, in a small and in a large database and bare Flask in turn."""
    kind = few[1].kind
    stranger = Visitor(bare.url.removesuffix(BARE_PATH))
    secrets = [sign_in_coordinator(store.app) for _, store in (few, many)]
    readers = [_reader(server, secret) for (server, _), secret in zip((few, many), secrets, strict=True)]
    least, small, large = in_turn(
        [lambda: stranger.get(BARE_PATH), lambda: readers[0].get(PATH), lambda: readers[1].get(PATH)]
    )
    milliseconds, times_bare = median(large), median(map(truediv, large, least))
    growth = median(map(truediv, large, small))
    queries = [_queries(store.app, secret) for (_, store), secret in zip((few, many), secrets, strict=True)]
    return [
        Row(
            f"list of 50 of 10,000 requests, {kind}",
            f"{milliseconds:.1f} ms",
            f"{as_ratio(times_bare)} × as long",
            f"≤ {MOST_MS:.0f} ms",
            milliseconds <= MOST_MS,
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
            f"{queries[0]} and {queries[1]}",
            "–",
            f"≤ {MOST_QUERIES}, the same",
            max(queries) <= MOST_QUERIES and queries[0] == queries[1],
        ),
    ]


def _reader(server: WebServer, secret: str) -> Visitor:
    """Return a coordinator at the list; raises `RuntimeError` unless the page shows fifty requests."""
    visitor = Visitor(server.url).keep_cookie(COOKIE, secret)
    page = visitor.get(PATH)
    shown = page.text.count('href="/requests/')
    if page.status != 200 or page.path != PATH or shown < LINES:
        raise RuntimeError(f"The list at {page.path} ({page.status}) shows {shown} requests, not {LINES}.")
    return visitor


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
