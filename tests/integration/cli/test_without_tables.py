"""A command that cannot use its database says so in one line, without a statement and without what was typed."""

import base64
import os
import subprocess
import sys


def test_a_command_on_a_database_without_tables_ends_with_one_line(tmp_path):
    settings = {
        "JAGS_MODE": "test",
        "JAGS_BASE_URL": "http://localhost",
        "JAGS_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
        "JAGS_INSTANCE_DIR": str(tmp_path),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JAGS_")}

    ended = subprocess.run(
        [sys.executable, "-m", "jags.cli", "accounts", "invite", "wren@example.org", "--role", "coordinator"],
        env={**inherited, **settings},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr == (
        "The database could not do this (OperationalError). "
        "Is it there, and at the newest version? Run: jags database upgrade\n"
    )
