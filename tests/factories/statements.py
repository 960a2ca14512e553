"""Count what a piece of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from jags.extensions import db


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the SQL statements that are executed inside the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        # SQLite is told to begin, PostgreSQL is not: only what asks for something counts.
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
