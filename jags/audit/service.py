"""Append events to the keyed chain, and verify it.

Each event's mac covers the previous mac, so an edited, deleted or reordered event breaks the chain; the head tells of a
cut tail. The key is a system key, wrapped by a master key outside the database. See docs/adr/0007-audit-chain.md.
"""

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from jags.audit.model import AuditCheckpoint, AuditDetail, AuditEvent, AuditHead
from jags.audit.queries import places_to_cut
from jags.audit.rules import READS, RESTORE_ASKED, RESTORE_CONFIRMED, TAGS, Anchor, Finding, Stream, genesis
from jags.kernel.sealing import KEY, DataKey, SealBroken
from jags.kernel.time import london_date
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


def make_checkpoints(work: Work) -> int:
    """Sign how far each chain has come, once a day where it has gone on; return how many checkpoints were made."""
    made = 0
    for head in work.session.scalars(select(AuditHead).order_by(AuditHead.stream)).all():
        last = work.session.scalar(
            select(AuditCheckpoint)
            .where(AuditCheckpoint.stream == head.stream)
            .order_by(AuditCheckpoint.seq.desc())
            .limit(1)
        )
        begun = last is None or (last.seq != head.seq and london_date(last.at) != work.today)
        if not (head.seq and begun):
            continue
        place = AuditCheckpoint(stream=head.stream, seq=head.seq, mac=head.mac, at=work.now)
        place.signature = _signed(work, place)
        work.session.add(place)
        made += 1
    return made


def cut(work: Work, before: datetime) -> int:
    """Cut each chain at its last checkpoint before an instant; return how many events went, with what was typed in them.

    The database lets events go only up to a checkpoint that says so, and verification believes only one that is signed. The
    caller has seen to it that nothing was found wrong: a chain that is cut tells nothing of what was wrong before.
    """
    total = 0
    for place in places_to_cut(work, before):
        gone = (AuditEvent.stream == place.stream) & (AuditEvent.seq <= place.seq)
        number = work.session.scalar(select(func.count()).where(gone)) or 0
        if not number or not hmac.compare_digest(place.signature, _signed(work, place)):
            continue
        place.cut_at = work.now
        place.cut_signature = _signed(work, place, cut_at=work.now)
        work.session.flush()
        for model in (AuditDetail, AuditEvent):
            work.session.execute(delete(model).where(model.stream == place.stream, model.seq <= place.seq))
        work.session.execute(
            delete(AuditCheckpoint).where(
                AuditCheckpoint.stream == place.stream, AuditCheckpoint.seq < place.seq
            )
        )
        work.record("audit:cut", "audit_trail", stream=place.stream, seq=place.seq, events=number)
        total += number
    return total


def verify(work: Work) -> list[Finding]:
    """Check every chain from its beginning, or from where it was cut; an empty list means that nothing was found wrong.

    Finds edited, deleted, reordered and forked events, a cut tail, details that do not match their digest, and checkpoints that
    were changed or that the chain does not hold. An erased detail is not a finding. A tail cut together with the head shows only
    against an outside anchor.
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


def not_held(work: Work, noted: Iterable[Anchor]) -> list[Anchor]:
    """Return the anchors that were kept outside and that the chains do not hold, although they are signed, in their order.

    What a confirmed restore superseded is left out, and so is what was cut off since.
    """
    signed = [one for one in noted if _is_ours(work, one)]
    cuts = {stream: _cut_of(work, stream) for stream in Stream}
    held: set[str] = set()
    for start in range(0, len(signed), _BATCH):
        seqs = [one.seq for one in signed[start : start + _BATCH]]
        for model in (AuditEvent, AuditCheckpoint):
            rows = work.session.execute(
                select(model.stream, model.seq, model.mac).where(model.seq.in_(seqs))
            ).all()
            held |= {f"{stream}:{seq}:{mac.hex()}" for stream, seq, mac in rows}
    held |= superseded(work)
    return [one for one in signed if one.name not in held and not _lies_before(one, cuts[one.stream])]


def verify_anchors(work: Work, noted: Collection[Anchor]) -> list[Finding]:
    """Return what is wrong with anchors that were kept outside: one was forged, or the chain does not hold it any more."""
    forged = [
        Finding(one.stream, one.seq, "an anchor kept outside was changed or forged")
        for one in noted
        if not _is_ours(work, one)
    ]
    return forged + [
        Finding(
            one.stream,
            one.seq,
            f"the chain was cut or replaced: it does not hold the anchor of {one.at}",
        )
        for one in not_held(work, noted)
    ]


def superseded(work: Work) -> frozenset[str]:
    """Return the names of the anchors that restores supersede: one person named them, and another one confirmed it."""
    events = work.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.stream == Stream.ACTS, AuditEvent.tag.in_([RESTORE_ASKED, RESTORE_CONFIRMED]))
        .order_by(AuditEvent.seq)
    )
    asked: dict[int, AuditEvent] = {}
    found: set[str] = set()
    for event in events:
        if event.tag == RESTORE_ASKED:
            asked[event.seq] = event
        elif (
            before := asked.get(json.loads(event.payload)["asked"])
        ) and before.actor_ref != event.actor_ref:
            found.update(json.loads(before.payload)["anchors"].split())
    return frozenset(found)


def _signature(key: bytes, head: AuditHead, at: str) -> str:
    text = _anchored(Anchor(head.stream, head.seq, head.mac.hex(), at, ""))
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _is_ours(work: Work, anchor: Anchor) -> bool:
    expected = hmac.new(work.vault.system_key(_MAC_KEY), _anchored(anchor), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), anchor.signature.encode())


def _anchored(anchor: Anchor) -> bytes:
    return f"anchor|{anchor.stream}|{anchor.seq}|{anchor.mac}|{anchor.at}".encode()


def last_event(work: Work) -> str:
    """Return the last event of the chain of acts as SEQ:MAC, to be noted outside; empty while there is none."""
    head = work.session.get(AuditHead, Stream.ACTS)
    return f"{head.seq}:{head.mac.hex()}" if head is not None else ""


def has_event(work: Work, noted: str) -> bool:
    """Tell whether an event that was noted as SEQ:MAC is still in the chain of acts, or was cut off at a checkpoint since."""
    seq, _, mac = noted.partition(":")
    if seq.isdecimal() and int(seq) < _begin(work, Stream.ACTS)[0]:
        return True
    place = (Stream.ACTS, int(seq)) if seq.isdecimal() else None
    row = place and (work.session.get(AuditEvent, place) or work.session.get(AuditCheckpoint, place))
    return row is not None and hmac.compare_digest(row.mac.hex(), mac)


def _verify_stream(work: Work, stream: Stream) -> Iterator[Finding]:
    key = work.vault.system_key(_MAC_KEY)
    begin, mac = _begin(work, stream)
    seq = begin
    yield from _verify_checkpoints(work, stream)
    again = select(func.count()).where(AuditEvent.stream == stream, AuditEvent.seq <= begin)
    if work.session.scalar(again):
        yield Finding(stream, begin, "events that were cut off at this checkpoint are there again")
    for row, detail in _events(work, stream, after=begin):
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


def _begin(work: Work, stream: Stream) -> tuple[int, bytes]:
    """Return the number and the mac that the first event of a chain follows: its own beginning, or where it was cut."""
    place = _cut_of(work, stream)
    return (place.seq, place.mac) if place else (0, genesis(stream))


def _lies_before(anchor: Anchor, place: AuditCheckpoint | None) -> bool:
    """Tell whether an anchor is of a part of a chain that was cut off, also where a restore had replaced it."""
    return place is not None and (anchor.seq < place.seq or datetime.fromisoformat(anchor.at) <= place.at)


def _cut_of(work: Work, stream: Stream) -> AuditCheckpoint | None:
    """Return the checkpoint at which a chain was cut last, if its signature says so."""
    cuts = select(AuditCheckpoint).where(
        AuditCheckpoint.stream == stream, AuditCheckpoint.cut_at.is_not(None)
    )
    for place in work.session.scalars(cuts.order_by(AuditCheckpoint.seq.desc())):
        if hmac.compare_digest(place.cut_signature or b"", _signed(work, place, cut_at=place.cut_at)):
            return place
    return None


def _verify_checkpoints(work: Work, stream: Stream) -> Iterator[Finding]:
    same = (AuditEvent.stream == AuditCheckpoint.stream) & (AuditEvent.seq == AuditCheckpoint.seq)
    rows = work.session.execute(
        select(AuditCheckpoint, AuditEvent.mac)
        .outerjoin(AuditEvent, same)
        .where(AuditCheckpoint.stream == stream)
        .order_by(AuditCheckpoint.seq)
    ).all()
    for place, mac in rows:
        signed = hmac.compare_digest(place.signature, _signed(work, place))
        cut_off = place.cut_at is not None
        if not signed or (
            cut_off
            and not hmac.compare_digest(place.cut_signature or b"", _signed(work, place, cut_at=place.cut_at))
        ):
            yield Finding(stream, place.seq, "this checkpoint was changed or forged")
        elif not cut_off and mac != place.mac:
            yield Finding(stream, place.seq, "the chain does not hold this checkpoint")


def _signed(work: Work, place: AuditCheckpoint, *, cut_at: datetime | None = None) -> bytes:
    """Return the signature of a checkpoint, or of its having been cut at an instant."""
    key = work.vault.system_key(_MAC_KEY)
    text = f"checkpoint|{place.stream}|{place.seq}|{place.mac.hex()}|{place.at.isoformat()}"
    if cut_at is not None:
        text = f"cut|{cut_at.isoformat()}|{text}"
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _verify_detail(work: Work, row: AuditEvent, detail: AuditDetail) -> Iterator[Finding]:
    try:
        plain = work.vault.open_bytes(_DETAIL_KEY, _place(row), detail.sealed)
    except SealBroken:
        yield Finding(row.stream, row.seq, "the detail of this event does not open")
        return
    if row.detail_digest != _digest(detail.salt, plain):
        yield Finding(row.stream, row.seq, "the detail of this event was changed")


def _events(work: Work, stream: Stream, *, after: int) -> Iterator[tuple[AuditEvent, AuditDetail | None]]:
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
