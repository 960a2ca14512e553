"""Read what belongs to no block of the ledger yet: requests, sessions, and texts that two people have read for themes and agreed."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from jags.evaluation.model import LedgerEntry
from jags.evaluation.queries.children import child_records
from jags.evaluation.queries.selecting import held_in
from jags.evaluation.rules import ALL, Period
from jags.evaluation.rules.blocks import OF_SESSIONS, OF_TEXTS, BlockKind
from jags.evaluation.rules.children import ChildFacts, count_children
from jags.evaluation.rules.localities import LOCALITIES, REQUESTS
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.quality.queries.approach import said_of
from jags.quality.rules.said import Tallies, together
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.themes.queries.counts import texts_read

Counts = dict[str, dict[str, dict[str, int]]]
_THEMES, _TEXTS, _SAID = "themes", "texts", "said"


@dataclass(frozen=True)
class WaitingRecord:
    """A request, a session or a text by its keyed hash, with its London date and what is counted of it.

    Of a request its facts, of a text its themes, of a session what facilitators and observers said of it.
    """

    on: date
    counted: ChildFacts | frozenset[str] | Tallies


Waiting = dict[BlockKind, dict[str, WaitingRecord]]
_Found = tuple[BlockKind, bytes, WaitingRecord]


def waiting_records(
    work: Work, *, to_on: date, kinds: Collection[BlockKind] = frozenset(BlockKind)
) -> Waiting:
    """Return what is dated up to a London date and belongs to no block yet, of some kinds, by its hash in figures and letters."""
    known = set(work.session.scalars(select(LedgerEntry.record_hash)))
    found: Waiting = {kind: {} for kind in BlockKind if kind in kinds}
    if BlockKind.REQUESTS in kinds:
        for record in child_records(work, to_on=to_on):
            if record.record_hash not in known:
                found[BlockKind.REQUESTS][record.record_hash.hex()] = WaitingRecord(
                    record.received_on, record.facts
                )
    for of, read in ((OF_TEXTS, _texts), (OF_SESSIONS, _sessions)):
        if of <= set(kinds):
            for kind, record_hash, waiting in read(work, to_on, known):
                found[kind][record_hash.hex()] = waiting
    return found


def _texts(work: Work, to_on: date, known: Collection[bytes]) -> Iterator[_Found]:
    for text in texts_read(work):
        if text.themes is None or not text.closed or text.on > to_on:
            continue
        record_hash = work.vault.blind_index("ledger", f"text:{text.id}")
        if record_hash not in known:
            kind = BlockKind.TEXTS_CONFIRMED if text.confirmed else BlockKind.TEXTS
            yield kind, record_hash, WaitingRecord(text.on, text.themes)


def _sessions(work: Work, to_on: date, known: Collection[bytes]) -> Iterator[_Found]:
    held = {
        session_id: (london_date(begins), bool(confirmed))
        for session_id, begins, confirmed in work.session.execute(
            select(JagsSession.id, JagsSession.starts_at, Request.transitional_confirmed)
            .join(Request, Request.id == JagsSession.request_id)
            .where(held_in(Period(date.min, to_on), ALL))
        )
    }
    hashes = {one: work.vault.blind_index("ledger", f"session:{one}") for one in held}
    # What is written of sessions is sealed: it is opened of those alone that belong to no block yet.
    said = said_of(work, sorted(one for one in held if hashes[one] not in known))
    for session_id, tallies in said.items():
        on, confirmed = held[session_id]
        kind = BlockKind.SESSIONS_CONFIRMED if confirmed else BlockKind.SESSIONS
        yield kind, hashes[session_id], WaitingRecord(on, tallies)


def counts_of(records: Iterable[WaitingRecord]) -> Counts:
    """Return what a block of records, all of one kind, counts."""
    listed = list(records)
    requests = [(one.counted, 1) for one in listed if isinstance(one.counted, ChildFacts)]
    if requests:
        localities = Counter(facts.locality for facts, _ in requests)
        return count_children(requests) | {
            LOCALITIES: {name: {REQUESTS: number} for name, number in sorted(localities.items())}
        }
    said = [one.counted for one in listed if isinstance(one.counted, Mapping)]
    if said:
        return {_SAID: {key: dict(tally) for key, tally in sorted(together(said).items())}}
    texts = Counter(json.dumps(sorted(one.counted)) for one in listed if isinstance(one.counted, frozenset))
    return {_THEMES: {keys: {_TEXTS: number} for keys, number in sorted(texts.items())}}


def texts_of(counts: Iterable[Counts]) -> Counter[frozenset[str]]:
    """Return how many texts of some blocks hold the same themes."""
    found: Counter[frozenset[str]] = Counter()
    for one in counts:
        for keys, numbers in one[_THEMES].items():
            found[frozenset(json.loads(keys))] += numbers[_TEXTS]
    return found


def said_in(counts: Iterable[Counts]) -> Tallies:
    """Return what was said of the sessions of some blocks."""
    return together(one[_SAID] for one in counts)
