"""Read independence records, and hold each against its digest in the audit trail."""

import uuid
from typing import Any

from sqlalchemy import select

from jags.allocation.model import IndependenceRecord, OfferedPair
from jags.allocation.rules.record import RecordedFacts, digest_of, read_record
from jags.audit.model import AuditEvent
from jags.audit.queries import begins_at, events_of_tag
from jags.kernel.errors import NotFound
from jags.kernel.sealing import SealBroken
from jags.kernel.work import Work

_TAG = "independence:recorded"
_ERASED = "record:erased"


def independence_record(work: Work, request_id: uuid.UUID) -> tuple[IndependenceRecord, dict[str, Any]]:
    """Return the latest independence record of a request with its facts; raises `NotFound` before an agreement.

    The caller has checked whether the actor may see the request.
    """
    record = work.session.scalar(
        select(IndependenceRecord)
        .join(OfferedPair, OfferedPair.id == IndependenceRecord.pair_id)
        .where(IndependenceRecord.request_id == request_id)
        .order_by(IndependenceRecord.made_at.desc(), IndependenceRecord.id)
        .limit(1)
    )
    if record is None:
        raise NotFound("No facilitators have agreed to this request yet.")
    return record, read_record(work.vault.open(record, "facts", RecordedFacts))


def broken_records(work: Work) -> list[str]:
    """Return a sentence for each independence record that is missing, does not open, or is not what the trail says."""
    digests = {event.subject_ref: (event, payload["digest"]) for event, payload in events_of_tag(work, _TAG)}
    erased = {event.subject_ref for event, _ in events_of_tag(work, _ERASED)}
    was_cut = begins_at(work) is not None
    found = []
    records = work.session.scalars(select(IndependenceRecord).order_by(IndependenceRecord.id)).all()
    work.vault.prefetch(records)
    for record in records:
        event, digest = digests.pop(str(record.id), (None, ""))
        if event is None and was_cut and record.facts_sealed is None:
            # Erased with its request, and told by the part of the trail that was cut off since.
            continue
        if event is None:
            found.append(f"the independence record {record.id} is not in the audit trail")
        elif record.facts_sealed is None and str(record.request_id) in erased:
            # Erased with its request: the trail says so.
            continue
        elif _digest(work, record) != digest:
            found.append(f"the independence record of event {event.seq} was changed")
    found += [
        f"the independence record of event {event.seq} is missing" for event, _ in _in_order(digests.values())
    ]
    return found


def _digest(work: Work, record: IndependenceRecord) -> str:
    try:
        return digest_of(work.vault.open(record, "facts", RecordedFacts))
    except SealBroken:
        return ""


def _in_order(found: Any) -> list[tuple[AuditEvent, str]]:
    return sorted(found, key=lambda one: one[0].seq)
