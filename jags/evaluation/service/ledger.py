"""Work out which blocks a release forms and what its tables about children show, and keep both for good."""

import json
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jags.evaluation.engine.releases import Shown, decide
from jags.evaluation.model import LedgerBlock, LedgerEntry, Report, ReportBlock, ReportTable
from jags.evaluation.queries.asking import received_by_day
from jags.evaluation.queries.gathering import over_blocks
from jags.evaluation.queries.periods import cuts_of
from jags.evaluation.queries.reports import (
    KnownBlock,
    closed_spans,
    ledger_blocks,
    narrowed_before,
    shown_before,
)
from jags.evaluation.queries.waiting import Waiting, counts_of, said_in, texts_of, waiting_records
from jags.evaluation.rules import Period
from jags.evaluation.rules.blocks import (
    LEAST_RECORDS,
    NOT_CONFIRMED,
    OF_SESSIONS,
    OF_TEXTS,
    BlockKind,
    Span,
    form_blocks,
    segment_of,
    why_not_releasable,
)
from jags.evaluation.rules.children import CHILD_TABLES, Children, Counts, Telling, added
from jags.evaluation.rules.gathered import Asked, Gathered, ToldInBlocks
from jags.evaluation.rules.localities import (
    LOCALITIES,
    REQUESTS,
    Narrowed,
    localities_told,
    why_not_beside,
    why_not_narrowed,
)
from jags.evaluation.rules.reports import SealedCounts
from jags.kernel.errors import Invalid, Stale
from jags.kernel.ids import new_id
from jags.kernel.work import Work
from jags.themes.queries.counts import themes_of

# For all tables of a release together: a report is sent for review on a page.
SECONDS = 10.0


# A block that is to be formed, with the hashes of its records.
_Formed = tuple[KnownBlock, tuple[str, ...]]
_REQUESTS = frozenset({BlockKind.REQUESTS})
_COMPARED = (
    "This is a draft that cannot be released: a report of one locality is released without a period to compare it with, because "
    "each of its dates is told once."
)
_BOTH_NARROWED = (
    "This is a draft that cannot be released: of one locality, and only where transitional safeguarding is confirmed, it would tell "
    "of few requests by themselves."
)


@dataclass(frozen=True)
class _Known:
    """What a release is worked out from: the ledger, what waits for it, and what other reports show."""

    blocks: list[KnownBlock]
    waiting: Waiting
    shown: dict[str, list[Shown]]
    # Of what other reports of one locality tell, where such a one is asked for.
    narrowed: list[Narrowed]
    # Requests by London date and locality, where one is asked for.
    by_day: list[tuple[date, str, int]]


@dataclass(frozen=True)
class PlannedRelease:
    """What a release will form and show, worked out while others write; `keep_release` holds it against what is then."""

    known: _Known
    # Each block that is to be formed, with the hashes of its records.
    new: tuple[_Formed, ...]
    # All blocks that the release counts.
    counted: tuple[KnownBlock, ...]
    # None in a release of one locality, which tells nothing of them.
    children: Children | None


def why_not(work: Work, asked: Asked, *, beside: uuid.UUID | None = None) -> str:
    """Return why a report stays a draft; empty when it can be released. `beside` is the report itself, once it is begun."""
    why = why_not_releasable(asked.period, cuts=cuts_of(work), closed=closed_spans(work), today=work.today)
    if why or not asked.locality:
        return why
    if asked.transitional:
        return _BOTH_NARROWED
    if asked.compared_with:
        return _COMPARED
    known = _known(work, asked, beside=beside, kinds=_REQUESTS)
    new = tuple(_new_blocks(known, asked.period, cuts_of(work)))
    return _why_not_narrowed(known, new, asked, cuts_of(work))


def plan_release(work: Work, report: Report) -> PlannedRelease:
    """Work out the blocks of a report's period, and what it shows of each table beside all that others show; nothing is written.

    It may take `SECONDS`, in which nobody has to wait for it. Raises `Invalid` for a locality of which it would tell few requests.
    """
    asked = report.asked
    known, cuts = _known(work, asked, beside=report.id), cuts_of(work)
    work.let_go()
    new = tuple(_new_blocks(known, asked.period, cuts))
    counted = _counted(known, new, asked)
    if asked.locality:
        if why := _why_not_narrowed(known, new, asked, cuts):
            raise Invalid(why)
        return PlannedRelease(known, new, counted, None)
    of_requests = [block for block in (*known.blocks, *(b for b, _ in new)) if _holds_requests(block)]
    counts = {str(block.id): block.counts for block in of_requests}
    mine = [block for block in counted if _holds_requests(block)]
    own = frozenset(str(block.id) for block in mine)
    children = Children(
        {table.key: added(counts[name][table.key] for name in sorted(own)) for table in CHILD_TABLES},
        sum(block.records for block in mine),
        _decide(counts, own, known.shown),
        sum(block.moved for block in mine),
    )
    return PlannedRelease(known, new, counted, children)


def keep_release(work: Work, report: Report, plan: PlannedRelease) -> None:
    """Form the blocks of a plan for good, and keep with the report what it counts and shows.

    Raises `Stale` when what the plan was worked out from has changed since.
    """
    if _known(work, report.asked, beside=report.id) != plan.known:
        raise Stale
    for block, records in plan.new:
        row = LedgerBlock(
            id=block.id,
            key_id=work.vault.new_key(),
            kind=block.kind,
            first_on=block.span.first_on,
            last_on=block.span.last_on,
            requests=block.records,
            moved=block.moved,
            formed_on=work.today,
        )
        work.vault.seal(row, "counts", SealedCounts(block.counts))
        work.session.add(row)
        work.session.flush()
        work.session.add_all(
            LedgerEntry(record_hash=bytes.fromhex(one), block_id=block.id) for one in records
        )
        work.record("ledger:block_formed", block.id, requests=block.records, kind=block.kind.value)
    report.blocks = [ReportBlock(block_id=block.id) for block in sorted(plan.counted, key=lambda one: one.id)]
    report.tables = [
        ReportTable(key=key, crossed=one.crossed, merged=one.merged, hidden=json.dumps(sorted(one.hidden)))
        for key, one in (plan.children.telling if plan.children else {}).items()
        if one is not None
    ]


def told_outside(work: Work, plan: PlannedRelease) -> ToldInBlocks:
    """Return what a release tells of whole blocks, as they were when they were formed."""

    def counts(kinds: Collection[BlockKind]) -> list[dict[str, dict[str, dict[str, int]]]]:
        return [block.counts for block in plan.counted if block.kind in kinds]

    return ToldInBlocks(
        plan.children,
        themes_of(work, texts_of(counts(OF_TEXTS))),
        said_in(counts(OF_SESSIONS)),
        tuple(sorted({block.span for block in plan.counted if _holds_requests(block)})),
    )


def _spans_now(work: Work, asked: Asked) -> tuple[Span, ...]:
    """Return the dates of the blocks of requests that a release of now would count."""
    known = _known(work, asked, beside=None, kinds=_REQUESTS)
    new = tuple(_new_blocks(known, asked.period, cuts_of(work)))
    counted = _counted(known, new, replace(asked, locality=""))
    return tuple(sorted({block.span for block in counted if _holds_requests(block)}))


def _known(
    work: Work,
    asked: Asked,
    *,
    beside: uuid.UUID | None,
    kinds: Collection[BlockKind] = frozenset(BlockKind),
) -> _Known:
    return _Known(
        ledger_blocks(work),
        waiting_records(work, to_on=asked.period.to_on, kinds=kinds),
        shown_before(work, beside=beside),
        narrowed_before(work, beside=beside) if asked.locality else [],
        received_by_day(work) if asked.locality else [],
    )


def _counted(known: _Known, new: Iterable[_Formed], asked: Asked) -> tuple[KnownBlock, ...]:
    """Return the blocks that a release counts."""
    unwanted = set[BlockKind]()
    if asked.locality:
        # Texts, and what is said of sessions, belong to no locality.
        unwanted = set(BlockKind) - {BlockKind.REQUESTS}
    elif asked.transitional:
        unwanted = set(NOT_CONFIRMED)
    return tuple(
        block
        for block in (*known.blocks, *(block for block, _ in new))
        if asked.period.from_on <= block.span.first_on
        and block.span.last_on <= asked.period.to_on
        and block.kind not in unwanted
    )


def _why_not_narrowed(known: _Known, new: Iterable[_Formed], asked: Asked, cuts: frozenset[str]) -> str:
    """Return why a report of one locality stays a draft: by other reports, by what the ledger counts, or by the days on which requests came."""
    locality, period = asked.locality, asked.period
    others = localities_told(period, known.narrowed)
    # What an earlier version formed does not say from where its requests came: it counts as none.
    blocks = [
        (
            block.records,
            {name: found.get(REQUESTS, 0) for name, found in block.counts.get(LOCALITIES, {}).items()},
        )
        for block in _counted(known, new, asked)
    ]
    # What is dated before a block may have been carried into it; headlines are told by date.
    return (
        why_not_beside(locality, period, known.narrowed)
        or why_not_narrowed(locality, others, blocks)
        or why_not_narrowed(locality, others, _by_segment(known, period, cuts))
    )


def _by_segment(known: _Known, period: Period, cuts: frozenset[str]) -> list[tuple[int, Mapping[str, int]]]:
    """Return the requests that came between each two listed dates of a period, and how many of them from each locality."""
    segments: dict[date, Counter[str]] = defaultdict(Counter)
    for on, locality, number in known.by_day:
        if period.from_on <= on <= period.to_on:
            segments[segment_of(on, cuts)][locality] += number
    return [(found.total(), found) for found in segments.values()]


def _new_blocks(known: _Known, period: Period, cuts: frozenset[str]) -> Iterable[_Formed]:
    for kind, waiting in known.waiting.items():
        formed = form_blocks(
            ((name, record.on) for name, record in waiting.items()),
            period=period,
            cuts=cuts,
            closed=[block.span for block in known.blocks if block.kind is kind],
            least=LEAST_RECORDS,
        )
        for new in formed.blocks:
            counts = counts_of(waiting[name] for name in new.records)
            yield KnownBlock(new_id(), kind, new.span, len(new.records), new.moved, counts), new.records


def _holds_requests(block: KnownBlock) -> bool:
    return block.kind is BlockKind.REQUESTS


def as_outside(work: Work, gathered: Gathered) -> Gathered:
    """Return what was gathered as released editions would show it, for a draft that cannot be one, or an evidence pack."""
    asked = gathered.asked
    return replace(
        gathered,
        children=gathered.children if asked.locality else _decide_alone(gathered.children),
        over_time_outside=over_blocks(work, asked, _spans_now(work, asked)),
    )


def _decide_alone(children: Children) -> Children:
    name = "draft"
    counts = {name: {key: dict(found) for key, found in children.counts.items()}}
    own = frozenset({name}) if children.requests else frozenset()
    return replace(children, telling=_decide(counts, own, {}))


def _decide(
    counts: Mapping[str, Mapping[str, Counts]], own: frozenset[str], before: Mapping[str, Sequence[Shown]]
) -> dict[str, Telling | None]:
    ends = time.monotonic() + SECONDS
    decided: dict[str, Telling | None] = {}
    for waiting, table in zip(range(len(CHILD_TABLES), 0, -1), CHILD_TABLES, strict=True):
        of_table = {block: found[table.key] for block, found in counts.items()}
        # A table that is hard to decide leaves time for the others.
        left = (ends - time.monotonic()) / waiting
        shown = (
            decide(table, of_table, own, before.get(table.key, ()), seconds=left)
            if own and left > 0
            else None
        )
        decided[table.key] = Telling(shown.crossed, shown.hidden, shown.merged) if shown else None
    return decided
