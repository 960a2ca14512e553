"""What people prove besides their password, resets by telephone, and reviews of who has access."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.model.access import Account
from jags.kernel.base import Base, Identified, Sealable, Versioned


class Passkey(Identified, Base):
    """A key pair of a device, phone or security key; we keep the public half."""

    __tablename__ = "passkey"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    # The browser in which it was made, in a few words of ours.
    browser: Mapped[str]
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Authenticator(Sealable, Base):
    """An authenticator app; before its first code it is on its way and good for nothing."""

    __tablename__ = "authenticator"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    secret_sealed: Mapped[bytes | None]
    added_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # The half minute of the last code that was used: no code works twice.
    last_step: Mapped[int]


class CodeSheet(Identified, Base):
    """A printed sheet of single-use codes, asked by number; before its first code it is good for nothing."""

    __tablename__ = "code_sheet"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    codes: Mapped[list["SheetCode"]] = relationship(
        back_populates="sheet", cascade="all, delete-orphan", order_by="SheetCode.number"
    )


class SheetCode(Base):
    """One code of a sheet, as a keyed hash."""

    __tablename__ = "sheet_code"

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("code_sheet.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes]
    used_at: Mapped[datetime | None]
    sheet: Mapped[CodeSheet] = relationship(back_populates="codes")


class OrganisationIdentity(Identified, Base):
    """Who somebody is at their organisation's own sign-in, by a keyed hash of issuer and subject."""

    __tablename__ = "organisation_identity"
    __table_args__ = (UniqueConstraint("account_id", "provider"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    provider: Mapped[str]
    identity_index: Mapped[bytes] = mapped_column(unique=True)
    added_at: Mapped[datetime]


class AccessReset(Versioned, Identified, Base):
    """A new password for somebody who rang: one person called back on a known number, a second one confirms."""

    __tablename__ = "access_reset"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    called_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    called_at: Mapped[datetime]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    # Used by the person, or dropped.
    ended_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(foreign_keys=account_id)


class AccessReview(Identified, Base):
    """Somebody has looked through who of an agency has access; no agency: those of the partnership itself."""

    __tablename__ = "access_review"

    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    reviewed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime]
    kept: Mapped[int]
    ended: Mapped[int]
