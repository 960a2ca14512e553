"""What loads slowly loads when it is first used: no web worker pays for it at its start, in time or in memory."""

import subprocess
import sys

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


def test_a_web_worker_starts_without_what_few_pages_need():
    code = f"import sys, jags.app; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
