"""Load the made-up year once and to its end: a mark is written last, and without it everything begins anew."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jags.cli.context import stop

# What SQLite keeps beside a database.
_BESIDE = ("", "-journal", "-shm", "-wal")


@contextmanager
def loaded_once(folder: Path, database: Path | None) -> Iterator[bool]:
    """Tell whether the year has still to be loaded, and note at the end that it was; one start at a time.

    `database` is the file of the demonstration's own database. What an interrupted start left in it is thrown away; a database that lies
    elsewhere (None) is never touched. An exception leaves no note. Ends the command while another start is loading.
    """
    mark = folder / "loaded"
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop(
                f"Another start is just loading the made-up year into {folder}. Wait until it says how to sign in."
            )
        missing = not mark.exists() or (database is not None and not database.exists())
        if missing:
            mark.unlink(missing_ok=True)
            for suffix in _BESIDE if database else ():
                Path(f"{database}{suffix}").unlink(missing_ok=True)
        yield missing
        mark.touch()
