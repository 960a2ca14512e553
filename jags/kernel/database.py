"""Prepare an engine so that SQLite and PostgreSQL keep the same promises."""

import time
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import Connection, Engine, Executable, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

WRITE = "jags_write"
BUSY_TIMEOUT_MS = 10_000
# A connection that was used less long ago is taken as it is.
PING_AFTER_SECONDS = 1.0
_USED_AT = "jags_used_at"
# PostgreSQL: every statement is committed as it is carried out.
_ALONE = {"isolation_level": "AUTOCOMMIT"}
# A page that only reads: each query stands alone, and what would write is refused.
_READ = "jags_read"
# Before this version SQLite can corrupt a database in WAL mode under several connections.
WAL_IS_SAFE_FROM = (3, 51, 3)


class CopyFailed(Exception):
    """A copy of the database could not be written; the message says why."""


def engine_options(url: str) -> dict[str, Any]:
    """Return the options with which an engine for this address is made."""
    if url.startswith("sqlite"):
        return {
            # An error that is printed must not quote what a person typed.
            "hide_parameters": True,
            # Not the SQLite that Python comes with, which on most machines is too old for WAL.
            "module": sqlite3,
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        }
    return {
        "hide_parameters": True,
        "connect_args": {"options": "-c timezone=UTC", "connect_timeout": 5},
    }


def prepare_engine(engine: Engine, *, ping_after: float = PING_AFTER_SECONDS) -> None:
    """Set pragmas and the kind of BEGIN on every SQLite connection; look after connections of PostgreSQL that lay idle.

    A deferred BEGIN that turns into a write fails as locked whatever the timeout, so units of work that write begin
    with BEGIN IMMEDIATE.
    """
    event.listen(engine, "before_execute", _refuse_writing_alone)
    if engine.dialect.name != "sqlite":
        _ping_if_idle(engine, after=ping_after)
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def read_at_once(session: Session) -> None:
    """Have each query of a session that only reads stand alone, up to its next commit or rollback.

    A transaction of reads costs PostgreSQL two more turns to the server and SQLite two more statements, and promises nothing
    more at the level that is PostgreSQL's default: each query sees what is committed by then, as it does alone. What would
    write is refused (`RuntimeError`): nothing could take it back.
    """
    own = _ALONE if session.get_bind().dialect.name == "postgresql" else {}
    session.connection(execution_options={_READ: True, **own})


def forget_deleted(engine: Engine, *tables: str) -> None:
    """Write tables anew, so that no page of theirs keeps what was deleted or replaced.

    For PostgreSQL, outside any transaction; nobody can write to a table meanwhile: milliseconds for a small one. SQLite
    overwrites pages at once (`secure_delete`), and its write-ahead log, where it has one, is emptied. Raises
    `OperationalError` or `TimeoutError` when somebody else keeps it in use.
    """
    if engine.dialect.name != "postgresql":
        _empty_log(engine)
        return
    with engine.connect().execution_options(**_ALONE) as connection:
        connection.exec_driver_sql("SET lock_timeout = '2s'")
        try:
            for table in tables:
                connection.exec_driver_sql(f'VACUUM (FULL) "{table}"')
        finally:
            connection.exec_driver_sql("RESET lock_timeout")


def copy_to(engine: Engine, file: Path) -> list[str]:
    """Copy a SQLite database into an empty file as it stands at one moment, while others use it; return what is wrong with the copy.

    Raises `CopyFailed` when it cannot be written, for want of room for example.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM INTO ?", (str(file),))
        cursor.execute("ATTACH ? AS copied", (str(file),))
        found = [str(one) for (one,) in cursor.execute("PRAGMA copied.integrity_check")]
        cursor.execute("DETACH copied")
    except sqlite3.Error as error:
        raise CopyFailed(str(error)) from error
    finally:
        connection.close()
    return [] if found == ["ok"] else found


def _empty_log(engine: Engine) -> None:
    """Bring SQLite's write-ahead log, which keeps pages as they were, into the file, and cut it; without one this does nothing."""
    connection = engine.raw_connection()
    try:
        in_use = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()
    if in_use:
        raise TimeoutError("the write-ahead log is in use")


def _ping_if_idle(engine: Engine, *, after: float) -> None:
    """Have a connection that lay idle asked for a sign of life before it is used; the pool opens another if it is gone.

    The pool's own `pre_ping` asks before every page, also a moment after the last.
    """

    def note_when(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    def ping(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < after:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", note_when)
    event.listen(engine, "checkout", ping)


def _refuse_writing_alone(
    connection: Connection, statement: Executable, _many: object, _one: object, _options: object
) -> None:
    if statement.is_dml and connection.get_execution_options().get(_READ):
        raise RuntimeError("A page that only reads has tried to write.")


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    journal = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "DELETE"
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        # Else REPLACE would pass by the triggers that keep audit events from being deleted.
        "recursive_triggers=ON",
        "mmap_size=0",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_READ):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE) else "BEGIN")
