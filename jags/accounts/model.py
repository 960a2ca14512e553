"""People, agencies, accounts, sessions on the server and purpose-bound links."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.rules import AccountState, AgeRemit, Purpose, Role, Sector
from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type


class Agency(Versioned, Identified, Base):
    """The organisation itself, as it was named in a span of time; a successor takes its history on."""

    __tablename__ = "agency"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # The name as it is compared (jags.accounts.rules.spelling).
    spelling: Mapped[str] = mapped_column(unique=True)
    agency_type: Mapped[str]
    sector: Mapped[Sector] = mapped_column(enum_type(Sector))
    age_remit: Mapped[AgeRemit] = mapped_column(enum_type(AgeRemit))
    employer: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    aliases: Mapped[list["AgencyAlias"]] = relationship(
        back_populates="agency", cascade="all, delete-orphan", order_by="AgencyAlias.spelling"
    )


class AgencyAlias(Identified, Base):
    """Another spelling of an agency; one spelling means one agency."""

    __tablename__ = "agency_alias"

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    text: Mapped[str]
    spelling: Mapped[str] = mapped_column(unique=True)
    agency: Mapped[Agency] = relationship(back_populates="aliases")


class Person(Versioned, Sealable, Base):
    """Somebody whom the Business Unit knows: a facilitator, a coordinator, an auditor."""

    __tablename__ = "person"

    contact_sealed: Mapped[bytes | None]
    # Exact look-up of the e-mail address, by keyed index.
    email_index: Mapped[bytes | None] = mapped_column(unique=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    team: Mapped[str] = mapped_column(default="")
    job_title: Mapped[str] = mapped_column(default="")
    line_manager_email_index: Mapped[bytes | None]
    agency: Mapped[Agency | None] = relationship()
    account: Mapped["Account | None"] = relationship(back_populates="person")


class Affiliation(Identified, Base):
    """Where a person worked from–to; the present one stands on the person."""

    __tablename__ = "affiliation"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    team: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Account(Versioned, Identified, Base):
    """A way to sign in, for one person."""

    __tablename__ = "account"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    state: Mapped[AccountState] = mapped_column(enum_type(AccountState), default=AccountState.INVITED)
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
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
    account: Mapped[Account] = relationship()


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
    """A failed attempt, by keyed hashes of account and address; old rows are swept."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_place_at", "place", "at"),)

    place: Mapped[bytes]
    at: Mapped[datetime]


class TakenRequest(Identified, Base):
    """A request that the lead of the Business Unit took over, because no coordinator could act on it; the reason is in the trail."""

    __tablename__ = "taken_request"
    __table_args__ = (UniqueConstraint("person_id", "request_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # The request lives in a capability above, so this is an opaque reference.
    request_id: Mapped[uuid.UUID]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Recusal(Identified, Base):
    """Somebody of the Business Unit who is involved in a case and neither acts on it nor sees it."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("person_id", "request_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # The request lives in a capability above, so this is an opaque reference.
    request_id: Mapped[uuid.UUID]
    since: Mapped[datetime]
