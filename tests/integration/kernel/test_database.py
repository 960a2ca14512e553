"""Both databases keep the same promises about locks, times and references."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from conftest import NOW
from factories.people import account
from jags.accounts.model import Link
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import issue_link
from jags.audit.model import AuditEvent
from jags.audit.service import verify
from jags.extensions import db
from jags.kernel import database
from jags.kernel.database import engine_options, forget_deleted, prepare_engine, read_at_once
from jags.kernel.ids import new_id
from jags.settings.model import Setting

WRITERS, UNITS = 4, 10


@pytest.fixture
def sqlite_file(sqlite_store):
    sqlite_store.renew()
    yield sqlite_store.url.removeprefix("sqlite:///")
    with sqlite_store.app.app_context():
        db.engine.dispose()


def test_sqlite_runs_with_the_settings_that_lose_nothing(sqlite_store, sqlite_file):
    assert sqlite3.sqlite_version_info >= (3, 51, 3)
    with sqlite_store.app.app_context(), db.engine.connect() as connection:
        found = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("busy_timeout", "foreign_keys", "journal_mode", "secure_delete", "synchronous")
        }
    assert found == {
        "busy_timeout": 10_000,
        "foreign_keys": 1,
        "journal_mode": "wal",
        "secure_delete": 1,
        "synchronous": 2,
    }


def test_no_log_of_sqlite_keeps_what_was_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    file = tmp_path / "logged.db"
    engine = create_engine(f"sqlite:///{file}", **engine_options(f"sqlite:///{file}"))
    prepare_engine(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE planted (what TEXT)")
        connection.exec_driver_sql("INSERT INTO planted VALUES ('a ticket that was spent')")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM planted")
    log = file.with_name("logged.db-wal")
    assert b"a ticket that was spent" in log.read_bytes()

    forget_deleted(engine, "planted")

    left = log.read_bytes() + file.read_bytes()
    with engine.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM planted").all()
        with engine.begin() as writer:
            writer.exec_driver_sql("INSERT INTO planted VALUES ('later')")
        # Who reads still needs the log.
        with pytest.raises(TimeoutError):
            forget_deleted(engine, "planted")
    engine.dispose()
    assert b"a ticket that was spent" not in left


@pytest.mark.parametrize(("write", "locked"), [(True, True), (False, False)])
def test_on_sqlite_work_that_writes_takes_the_lock_at_its_beginning(sqlite_store, sqlite_file, write, locked):
    with (
        sqlite_store.app.app_context(),
        db.engine.connect() as connection,
        connection.execution_options(jags_write=write).begin(),
    ):
        connection.execute(text("SELECT count(*) FROM agency"))
        assert is_locked(sqlite_file) is locked


def is_locked(path):
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return "database is locked" in str(error)
    finally:
        other.close()
    return False


@pytest.fixture
def postgresql_session(postgresql_store):
    postgresql_store.renew()
    with postgresql_store.app.app_context():
        with Session(db.engine) as session:
            yield session
        db.engine.dispose()


def test_on_postgresql_what_only_reads_opens_no_transaction_and_writes_nothing(postgresql_session):
    session, setting = postgresql_session, Setting(key="name", value='"Ours"', changed_at=NOW)
    stands_alone = text("SELECT now() = statement_timestamp() FROM pg_sleep(0.01)")
    session.scalar(text("SELECT 1"))
    assert session.scalar(stands_alone) is False
    session.rollback()
    read_at_once(session)
    session.scalar(text("SELECT 1"))
    assert session.scalar(stands_alone) is True
    session.add(setting)
    with pytest.raises(RuntimeError, match="tried to write"):
        session.flush()
    session.rollback()
    # Whoever takes the connection next may write, and take back what they wrote.
    session.add(setting)
    session.flush()
    session.rollback()
    assert session.scalars(select(Setting)).all() == []


def test_on_sqlite_what_only_reads_opens_no_transaction_and_writes_nothing(sqlite_store, sqlite_file):
    setting = Setting(key="name", value='"Ours"', changed_at=NOW)
    with sqlite_store.app.app_context(), Session(db.engine) as session:
        session.scalar(text("SELECT 1"))
        assert session.connection().connection.dbapi_connection.in_transaction is True
        session.rollback()
        read_at_once(session)
        session.scalar(text("SELECT count(*) FROM setting"))
        assert session.connection().connection.dbapi_connection.in_transaction is False
        session.add(setting)
        with pytest.raises(RuntimeError, match="tried to write"):
            session.flush()
        session.rollback()
        assert session.scalars(select(Setting)).all() == []


def test_writers_at_the_same_time_wait_for_each_other(work_on):
    with work_on() as work:
        work.record("agency:added", "first")

    def write(writer):
        for unit in range(UNITS):
            with work_on() as work:
                # A reading before the writing is where a deferred transaction would fail as locked.
                work.session.scalar(select(func.count()).select_from(AuditEvent))
                work.record("agency:added", f"{writer}-{unit}")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with work_on(write=False) as work:
        subjects = set(work.session.scalars(select(AuditEvent.subject_ref)))
        assert verify(work) == []
    assert subjects == {"first", *(f"{w}-{u}" for w in range(WRITERS) for u in range(UNITS))}


def test_times_come_back_aware_and_in_utc(work_on):
    summer = datetime(2027, 7, 1, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with work_on() as work:
        link, _secret = issue_link(work, purpose=Purpose.OFFER, subject_id=new_id(), expires_at=summer)
        link_id = link.id
    with work_on(write=False) as work:
        found = work.session.get_one(Link, link_id).expires_at
    assert found == datetime(2027, 7, 1, 8, 30, 0, 123456, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_time_without_zone_is_not_stored(work_on):
    naive = datetime.fromisoformat("2027-07-01T09:30")
    with pytest.raises(Exception, match="a naive time cannot be stored"), work_on() as work:
        issue_link(work, purpose=Purpose.OFFER, subject_id=new_id(), expires_at=naive)


def test_a_reference_to_nothing_is_refused(work_on):
    def point_nowhere():
        with work_on() as work:
            account(work, Role.COORDINATOR).person_id = new_id()

    with pytest.raises(IntegrityError):
        point_nowhere()


def test_connection_that_was_ended_while_it_lay_idle_is_replaced(postgresql_store):
    postgresql_store.renew()
    engine = create_engine(postgresql_store.url, **engine_options(postgresql_store.url))
    prepare_engine(engine, ping_after=0)
    with engine.connect() as connection:
        first = connection.execute(select(func.pg_backend_pid())).scalar_one()
    other = create_engine(postgresql_store.url)
    with other.begin() as connection:
        assert connection.execute(select(func.pg_terminate_backend(first, 5000))).scalar_one() is True
    with engine.connect() as connection:
        second = connection.execute(select(func.pg_backend_pid())).scalar_one()
    other.dispose()
    engine.dispose()
    assert second != first
