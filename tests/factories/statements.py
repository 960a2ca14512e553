"""Count what a piece of work asks of the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from jags.extensions import db

# That a page was read is recorded in a transaction of its own, once the page is made (docs/adr/0007-audit-chain.md). The budget of
# queries is for what a page reads and grows with what it shows; the recording never does, and has a bound of its own.
RECORDING_MOST = 3


def is_recording(statement: str) -> bool:
    """Tell whether a statement appends to the audit trail; no page that only reads has another reason to."""
    return "audit_head" in statement or statement.startswith("INSERT INTO audit_event")


def of_the_page(seen: Iterable[str]) -> list[str]:
    """Return the statements that a page itself asks: without beginning, settings of SQLite, and recording who has read it."""
    return [one for one in seen if not (one.startswith(("BEGIN", "PRAGMA")) or is_recording(one))]


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
