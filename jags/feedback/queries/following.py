"""Read what has followed from a session, as its requester told it, and how the later survey of it stands."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from jags.feedback.model import RequesterAccount, Round
from jags.feedback.queries.tickets import last_day
from jags.feedback.rules import Door, FormKey, RoundState, WhatFollowed
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession


@dataclass(frozen=True)
class LaterStatus:
    """The survey some weeks after a session: whether it was sent, and to how many; and the requester's account, if any."""

    session_id: uuid.UUID | None
    state: RoundState | None
    invited: int
    door: Door | None
    closes_on: date | None
    account: WhatFollowed | None
    told_at: datetime | None


def later_status(work: Work, request: Request) -> LaterStatus | None:
    """Return what was asked and told some weeks after the request's session; None before anything was."""
    asked = work.session.scalars(
        select(Round)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(JagsSession.request_id == request.id, Round.form == FormKey.LATER)
        .order_by(JagsSession.starts_at.desc(), Round.id)
        .limit(1)
    ).one_or_none()
    row = find_account(work, request.id)
    if asked is None and row is None:
        return None
    return LaterStatus(
        asked.session_id if asked else None,
        asked.state if asked else None,
        asked.invited if asked else 0,
        asked.door if asked else None,
        last_day(asked.closes_at) if asked else None,
        work.vault.open(row, "account", WhatFollowed) if row else None,
        row.told_at if row else None,
    )


def find_account(work: Work, request_id: uuid.UUID) -> RequesterAccount | None:
    """Return the row of a requester's account."""
    return work.session.scalar(select(RequesterAccount).where(RequesterAccount.request_id == request_id))
