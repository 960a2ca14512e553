"""A copy that is made while others write holds what was committed, all of it and nothing half; it is nobody else's to read."""

import resource
import signal
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from pysqlite3 import dbapi2 as sqlite3

from factories import people

WRITERS, LEAST = 2, 20
_ADDED = "SELECT count(*) FROM audit_event WHERE tag = 'agency:added'"


@pytest.fixture
def writing(work_on):
    """Let people add agencies one after the other, each with its event; calling what it gives stops them."""
    done, many = threading.Event(), threading.Event()

    def write(writer):
        number = 0
        while not done.is_set():
            with work_on() as work:
                people.agency(work, f"{writer}-{number}", f"Made-up {writer}-{number}")
            number += 1
            if number == LEAST:
                many.set()

    with ThreadPoolExecutor(WRITERS) as pool:
        futures = [pool.submit(write, writer) for writer in range(WRITERS)]
        assert many.wait(timeout=60)

        def stop():
            done.set()
            for future in futures:
                future.result()

        yield stop
        done.set()


def counted(file):
    """Return how many agencies a file holds, and how many were added by its trail: written in one transaction each."""
    with closing(sqlite3.connect(file)) as connection:
        agencies = connection.execute("SELECT count(*) FROM agency").fetchone()[0]
        return agencies, connection.execute(_ADDED).fetchone()[0]


def test_a_backup_made_while_others_write_is_whole(jags, settings, store, writing, work_on, tmp_path):
    if not store.url.startswith("sqlite"):
        writing()
        said = jags("database", "backup", str(tmp_path / "copy.db"))
        assert (said.exit_code, list(tmp_path.iterdir())) == (2, [])
        assert "pg_dump" in said.stderr
        return
    copies = [tmp_path / f"copy-{number}.db" for number in range(3)]
    for copy in copies:
        said = jags("database", "backup", str(copy))
        assert (said.exit_code, said.stdout) == (
            0,
            f"The database was copied to {copy}, and the copy is sound.\n",
        )
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    writing()
    before = copies[0].read_bytes()
    again = jags("database", "backup", str(copies[0]))
    assert (again.exit_code, copies[0].read_bytes()) == (2, before)
    assert "is there already" in again.stderr
    found = [counted(file) for file in (*copies, store.url.removeprefix("sqlite:///"))]

    assert [agencies - events for agencies, events in found] == [found[0][0] - found[0][1]] * 4
    assert [events for _, events in found] == sorted(events for _, events in found)
    assert found[0][1] >= LEAST
    for copy in copies:
        settings["JAGS_DATABASE_URL"] = f"sqlite:///{copy}"
        assert jags("audit", "verify").stdout.startswith("The audit trail is whole.")


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_backup_that_fails_leaves_no_half_of_one(jags, tmp_path):
    copy = tmp_path / "copy.db"
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # A file may not grow any further than this: as when the disk is full.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, room[1]))
    try:
        said = jags("database", "backup", str(copy))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (said.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert said.stderr.startswith("There is no copy: ")
