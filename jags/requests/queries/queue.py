"""Read the work queue, and count where requests stand."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request, RequestMove
from jags.requests.queries.network import agency_name
from jags.requests.queries.one import contact_of, visible_to
from jags.requests.rules import (
    NEEDS_DECISION,
    RECEIVED,
    State,
    Verb,
    due_on,
    triage_clock,
    working_days_left,
)
from jags.settings.queries import partnership

PAGE_LENGTH = 50


@dataclass(frozen=True)
class Waiting:
    """A line of the work queue."""

    request: Request
    requester: str
    agency: str
    due_on: date | None
    # Working days after today; negative when late, None where no target runs.
    days_left: int | None


@dataclass(frozen=True)
class QueuePage:
    """One page of the work queue, numbered from 1."""

    lines: tuple[Waiting, ...]
    total: int
    page: int
    pages: int


def work_queue(
    work: Work,
    *,
    states: frozenset[State] = NEEDS_DECISION,
    also: Collection[uuid.UUID] = (),
    page: int = 1,
    length: int = PAGE_LENGTH,
) -> QueuePage:
    """Return a page of the requests in some states, and of those named in `also`, received longest ago first.

    Drafts and duplicates that are asked for by state are shown like others. A page beyond the last is the last one.
    """
    wanted = or_(Request.state.in_(sorted(states)), Request.id.in_(also)) & visible_to(work.actor)
    total = work.session.scalar(select(func.count()).select_from(Request).where(wanted)) or 0
    pages = max(1, -(-total // length))
    page = min(max(page, 1), pages)
    rows = work.session.scalars(
        select(Request)
        .where(wanted)
        .options(joinedload(Request.agency))
        .order_by(Request.received_at, Request.id)
        .limit(length)
        .offset((page - 1) * length)
    ).all()
    work.vault.prefetch(rows)
    clocks = _triage_clocks(work, rows)
    return QueuePage(tuple(_waiting(work, r, clocks) for r in rows), total, page, pages)


def count_by_state(work: Work) -> dict[State, int]:
    """Return how many requests that the actor may see stand in each state; none is left out of the keys."""
    rows = work.session.execute(
        select(Request.state, func.count()).where(visible_to(work.actor)).group_by(Request.state)
    )
    counted = {state: number for state, number in rows}  # noqa: C416 - A row is not a pair for dict().
    return {state: counted.get(state, 0) for state in State if state in RECEIVED or state is State.DUPLICATE}


def _triage_clocks(work: Work, rows: Sequence[Request]) -> dict[uuid.UUID, tuple[date | None, int]]:
    """Return when triage began, and how long we waited since, for the requests that are in triage."""
    wanted = [r.id for r in rows if r.state is State.IN_TRIAGE]
    if not wanted:
        return {}
    moves = work.session.execute(
        select(RequestMove.request_id, RequestMove.verb, RequestMove.at)
        .where(RequestMove.request_id.in_(wanted))
        .order_by(RequestMove.request_id, RequestMove.number)
    )
    story: dict[uuid.UUID, list[tuple[Verb, date]]] = {}
    for request_id, verb, at in moves:
        story.setdefault(request_id, []).append((verb, london_date(at)))
    return {request_id: triage_clock(steps) for request_id, steps in story.items()}


def _waiting(work: Work, request: Request, clocks: Mapping[uuid.UUID, tuple[date | None, int]]) -> Waiting:
    due = None
    if request.received_on is not None:
        began, waited = clocks.get(request.id, (None, 0))
        due = due_on(
            request.state,
            received_on=request.received_on,
            changed_on=began or london_date(request.state_changed_at),
            targets=partnership(work),
            waited=waited,
        )
    return Waiting(
        request,
        contact_of(work, request).name,
        agency_name(request),
        due,
        None if due is None else working_days_left(work.today, due),
    )
