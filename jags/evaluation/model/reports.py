"""Reports on their way from draft to release, and the ledger of which requests belong to which block for good."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.evaluation.rules import Period
from jags.evaluation.rules.blocks import BlockKind
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.reports import ReportState
from jags.kernel.base import Base, Sealable, Versioned, enum_type


class Report(Versioned, Sealable, Base):
    """A report under a key of its own, so that it outlives what it counts."""

    __tablename__ = "report"

    # JAGS-R-YYYY-N, by the London year of its release; empty until then.
    reference: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[ReportState] = mapped_column(enum_type(ReportState), default=ReportState.DRAFT)
    from_on: Mapped[date]
    to_on: Mapped[date]
    transitional: Mapped[bool]
    # The name of the only locality that it tells of; empty for all.
    locality: Mapped[str] = mapped_column(server_default="")
    compare_from: Mapped[date | None]
    compare_to: Mapped[date | None]
    begun_at: Mapped[datetime]
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # Who sent it for review last; somebody else reviews it.
    sent_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime | None]
    reviewed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    released_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    words_sealed: Mapped[bytes | None]
    # The scrutineer's own statement, and whose it is.
    statement_sealed: Mapped[bytes | None]
    stated_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # Both editions as canonical text, frozen when it was sent for review.
    frozen_sealed: Mapped[bytes | None]
    blocks: Mapped[list["ReportBlock"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportBlock.block_id"
    )
    tables: Mapped[list["ReportTable"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportTable.key"
    )
    readers: Mapped[list["ReportReader"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportReader.person_id"
    )
    questions: Mapped[list["ReportQuestion"]] = relationship(
        back_populates="report", order_by="ReportQuestion.asked_at, ReportQuestion.id"
    )

    @property
    def asked(self) -> Asked:
        """Return what the report tells of."""
        before = Period(self.compare_from, self.compare_to) if self.compare_from and self.compare_to else None
        return Asked(Period(self.from_on, self.to_on), self.transitional, before, self.locality)


class LedgerBlock(Sealable, Base):
    """A block of requests, or of texts, formed for good: its dates, and what it counts as it was then, sealed."""

    __tablename__ = "ledger_block"
    __table_args__ = (Index("ix_ledger_block_first_on", "first_on"),)

    kind: Mapped[BlockKind] = mapped_column(enum_type(BlockKind), server_default=BlockKind.REQUESTS)
    first_on: Mapped[date]
    last_on: Mapped[date]
    # How many requests or texts it holds.
    requests: Mapped[int]
    # How many of them are dated before the block.
    moved: Mapped[int]
    formed_on: Mapped[date]
    counts_sealed: Mapped[bytes | None]


class LedgerEntry(Base):
    """A request or a text that belongs to a block: a keyed hash, which says nothing once that is gone."""

    __tablename__ = "ledger_entry"

    record_hash: Mapped[bytes] = mapped_column(primary_key=True)
    block_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_block.id"), index=True)


class ReportBlock(Base):
    """A block that a report counts."""

    __tablename__ = "report_block"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    block_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_block.id"), primary_key=True, index=True)


class ReportTable(Base):
    """What a report shows of a table about children: with or without the cross-break, its rows as they are or merged, and what is hidden."""

    __tablename__ = "report_table"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    crossed: Mapped[bool]
    merged: Mapped[bool] = mapped_column(server_default=false())
    # Row and column of each hidden cell, as a JSON list of pairs; an empty text for a total.
    hidden: Mapped[str]


class ReportReader(Base):
    """Somebody who may read the restricted edition of a report."""

    __tablename__ = "report_reader"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class ReportQuestion(Versioned, Sealable, Base):
    """A question of the scrutineer about a report, and the reply; under the report's key."""

    __tablename__ = "report_question"
    __table_args__ = (Index("ix_report_question_report_id", "report_id"),)

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report.id"))
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    replied_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime | None]
    question_sealed: Mapped[bytes | None]
    reply_sealed: Mapped[bytes | None]
    report: Mapped[Report] = relationship(back_populates="questions")
