"""What somebody reads who has a copy of the database and no key."""

import re
import subprocess
from pathlib import Path

from servers.postgres import binaries

# How PostgreSQL writes bytes into a dump.
_HEX = re.compile(rb"\\\\x((?:[0-9a-f]{2})+)")


def copies_of(database_url: str) -> list[bytes]:
    """Return the files of a SQLite database, its write-ahead log among them, or a dump of a PostgreSQL one with its bytes decoded."""
    if database_url.startswith("sqlite:///"):
        file = Path(database_url.removeprefix("sqlite:///"))
        return [one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*"))]
    dump = subprocess.run(
        [binaries() / "pg_dump", "--dbname", database_url.replace("+psycopg", "")],
        capture_output=True,
        check=True,
    ).stdout
    return [dump, *(bytes.fromhex(found.decode()) for found in _HEX.findall(dump))]
