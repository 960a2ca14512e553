"""Read reports, who may read them, and the ledger of blocks."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, true
from sqlalchemy.orm import selectinload

from jags.accounts.rules import Permission
from jags.evaluation.engine.releases import Shown
from jags.evaluation.model import LedgerBlock, Report, ReportQuestion, ReportReader, ReportTable
from jags.evaluation.rules.blocks import BlockKind, Span
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.document import Document, Edition
from jags.evaluation.rules.localities import Narrowed
from jags.evaluation.rules.reports import (
    COUNTED_AS_SHOWN,
    Frozen,
    Note,
    ReportState,
    SealedCounts,
    Statement,
    Words,
)
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotFound
from jags.kernel.work import Work

Counts = dict[str, dict[str, dict[str, int]]]


@dataclass(frozen=True)
class KnownBlock:
    """A block of the ledger with what it counts: table → row → column → records."""

    id: uuid.UUID
    kind: BlockKind
    span: Span
    records: int
    moved: int
    counts: Counts


_PUBLISHED = frozenset({ReportState.RELEASED, ReportState.WITHDRAWN})


def get_report(work: Work, report_id: uuid.UUID) -> Report:
    """Return a report that the actor may see; raises `NotFound`."""
    found = work.session.scalars(_visible(work).where(Report.id == report_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such report, or you are not one of its readers.")
    return found


def reports(work: Work) -> Sequence[Report]:
    """Return the reports that the actor may see, the newest first."""
    return work.session.scalars(_visible(work).order_by(Report.begun_at.desc(), Report.id)).all()


def released_reports(work: Work) -> Sequence[Report]:
    """Return the reports whose public edition everybody may read, the newest first."""
    return work.session.scalars(
        select(Report)
        .where(Report.state == ReportState.RELEASED)
        .order_by(Report.released_on.desc(), Report.reference)
    ).all()


def get_released(work: Work, reference: str) -> Report:
    """Return a released report by its reference, whoever asks; raises `NotFound`."""
    found = work.session.scalars(
        select(Report).where(Report.reference == reference.upper(), Report.state == ReportState.RELEASED)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no released report with this number. It may have been withdrawn.")
    return found


def _visible(work: Work) -> Select[Report]:
    """Return what the actor may see: the Business Unit and the scrutineer all, others what they were named for."""
    wanted = select(Report).options(selectinload(Report.readers))
    actor = work.actor
    if sees_all(actor):
        return wanted
    named = select(ReportReader.report_id).where(ReportReader.person_id == actor.person_id)
    return wanted.where(Report.state.in_(sorted(_PUBLISHED)), Report.id.in_(named))


def sees_all(actor: Actor) -> bool:
    """Tell whether somebody sees every report on its way, and its restricted edition."""
    return (
        actor.kind is ActorKind.SYSTEM
        or actor.can(Permission.REPORT_REVIEW)
        or actor.can(Permission.EVALUATION_READ_INSIDE)
    )


def words_of(work: Work, report: Report) -> Words:
    """Return what was written in a report."""
    found = work.vault.open(report, "words", Words)
    return Words(
        found.parts,
        tuple(tuple(one) for one in found.recommendations),  # type: ignore[misc]
        tuple(found.quotes),
        tuple(found.accounts),
    )


def statement_of(work: Work, report: Report) -> str:
    """Return the scrutineer's own statement; empty when there is none."""
    return work.vault.open(report, "statement", Statement).text


def get_question(work: Work, report: Report, question_id: uuid.UUID) -> ReportQuestion:
    """Return a question about a report; raises `NotFound`."""
    found = work.session.get(ReportQuestion, question_id)
    if found is None or found.report_id != report.id:
        raise NotFound("There is no such question.")
    return found


def said(work: Work, question: ReportQuestion) -> tuple[str, str]:
    """Return a question and its reply; the reply is empty until there is one."""
    return work.vault.open(question, "question", Note).text, work.vault.open(question, "reply", Note).text


def frozen_edition(work: Work, report: Report, edition: Edition) -> Document:
    """Return an edition of a report as it was frozen; raises `NotFound` for one that is not frozen."""
    frozen = work.vault.open(report, "frozen", Frozen)
    text = frozen.public if edition is Edition.PUBLIC else frozen.restricted
    if not text:
        raise NotFound("This report has no such edition: it was not sent for review.")
    return from_json(text)


def ledger_blocks(work: Work) -> list[KnownBlock]:
    """Return every block, by its dates."""
    rows = work.session.scalars(select(LedgerBlock).order_by(LedgerBlock.first_on, LedgerBlock.id)).all()
    work.vault.prefetch(rows)
    return [
        KnownBlock(
            row.id,
            row.kind,
            Span(row.first_on, row.last_on),
            row.requests,
            row.moved,
            work.vault.open(row, "counts", SealedCounts).counts,
        )
        for row in rows
    ]


def closed_spans(work: Work) -> list[Span]:
    """Return the dates of the blocks of requests: no release divides one."""
    rows = work.session.execute(
        select(LedgerBlock.first_on, LedgerBlock.last_on).where(LedgerBlock.kind == BlockKind.REQUESTS)
    )
    return [Span(first_on, last_on) for first_on, last_on in rows]


def shown_before(work: Work, *, beside: uuid.UUID | None = None) -> dict[str, list[Shown]]:
    """Return what reports show, or are about to show, of each table about children; table → in the order of their sending."""
    found: dict[str, list[Shown]] = {}
    of_requests = set(
        work.session.scalars(select(LedgerBlock.id).where(LedgerBlock.kind == BlockKind.REQUESTS))
    )
    rows = work.session.execute(
        select(Report, ReportTable)
        .join(ReportTable, ReportTable.report_id == Report.id)
        .where(Report.state.in_(sorted(COUNTED_AS_SHOWN)), Report.id != beside if beside else true())
        .options(selectinload(Report.blocks))
        .order_by(Report.sent_at, Report.id)
    )
    for report, table in rows:
        blocks = frozenset(str(one.block_id) for one in report.blocks if one.block_id in of_requests)
        found.setdefault(table.key, []).append(Shown(blocks, table.crossed, hidden_of(table), table.merged))
    return found


def narrowed_before(work: Work, *, beside: uuid.UUID | None = None) -> list[Narrowed]:
    """Return of what each other report of one locality tells that is released, withdrawn or on its way, in the order of their sending."""
    rows = work.session.scalars(
        select(Report)
        .where(
            Report.state.in_(sorted(COUNTED_AS_SHOWN)),
            Report.locality != "",
            Report.id != beside if beside else true(),
        )
        .order_by(Report.sent_at, Report.id)
    )
    return [Narrowed(report.locality, report.asked.periods) for report in rows]


def hidden_of(table: ReportTable) -> frozenset[tuple[str, str]]:
    """Return the hidden cells of a table."""
    return frozenset((row, column) for row, column in json.loads(table.hidden))
