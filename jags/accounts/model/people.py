"""People and agencies, and the requests that somebody took over or keeps away from."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.rules import AgeRemit, Sector
from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type

if TYPE_CHECKING:
    from jags.accounts.model.access import Account


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
