"""Accounts, sessions on the server, purpose-bound links and what was guessed wrong."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.model.people import Person, TakenRequest
from jags.accounts.rules import AccountState, Factor, Purpose, Role
from jags.kernel.base import Base, Identified, Versioned, enum_type


class Account(Versioned, Identified, Base):
    """A way to sign in, for one person."""

    __tablename__ = "account"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    state: Mapped[AccountState] = mapped_column(enum_type(AccountState), default=AccountState.INVITED)
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    # The last full sign-in.
    last_used_at: Mapped[datetime | None]
    # When the person was asked whether the account, long unused, is still needed.
    asked_at: Mapped[datetime | None]
    # After a reset by telephone nothing of a case is shown until then.
    case_text_from: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="account")
    roles: Mapped[list["AccountRole"]] = relationship(
        back_populates="account", cascade="all, delete-orphan", order_by="AccountRole.role"
    )
    # The requests that this person has taken over and not given back.
    taken: Mapped[list["TakenRequest"]] = relationship(
        primaryjoin="(foreign(TakenRequest.person_id) == Account.person_id) & TakenRequest.ended_at.is_(None)",
        viewonly=True,
    )


class AccountRole(Base):
    """A role of an account."""

    __tablename__ = "account_role"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum_type(Role), primary_key=True)
    account: Mapped[Account] = relationship(back_populates="roles")


class SignedInSession(Identified, Base):
    """A session on the server: the cookie holds a secret of which only the hash is stored."""

    __tablename__ = "signed_in_session"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # The second step and when it was last taken; before it, the session opens the pages of the second step only.
    factor: Mapped[Factor | None] = mapped_column(enum_type(Factor))
    proved_at: Mapped[datetime | None]
    # The browser in a few words of ours, such as "Firefox on Windows".
    browser: Mapped[str] = mapped_column(default="")
    # What a passkey is asked to sign, once.
    challenge: Mapped[bytes | None]
    account: Mapped[Account] = relationship()


class KnownDevice(Identified, Base):
    """A browser from which somebody has signed in; its cookie holds a secret of which only the hash is stored."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("account_id", "secret_hash"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    secret_hash: Mapped[bytes]
    browser: Mapped[str]
    since: Mapped[datetime]
    last_used_at: Mapped[datetime]


class Link(Identified, Base):
    """A purpose-bound, expiring link; only the hash of its secret is stored."""

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_purpose_subject_id", "purpose", "subject_id"),)

    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose))
    subject_id: Mapped[uuid.UUID]
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInFailure(Identified, Base):
    """An attempt that failed or has not ended, by a keyed hash of where it counts; old rows are swept."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_place_at", "place", "at"),)

    place: Mapped[bytes]
    at: Mapped[datetime]
