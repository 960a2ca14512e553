"""Prepare an engine so that SQLite and PostgreSQL keep the same promises."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event

WRITE = "jags_write"
BUSY_TIMEOUT_MS = 10_000
# Before this version SQLite can corrupt a database in WAL mode under several connections.
WAL_IS_SAFE_FROM = (3, 51, 3)


def engine_options(url: str) -> dict[str, Any]:
    """Return the options with which an engine for this address is made."""
    if url.startswith("sqlite"):
        return {
            # An error that is printed must not quote what a person typed.
            "hide_parameters": True,
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        }
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c timezone=UTC", "connect_timeout": 5},
    }


def prepare_engine(engine: Engine) -> None:
    """Set pragmas and the kind of BEGIN on every SQLite connection; PostgreSQL needs neither.

    A deferred BEGIN that turns into a write fails as locked whatever the timeout, so units of work that write begin
    with BEGIN IMMEDIATE.
    """
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def forget_deleted(engine: Engine, *tables: str) -> None:
    """Write tables anew, so that no page of theirs keeps what was deleted or replaced.

    For PostgreSQL, outside any transaction; SQLite overwrites at once (`secure_delete`). Nobody can write to a table
    meanwhile: milliseconds for a small one. Raises `OperationalError` when it stays in use for two seconds.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET lock_timeout = '2s'")
        try:
            for table in tables:
                connection.exec_driver_sql(f'VACUUM (FULL) "{table}"')
        finally:
            connection.exec_driver_sql("RESET lock_timeout")


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
    write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
