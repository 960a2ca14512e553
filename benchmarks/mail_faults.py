"""The time of a page that reads and of one that writes, while a mail server refuses, hangs, drips or drops what the sender brings.

Run from the top folder as `PYTHONPATH=.:tests python -m benchmarks.mail_faults`, or as part of `make bench`.
"""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from benchmarks.calendar import COOKIE
from benchmarks.intake import begin_draft
from benchmarks.load import in_turn
from benchmarks.made_up import benchmark_work, fill, sign_in_coordinator
from benchmarks.store import Store, stores
from benchmarks.table import Row, show
from benchmarks.visitor import Visitor
from benchmarks.web_server import APPLICATION, PROJECT, WebServer
from jags.extensions import db
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState, Recipient
from jags.notifications.service import queue_mail
from servers.processes import bound_to_parent, end
from servers.smtp import Behaviour, MailServer

KINDS = ("SQLite", "PostgreSQL")
HEALTH, LIST = "/healthz", "/requests"
# What keeps the sender longest comes last.
FAULTS = (Behaviour.REFUSE, Behaviour.DROP_AFTER_DATA, Behaviour.HANG, Behaviour.DRIP)
REQUESTS = 100
# More than the sender can try while pages are measured, so that it never rests.
MESSAGES = 600
TIMES = 20
# The sender works beside the pages where a server answers at once; where it only waits, it costs them nothing.
MOST = {Behaviour.REFUSE: 2.0, Behaviour.HANG: 1.25, Behaviour.DRIP: 1.25, Behaviour.DROP_AFTER_DATA: 2.0}
_PATIENCE, _BETWEEN_LOOKS = 90.0, 0.05


def measure(store: Store) -> list[Row]:
    """Measure both pages with the sender at rest and under each fault, on one database."""
    secret = sign_in_coordinator(store.app)
    rows = []
    with (
        MailServer() as mail,
        _sender(store, mail.port),
        WebServer(APPLICATION, first_path=HEALTH, settings=store.settings) as server,
    ):
        reader, writer = Visitor(server.url).keep_cookie(COOKIE, secret), Visitor(server.url)
        draft = begin_draft(server)
        for cookie in draft.cookies.split("; "):
            writer.keep_cookie(*cookie.split("=", 1))

        def pages() -> tuple[float, float]:
            read, wrote = in_turn(
                [lambda: _opened(reader, LIST), lambda: _kept(writer, draft.path, draft.body)], times=TIMES
            )
            return median(read), median(wrote)

        for fault in FAULTS:
            # One message that arrives says that the sender has begun, or is done with what kept it.
            _queue(store, messages=1)
            mail.wait_until(bool, seconds=_PATIENCE)
            at_rest = pages()
            _forget(store)
            mail.behaviour, met = fault, mail.greeted
            _queue(store, messages=MESSAGES)
            _wait_for_the_fault(mail, met)
            during = pages()
            if not _waiting(store):
                raise RuntimeError(
                    f"The sender had nothing left to try before the pages were measured ({fault})."
                )
            rows += [
                _row(what, fault, store.kind, rest, meanwhile)
                for what, rest, meanwhile in zip(("read", "written"), at_rest, during, strict=True)
            ]
            _forget(store)
            mail.behaviour = Behaviour.ACCEPT
            mail.clear()
    return rows


def _row(what: str, fault: Behaviour, kind: str, at_rest: float, during: float) -> Row:
    ratio = during / at_rest
    return Row(
        f"page {what} while the mail server does: {fault}, {kind}",
        f"{during:.1f} against {at_rest:.1f} ms",
        f"{ratio:.2f} × as long",
        f"≤ {MOST[fault]} × as at rest",
        ratio <= MOST[fault],
    )


@contextmanager
def _sender(store: Store, port: int) -> Iterator[None]:
    """Run the scheduler process, which alone speaks to the mail server, with a key of its own."""
    settings = {
        **store.settings,
        "JAGS_BASE_URL": "http://localhost",
        "JAGS_JOBS_KEY": base64.b64encode(os.urandom(32)).decode(),
        "JAGS_MAIL_SERVER": MailServer.host,
        "JAGS_MAIL_PORT": str(port),
        "JAGS_MAIL_TLS": "none",
        "JAGS_TICK_SECONDS": "1",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JAGS_")}
    command = [sys.executable, "-c", "from jags.cli.main import main; main()", "worker"]
    process = subprocess.Popen(
        bound_to_parent(command, signal_name="TERM"),
        cwd=PROJECT,
        env={**inherited, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        end(process, with_signal=signal.SIGTERM, patience=15.0)


def _queue(store: Store, *, messages: int) -> None:
    with (
        store.app.app_context(),
        Session(db.engine) as session,
        benchmark_work(store.app, session) as work,
    ):
        for number in range(messages):
            queue_mail(
                work,
                kind=MailKind.STATUS_LINK,
                cause_ref="benchmark",
                recipient_ref=str(number),
                to=Recipient(f"Person {number}", f"person{number}@example.org"),
                params={"reference": "JAGS-2026-0001"},
                link="http://localhost/link/x",
            )


def _wait_for_the_fault(mail: MailServer, before: int) -> None:
    """Wait until the sender has met the server; raises `RuntimeError` when it does not come."""
    until = time.monotonic() + _PATIENCE
    while mail.greeted == before:
        if time.monotonic() > until:
            raise RuntimeError("The sender did not come to the mail server.")
        time.sleep(_BETWEEN_LOOKS)


def _waiting(store: Store) -> int:
    return _count(
        store, OutboxMessage.state.in_([MailState.QUEUED, MailState.CLAIMED]) & (OutboxMessage.attempts == 0)
    )


def _count(store: Store, which) -> int:  # type: ignore[no-untyped-def] # noqa: ANN001 - SQLAlchemy's own condition.
    with store.app.app_context(), Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage).where(which)) or 0


def _forget(store: Store) -> None:
    with store.app.app_context(), Session(db.engine) as session:
        session.execute(delete(OutboxMessage))
        session.commit()


def _opened(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    if answer.status != 200 or answer.path != path:
        raise RuntimeError(f"{answer.path} was answered with {answer.status}.")


def _kept(visitor: Visitor, path: str, body: str) -> None:
    answer = visitor.post(path, body)
    if answer.status != 200 or not answer.redirected:
        raise RuntimeError(f"The form at {path} was not taken ({answer.status}).")


def main() -> None:
    """Measure each kind of database and print its lines as soon as they are there."""
    with stores() as made:
        for kind in KINDS:
            store = made.migrated(kind)
            fill(store.app, requests=REQUESTS)
            show(measure(store))


if __name__ == "__main__":
    main()
