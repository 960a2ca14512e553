"""Append events to the keyed chain, and verify it.

Each event's mac covers the previous mac, so an edited, deleted or reordered event breaks the chain; the head tells of a
cut tail. The key is a system key, wrapped by a master key outside the database. See docs/adr/0007-audit-chain.md.
"""

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from jags.audit.model import AuditDetail, AuditEvent, AuditHead
from jags.audit.rules import READS, TAGS, Anchor, Finding, Stream, genesis
from jags.kernel.sealing import KEY, DataKey, SealBroken
from jags.kernel.work import Event, Work

_MAC_KEY = "audit-mac"
_DETAIL_KEY = "audit-detail"
_BATCH = 1000


class AuditTrail:
    """The trail that a unit of work seals."""

    def check(self, event: Event) -> None:
        """Refuse an event whose tag or payload keys are not in the catalogue."""
        if event.tag not in TAGS:
            raise ValueError(f"audit tag {event.tag!r} is not declared in jags.audit.rules")
        unknown = event.payload.keys() - TAGS[event.tag]
        if unknown:
            raise ValueError(f"audit tag {event.tag!r} does not carry {sorted(unknown)}")

    def seal(self, work: Work, events: Sequence[Event]) -> None:
        """Append events to their streams; called last before the commit, so the heads are locked briefly."""
        for stream in Stream:
            own = [event for event in events if (event.tag in READS) == (stream is Stream.READS)]
            if own:
                self._append(work, stream, own)

    @staticmethod
    def _append(work: Work, stream: Stream, events: Sequence[Event]) -> None:
        head = _locked_head(work, stream)
        key = work.vault.system_key(_MAC_KEY)
        for event in events:
            row = AuditEvent(
                stream=head.stream,
                seq=head.seq + 1,
                prev_mac=head.mac,
                at=work.now,
                tag=event.tag,
                actor_ref=work.actor.ref,
                subject_ref=event.subject_ref,
                payload=json.dumps(event.payload, sort_keys=True, separators=(",", ":")),
                detail_digest=None,
            )
            if event.reason:
                salt = os.urandom(16)
                sealed = work.vault.seal_bytes(_DETAIL_KEY, _place(row), event.reason.encode())
                work.session.add(AuditDetail(stream=row.stream, seq=row.seq, salt=salt, sealed=sealed))
                row.detail_digest = _digest(salt, event.reason.encode())
            row.mac = _mac(key, row)
            work.session.add(row)
            head.seq, head.mac = row.seq, row.mac
        work.session.flush()


def _locked_head(work: Work, stream: Stream) -> AuditHead:
    """Lock the end of a chain and return it; its key comes along, for pages record what was read in as few turns as can be."""
    row = _find_head(work, stream)
    if row is None:
        # Two may begin a chain at one moment: the second one waits here, and finds the first one's.
        kind = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
        begun = kind.insert(AuditHead).values(stream=stream, seq=0, mac=genesis(stream))
        work.session.execute(begun.on_conflict_do_nothing())
        row = _find_head(work, stream)
        if row is None:
            raise RuntimeError(f"the chain of {stream} cannot be begun")
    head, *wrapped = row
    if wrapped[0] is not None:
        work.vault.remember(row, name=_MAC_KEY)
    found: AuditHead = head
    return found


def _find_head(work: Work, stream: Stream) -> Row[*tuple[Any, ...]] | None:
    return work.session.execute(
        select(AuditHead, *KEY)
        .outerjoin(DataKey, DataKey.name == _MAC_KEY)
        .where(AuditHead.stream == stream)
        .with_for_update(of=AuditHead)
        .execution_options(populate_existing=True)
    ).one_or_none()


def forget_details(work: Work, subjects: Iterable[uuid.UUID | str]) -> int:
    """Erase what people typed in events about these subjects, and return how many; the events and their digests stay."""
    refs = [str(one) for one in subjects]
    about = select(AuditEvent.stream, AuditEvent.seq).where(
        AuditEvent.subject_ref.in_(refs), AuditEvent.detail_digest.is_not(None)
    )
    found = work.session.execute(about.order_by(AuditEvent.stream, AuditEvent.seq)).all()
    for stream, seq in found:
        work.session.execute(delete(AuditDetail).where(AuditDetail.stream == stream, AuditDetail.seq == seq))
    return len(found)


def verify(work: Work) -> list[Finding]:
    """Check every chain from its beginning; an empty list means that nothing was found wrong.

    Finds edited, deleted, reordered and forked events, a cut tail, and details that do not match their digest. An
    erased detail is not a finding. A tail cut together with the head shows only against an outside anchor.
    """
    findings: list[Finding] = []
    for stream in Stream:
        findings.extend(_verify_stream(work, stream))
    return findings


def anchors(work: Work) -> list[Anchor]:
    """Return the signed end of each chain that has events, to be kept outside."""
    key = work.vault.system_key(_MAC_KEY)
    heads = work.session.scalars(select(AuditHead).order_by(AuditHead.stream))
    return [
        Anchor(head.stream, head.seq, head.mac.hex(), at := work.now.isoformat(), _signature(key, head, at))
        for head in heads
        if head.seq
    ]


def verify_anchors(work: Work, noted: Iterable[Anchor]) -> list[Finding]:
    """Return what is wrong with anchors that were kept outside: one was forged, or the chain does not hold it any more."""
    key = work.vault.system_key(_MAC_KEY)
    findings = []
    for anchor in noted:
        row = work.session.get(AuditEvent, (anchor.stream, anchor.seq))
        expected = hmac.new(key, _anchored(anchor), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), anchor.signature.encode()):
            findings.append(
                Finding(anchor.stream, anchor.seq, "an anchor kept outside was changed or forged")
            )
        elif row is None or row.mac.hex() != anchor.mac:
            findings.append(
                Finding(
                    anchor.stream,
                    anchor.seq,
                    f"the chain was cut or replaced: it does not hold the anchor of {anchor.at}",
                )
            )
    return findings


def _signature(key: bytes, head: AuditHead, at: str) -> str:
    text = _anchored(Anchor(head.stream, head.seq, head.mac.hex(), at, ""))
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _anchored(anchor: Anchor) -> bytes:
    return f"anchor|{anchor.stream}|{anchor.seq}|{anchor.mac}|{anchor.at}".encode()


def last_event(work: Work) -> str:
    """Return the last event of the chain of acts as SEQ:MAC, to be noted outside; empty while there is none."""
    head = work.session.get(AuditHead, Stream.ACTS)
    return f"{head.seq}:{head.mac.hex()}" if head is not None else ""


def has_event(work: Work, noted: str) -> bool:
    """Tell whether an event that was noted as SEQ:MAC is still in the chain of acts."""
    seq, _, mac = noted.partition(":")
    row = work.session.get(AuditEvent, (Stream.ACTS, int(seq))) if seq.isdecimal() else None
    return row is not None and hmac.compare_digest(row.mac.hex(), mac)


def _verify_stream(work: Work, stream: Stream) -> Iterator[Finding]:
    key = work.vault.system_key(_MAC_KEY)
    seq, mac = 0, genesis(stream)
    for row, detail in _events(work, stream):
        if row.seq != seq + 1:
            yield Finding(stream, row.seq, f"event {seq + 1} is missing")
        if row.prev_mac != mac:
            yield Finding(stream, row.seq, "this event does not follow the one before it")
        if not hmac.compare_digest(row.mac, _mac(key, row)):
            yield Finding(stream, row.seq, "this event was changed")
        if detail is not None:
            yield from _verify_detail(work, row, detail)
        seq, mac = row.seq, row.mac
    head = work.session.get(AuditHead, stream)
    if head is None:
        if seq:
            yield Finding(stream, seq, "the head of the chain is missing")
    elif (head.seq, head.mac) != (seq, mac):
        yield Finding(
            stream,
            seq,
            f"the chain ends at event {seq}, its head says {head.seq}: the end was cut or added to",
        )


def _verify_detail(work: Work, row: AuditEvent, detail: AuditDetail) -> Iterator[Finding]:
    try:
        plain = work.vault.open_bytes(_DETAIL_KEY, _place(row), detail.sealed)
    except SealBroken:
        yield Finding(row.stream, row.seq, "the detail of this event does not open")
        return
    if row.detail_digest != _digest(detail.salt, plain):
        yield Finding(row.stream, row.seq, "the detail of this event was changed")


def _events(work: Work, stream: Stream) -> Iterator[tuple[AuditEvent, AuditDetail | None]]:
    after = 0
    same = (AuditDetail.stream == AuditEvent.stream) & (AuditDetail.seq == AuditEvent.seq)
    while batch := work.session.execute(
        select(AuditEvent, AuditDetail)
        .outerjoin(AuditDetail, same)
        .where(AuditEvent.stream == stream, AuditEvent.seq > after)
        .order_by(AuditEvent.seq)
        .limit(_BATCH)
    ).all():
        yield from ((row, detail) for row, detail in batch)
        after = batch[-1][0].seq


def _place(row: AuditEvent) -> str:
    return f"audit_detail|{row.stream}|{row.seq}"


def _digest(salt: bytes, plain: bytes) -> bytes:
    return hashlib.sha256(salt + plain).digest()


def _mac(key: bytes, row: AuditEvent) -> bytes:
    digest = row.detail_digest.hex() if row.detail_digest else ""
    text = json.dumps(
        [
            row.stream,
            row.seq,
            row.prev_mac.hex(),
            row.at.isoformat(),
            row.tag,
            row.actor_ref,
            row.subject_ref,
            row.payload,
            digest,
        ]
    )
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
