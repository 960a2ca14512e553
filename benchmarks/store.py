"""Databases that are measured: migrated, with keys of their own made at run time, on the machine's own disk."""

import base64
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy.orm import Session

from config import Config
from jags.app import create_app
from jags.cli.database import bring_to_head
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.box import new_pair, publish_jobs_key
from jags.kernel.work import unit_of_work
from servers.postgres import Cluster

# As a partnership runs it: a commit is on the disk when the page says so.
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on"}


@dataclass(frozen=True)
class Store:
    """One database and the settings that go with it."""

    kind: str
    settings: dict[str, str]

    @cached_property
    def app(self) -> Flask:
        """The application in this process, for filling the database and for counting queries."""
        base = {"JAGS_BASE_URL": "http://localhost"}
        return create_app(Config.from_environment({**base, **self.settings}))


class Stores:
    """Makes empty databases at the newest migration: SQLite files and databases of one PostgreSQL."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self._folder = folder
        self._cluster = cluster

    def bare(self, kind: str) -> dict[str, str]:
        """Return the settings of a database without tables."""
        name = f"bench_{secrets.token_hex(4)}"
        if kind == "PostgreSQL":
            return {"JAGS_DATABASE_URL": self._cluster.create_database(name)}
        return {"JAGS_DATABASE_URL": f"sqlite:///{self._folder / name}.db"}

    def migrated(self, kind: str) -> Store:
        """Return a database at the head, with the system's keys."""
        keys = {
            "JAGS_MODE": "test",
            "JAGS_SECRET_KEY": secrets.token_hex(32),
            "JAGS_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
            "JAGS_INSTANCE_DIR": str(self._folder),
        }
        store = Store(kind, {**keys, **self.bare(kind)})
        bring_to_head(store.app)
        private, _public = new_pair()
        with (
            store.app.app_context(),
            Session(db.engine) as session,
            unit_of_work(
                session, actor=system("benchmark"), ports=store.app.extensions["jags_ports"]
            ) as work,
        ):
            publish_jobs_key(work, private)
        return store


@contextmanager
def stores() -> Iterator[Stores]:
    """Start a PostgreSQL that keeps what it commits, and a folder for SQLite; both are gone at the end."""
    # Beside the project and not in /tmp, which may lie in memory, where a commit costs nothing.
    instance = Path(__file__).resolve().parents[1] / "instance"
    instance.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=instance) as folder, Cluster(_DURABLE) as cluster:
        yield Stores(Path(folder), cluster)
