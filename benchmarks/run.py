"""Measure the pages of the application against bare Flask in the same run, and print one table.

Run by `make bench`; every server listens on loopback, with databases and keys that are made for the run and gone after it.
"""

import platform
import statistics
import sys
from contextlib import ExitStack

from benchmarks import (
    calendar,
    dates,
    evaluation,
    feedback,
    intake,
    mail_faults,
    new_link,
    request_list,
    sign_in,
)
from benchmarks.bare import PATH as BARE_PATH
from benchmarks.load import CONNECTIONS, ROUNDS, SECONDS, Bare
from benchmarks.made_up import fill
from benchmarks.store import Stores, stores
from benchmarks.table import Line, Row, as_ratio, settled, show
from benchmarks.web_server import APPLICATION, BARE, BARE_COMMITTING, WebServer

KINDS = ("SQLite", "PostgreSQL")
HEALTH = "/healthz"
FEW, MANY = 100, 10_000
MOST_MEGABYTES = 110.0
MOST_START_RATIO = 2.0
STARTS = 3


def main() -> None:
    """Measure everything and print the table."""
    with stores() as made, WebServer(BARE, first_path=BARE_PATH) as flask:
        lines = [settled(row) for row in start_rows(made)]
        bare, megabytes = Bare(flask.url + BARE_PATH), flask.worker_megabytes
        for kind in KINDS:
            lines += [
                *intake_rows(made, kind, bare, bare_megabytes=megabytes),
                *feedback_rows(made, kind, bare),
                *(settled(row) for row in list_rows(made, kind, bare)),
                *(settled(row) for row in calendar_rows(made, kind, bare)),
                *(settled(row) for row in mail_rows(made, kind)),
            ]
    rows = [Row("bare Flask, a constant", f"{bare.best.a_second:,.0f} a second", "1", "–", None)]
    rows += [line() for line in lines]
    print(f"Python {platform.python_version()}, {platform.machine()}; gunicorn, one sync worker;")
    print(
        f"load: wrk -t1 -c{CONNECTIONS} -d{SECONDS}s, best of {ROUNDS} rounds. Ratio: bare Flask in the same run.\n"
    )
    show(rows)
    missed = [row.work for row in rows if row.met is False]
    print(f"\nMissed: {'; '.join(missed)}." if missed else "\nEvery goal is met.")


def intake_rows(made: Stores, kind: str, bare: Bare, *, bare_megabytes: float) -> list[Line]:
    """Measure the intake form on one kind of database, and the memory of the worker after that load."""
    say(f"Load on bare Flask and the intake form, {kind}")
    database = made.migrated(kind)
    fill(database.app, requests=FEW)
    with (
        WebServer(BARE_COMMITTING, first_path=BARE_PATH, settings=made.bare(kind)) as limit,
        WebServer(APPLICATION, first_path=HEALTH, settings=database.settings) as server,
    ):
        rows = intake.measure(bare, limit, server, database)
        megabytes = server.worker_megabytes
        rows.append(
            settled(
                Row(
                    f"memory of a worker after that load, {kind}",
                    f"{megabytes:.0f} MB",
                    f"{as_ratio(megabytes / bare_megabytes)} × as much",
                    f"≤ {MOST_MEGABYTES:.0f} MB",
                    megabytes <= MOST_MEGABYTES,
                )
            )
        )
        rows += [settled(row) for row in new_link.measure(server, database)]
        rows += [settled(row) for row in sign_in.measure(server, database)]
    return rows


def feedback_rows(made: Stores, kind: str, bare: Bare) -> list[Line]:
    """Measure the feedback form on one kind of database."""
    say(f"Load on bare Flask and the feedback form, {kind}")
    database, empty = made.migrated(kind), made.migrated(kind)
    for one, answers in ((database, feedback.ANSWERS), (empty, 0)):
        fill(one.app, requests=FEW)
        feedback.fill(one.app, answers=answers)
    with (
        WebServer(APPLICATION, first_path=HEALTH, settings=database.settings) as server,
        WebServer(APPLICATION, first_path=HEALTH, settings=empty.settings) as beside,
    ):
        lines = feedback.measure(bare, server, database)
        return lines + [settled(row) for row in feedback.growth((beside, empty), (server, database))]


def mail_rows(made: Stores, kind: str) -> list[Row]:
    """Measure pages while a mail server does not take what the sender brings."""
    say(f"Pages while a mail server misbehaves, {kind}")
    database = made.migrated(kind)
    fill(database.app, requests=FEW)
    return mail_faults.measure(database)


def start_rows(made: Stores) -> list[Row]:
    """Measure the time from a start to the first answer, against bare Flask with SQLAlchemy."""
    say("Starts")
    database = made.migrated("SQLite")
    bare_settings = made.bare("SQLite")
    mine, bare = [], []
    for _ in range(STARTS):
        with WebServer(BARE_COMMITTING, first_path=BARE_PATH, settings=bare_settings) as server:
            bare.append(server.seconds_to_answer)
        with WebServer(APPLICATION, first_path="/sign-in", settings=database.settings) as server:
            mine.append(server.seconds_to_answer)
    taken, least = statistics.median(mine), statistics.median(bare)
    return [
        Row(
            "start to first answer",
            f"{taken:.2f} s",
            f"{as_ratio(taken / least)} × as long",
            f"≤ {MOST_START_RATIO:.0f} × bare + SQLAlchemy",
            taken <= MOST_START_RATIO * least,
        )
    ]


def list_rows(made: Stores, kind: str, bare: Bare) -> list[Row]:
    """Measure the list of fifty in a small and in a large database of one kind."""
    say(f"The list of 50 of {MANY:,} requests, {kind}")
    databases = {size: made.migrated(kind) for size in (FEW, MANY)}
    for size, database in databases.items():
        fill(database.app, requests=size)
    with ExitStack() as stack:
        served = {
            size: stack.enter_context(WebServer(APPLICATION, first_path=HEALTH, settings=database.settings))
            for size, database in databases.items()
        }
        rows = request_list.measure(bare, (served[FEW], databases[FEW]), (served[MANY], databases[MANY]))
    say(f"The evaluation of {MANY:,} requests, {kind}")
    evaluation.fill(databases[MANY])
    return rows + evaluation.measure(databases[MANY], requests=MANY)


def calendar_rows(made: Stores, kind: str, bare: Bare) -> list[Row]:
    """Measure calendars and the pages of dates in a year with many sessions."""
    say(f"Calendars with {calendar.SESSIONS:,} sessions, {kind}")
    database = made.migrated(kind)
    # One more than has a session: its date is still being found.
    fill(database.app, requests=calendar.SESSIONS + 1)
    session_id, poll = calendar.fill(database.app), dates.fill(database.app)
    with WebServer(APPLICATION, first_path=HEALTH, settings=database.settings) as server:
        rows = calendar.measure(bare, server, database, session_id)
        return [*rows, *dates.measure(bare, server, database, poll)]


def say(words: str) -> None:
    """Tell on standard error what is being measured, so that the table stays clean."""
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
