"""Read accounts, sessions and links, and who acts by them."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from jags.accounts.model import Account, Link, Person, SignedInSession
from jags.accounts.rules import (
    CASE_WORK,
    PERMISSIONS,
    SECOND_STEP,
    SESSION_IDLE,
    SESSION_LONGEST,
    WAITS_AFTER_RESET,
    AccountState,
    Permission,
    Purpose,
    Role,
)
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import LinkNotValid, NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work

# A session with all that says who it is, and the key of the name, in one query: every page of somebody signed in asks it.
_WITH_ACCOUNT = (
    select(SignedInSession, *KEY)
    .join(SignedInSession.account)
    .join(Account.person)
    .join(DataKey, DataKey.id == Person.key_id)
    .where(SignedInSession.secret_hash == bindparam("hash"), SignedInSession.ended_at.is_(None))
    .options(
        contains_eager(SignedInSession.account).options(
            contains_eager(Account.person), joinedload(Account.roles)
        )
    )
)
# Put together once: every page of somebody who came by a link asks it.
_LINK = select(
    Link.id,
    Link.purpose,
    Link.subject_id,
    Link.issued_at,
    Link.expires_at,
    Link.secret_hash,
    Link.revoked_at,
).where(Link.id == bindparam("link_id"))


@dataclass(frozen=True)
class LiveLink:
    """A link that somebody holds, live when it was read; what spends it reads its row again."""

    id: uuid.UUID
    purpose: Purpose
    subject_id: uuid.UUID
    issued_at: datetime
    expires_at: datetime | None


def secret_hash(secret: str) -> bytes:
    """Return what is stored of a random secret (SHA-256; secrets have at least 128 bits)."""
    return hashlib.sha256(secret.encode()).digest()


def find_account_of(work: Work, person_id: uuid.UUID) -> Account | None:
    """Return the account of a person, if there is one."""
    return work.session.scalar(select(Account).where(Account.person_id == person_id))


def accounts_with_role(work: Work, role: Role) -> Sequence[Account]:
    """Return the active accounts that hold a role."""
    return work.session.scalars(
        select(Account)
        .where(Account.state == AccountState.ACTIVE, Account.roles.any(role=role))
        .options(joinedload(Account.person))
        .order_by(Account.id)
    ).all()


def accounts(work: Work) -> Sequence[Account]:
    """Return every account, with people, agencies and roles."""
    return work.session.scalars(
        select(Account)
        .options(joinedload(Account.person).joinedload(Person.agency), selectinload(Account.roles))
        .order_by(Account.created_at, Account.id)
    ).all()


def get_account(work: Work, account_id: uuid.UUID) -> Account:
    """Return an account; raises `NotFound`."""
    account = work.session.get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def actor_of(account: Account, *, now: datetime | None = None) -> Actor:
    """Return the actor of an account, with the permissions of its roles; `now` leaves out what waits after a reset.

    Whoever has taken requests over without being a coordinator may work on these alone.
    """
    granted: set[str] = set()
    for held in account.roles:
        granted.update(PERMISSIONS[held.role])
    only = None
    if Permission.REQUEST_TAKE in granted and Permission.REQUEST_READ not in granted and account.taken:
        granted |= CASE_WORK
        only = frozenset(taken.request_id for taken in account.taken)
    if now is not None and account.case_text_from is not None and now < account.case_text_from:
        granted -= WAITS_AFTER_RESET
    return Actor(
        ActorKind.ACCOUNT, str(account.id), frozenset(granted), person_id=account.person_id, only=only
    )


def find_signed_in_session(work: Work, secret: str) -> SignedInSession | None:
    """Return the live session of a cookie's secret: second step taken, not ended, not idle, not too old, account active."""
    row = _find_session(work, secret)
    if row is None or row.proved_at is None:
        return None
    if work.now - row.last_seen_at > SESSION_IDLE or work.now - row.started_at > SESSION_LONGEST:
        return None
    return row


def find_begun_session(work: Work, secret: str) -> SignedInSession | None:
    """Return the session of somebody who has given the password and not yet taken the second step."""
    row = _find_session(work, secret)
    if row is None or row.proved_at is not None or work.now - row.started_at > SECOND_STEP:
        return None
    return row


def _find_session(work: Work, secret: str) -> SignedInSession | None:
    found = work.session.execute(_WITH_ACCOUNT, {"hash": secret_hash(secret)})
    known = found.unique().one_or_none()
    if known is None or known[0].account.state is not AccountState.ACTIVE:
        return None
    work.vault.remember(known)
    row: SignedInSession = known[0]
    return row


def get_link(work: Work, *, link_id: uuid.UUID, secret: str, purpose: Purpose) -> LiveLink:
    """Return a live link by its id and secret; raises `LinkNotValid` whatever is wrong with it."""
    link = work.rows(_LINK, {"link_id": link_id}).one_or_none()
    if (
        link is None
        or link.secret_hash != secret_hash(secret)
        or link.purpose is not purpose
        or link.revoked_at is not None
        or (link.expires_at is not None and link.expires_at <= work.now)
    ):
        raise LinkNotValid
    return LiveLink(link.id, link.purpose, link.subject_id, link.issued_at, link.expires_at)


def find_link_by_secret(work: Work, secret: str) -> Link | None:
    """Return the link of a secret, live or not, so that the page of its purpose can say what is wrong."""
    return work.session.scalar(select(Link).where(Link.secret_hash == secret_hash(secret)))


def actor_of_link(link: Link | LiveLink) -> Actor:
    """Return the actor of a link: bound to one purpose and one subject."""
    return Actor(ActorKind.LINK, f"link:{link.id}", purpose=link.purpose, subject_id=link.subject_id)
