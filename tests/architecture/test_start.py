"""What loads slowly loads when it is first used: no web worker pays for it at its start, in time or in memory."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "alembic",
    "authlib",
    "docx",
    "email_validator",
    "highspy",
    "icalendar",
    "numpy",
    "openpyxl",
    "requests",
    "rich",
    "structlog",
    "weasyprint",
    "webauthn",
    "zxcvbn",
)


def test_a_web_worker_starts_without_what_few_pages_need(tmp_path: Path):
    settings = {
        "JAGS_MODE": "test",
        "JAGS_SECRET_KEY": secrets.token_hex(32),
        "JAGS_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
        "JAGS_INSTANCE_DIR": str(tmp_path),
        "JAGS_DATABASE_URL": f"sqlite:///{tmp_path / 'start.db'}",
        "JAGS_BASE_URL": "http://localhost",
    }
    # What gunicorn loads, not the application alone.
    code = f"import sys, wsgi; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, **settings},
    )
    assert done.stdout.strip() == "[]"
