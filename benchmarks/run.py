"""Measure the pages of the application against bare Flask in the same run, and print one table.

Run by `make bench`; every server listens on loopback, with databases and keys that are made for the run and gone after it.
"""

import argparse
import platform
import statistics
import sys
from contextlib import ExitStack

from benchmarks import intake, request_list
from benchmarks.bare import PATH as BARE_PATH
from benchmarks.load import CONNECTIONS, SECONDS, median_ms
from benchmarks.made_up import fill
from benchmarks.store import Stores, stores
from benchmarks.table import Row, as_ratio, show
from benchmarks.visitor import Visitor
from benchmarks.web_server import APPLICATION, BARE, BARE_COMMITTING, WebServer

KINDS = ("SQLite", "PostgreSQL")
HEALTH = "/healthz"
FEW, MANY = 100, 10_000
MOST_MEGABYTES = 110.0
MOST_START_RATIO = 2.0
STARTS = 3


def main() -> None:
    """Measure everything and print the table; exit 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of load; the median counts (default 3)")
    rounds = parser.parse_args().rounds
    with stores() as made:
        rows = [*intake_rows(made, rounds=rounds), *start_rows(made)]
        for kind in KINDS:
            rows += list_rows(made, kind)
    print(f"Python {platform.python_version()}, {platform.machine()}; gunicorn, one sync worker;")
    print(f"load: wrk -t1 -c{CONNECTIONS} -d{SECONDS}s, median of {rounds} rounds. Ratio: bare Flask = 1.\n")
    show(rows)
    missed = [row.work for row in rows if row.met is False]
    if missed:
        print(f"\nMissed: {'; '.join(missed)}.")
        sys.exit(1)


def intake_rows(made: Stores, *, rounds: int) -> list[Row]:
    """Measure the intake form, in rounds that begin with bare Flask each, and the memory of the workers after it."""
    with ExitStack() as stack:
        bare = stack.enter_context(WebServer(BARE, first_path=BARE_PATH))
        databases = {kind: made.migrated(kind) for kind in KINDS}
        limits, servers = {}, {}
        for kind in KINDS:
            committing = WebServer(BARE_COMMITTING, first_path=BARE_PATH, settings=made.bare(kind))
            limits[kind] = stack.enter_context(committing)
            server = WebServer(APPLICATION, first_path=HEALTH, settings=databases[kind].settings)
            servers[kind] = stack.enter_context(server)
        drafts = {kind: intake.begin_draft(servers[kind]) for kind in KINDS}
        opened = intake.Figures()
        kept = {kind: intake.Figures() for kind in KINDS}
        limit = {kind: intake.Figures() for kind in KINDS}
        for number in range(1, rounds + 1):
            say(f"Load on bare Flask and the intake form, round {number} of {rounds}")
            least = intake.bare_page(bare)
            opened.add(intake.open_page(servers["SQLite"], drafts["SQLite"]), least)
            for kind in KINDS:
                kept[kind].add(intake.commit_page(servers[kind], drafts[kind], databases[kind]), least)
                limit[kind].add(intake.bare_commit(limits[kind]), least)
        megabytes = max(server.worker_megabytes for server in servers.values())
        memory_ratio = f"{as_ratio(megabytes / bare.worker_megabytes)} × as much"
        bare_row = Row("bare Flask, a constant", opened.bare_figure, "1", "–", None)
    return [
        bare_row,
        opened.row("intake form, GET", intake.GET_GOAL),
        opened.slowest_row("intake form, GET"),
        *(
            row
            for kind in KINDS
            for row in (
                kept[kind].row(f"intake form, POST, committed, {kind}", intake.POST_GOALS[kind]),
                limit[kind].row(f"bare Flask, one row committed, {kind}", None),
                kept[kind].slowest_row(f"intake form, POST, {kind}"),
            )
        ),
        Row(
            "memory of a worker after that load",
            f"{megabytes:.0f} MB",
            memory_ratio,
            f"≤ {MOST_MEGABYTES:.0f} MB",
            megabytes <= MOST_MEGABYTES,
        ),
    ]


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


def list_rows(made: Stores, kind: str) -> list[Row]:
    """Measure the list of fifty in a small and in a large database of one kind."""
    figures = {}
    for size in (FEW, MANY):
        database = made.migrated(kind)
        fill(database.app, requests=size)
        say(f"The list of 50 of {size:,} requests, {kind}")
        with WebServer(APPLICATION, first_path=HEALTH, settings=database.settings) as server:
            figures[size] = request_list.measure_list(server, database)
    with WebServer(BARE, first_path=BARE_PATH) as server:
        visitor = Visitor(server.url)
        bare_ms = median_ms(lambda: visitor.get(BARE_PATH))
    return request_list.rows(kind, few=figures[FEW], many=figures[MANY], bare_ms=bare_ms)


def say(words: str) -> None:
    """Tell on standard error what is being measured, so that the table stays clean."""
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
