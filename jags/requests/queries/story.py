"""Read the story of a request: its moves, an open question, the promised call."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from jags.accounts.model import Account
from jags.accounts.queries import names_of
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request, RequestMove
from jags.requests.rules import (
    MoveNote,
    State,
    Verb,
    ring_by,
)
from jags.settings.queries import partnership


@dataclass(frozen=True)
class Step:
    """One step of a request's story; `by` is empty unless somebody with an account did it."""

    verb: Verb
    left: State
    reached: State
    at: datetime
    by: str
    note: MoveNote


def timeline(work: Work, request: Request) -> tuple[Step, ...]:
    """Return the story of a request, oldest step first, with what was written at each step."""
    moves = work.session.scalars(
        select(RequestMove).where(RequestMove.request_id == request.id).order_by(RequestMove.number)
    ).all()
    names = _names(work, moves)
    return tuple(
        Step(
            m.verb,
            m.left,
            m.reached,
            m.at,
            names.get(m.actor_ref, ""),
            work.vault.open(m, "note", MoveNote),
        )
        for m in moves
    )


def open_question(work: Work, request: Request) -> str:
    """Return the question that the requester has not answered yet; empty when there is none."""
    if request.state is not State.WAITING_FOR_REQUESTER:
        return ""
    asked = work.session.scalar(
        select(RequestMove)
        .where(RequestMove.request_id == request.id, RequestMove.verb == Verb.ASK)
        .order_by(RequestMove.number.desc())
        .limit(1)
    )
    return work.vault.open(asked, "note", MoveNote).reason if asked else ""


def promised_call(work: Work, request: Request) -> date | None:
    """Return the day by which the requester was promised a call when they confirmed; None before that."""
    if request.received_on is None or request.confirmed_at is None:
        return None
    confirmed_on = london_date(request.confirmed_at)
    return ring_by(received_on=request.received_on, confirmed_on=confirmed_on, targets=partnership(work))


def _names(work: Work, moves: Sequence[RequestMove]) -> dict[str, str]:
    ids = set()
    for move in moves:
        try:
            ids.add(uuid.UUID(move.actor_ref))
        except ValueError:
            continue
    if not ids:
        return {}
    accounts = work.session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.id)).all()
    names = names_of(work, {a.person_id for a in accounts})
    return {str(a.id): names.get(a.person_id, "") for a in accounts}
