"""Read who has access, agency by agency, and when that was last looked through."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from jags.accounts.model import AccessReview, Account
from jags.accounts.queries.access import accounts
from jags.accounts.rules import AccountState
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.settings.queries import partnership


@dataclass(frozen=True)
class DueReview:
    """The accounts of one agency (none: of the partnership itself), and when they want a look."""

    agency_id: uuid.UUID | None
    name: str
    accounts: int
    last_on: date | None
    due_on: date


def accounts_to_review(work: Work, agency_id: uuid.UUID | None) -> Sequence[Account]:
    """Return the accounts of an agency that may be used, or be used once their invitation is."""
    live = (AccountState.ACTIVE, AccountState.INVITED)
    return [one for one in accounts(work) if one.state in live and one.person.agency_id == agency_id]


def reviews(work: Work) -> list[DueReview]:
    """Return for each agency whose people have accounts when they want a look, soonest first."""
    by_agency: dict[uuid.UUID | None, list[Account]] = {}
    for account in accounts(work):
        if account.state in {AccountState.ACTIVE, AccountState.INVITED}:
            by_agency.setdefault(account.person.agency_id, []).append(account)
    rows = work.session.execute(
        select(AccessReview.agency_id, func.max(AccessReview.reviewed_at)).group_by(AccessReview.agency_id)
    )
    last = {agency_id: london_date(at) for agency_id, at in rows}
    every = timedelta(days=partnership(work).access_review_days)
    found = []
    for agency_id, members in by_agency.items():
        seen = last.get(agency_id)
        agency = members[0].person.agency
        found.append(
            DueReview(
                agency_id,
                agency.name if agency else partnership(work).name,
                len(members),
                seen,
                (seen or min(london_date(one.created_at) for one in members)) + every,
            )
        )
    return sorted(found, key=lambda one: (one.due_on, one.name))
