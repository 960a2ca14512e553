"""Read events of the audit trail by what they tell."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select

from jags.audit.model import AuditCheckpoint, AuditDetail, AuditEvent
from jags.audit.rules import Stream
from jags.kernel.time import start_of_day
from jags.kernel.work import Work

PAGE = 50
# So many events, the newest first, are written into one file.
EXPORTED_MOST = 50_000
_BATCH = 1000


def times_of_tag(work: Work, tag: str, *, with_payload: str = "") -> dict[str, datetime]:
    """Return when an event of a tag was last recorded about each subject; `with_payload` is a part of its payload, as JSON."""
    wanted = select(AuditEvent.subject_ref, AuditEvent.at).where(AuditEvent.tag == tag)
    if with_payload:
        wanted = wanted.where(AuditEvent.payload.contains(with_payload, autoescape=True))
    rows = work.session.execute(wanted.order_by(AuditEvent.stream, AuditEvent.seq)).all()
    return {row.subject_ref: row.at for row in rows}


def subjects_of_tag(work: Work, tag: str, *, by: str, since: datetime) -> frozenset[str]:
    """Return what somebody's events of a tag since an instant, that instant included, are about."""
    return frozenset(
        work.session.scalars(
            select(AuditEvent.subject_ref)
            .where(AuditEvent.tag == tag, AuditEvent.actor_ref == by, AuditEvent.at >= since)
            .distinct()
        )
    )


def events_of_tag(work: Work, tag: str) -> Iterator[tuple[AuditEvent, dict[str, Any]]]:
    """Return the events of a tag with their payloads, oldest first."""
    rows = work.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.tag == tag)
        .order_by(AuditEvent.stream, AuditEvent.seq)
        .execution_options(yield_per=_BATCH)
    )
    return ((row, json.loads(row.payload)) for row in rows)


def first_about(work: Work, subjects: Collection[str]) -> datetime | None:
    """Return when the first event about any of these subjects was recorded; None where there is none."""
    return work.session.scalar(select(func.min(AuditEvent.at)).where(AuditEvent.subject_ref.in_(subjects)))


def begins_at(work: Work) -> datetime | None:
    """Return the instant before which events of the trail of acts may have been cut off; None while it is whole."""
    return work.session.scalar(
        select(func.max(AuditCheckpoint.at)).where(
            AuditCheckpoint.stream == Stream.ACTS, AuditCheckpoint.cut_at.is_not(None)
        )
    )


def can_be_cut(work: Work, before: datetime) -> tuple[int, datetime | None]:
    """Return how many events lie before the last checkpoint of each chain that was made before an instant, and when the first was."""
    number, first = 0, None
    for place in places_to_cut(work, before):
        lying, oldest = work.session.execute(
            select(func.count(), func.min(AuditEvent.at)).where(
                AuditEvent.stream == place.stream, AuditEvent.seq <= place.seq
            )
        ).one()
        number += lying
        first = min((one for one in (first, oldest) if one), default=None)
    return number, first


def places_to_cut(work: Work, before: datetime) -> list[AuditCheckpoint]:
    """Return the last checkpoint of each chain that was made before an instant."""
    latest = (
        select(AuditCheckpoint.stream, func.max(AuditCheckpoint.seq).label("seq"))
        .where(AuditCheckpoint.at < before)
        .group_by(AuditCheckpoint.stream)
        .subquery()
    )
    same = (AuditCheckpoint.stream == latest.c.stream) & (AuditCheckpoint.seq == latest.c.seq)
    return list(
        work.session.scalars(select(AuditCheckpoint).join(latest, same).order_by(AuditCheckpoint.stream))
    )


@dataclass(frozen=True)
class Looked:
    """What somebody looks for in the trail; what is empty does not narrow it. Both dates are included."""

    stream: Stream = Stream.ACTS
    subject: str = ""
    # The part of a tag before the colon.
    about: str = ""
    actor_refs: tuple[str, ...] = ()
    from_on: date | None = None
    to_on: date | None = None
    # The number of the last event that counts; 0 for no end.
    until_seq: int = 0
    # Ids whose events are left out: of requests from which whoever looks stands aside.
    unseen: tuple[str, ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions that events meet."""
        found: list[ColumnElement[bool]] = [AuditEvent.stream == self.stream]
        if self.subject:
            # A list of cases that somebody read is one event, which names them all.
            found.append(
                AuditEvent.payload.contains(self.subject, autoescape=True)
                if self.stream is Stream.READS
                else AuditEvent.subject_ref == self.subject
            )
        if self.about:
            found.append(AuditEvent.tag.startswith(f"{self.about}:", autoescape=True))
        if self.actor_refs:
            found.append(AuditEvent.actor_ref.in_(self.actor_refs))
        if self.from_on:
            found.append(AuditEvent.at >= start_of_day(self.from_on))
        if self.to_on:
            found.append(AuditEvent.at < start_of_day(self.to_on + timedelta(days=1)))
        if self.until_seq:
            found.append(AuditEvent.seq <= self.until_seq)
        for one in self.unseen:
            named = AuditEvent.payload.contains(one, autoescape=True)
            found.append((AuditEvent.subject_ref != one) & not_(named))
        return found


def events(
    work: Work, looked: Looked, *, page: int = 1, most: int = PAGE
) -> tuple[Sequence[AuditEvent], int]:
    """Return a page of the events that fit, the newest first, and how many fit in all."""
    fits = looked.conditions()
    total = work.session.scalar(select(func.count()).select_from(AuditEvent).where(*fits)) or 0
    rows = work.session.scalars(
        select(AuditEvent)
        .where(*fits)
        .order_by(AuditEvent.seq.desc())
        .offset((max(page, 1) - 1) * most)
        .limit(most)
    ).all()
    return rows, total


def requests_read(row: AuditEvent) -> tuple[str, ...]:
    """Return the ids of the requests that an event says were read; empty where it tells of something else."""
    return tuple(json.loads(row.payload).get("requests_read", "").split())


def with_detail(work: Work, rows: Sequence[AuditEvent]) -> frozenset[int]:
    """Return the numbers of the events whose typed detail is kept; it is not opened."""
    seqs = [row.seq for row in rows if row.detail_digest]
    stream = rows[0].stream if rows else Stream.ACTS
    return frozenset(
        work.session.scalars(
            select(AuditDetail.seq).where(AuditDetail.stream == stream, AuditDetail.seq.in_(seqs))
        )
    )
