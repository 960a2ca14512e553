"""A world for the made-up year: its clock, units of work, jobs and mail, as the scheduler process does them."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from jags.adapters.clock import FixedClock
from jags.adapters.mailer import Mailer
from jags.extensions import db
from jags.jobs.catalogue import JOBS
from jags.kernel.actor import Actor, system
from jags.kernel.box import publish_jobs_key
from jags.kernel.time import LONDON, from_wall
from jags.kernel.work import Work, unit_of_work
from jags.notifications.service import claim_next, note_sent
from jags.requests.queries import paused_references

# The same year at every first start.
_SEED = 20260113
_TICKET = re.compile(r"/feedback/([\w-]+)")
# The latest mails are left to be read, because their links still lead somewhere.
_LEFT_TO_READ = timedelta(days=14)


class World:
    """Time, transactions and what happens by itself; `tickets` holds feedback tickets from mail, by address."""

    def __init__(self, app: Flask, *, length: timedelta) -> None:
        self._app = app
        self._mailer: Mailer = app.extensions["jags_mailer"]
        ports = app.extensions["jags_ports"]
        self.end: datetime = ports.clock.now()
        self._clock = FixedClock(self.end - length)
        self._ports = replace(ports, clock=self._clock)
        self.random = random.Random(_SEED)  # noqa: S311 # nosec B311 - Made-up data, the same each time.
        self.coordinator: Actor = system("demo")
        self.tickets: dict[str, str] = {}
        with self.work(system("demo")) as work:
            if self._ports.jobs_private_key is not None:
                publish_jobs_key(work, self._ports.jobs_private_key)

    @property
    def now(self) -> datetime:
        """Return the instant of this world."""
        return self._clock.instant

    @contextmanager
    def work(self, actor: Actor) -> Iterator[Work]:
        """Run one unit of work at this world's instant."""
        with (
            self._app.app_context(),
            Session(db.engine) as session,
            unit_of_work(session, actor=actor, ports=self._ports) as work,
        ):
            yield work

    def morning(self, days_ago: int) -> datetime:
        """Return a quarter past nine in London on a day before the end."""
        day = (self.end - timedelta(days=days_ago)).astimezone(LONDON).date()
        return from_wall(datetime(day.year, day.month, day.day, 9, 15))  # noqa: DTZ001 - A wall time.

    def live_until(self, instant: datetime) -> None:
        """Let days pass: jobs run and mail leaves, as the scheduler process does it."""
        while self._clock.instant < instant:
            self._clock.instant = min(instant, self._clock.instant + timedelta(days=1))
            self._do_what_is_due()
        self._do_what_is_due()

    def _do_what_is_due(self) -> None:
        for job in JOBS:
            with self.work(system(job.name)) as work:
                job.run(work)
        while True:
            with self.work(system("deliver-mail")) as work:
                claimed = claim_next(work, holder="demo", paused=paused_references(work))
                if claimed is None:
                    return
                note_sent(work, claimed.id)
            if self.end - self.now <= _LEFT_TO_READ:
                self._mailer.send(claimed.message, return_to=claimed.return_to)
            body = claimed.message.get_body(("plain",))
            found = _TICKET.search(body.get_content()) if body else None
            if found:
                self.tickets[claimed.message["To"].addresses[0].addr_spec] = found[1]
