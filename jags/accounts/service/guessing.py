"""Limit guesses: attempts are counted in the database, so that all workers count together.

An attempt counts from its beginning, so that a hundred at the same moment are not more than ten; when it succeeds it no longer
counts. Known browsers have a budget of their own, so that nobody can keep a stranger out.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select

from jags.accounts.model import SignInFailure
from jags.accounts.rules import (
    FAILURE_WINDOW,
    FAILURES_ALLOWED,
    FAILURES_ALLOWED_AN_ADDRESS,
    SECOND_STEP_FAILURES_A_DAY,
)
from jags.kernel.work import Work

_DAY = timedelta(hours=24)
# A place where attempts count: how many may fail, and in what time.
Budget = tuple[int, timedelta]


def password_places(work: Work, *, email: str, address: str, device: bytes | None) -> Mapping[bytes, Budget]:
    """Return where a guess of a password counts: for the account from an address, and for the address; or for a known browser alone."""
    account = email.strip().casefold()
    if device is not None:
        return {_place(work, f"{account}|device|{device.hex()}"): (FAILURES_ALLOWED, FAILURE_WINDOW)}
    return {
        _place(work, f"{account}|{address}"): (FAILURES_ALLOWED, FAILURE_WINDOW),
        _place(work, address): (FAILURES_ALLOWED_AN_ADDRESS, FAILURE_WINDOW),
    }


def second_step_places(work: Work, account_id: uuid.UUID, *, device: bytes | None) -> Mapping[bytes, Budget]:
    """Return where a guess of the second step counts: for the account from wherever it comes, or for a known browser alone."""
    whose = f"{account_id}|device|{device.hex()}" if device is not None else str(account_id)
    return {
        _place(work, f"second|{whose}"): (FAILURES_ALLOWED, FAILURE_WINDOW),
        _place(work, f"second|day|{whose}"): (SECOND_STEP_FAILURES_A_DAY, _DAY),
    }


def begin_attempt(work: Work, places: Mapping[bytes, Budget]) -> Sequence[uuid.UUID] | None:
    """Count an attempt and return its rows; None when a budget is spent, and then the attempt does not count.

    The unit of work writes, and holds the places until it commits.
    """
    _hold(work, places)
    for place, (allowed, window) in places.items():
        if _failures(work, place, window) >= allowed:
            return None
    rows = [SignInFailure(place=place, at=work.now) for place in places]
    work.session.add_all(rows)
    work.session.flush()
    return [row.id for row in rows]


def forget_attempt(work: Work, attempt: Sequence[uuid.UUID]) -> None:
    """Do not count an attempt that succeeded."""
    work.session.execute(delete(SignInFailure).where(SignInFailure.id.in_(attempt)))


def sweep_failures(work: Work) -> int:
    """Delete failed attempts that no longer count; return how many."""
    result = work.session.execute(delete(SignInFailure).where(SignInFailure.at < work.now - _DAY))
    return int(result.rowcount)  # type: ignore[attr-defined] # A DELETE gives a cursor result.


def _place(work: Work, text: str) -> bytes:
    return work.vault.blind_index("failure", text)


def _hold(work: Work, places: Mapping[bytes, Budget]) -> None:
    """Let attempts at one place follow each other; on SQLite one unit of work writes at a time anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        for place in sorted(places):
            number = int.from_bytes(place[:8], signed=True)
            work.session.execute(select(func.pg_advisory_xact_lock(number)))


def _failures(work: Work, place: bytes, window: timedelta) -> int:
    found = select(func.count()).where(SignInFailure.place == place, SignInFailure.at > work.now - window)
    return work.session.scalar(found) or 0
