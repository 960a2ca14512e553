"""Form the blocks of a period for good, and decide what a release shows of the tables about children."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from jags.evaluation.engine.releases import Shown, decide
from jags.evaluation.model import LedgerBlock, LedgerEntry, Report, ReportBlock, ReportTable
from jags.evaluation.queries.children import unledgered
from jags.evaluation.queries.reports import counts_of, ledger_blocks, shown_before
from jags.evaluation.rules import Period
from jags.evaluation.rules.blocks import LEAST_RECORDS, Span, form_blocks, why_not_releasable
from jags.evaluation.rules.children import CHILD_TABLES, Children, Counts, Telling, added, count_children
from jags.evaluation.rules.reports import SealedCounts
from jags.kernel.ids import new_id
from jags.kernel.work import Work
from jags.settings.queries import partnership

# For all tables of a release together: a report is sent for review on a page.
SECONDS = 10.0


def cuts_of(work: Work) -> frozenset[str]:
    """Return the months and days on which a report that is released may begin."""
    return frozenset(part.strip() for part in partnership(work).report_cuts.split(",") if part.strip())


def why_not(work: Work, period: Period) -> str:
    """Return why a report of a period stays a draft; empty when it can be released."""
    return why_not_releasable(
        period, cuts=cuts_of(work), closed=_spans(ledger_blocks(work)), today=work.today
    )


def form_ledger(work: Work, report: Report) -> None:
    """Form the blocks of the report's period from requests that belong to none yet, and let the report count them."""
    period = report.asked.period
    waiting = {record.record_hash.hex(): record for record in unledgered(work, to_on=period.to_on)}
    formed = form_blocks(
        ((name, record.received_on) for name, record in waiting.items()),
        period=period,
        cuts=cuts_of(work),
        closed=_spans(ledger_blocks(work)),
        least=LEAST_RECORDS,
    )
    for new in formed.blocks:
        records = [waiting[name] for name in new.records]
        block = LedgerBlock(
            id=new_id(),
            key_id=work.vault.new_key(),
            first_on=new.span.first_on,
            last_on=new.span.last_on,
            requests=len(records),
            moved=new.moved,
            formed_on=work.today,
        )
        work.vault.seal(block, "counts", SealedCounts(count_children((one.facts, 1) for one in records)))
        work.session.add(block)
        work.session.flush()
        work.session.add_all(LedgerEntry(record_hash=one.record_hash, block_id=block.id) for one in records)
        work.record("ledger:block_formed", block.id, requests=len(records))
    inside = [b for b in ledger_blocks(work) if period.from_on <= b.first_on and b.last_on <= period.to_on]
    report.blocks = [ReportBlock(block_id=block.id) for block in sorted(inside, key=lambda one: one.id)]


def decide_tables(work: Work, report: Report) -> Children:
    """Decide what a report shows of each table about children beside all that others show, and keep it with the report."""
    blocks = ledger_blocks(work)
    counts = counts_of(work, blocks)
    own = frozenset(str(one.block_id) for one in report.blocks)
    decided = _decide(counts, own, shown_before(work, beside=report.id))
    report.tables = [
        ReportTable(key=key, crossed=one.crossed, hidden=json.dumps(sorted(one.hidden)))
        for key, one in decided.items()
        if one is not None
    ]
    mine = [block for block in blocks if str(block.id) in own]
    return Children(
        {table.key: added(counts[name][table.key] for name in sorted(own)) for table in CHILD_TABLES},
        sum(block.requests for block in mine),
        decided,
        sum(block.moved for block in mine),
    )


def decide_alone(children: Children) -> Children:
    """Return what released editions would show of counts that no release tells, for a draft that cannot be one."""
    name = "draft"
    counts = {name: {key: dict(found) for key, found in children.counts.items()}}
    own = frozenset({name}) if children.requests else frozenset()
    return replace(children, telling=_decide(counts, own, {}))


def _decide(
    counts: Mapping[str, Mapping[str, Counts]], own: frozenset[str], before: Mapping[str, Sequence[Shown]]
) -> dict[str, Telling | None]:
    ends = time.monotonic() + SECONDS
    decided: dict[str, Telling | None] = {}
    for table in CHILD_TABLES:
        of_table = {block: found[table.key] for block, found in counts.items()}
        left = ends - time.monotonic()
        shown = (
            decide(table, of_table, own, before.get(table.key, ()), seconds=left)
            if own and left > 0
            else None
        )
        decided[table.key] = Telling(shown.crossed, shown.hidden) if shown else None
    return decided


def _spans(blocks: Iterable[LedgerBlock]) -> list[Span]:
    return [Span(block.first_on, block.last_on) for block in blocks]
