"""Take a database away and put it back, as an outage does."""

from flask import Flask

from jags.extensions import db


class Outage:
    """The outage of a test's store; `end` puts a fresh database back."""

    def __init__(self, store, app: Flask) -> None:
        self._store = store
        self._app = app

    def begin(self) -> None:
        """Let the database be gone from now on."""
        with self._app.app_context():
            db.engine.dispose()
        if self._store._cluster is None:
            # An empty file would be a database; a folder is none.
            self._store._file.unlink()
            self._store._file.mkdir()
        else:
            self._store._cluster.drop_database("jags")

    def end(self) -> None:
        """Put a fresh database in its place."""
        if self._store._cluster is None and self._store._file.is_dir():
            self._store._file.rmdir()
        self._store.renew()
