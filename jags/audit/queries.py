"""Read events of the audit trail by what they tell."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from jags.audit.model import AuditEvent
from jags.kernel.work import Work

_BATCH = 1000


def events_of_tag(work: Work, tag: str) -> Iterator[tuple[AuditEvent, dict[str, Any]]]:
    """Return the events of a tag with their payloads, oldest first."""
    rows = work.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.tag == tag)
        .order_by(AuditEvent.stream, AuditEvent.seq)
        .execution_options(yield_per=_BATCH)
    )
    return ((row, json.loads(row.payload)) for row in rows)
