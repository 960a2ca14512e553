"""Start and end sessions on the server, and know the browsers from which somebody signs in."""

import re
import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import select, update

from jags.accounts import queries
from jags.accounts.model import Account, KnownDevice, SignedInSession
from jags.accounts.rules import SESSION_TOUCH, Factor
from jags.accounts.service.telling import tell_of_device
from jags.kernel.errors import NotFound
from jags.kernel.work import Work

# What `token_urlsafe(32)` gives.
_DEVICE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Visit:
    """Where somebody comes from: network address, browser in a few words of ours, and the secret of a known browser."""

    address: str = ""
    browser: str = ""
    device: str = ""


@dataclass(frozen=True)
class SignIn:
    """What the browser keeps of a sign-in: the secrets of the session and of the browser."""

    session: str
    device: str = ""


def begin_session(work: Work, account: Account, visit: Visit) -> str:
    """Start a session that opens the second step only; return the secret for its cookie."""
    return _start(work, account, visit, factor=None)


def start_session(
    work: Work, account: Account, *, factor: Factor = Factor.ONE_TIME_LINK, visit: Visit | None = None
) -> str:
    """Start a session for an account that has proved who it is; return the secret for its cookie."""
    secret = _start(work, account, visit or Visit(), factor=factor)
    # Beside the version: two sign-ins at once are no conflict.
    work.session.execute(
        update(Account).where(Account.id == account.id).values(last_used_at=work.now, asked_at=None)
    )
    work.as_actor(queries.actor_of(account))
    work.record("account:signed_in", account.id, factor=factor)
    return secret


def complete_sign_in(work: Work, row: SignedInSession, factor: Factor, visit: Visit) -> SignIn:
    """Go on from the second step: a new session with a secret of its own, in a browser that is known from now on."""
    account = row.account
    row.ended_at = work.now
    device = _note_device(work, account, visit)
    return SignIn(start_session(work, account, factor=factor, visit=visit), device)


def prove_again(work: Work, row: SignedInSession, factor: Factor) -> str:
    """Note that somebody who is signed in has just taken the second step again; return the new secret for the session's cookie.

    A copy of the cookie of before is dead: whoever has it has not taken the step.
    """
    secret = secrets.token_urlsafe(32)
    row.secret_hash = queries.secret_hash(secret)
    row.factor, row.proved_at, row.challenge = factor, work.now, None
    work.record("account:proved_again", row.account_id, factor=factor)
    return secret


def touch_session(work: Work, session_id: uuid.UUID) -> None:
    """Note that a session is in use, at most once a minute."""
    row = work.session.get(SignedInSession, session_id)
    if row is not None and row.ended_at is None and work.now - row.last_seen_at >= SESSION_TOUCH:
        row.last_seen_at = work.now


def sign_out(work: Work, session_id: uuid.UUID) -> None:
    """End a session; a copy of its cookie is dead from now on."""
    row = work.session.get(SignedInSession, session_id)
    if row is not None and row.ended_at is None:
        row.ended_at = work.now
        work.record("account:signed_out", row.account_id)


def end_own_session(work: Work, account_id: uuid.UUID, session_id: uuid.UUID) -> None:
    """End one of somebody's own sessions, wherever it is open; raises `NotFound` for another's."""
    row = work.session.get(SignedInSession, session_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    sign_out(work, session_id)


def end_other_sessions(work: Work, row: SignedInSession) -> None:
    """End every session of somebody but the one in which they ask for it."""
    end_sessions(work, row.account_id, but=row.id)
    work.record("account:sessions_ended", row.account_id)


def end_sessions(work: Work, account_id: uuid.UUID, *, but: uuid.UUID | None = None) -> None:
    """End every session of an account, but for the one in which somebody is at work."""
    live = update(SignedInSession).where(
        SignedInSession.account_id == account_id, SignedInSession.ended_at.is_(None)
    )
    if but is not None:
        live = live.where(SignedInSession.id != but)
    work.session.execute(live.values(ended_at=work.now))


def known_device(work: Work, account_id: uuid.UUID, secret: str) -> bytes | None:
    """Return the hash of a browser's secret where the account has been used there; None otherwise."""
    row = _device(work, account_id, secret) if secret else None
    return row.secret_hash if row is not None else None


def _start(work: Work, account: Account, visit: Visit, *, factor: Factor | None) -> str:
    secret = secrets.token_urlsafe(32)
    work.session.add(
        SignedInSession(
            account_id=account.id,
            secret_hash=queries.secret_hash(secret),
            started_at=work.now,
            last_seen_at=work.now,
            browser=visit.browser,
            factor=factor,
            proved_at=work.now if factor else None,
        )
    )
    return secret


def _note_device(work: Work, account: Account, visit: Visit) -> str:
    row = _device(work, account.id, visit.device) if visit.device else None
    if row is not None:
        row.last_used_at = work.now
        return visit.device
    # Several people may share a browser: its secret is one, and each account knows it for itself.
    secret = visit.device if _DEVICE.fullmatch(visit.device) else secrets.token_urlsafe(32)
    work.session.add(
        KnownDevice(
            account_id=account.id,
            secret_hash=queries.secret_hash(secret),
            browser=visit.browser,
            since=work.now,
            last_used_at=work.now,
        )
    )
    # Who signs in for the first time knows that.
    if account.last_used_at is not None:
        tell_of_device(work, account, visit.browser)
    return secret


def _device(work: Work, account_id: uuid.UUID, secret: str) -> KnownDevice | None:
    return work.session.scalar(
        select(KnownDevice).where(
            KnownDevice.account_id == account_id, KnownDevice.secret_hash == queries.secret_hash(secret)
        )
    )
