"""Read the agencies and the people around the child."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from jags.accounts.rules import spelling
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request
from jags.requests.rules import (
    Involvement,
    NetworkContact,
    Tie,
)


def agency_name(request: Request) -> str:
    """Return the name of the requester's agency, known or as typed."""
    return request.agency.name if request.agency else request.agency_typed


def agencies_of(
    work: Work, request: Request, *, involvement: Involvement = Involvement.INVOLVED
) -> tuple[str, ...]:
    """Return the names of the agencies that are involved (or needed), known or as typed, in the order given."""
    rows = work.session.scalars(
        select(InvolvedAgency)
        .where(InvolvedAgency.request_id == request.id, InvolvedAgency.involvement == involvement)
        .options(joinedload(InvolvedAgency.agency))
        .order_by(InvolvedAgency.position, InvolvedAgency.id)
    )
    return tuple(i.agency.name if i.agency else i.agency_typed for i in rows)


def typed_agencies(request: Request) -> tuple[str, ...]:
    """Return the names of agencies on a request that are not known, as typed, each once."""
    rows: list[Request | InvolvedAgency | NetworkMember] = [request, *request.involved, *request.network]
    found: dict[str, str] = {}
    for row in rows:
        if row.agency_typed:
            found.setdefault(spelling(row.agency_typed), row.agency_typed)
    return tuple(found.values())


def members(
    work: Work, request: Request, *, tie: Tie = Tie.NETWORK
) -> list[tuple[NetworkMember, NetworkContact]]:
    """Return the people around the child who have not been taken off, with their contacts, in the order given."""
    rows = work.session.scalars(
        select(NetworkMember)
        .where(
            NetworkMember.request_id == request.id,
            NetworkMember.tie == tie,
            NetworkMember.removed_at.is_(None),
        )
        .options(joinedload(NetworkMember.agency))
        .order_by(NetworkMember.position, NetworkMember.id)
    ).all()
    work.vault.prefetch(rows)
    return [(m, work.vault.open(m, "contact", NetworkContact)) for m in rows]


def lead_professional(work: Work, request: Request) -> tuple[NetworkMember, NetworkContact] | None:
    """Return the lead professional, if one was named."""
    found = members(work, request, tie=Tie.LEAD_PROFESSIONAL)
    return found[0] if found else None
