"""`jags serve` runs web server and scheduler as a pair that begins and ends together."""

import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import select

from jags.accounts.rules import Role
from jags.accounts.service import invite
from jags.adapters.clock import SystemClock
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailState
from servers.app import STOP_SECONDS, Application
from servers.smtp import Behaviour, MailServer

# The scheduler is a process of its own, so a test waits for what it does at most this long.
PATIENCE = 20.0


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture
def settings(sqlite_store, mail_server, tmp_path):
    sqlite_store.renew()
    config = sqlite_store.app.config["JAGS"]
    jobs_key = tmp_path / "jobs.key"
    jobs_key.write_text(config.jobs_key)
    return {
        "JAGS_MODE": "test",
        "JAGS_SECRET_KEY": config.secret_key,
        "JAGS_MASTER_KEY": config.master_key,
        "JAGS_JOBS_KEY_FILE": str(jobs_key),
        "JAGS_DATABASE_URL": sqlite_store.url,
        "JAGS_INSTANCE_DIR": config.instance_dir,
        "JAGS_MAIL_SERVER": mail_server.host,
        "JAGS_MAIL_PORT": str(mail_server.port),
        "JAGS_MAIL_TLS": "none",
        "JAGS_TICK_SECONDS": "0.3",
    }


@pytest.fixture
def running(settings):
    with Application(settings) as application:
        yield application


@pytest.fixture
def store(sqlite_store):
    """The database of the running application, which is not renewed under it."""
    return sqlite_store


@pytest.fixture
def clock():
    """The machine's own clock, which is that of the running application."""
    return SystemClock()


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def words(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")


def environment(pid):
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(pair.partition("=")[::2] for pair in pairs if pair)


def pair_of(application):
    """Return the process ids of web server and scheduler."""
    found = {("worker" if "worker" in words(pid) else "web"): pid for pid in children(application.pid)}
    assert found.keys() == {"web", "worker"}
    return found["web"], found["worker"]


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def read(address):
    """Open a page as a browser does, with cookies, from the application's own address."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, timeout=PATIENCE) as page:
        return page.read().decode()


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        os.sched_yield()


def invited(work_on, email):
    with work_on() as work:
        invite(work, email=email, role=Role.COORDINATOR)


def mail_states(work_on):
    with work_on(write=False) as work:
        return work.session.scalars(select(OutboxMessage.state)).all()


def test_the_pair_serves_and_delivers_and_ends_cleanly(running, settings, mail_server, work_on):
    web, scheduler = pair_of(running)
    workers = children(web)
    assert_the_web_lacks_the_jobs_key(web, workers, scheduler, settings)

    invited(work_on, "wren@example.org")
    mail = mail_server.wait_for("wren@example.org", seconds=PATIENCE)
    assert "Welcome: set your password" in read(mail.links[0])

    mail_server.behaviour = Behaviour.HANG
    invited(work_on, "ash@example.org")
    until(lambda: MailState.CLAIMED in mail_states(work_on))
    begun = time.monotonic()
    assert "Sign in" in read(f"{running.url}/sign-in")
    assert time.monotonic() - begun < 5
    assert MailState.CLAIMED in mail_states(work_on)
    # The hanging connection goes with the mail server, so that the scheduler need not wait for its timeout.
    mail_server.stop()

    os.kill(running.pid, signal.SIGTERM)
    assert running._ended_within(STOP_SECONDS)
    said = running.log
    assert running.stop() == 0
    assert not any(is_running(pid) for pid in (web, scheduler, *workers))
    assert "scheduler stopped" in said
    assert "one of the pair ended" not in said
    assert mail.links[0].rpartition("/")[2] not in said


def assert_the_web_lacks_the_jobs_key(web, workers, scheduler, settings):
    assert environment(scheduler)["JAGS_JOBS_KEY_FILE"] == settings["JAGS_JOBS_KEY_FILE"]
    assert len(workers) == 2
    for pid in (web, *workers):
        assert environment(pid)["JAGS_MASTER_KEY"] == settings["JAGS_MASTER_KEY"]
        assert not any("JOBS_KEY" in name for name in environment(pid))


@pytest.mark.parametrize("dies", ["web server", "scheduler"])
def test_when_one_dies_the_other_is_stopped_and_the_status_says_so(running, dies):
    web, scheduler = pair_of(running)
    os.kill(web if dies == "web server" else scheduler, signal.SIGKILL)
    assert running._ended_within(PATIENCE + STOP_SECONDS)
    said = running.log
    assert running.stop() == signal.SIGKILL
    assert "one of the pair ended; the other was stopped" in said
    assert dies in said
    until(lambda: not is_running(web) and not is_running(scheduler))
