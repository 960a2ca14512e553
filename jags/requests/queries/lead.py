"""Read what needs the lead of the Business Unit: by reference, state and days alone, nothing of any case."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from jags.accounts.model import Account, Recusal, TakenRequest
from jags.accounts.queries import recusals_of
from jags.accounts.rules import AccountState, Role
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import OPEN, State

_MOST = 50


@dataclass(frozen=True)
class ForTheLead:
    """A request as the lead knows it without having taken it over."""

    request_id: uuid.UUID
    reference: str
    state: State
    # Whether no coordinator can act on it.
    stuck: bool
    # The day on which help was asked for, because a target had passed.
    asked_on: date | None


def for_the_lead(work: Work) -> list[ForTheLead]:
    """Return the open requests on which no coordinator can act, then those for which help was asked, the oldest of each first.

    A lead who is involved in a case does not see it here either; what somebody has taken over is not listed.
    """
    stuck = nobody_can_act()
    rows = work.session.execute(
        select(
            Request.id,
            Request.reference,
            Request.legacy_number,
            Request.state,
            stuck.label("stuck"),
            Request.lead_asked_at,
        )
        .where(
            Request.state.in_(sorted(OPEN)),
            Request.id.not_in(recusals_of(work.actor.person_id)),
            stuck | Request.lead_asked_at.is_not(None),
        )
        .order_by(stuck.desc(), Request.lead_asked_at, Request.received_at, Request.id)
        .limit(_MOST)
    )
    return [
        ForTheLead(
            row.id,
            row.reference or f"Imported {row.legacy_number}",
            row.state,
            bool(row.stuck),
            london_date(row.lead_asked_at) if row.lead_asked_at else None,
        )
        for row in rows
    ]


def paused_for_the_lead(work: Work) -> list[tuple[str, date]]:
    """Return the reference of each paused request with the London date since when, longest paused first.

    A lead who is involved in a case does not see it here either.
    """
    rows = work.session.execute(
        select(Request.reference, Request.legacy_number, Request.paused_at)
        .where(Request.paused_at.is_not(None), Request.id.not_in(recusals_of(work.actor.person_id)))
        .order_by(Request.paused_at, Request.id)
        .limit(_MOST)
    )
    return [(reference or f"Imported {number}", london_date(at)) for reference, number, at in rows if at]


def nobody_can_act() -> ColumnElement[bool]:
    """Return the condition for requests on which no coordinator can act: each is involved in the case, and no lead has taken it."""
    coordinators = select(Account.person_id).where(
        Account.state == AccountState.ACTIVE, Account.roles.any(role=Role.COORDINATOR)
    )
    number = select(func.count()).select_from(coordinators.subquery()).scalar_subquery()
    all_involved = (
        select(Recusal.request_id)
        .where(Recusal.person_id.in_(coordinators))
        .group_by(Recusal.request_id)
        .having(func.count() >= number)
    )
    taken = (
        select(TakenRequest.request_id)
        .join(Account, Account.person_id == TakenRequest.person_id)
        .where(TakenRequest.ended_at.is_(None), Account.state == AccountState.ACTIVE)
    )
    return ((number == 0) | Request.id.in_(all_involved)) & Request.id.not_in(taken)
