"""Log lines without anything that a person typed: events, kinds and places in the code only."""

import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Any

_FRAMES = 6
_ROOT = Path(__file__).resolve().parents[2]


@cache
def log() -> Any:
    """Return what writes one JSON line an event to standard error; no values of variables, no texts of errors.

    It is loaded with the first line: most web workers never write one, and it brings a terminal's colours along.
    """
    import structlog  # noqa: PLC0415 - See above.

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    return structlog.get_logger()


def where(error: BaseException) -> list[str]:
    """Return the kind of an error and the places that it came through, the last first; never its text.

    An error's text may quote what a person typed, an address or a secret.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [type(error).__name__, *(f"{_place(f.filename)}:{f.lineno} {f.name}" for f in reversed(frames))]


def _place(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
