"""The scheduler process: ticks under a database lease, runs jobs that are due, and delivers mail.

Due work lies in tables, so a missed tick loses nothing, and two schedulers by mistake do nothing twice.
"""

import contextlib
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from jags.adapters.calendars import Calendars
from jags.adapters.mailer import Mailer, MailNotAccepted
from jags.adapters.records import OutsideRecords
from jags.allocation.service import claim_calculation, keep_answer, note_failed, prepare
from jags.extensions import db
from jags.facilitators.rules.calendar import CalendarNotRead, CalendarProblem, Reading
from jags.facilitators.service import claim_calendar, note_calendar_not_read, note_calendar_read
from jags.feedback.queries import not_yet_prolonged
from jags.jobs.catalogue import JOBS, Job
from jags.jobs.outside import note_outside
from jags.kernel.actor import system
from jags.kernel.box import publish_jobs_key
from jags.kernel.errors import SetupIncomplete
from jags.kernel.log import log, where
from jags.kernel.work import Ports, Work, unit_of_work
from jags.notifications.service import claim_next, give_back, note_not_sent, note_sent, still_wanted
from jags.operations.model import JobRun
from jags.operations.rules import Outcome
from jags.operations.service import note_run, release_lease, take_lease
from jags.requests.queries import paused_references

_LEASE = "scheduler"
# How long one tick delivers at most, so that jobs are not kept waiting by a full outbox or a hanging mail server.
_DELIVERY_SECONDS = 20.0
# The same for calendars that people have given the address of.
_READING_SECONDS = 20.0
# A shorter tick is for people who wait for the result, in the demonstration and in tests: each job runs at each tick.
_SHORT_TICK_SECONDS = 10.0


def _may_not_leave(work: Work) -> frozenset[str]:
    """Return about what no mail leaves now: what is paused, and what still says a day from before a pause."""
    return paused_references(work) | not_yet_prolonged(work)


class Runner:
    """Runs due work of one application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._config: Config = app.config["JAGS"]
        self._ports: Ports = app.extensions["jags_ports"]
        self._mailer: Mailer = app.extensions["jags_mailer"]
        self._calendars: Calendars = app.extensions["jags_calendars"]
        self._records: OutsideRecords = app.extensions["jags_records"]
        self._holder = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self._ticking = threading.Lock()
        # Jobs whose `afterwards` is still to be done: all of them at first, and again what failed.
        self._owed = {job.name for job in JOBS if job.afterwards}

    def prepare(self) -> None:
        """Publish the public half of the jobs key; raises `SetupIncomplete` without one."""
        if self._ports.jobs_private_key is None:
            raise SetupIncomplete("Set JAGS_JOBS_KEY_FILE to the key file of the scheduler process.")
        with self._app.app_context(), Session(db.engine) as session, self._work(session, "start") as work:
            publish_jobs_key(work, self._ports.jobs_private_key)

    def tick(self) -> bool:
        """Do what is due, if this process holds the lease; return whether it does."""
        with self._app.app_context():
            if not self._lease():
                return False
            for job in JOBS:
                self._run_if_due(job)
            self._note_outside()
            self._calculate()
            self._until(_DELIVERY_SECONDS, self._deliver_next)
            self._until(_READING_SECONDS, self._read_next_calendar)
        return True

    def serve(self) -> None:
        """Tick until SIGTERM or SIGINT; the lease is given back at the end."""
        scheduler = BlockingScheduler(timezone="UTC")
        scheduler.add_job(
            self._guarded_tick,
            "interval",
            seconds=self._config.tick_seconds,
            next_run_time=datetime.now().astimezone(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

        def stop(_signal: int, _frame: FrameType | None) -> None:
            if not self._stopping.is_set():
                self._stopping.set()
                # In a thread, because the signal may have come while the scheduler holds a lock of its own.
                threading.Thread(target=scheduler.shutdown, kwargs={"wait": False}).start()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        log().info("scheduler started", tick_seconds=self._config.tick_seconds)
        scheduler.start()
        with self._ticking:
            self._release()
        log().info("scheduler stopped")

    def _guarded_tick(self) -> None:
        # A database that is away for a while must not end the scheduler.
        try:
            with self._ticking:
                self.tick()
        except Exception as error:  # noqa: BLE001 - The next tick tries again.
            log().error("tick failed", where=where(error))

    def _work(self, session: Session, job: str, *, write: bool = True) -> AbstractContextManager[Work]:
        return unit_of_work(session, actor=system(job), ports=self._ports, write=write)

    def _lease(self) -> bool:
        with Session(db.engine) as session, self._work(session, "lease") as work:
            return take_lease(work, _LEASE, holder=self._holder)

    def _release(self) -> None:
        with (
            contextlib.suppress(Exception),
            self._app.app_context(),
            Session(db.engine) as session,
            self._work(session, "lease") as work,
        ):
            release_lease(work, _LEASE, holder=self._holder)

    def _run_if_due(self, job: Job) -> None:
        now = self._ports.clock.now()
        with Session(db.engine) as session, self._work(session, job.name, write=False) as work:
            last = work.session.scalar(select(JobRun.started_at).where(JobRun.job == job.name))
        if not self._is_due(job, last, now):
            return
        handled, outcome = 0, Outcome.DONE
        try:
            with Session(db.engine) as session, self._work(session, job.name) as work:
                handled = job.run(work)
            if job.afterwards and (handled or job.name in self._owed):
                self._owed.add(job.name)
                job.afterwards(db.engine)
                self._owed.discard(job.name)
        except Exception as error:  # noqa: BLE001 - One job must not stop the others; its failure is noted and logged.
            outcome = Outcome.FAILED
            log().error("job failed", job=job.name, where=where(error))
        with Session(db.engine) as session, self._work(session, job.name) as work:
            note_run(work, job.name, started_at=now, outcome=outcome, handled=handled)
        if handled:
            log().info("job done", job=job.name, handled=handled)

    def _is_due(self, job: Job, last: datetime | None, now: datetime) -> bool:
        tick = self._config.tick_seconds
        # A clock that was set back must not keep a job waiting.
        if last is None or tick < _SHORT_TICK_SECONDS or now < last:
            return True
        # Half a tick of slack: a tick that comes a moment early must not leave the job to the one after.
        return now - last >= timedelta(seconds=job.seconds - tick / 2)

    def _note_outside(self) -> None:
        """Note outside the database what was erased, once it is committed, and how far the audit trail has come."""
        with Session(db.engine) as session, self._work(session, "note-outside", write=False) as work:
            note_outside(work, self._records)

    def _calculate(self) -> None:
        """Work out one thing that a page asked for, in no transaction, so that nobody waits for it."""
        with Session(db.engine) as session, self._work(session, "calculate") as work:
            claimed = claim_calculation(work)
        if claimed is None:
            return
        try:
            with Session(db.engine) as session, self._work(session, "calculate", write=False) as work:
                calculate = prepare(work, claimed.id)
            answer = calculate()
            with Session(db.engine) as session, self._work(session, "calculate") as work:
                keep_answer(work, claimed, answer)
        except Exception as error:  # noqa: BLE001 - It must not stop the mail; the page says that it failed.
            log().error("calculation failed", where=where(error))
            with Session(db.engine) as session, self._work(session, "calculate") as work:
                note_failed(work, claimed)

    def _until(self, seconds: float, do_next: Callable[[], bool]) -> None:
        """Do one thing after another until none is left, or the time is up."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self._stopping.is_set() and do_next():
            pass

    def _deliver_next(self) -> bool:
        """Deliver one message; return whether there was one for this process."""
        with Session(db.engine) as session, self._work(session, "deliver-mail") as work:
            # Renewed with each claim, so that a slow mail server does not cost the lease.
            if not take_lease(work, _LEASE, holder=self._holder):
                return False
            claimed = claim_next(work, holder=self._holder, paused=_may_not_leave(work))
        if claimed is None:
            return False
        with Session(db.engine) as session, self._work(session, "deliver-mail", write=False) as work:
            wanted = still_wanted(work, claimed.id, paused=_may_not_leave(work))
        problem = ""
        if wanted:
            try:
                self._mailer.send(claimed.message, return_to=claimed.return_to)
            except MailNotAccepted as error:
                problem = error.kind
        with Session(db.engine) as session, self._work(session, "deliver-mail") as work:
            if not wanted:
                give_back(work, claimed.id)
            elif problem:
                note_not_sent(work, claimed.id, problem=problem)
                log().warning("mail not accepted", message=str(claimed.id), problem=problem)
            else:
                note_sent(work, claimed.id)
        return True

    def _read_next_calendar(self) -> bool:
        """Read one calendar, outside any transaction; return whether there was one for this process."""
        with Session(db.engine) as session, self._work(session, "read-calendars") as work:
            if not take_lease(work, _LEASE, holder=self._holder):
                return False
            claimed = claim_calendar(work)
        if claimed is None:
            return False
        found: Reading | CalendarProblem
        try:
            found = self._calendars.read(
                claimed.address, starts_at=claimed.starts_at, ends_at=claimed.ends_at
            )
        except CalendarNotRead as error:
            found = error.problem
            log().info("calendar not read", problem=found)
        with Session(db.engine) as session, self._work(session, "read-calendars") as work:
            if isinstance(found, Reading):
                note_calendar_read(work, claimed, found)
            else:
                note_calendar_not_read(work, claimed, found)
        return True
