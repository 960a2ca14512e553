"""Fixtures that every test may use: both databases, the application, a clock that stands, units of work."""

import base64
import dataclasses
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Config
from jags.adapters.clock import FixedClock
from jags.app import create_app
from jags.cli.database import bring_to_head
from jags.extensions import db
from jags.kernel.actor import Actor, system
from jags.kernel.box import publish_jobs_key
from jags.kernel.work import Work, unit_of_work
from servers.postgres import Cluster

# A Tuesday morning in term time, after the clocks went back.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
# `make soak` runs the same tests with their full counts.
SOAK = os.environ.get("JAGS_SOAK") == "1"
WorkOn = Callable[..., AbstractContextManager[Work]]
# Copying a PostgreSQL template takes half a second, so its copy is put back as it was: triggers and references
# are off meanwhile, and the rows that the template had are kept beside it.
KEEP_ROWS = """DO $$ DECLARE name text; BEGIN
    CREATE SCHEMA kept;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
    END LOOP;
END $$"""
PUT_BACK = """DO $$ DECLARE name text; BEGIN
    PERFORM set_config('session_replication_role', 'replica', true), set_config('lock_timeout', '2s', true);
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', name);
    END LOOP;
END $$"""


class Store:
    """One kind of database: a migrated template, and a fresh copy for each test at the same address."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        self._file = folder / "jags.db"
        self._template = folder / "template.db"
        self._cluster = cluster
        if cluster is None:
            self.url = f"sqlite:///{self._file}"
        else:
            cluster.create_database("template_jags")
            self.url = cluster.url("jags")
        self.app = create_app(_config(self.url if cluster is None else cluster.url("template_jags"), folder))
        with self.app.app_context():
            bring_to_head(self.app)
            with (
                Session(db.engine) as session,
                unit_of_work(session, actor=system("test"), ports=self.app.extensions["jags_ports"]) as work,
            ):
                publish_jobs_key(work, self.app.extensions["jags_ports"].jobs_private_key)
                if cluster is not None:
                    work.session.execute(text(KEEP_ROWS))
            db.engine.dispose()
        if cluster is None:
            shutil.copy(self._file, self._template)
        else:
            self.app = create_app(dataclasses.replace(self.app.config["JAGS"], database_url=self.url))

    def renew(self) -> None:
        """Put a fresh copy of the migrated database in place."""
        with self.app.app_context():
            db.engine.dispose()
        # What an earlier database noted outside would not fit this one.
        shutil.rmtree(self.app.config["JAGS"].records_dir, ignore_errors=True)
        if self._cluster is None:
            for left in ("jags.db-wal", "jags.db-shm"):
                self._file.with_name(left).unlink(missing_ok=True)
            shutil.copy(self._template, self._file)
        elif not self._put_back():
            self._cluster.drop_database("jags")
            self._cluster.create_database("jags", template="template_jags")

    def _put_back(self) -> bool:
        try:
            with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
                connection.execute(PUT_BACK)
        except psycopg.Error:
            # It is not there yet, or a test left it in another shape or locked.
            return False
        return True


def _config(url: str, folder: Path) -> Config:
    return Config.from_environment(
        {
            "JAGS_MODE": "test",
            "JAGS_BASE_URL": "http://localhost",
            "JAGS_SECRET_KEY": secrets.token_hex(32),
            "JAGS_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
            "JAGS_JOBS_KEY": base64.b64encode(os.urandom(32)).decode(),
            "JAGS_DATABASE_URL": url,
            "JAGS_INSTANCE_DIR": str(folder),
        }
    )


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with Cluster() as started:
        yield started


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("sqlite"), None)


@pytest.fixture(scope="session")
def postgresql_store(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Store:
    return Store(tmp_path_factory.mktemp("postgresql"), cluster)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A fresh database; a test that uses it (or what stands on it) runs on both kinds."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    found.renew()
    yield found
    with found.app.app_context():
        db.engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(store: Store, clock: FixedClock) -> Flask:
    """The application on a fresh database, with a clock that stands at NOW until a test sets `clock.instant`."""
    ports = store.app.extensions["jags_ports"]
    store.app.extensions["jags_ports"] = dataclasses.replace(ports, clock=clock)
    return store.app


@pytest.fixture
def work_on(app: Flask) -> WorkOn:
    """Begin a unit of work: `with work_on(actor) as work:`; without an actor the system acts."""

    @contextmanager
    def begin(actor: Actor | None = None, **options: Any) -> Iterator[Work]:
        with (
            app.app_context(),
            Session(db.engine) as session,
            unit_of_work(
                session, actor=actor or system("test"), ports=app.extensions["jags_ports"], **options
            ) as work,
        ):
            yield work

    return begin


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies; forgery tokens are read from pages by `factories.pages`."""
    return app.test_client()
