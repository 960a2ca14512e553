"""One partnership's JAGS as it is run for real: keys, database and pool by commands, then `jags serve` on a moved clock."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from config import Config
from jags.app import create_app
from jags.extensions import db
from jags.kernel.actor import Actor, system
from jags.kernel.time import LONDON
from jags.kernel.work import Work, unit_of_work
from jags.requests.rules import is_working_day
from servers.app import PROJECT, Application
from servers.processes import free_port
from servers.smtp import MailServer

POOL = PROJECT / "tests" / "data" / "business-unit"
# After the hour at which coordinators are told what waits, and long before the end of a working day.
HOUR = time(9, 30)
_TUESDAY = 1
_AHEAD = timedelta(days=14)


def beginning_after(now: datetime) -> datetime:
    """Return when a journey begins that is run at this instant: a coming Tuesday at half past nine by London's clocks.

    It is one with two weeks ahead in which no bank holiday falls on a weekday. A journey therefore meets the same hours, weekdays
    and mails whenever it is run. It lies ahead, never behind: browsers would drop cookies that have expired by their own clock.
    """
    day = now.astimezone(LONDON).date() + timedelta(days=1)
    while day.weekday() != _TUESDAY or not _only_weekends_are_free(day, day + _AHEAD):
        day += timedelta(days=1)
    return datetime.combine(day, HOUR, LONDON)


def _only_weekends_are_free(first: date, last: date) -> bool:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return all(is_working_day(day) for day in days if day.weekday() < 5)


class Partnership:
    """A deployment on a database address, with an address of its own that stays the same when the server is started again.

    Its clock stands at `begins` when it is made, and goes on from there. `said` is what every server so far has written.
    """

    def __init__(self, folder: Path, database_url: str, mails: MailServer) -> None:
        self._port = free_port()
        self.url = f"http://localhost:{self._port}"
        self.said = ""
        self._server: Application | None = None
        self._app: Flask | None = None
        now = datetime.now(UTC)
        self.begins = beginning_after(now)
        self._ahead = self.begins - now
        self._settings = {
            "JAGS_MODE": "test",
            "JAGS_BASE_URL": self.url,
            "JAGS_SECRET_KEY": os.urandom(32).hex(),
            "JAGS_DATABASE_URL": database_url,
            "JAGS_INSTANCE_DIR": str(folder),
            "JAGS_MASTER_KEY_FILE": str(folder / "keys"),
            "JAGS_JOBS_KEY_FILE": str(folder / "jobs.key"),
            "JAGS_MAIL_SERVER": mails.host,
            "JAGS_MAIL_PORT": str(mails.port),
            "JAGS_MAIL_TLS": "none",
            "JAGS_TICK_SECONDS": "0.5",
        }
        self._go_on_by(days=0)
        self.command("keys", "new", str(folder / "keys"))
        self.command("keys", "new-jobs", str(folder / "jobs.key"))
        self.command("database", "upgrade")

    @property
    def now(self) -> datetime:
        """Return the instant of this partnership's clock."""
        return datetime.now(UTC) + self._ahead_now

    def command(self, *words: str) -> str:
        """Run a `jags` command and return what it prints; raises `CalledProcessError` when it fails."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JAGS_")}
        done = subprocess.run(
            [sys.executable, "-m", "jags.cli", *words],
            cwd=PROJECT,
            env=inherited | self._settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"jags {' '.join(words)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def document(self, *words: str) -> Any:
        """Run a `jags` command that prints JSON and return what it says."""
        return json.loads(self.command(*words, "--json"))

    @contextmanager
    def work_on(self, actor: Actor | None = None) -> Iterator[Work]:
        """Do something as the services do it, beside the server: what a journey is not about."""
        if self._app is None:
            self._app = create_app(Config.from_environment(self._settings))
        app = self._app
        with (
            app.app_context(),
            Session(db.engine) as session,
            unit_of_work(session, actor=actor or system("test"), ports=app.extensions["jags_ports"]) as work,
        ):
            yield work

    def know_organisation(self, line: dict[str, Any]) -> None:
        """Let an organisation sign its people in, from the next start on."""
        file = Path(self._settings["JAGS_INSTANCE_DIR"]) / "organisations.json"
        file.write_text(json.dumps([line]))
        self._settings["JAGS_ORGANISATIONS_FILE"] = str(file)

    def fill_pool(self) -> None:
        """Take over the agencies and facilitators that a Business Unit has."""
        self.command("import", "agencies", str(POOL / "agencies.csv"))
        self.command("import", "facilitators", str(POOL / "facilitators.csv"))

    def serve(self, *, days_on: int = 0) -> None:
        """Start web server and scheduler, or start them again, with the clock so many days further than it was at first."""
        self.stop()
        self._go_on_by(days=days_on)
        server = Application(self._settings, port=self._port)
        # One that does not start has ended by itself.
        server.start()
        self._server = server

    def stop(self) -> None:
        """Stop the server if it runs; it must end by itself and without a complaint. Nothing holds the database then."""
        if self._app is not None:
            with self._app.app_context():
                db.engine.dispose()
        if self._server is None:
            return
        server, self._server = self._server, None
        # What it says while it ends is of no account here; its log is gone once it has ended.
        self.said += server.log
        assert server.stop() == 0

    def _go_on_by(self, *, days: int) -> None:
        self._ahead_now = self._ahead + timedelta(days=days)
        self._settings["JAGS_CLOCK_OFFSET"] = f"{round(self._ahead_now.total_seconds())}s"
