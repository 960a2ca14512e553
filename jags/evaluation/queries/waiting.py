"""Read what belongs to no block of the ledger yet: requests, and texts that two people have read for themes and agreed."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from jags.evaluation.model import LedgerEntry
from jags.evaluation.queries.children import child_records
from jags.evaluation.rules.blocks import BlockKind
from jags.evaluation.rules.children import ChildFacts, count_children
from jags.evaluation.rules.localities import LOCALITIES, REQUESTS
from jags.kernel.work import Work
from jags.themes.queries.counts import texts_read

Counts = dict[str, dict[str, dict[str, int]]]
_THEMES, _TEXTS = "themes", "texts"


@dataclass(frozen=True)
class WaitingRecord:
    """A request or a text by its keyed hash, with its London date and what is counted of it: a text's themes, or a request's facts."""

    on: date
    counted: ChildFacts | frozenset[str]


Waiting = dict[BlockKind, dict[str, WaitingRecord]]


def waiting_records(work: Work, *, to_on: date) -> Waiting:
    """Return what is dated up to a London date and belongs to no block yet, by its hash in figures and letters."""
    known = set(work.session.scalars(select(LedgerEntry.record_hash)))
    found: Waiting = {kind: {} for kind in BlockKind}
    for record in child_records(work, to_on=to_on):
        if record.record_hash not in known:
            found[BlockKind.REQUESTS][record.record_hash.hex()] = WaitingRecord(
                record.received_on, record.facts
            )
    for text in texts_read(work):
        if text.themes is None or not text.closed or text.on > to_on:
            continue
        record_hash = work.vault.blind_index("ledger", f"text:{text.id}")
        if record_hash not in known:
            kind = BlockKind.TEXTS_CONFIRMED if text.confirmed else BlockKind.TEXTS
            found[kind][record_hash.hex()] = WaitingRecord(text.on, text.themes)
    return found


def counts_of(records: Iterable[WaitingRecord]) -> Counts:
    """Return what a block of records, all of one kind, counts."""
    listed = list(records)
    requests = [(one.counted, 1) for one in listed if isinstance(one.counted, ChildFacts)]
    if requests:
        localities = Counter(facts.locality for facts, _ in requests)
        return count_children(requests) | {
            LOCALITIES: {name: {REQUESTS: number} for name, number in sorted(localities.items())}
        }
    texts = Counter(json.dumps(sorted(one.counted)) for one in listed if isinstance(one.counted, frozenset))
    return {_THEMES: {keys: {_TEXTS: number} for keys, number in sorted(texts.items())}}


def texts_of(counts: Iterable[Counts]) -> Counter[frozenset[str]]:
    """Return how many texts of some blocks hold the same themes."""
    found: Counter[frozenset[str]] = Counter()
    for one in counts:
        for keys, numbers in one[_THEMES].items():
            found[frozenset(json.loads(keys))] += numbers[_TEXTS]
    return found
