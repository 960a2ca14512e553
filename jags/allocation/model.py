"""Offered pairs, the offer to each person, declarations, agreed exceptions, cleared doubts, and what is calculated."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.allocation.rules import (
    OFFER_MOVES,
    Doubt,
    IndependenceAnswer,
    OfferState,
    PairState,
    Rule,
    pair_state,
)
from jags.allocation.rules.calculation import CalculationKind, CalculationState
from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type
from jags.kernel.errors import MoveNotPossible


class OfferedPair(Versioned, Sealable, Base):
    """Two people offered one request; a request has at most one pair that has not ended."""

    __tablename__ = "offered_pair"
    __table_args__ = (Index("ix_offered_pair_request_id", "request_id"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    made_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    # How much of the request's lifted pauses `lapses_at` takes into account.
    paused_seconds: Mapped[int] = mapped_column(default=0)
    seed: Mapped[int] = mapped_column(default=0)
    # The place of the pair in the ranking that was shown; empty for an agreed exception.
    rank: Mapped[int | None]
    offers: Mapped[list["Offer"]] = relationship(
        back_populates="pair", cascade="all, delete-orphan", order_by="Offer.position"
    )
    exceptions: Mapped[list["AgreedException"]] = relationship(
        back_populates="pair", cascade="all, delete-orphan", order_by="AgreedException.rule"
    )

    @property
    def state(self) -> PairState:
        """Derive how the pair stands from its two offers."""
        first, second = self.offers
        return pair_state(first.state, second.state)


class Offer(Versioned, Identified, Base):
    """The offer to one person of a pair."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("pair_id", "person_id"),
        Index("ix_offer_person_id_state", "person_id", "state"),
        Index("ix_offer_state", "state"),
    )

    pair_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offered_pair.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"))
    position: Mapped[int]
    state: Mapped[OfferState] = mapped_column(enum_type(OfferState), default=OfferState.OFFERED)
    declaration_version: Mapped[int | None]
    declared_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    # Whether they know the family was asked by telephone, never typed: when, and what they said.
    identity_checked_at: Mapped[datetime | None]
    identity_known: Mapped[bool | None]
    pair: Mapped[OfferedPair] = relationship(back_populates="offers")
    declaration: Mapped[list["DeclaredStatement"]] = relationship(
        cascade="all, delete-orphan", order_by="DeclaredStatement.statement"
    )

    def move(self, state: OfferState) -> None:
        """Change how the offer stands; raises `MoveNotPossible` for a move that is not legal."""
        if state not in OFFER_MOVES[self.state]:
            raise MoveNotPossible
        self.state = state

    @property
    def partner(self) -> "Offer":
        """Return the offer to the other person of the pair."""
        return next(other for other in self.pair.offers if other.id != self.id)

    @property
    def answers(self) -> frozenset[IndependenceAnswer]:
        """Return the answers of the declaration; empty before it was made."""
        return frozenset(declared.answer for declared in self.declaration)


class DeclaredStatement(Base):
    """One statement of an independence declaration, and its answer."""

    __tablename__ = "declared_statement"

    offer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    statement: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[IndependenceAnswer] = mapped_column(enum_type(IndependenceAnswer))


class AgreedException(Sealable, Base):
    """A rule that the coordinator set aside for a pair, with a reason; counted in reports."""

    __tablename__ = "agreed_exception"
    __table_args__ = (UniqueConstraint("pair_id", "rule"),)

    pair_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offered_pair.id"))
    rule: Mapped[Rule] = mapped_column(enum_type(Rule))
    reason_sealed: Mapped[bytes | None]
    agreed_at: Mapped[datetime]
    pair: Mapped[OfferedPair] = relationship(back_populates="exceptions")


class IndependenceRecord(Sealable, Base):
    """What was checked about two people when they agreed; its digest stands in the audit trail."""

    __tablename__ = "independence_record"

    pair_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offered_pair.id"), unique=True)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"), index=True)
    made_at: Mapped[datetime]
    facts_sealed: Mapped[bytes | None]


class DoubtCleared(Sealable, Base):
    """One doubt about a person's independence that the coordinator cleared, with a reason; any other still blocks."""

    __tablename__ = "doubt_cleared"
    __table_args__ = (UniqueConstraint("request_id", "person_id", "doubt", "about"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("facilitator.person_id"))
    doubt: Mapped[Doubt] = mapped_column(enum_type(Doubt))
    # Of what exactly it is about, a keyed digest; empty in rows of a time when that was not kept, which clear nothing.
    about: Mapped[str] = mapped_column(default="")
    reason_sealed: Mapped[bytes | None]
    cleared_at: Mapped[datetime]


class Calculation(Versioned, Sealable, Base):
    """Something that the jobs process works out for a page: a plan, or a replay; the latest of each kind is kept."""

    __tablename__ = "calculation"

    kind: Mapped[CalculationKind] = mapped_column(enum_type(CalculationKind), unique=True)
    state: Mapped[CalculationState] = mapped_column(
        enum_type(CalculationState), default=CalculationState.WAITING
    )
    seed: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    question_sealed: Mapped[bytes | None]
    answer_sealed: Mapped[bytes | None]
