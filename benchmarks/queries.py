"""Count the queries that a page asks of the database, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from jags.extensions import db

COOKIE = "jags_signed_in"


def queries_of(app: Flask, secret: str, path: str) -> int:
    """Return how many queries the page of a signed-in person asks; raises `RuntimeError` unless it opens."""
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    _answered(client, path)  # The first page of a process also loads what later ones keep.
    with app.app_context(), _counted(app) as statements:
        _answered(client, path)
    # Who has read the page is recorded apart, in the same few statements however much it shows.
    return len([one for one in statements if "audit_head" not in one and "INTO audit_event" not in one])


def _answered(client: FlaskClient, path: str) -> None:
    status = client.get(path).status_code
    if status != 200:
        raise RuntimeError(f"The page answered {status} in this process.")


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
