"""Rounds, tickets, pots, tallies and comments; who may answer and what was answered share no key, order or time."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.accounts.rules import Sector
from jags.feedback.rules import CommentState, CommentWhy, Door, FormKey, PotState, RoundState
from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type


class FormVersion(Identified, Base):
    """A published version of a form; a version is never edited, because people have answered it."""

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("form", "number"),)

    form: Mapped[FormKey] = mapped_column(enum_type(FormKey))
    number: Mapped[int]
    # The items, as a JSON list of jags.feedback.rules.forms.Item.
    items: Mapped[str]


class Block(Identified, Base):
    """A union of pools that is released as a whole; each pool belongs to one block for good."""

    __tablename__ = "block"

    # The form, and whether transitional safeguarding is confirmed: such pools make blocks of their own.
    name: Mapped[str]
    # The London date of its first session.
    starts_on: Mapped[date]
    closed_on: Mapped[date | None]


class Pool(Identified, Base):
    """Answers that were opened together: at least five."""

    __tablename__ = "pool"

    block_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("block.id"))
    kind: Mapped[str]
    opened_on: Mapped[date]
    answers: Mapped[int]


class Round(Identified, Base):
    """One asking: of a session, or later of a cohort; how many were invited, and the key to which answers are sealed."""

    __tablename__ = "feedback_round"
    __table_args__ = (
        UniqueConstraint("session_id", "form"),
        UniqueConstraint("cohort_id", "form"),
        CheckConstraint("(session_id IS NULL) <> (cohort_id IS NULL)", name="session_or_cohort"),
    )

    form: Mapped[FormKey] = mapped_column(enum_type(FormKey))
    session_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("jags_session.id"))
    # Several sessions that are asked together, so that each asking reaches enough people.
    cohort_id: Mapped[uuid.UUID | None]
    pool_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pool.id"), index=True)
    form_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("form_version.id"))
    door: Mapped[Door] = mapped_column(enum_type(Door), default=Door.LINKS, server_default=Door.LINKS)
    # Tickets that were given: people asked by mail, or slips.
    invited: Mapped[int]
    closes_at: Mapped[datetime]
    # How much of the request's lifted pauses `closes_at` takes into account.
    paused_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    state: Mapped[RoundState] = mapped_column(enum_type(RoundState), default=RoundState.OPEN)
    # Set at closing: the cohort cell, frozen.
    kind: Mapped[str] = mapped_column(default="")
    public_key: Mapped[bytes]
    # Who was sent which invitation, sealed to the jobs process: serves the one reminder and nothing else, and is then empty.
    threads_sealed: Mapped[bytes | None]
    # Spare tickets, minted with all others, and who may still have one because their link is lost; sealed to the jobs process.
    spares_sealed: Mapped[bytes | None]
    # How often another link was asked for, whether or not whoever it was for had been asked.
    replaced: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # Sealed to the jobs process; destroyed when the round is opened.
    private_key_sealed: Mapped[bytes | None]
    form_version: Mapped[FormVersion] = relationship()


class Pot(Identified, Base):
    """Waiting answers: fixed-size sealed envelopes, sorted by their own bytes; no time, no version."""

    __tablename__ = "pot"

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feedback_round.id"), index=True)
    body: Mapped[bytes] = mapped_column(default=b"")
    state: Mapped[PotState] = mapped_column(enum_type(PotState), default=PotState.OPEN)


class Ticket(Base):
    """The right to one answer: a hash and a pot, nothing else. Deleted when it is spent."""

    __tablename__ = "ticket"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    pot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pot.id"), index=True)


class LostLink(Identified, Base):
    """Somebody has lost their link; who is sealed to the jobs process. Deleted when another was sent."""

    __tablename__ = "lost_link"
    __table_args__ = (Index("ix_lost_link_round_id", "round_id"),)

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feedback_round.id"))
    whom_sealed: Mapped[bytes]


class Tally(Base):
    """How many chose an option of an item, in a pool."""

    __tablename__ = "tally"

    pool_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    form_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("form_version.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    option: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


class SectorYear(Base):
    """The sectors that people told in a year from 1 April, until it is over: one sealed envelope of one size an opened answer, sorted by its own bytes.

    `answers` is how many there were, once they are counted; then `body` is empty.
    """

    __tablename__ = "feedback_sector_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes]
    answers: Mapped[int | None]


class SectorTally(Base):
    """How many answers of a year came from a sector: ten at least, or there is no row."""

    __tablename__ = "feedback_sector_tally"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sector: Mapped[Sector] = mapped_column(enum_type(Sector), primary_key=True)
    number: Mapped[int]


class Comment(Versioned, Sealable, Base):
    """A comment, apart from the answers of the person who wrote it; no time."""

    __tablename__ = "feedback_comment"
    __table_args__ = (Index("ix_feedback_comment_pool_id", "pool_id"),)

    pool_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pool.id"))
    item: Mapped[str]
    text_sealed: Mapped[bytes | None]
    may_quote: Mapped[bool]
    state: Mapped[CommentState] = mapped_column(enum_type(CommentState), default=CommentState.WAITING)
    # Why its reviewer changed it or holds it back; what was there before is not kept.
    why: Mapped[CommentWhy | None] = mapped_column(enum_type(CommentWhy))


class RequesterAccount(Versioned, Sealable, Base):
    """What a requester tells, under their name, of what the young person or family has said or shown since the session."""

    __tablename__ = "requester_account"
    __table_args__ = (UniqueConstraint("request_id"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    told_at: Mapped[datetime]
    account_sealed: Mapped[bytes | None]
