"""The ways into the demonstration: a one-time sign-in link for each role, and for facilitators who have something to do."""

import uuid
from collections.abc import Iterator

from sqlalchemy import select

from jags.accounts.queries import accounts_with_role, find_account_of
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import issue_link
from jags.allocation.model import Offer
from jags.allocation.rules import WAITING_OFFERS
from jags.kernel.time import days
from jags.kernel.work import Work
from jags.requests.queries import open_work
from jags.scheduling.model import JagsSession, SessionFacilitator
from jags.scheduling.rules import SessionState


def ways_in(work: Work) -> list[tuple[str, str]]:
    """Issue the links; return what each shows, and its address."""
    return [(words, _link(work, account_id)) for words, account_id in _people(work)]


def _people(work: Work) -> Iterator[tuple[str, uuid.UUID]]:
    for role, many in (
        (Role.COORDINATOR, ("Business Unit: what needs a decision now", "a colleague of the Business Unit")),
        (Role.EVALUATION_READER, ("a partner: the evaluation",)),
        (Role.SCRUTINEER, ("the independent scrutineer: reports, to ask and to state an own view",)),
        (Role.OBSERVER, ("an observer: a session to observe",)),
        (
            Role.ADMINISTRATOR,
            ("administrator, the lead of the Business Unit: what needs the lead, the pool",),
        ),
    ):
        accounts = sorted(accounts_with_role(work, role), key=lambda a: -_looks_after(work, a.person_id))
        yield from zip(many, (account.id for account in accounts), strict=False)
    facilitators = [
        *zip(
            ("a facilitator with an offer to answer", "the other facilitator of that offer"),
            _to_be_answered(work),
            strict=False,
        ),
        *zip(("a facilitator with a session to record",), _to_be_recorded(work), strict=False),
    ]
    for words, person_id in facilitators:
        found = find_account_of(work, person_id)
        if found is not None:
            yield words, found.id


def _looks_after(work: Work, person_id: uuid.UUID) -> int:
    return len(open_work(work, person_id))


def _to_be_answered(work: Work) -> list[uuid.UUID]:
    waiting = (
        select(Offer.person_id).where(Offer.state.in_(WAITING_OFFERS)).distinct().order_by(Offer.person_id)
    )
    return list(work.session.scalars(waiting))


def _to_be_recorded(work: Work) -> list[uuid.UUID]:
    begun = (
        select(SessionFacilitator.person_id)
        .join(JagsSession)
        .where(JagsSession.state == SessionState.SCHEDULED, JagsSession.starts_at < work.now)
        .order_by(JagsSession.starts_at, SessionFacilitator.position)
    )
    return list(work.session.scalars(begun))


def _link(work: Work, account_id: uuid.UUID) -> str:
    _row, secret = issue_link(
        work, purpose=Purpose.SIGN_IN, subject_id=account_id, expires_at=work.now + days(1)
    )
    return work.ports.links.page(f"/link/{secret}")
