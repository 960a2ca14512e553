"""Read who asked before, where a request was passed on to another requester."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from jags.accounts.model import Account
from jags.accounts.queries import names_of
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import ChangeWhy, RequesterContact


@dataclass(frozen=True)
class PassedOn:
    """One change of requester: when, by whom (empty for the requester themselves), from whom, why, and when confirmed."""

    at: datetime
    by: str
    former: str
    why: ChangeWhy
    confirmed_at: datetime | None


def passed_on(work: Work, request: Request) -> tuple[PassedOn, ...]:
    """Return every change of requester, the first first."""
    changes = request.requester_changes
    names = _names(work, {change.actor_ref for change in changes})
    return tuple(
        PassedOn(
            change.at,
            names.get(change.actor_ref, ""),
            work.vault.open(change, "former", RequesterContact).name,
            change.why,
            change.confirmed_at,
        )
        for change in changes
    )


def _names(work: Work, refs: Collection[str]) -> dict[str, str]:
    """Return the names of the actors who have an account, by the reference that a row keeps of them."""
    ids = [uuid.UUID(ref) for ref in sorted(refs) if ":" not in ref and "-" in ref]
    if not ids:
        return {}
    accounts = work.session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.id)).all()
    names = names_of(work, {one.person_id for one in accounts})
    return {str(one.id): names.get(one.person_id, "") for one in accounts}
