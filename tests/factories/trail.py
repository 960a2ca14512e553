"""An audit trail of five events, somebody who owns the database and has no keys, and what verification finds afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from jags.audit.service import verify
from jags.kernel.actor import system

EVENTS = 5


def five_events(work_on: Callable) -> None:
    """Record five events one after the other, the second and the fourth with a reason."""
    for seq in range(1, EVENTS + 1):
        with work_on(system(f"job-{seq}")) as work:
            work.record(
                "request:paused", f"request-{seq}", reason="A reason." if seq % 2 == 0 else "", why="x"
            )


@contextmanager
def attacker(work_on: Callable) -> Iterator[Connection]:
    """Write as somebody who owns the database, may switch off its triggers, and has no keys."""
    with work_on() as work:
        connection = work.session.connection()
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_event_{verb}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


def findings(work_on: Callable) -> list[tuple[int, str]]:
    """Return what verification finds wrong, with the number of the event."""
    with work_on(write=False) as work:
        return [(finding.seq, finding.problem) for finding in verify(work)]
