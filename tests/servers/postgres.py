"""A throw-away PostgreSQL cluster, made from the machine's own binaries and reached over a socket only."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from servers.processes import bound_to_parent, end

# A lost cluster costs nothing here, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "track_commit_timestamp": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "lc_messages": "C",
    "timezone": "UTC",
}
OWNER = "jags"
START_SECONDS = 30.0
STOP_SECONDS = 10.0


def binaries() -> Path:
    """Return the folder of the newest installed PostgreSQL server, or raise FileNotFoundError."""
    found = [initdb.parent for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed. Run `make test`, which installs it.")
    return max(found, key=lambda folder: int(folder.parent.name))


class Cluster:
    """One PostgreSQL server with its own data folder; both are gone after `stop`.

    PostgreSQL refuses to run as root, so under root it runs as the `postgres` user. `settings` go before SETTINGS.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._settings = {**SETTINGS, **(settings or {})}
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._ready = threading.Event()
        self._log: deque[str] = deque(maxlen=200)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the cluster and return once it takes connections; raise RuntimeError with its log otherwise."""
        user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="jags-pg-"))
        if user is not None:
            shutil.chown(self._folder, user, user)
        data = self._folder / "data"
        initdb = [str(binaries() / "initdb"), "--pgdata", str(data), "--username", OWNER, "--auth=trust"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        made = subprocess.run(
            bound_to_parent(initdb, signal_name="KILL", user=user),
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            self.stop()
            raise RuntimeError(f"initdb failed:\n{made.stderr}")
        server = [str(binaries() / "postgres"), "-D", str(data), "-k", str(self._folder)]
        server += [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            bound_to_parent(server, signal_name="QUIT", user=user),
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self._ready.wait(START_SECONDS)
        if not self._took_connections():
            self.stop()
            raise RuntimeError(f"PostgreSQL did not start:\n{self.log}")

    def stop(self) -> None:
        """Stop the server at once and remove its data."""
        if self._process is not None:
            end(self._process, with_signal=signal.SIGQUIT, patience=STOP_SECONDS)
            self._process = None
        if self._reader is not None:
            self._reader.join(STOP_SECONDS)
            self._reader = None
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None
        self._ready.clear()

    @property
    def log(self) -> str:
        """The last lines that the server wrote."""
        return "\n".join(self._log)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database of this cluster."""
        return f"postgresql+psycopg://{OWNER}@/{quote(database)}?host={quote(str(self._running_in()))}"

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Create a database, a copy of `template` where one is named, and return its address.

        Nobody may be connected to the template while it is copied.
        """
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=str(self._running_in()), user=OWNER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _running_in(self) -> Path:
        if self._folder is None:
            raise RuntimeError("The cluster is not running; call start() first.")
        return self._folder

    def _took_connections(self) -> bool:
        return self._ready.is_set() and self._process is not None and self._process.poll() is None

    def _read_log(self) -> None:
        # Reading goes on to the end, because a full pipe would block the server.
        process = self._process
        if process is None or process.stderr is None:
            return
        with process.stderr as lines:
            for line in lines:
                text = line.decode(errors="replace").rstrip()
                self._log.append(text)
                if "ready to accept connections" in text:
                    self._ready.set()
        # At the end of the log there is nothing left to wait for; the caller sees that the process is gone.
        self._ready.set()
