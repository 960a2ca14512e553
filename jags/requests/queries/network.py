"""Read the agencies and the people around the child."""

import uuid
from collections.abc import Collection

from sqlalchemy import inspect, select

from jags.accounts.rules import spelling
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request
from jags.requests.queries.one import detail_of
from jags.requests.rules import (
    BEFORE_AGREED,
    Involvement,
    NetworkContact,
    Tie,
)


def agency_name(request: Request) -> str:
    """Return the name of the requester's agency, known or as typed."""
    return request.agency.name if request.agency else request.agency_typed


def agencies_of(
    _work: Work, request: Request, *, involvement: Involvement = Involvement.INVOLVED
) -> tuple[str, ...]:
    """Return the names of the agencies that are involved (or needed), known or as typed, in the order given."""
    wanted = (i for i in request.involved if i.involvement is involvement)
    return tuple(i.agency.name if i.agency else i.agency_typed for i in wanted)


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
    rows = [m for m in request.network if m.tie is tie and m.removed_at is None]
    work.vault.prefetch(rows)
    return [(m, work.vault.open(m, "contact", NetworkContact)) for m in rows]


def to_read_for_names(work: Work, request: Request) -> str:
    """Return what may name somebody who should not facilitate, until a coordinator has added somebody; "" for nothing.

    The old form's last question asked for anything else, with that as its example, so a person reads it.
    """
    said = detail_of(work, request).anything_else
    waits = request.state in BEFORE_AGREED and said
    return said if waits and not members(work, request, tie=Tie.SHOULD_NOT_FACILITATE) else ""


def members_of_each(
    work: Work, asked: Collection[Request]
) -> dict[uuid.UUID, list[tuple[NetworkMember, NetworkContact]]]:
    """Return by request the people around each child, in whatever tie, who have not been taken off: by two queries.

    Where they have been read with a request, they are not read again.
    """
    unread = [one.id for one in asked if "network" in inspect(one).unloaded]
    rows = [member for one in asked if one.id not in unread for member in one.network]
    if unread:
        rows += work.session.scalars(select(NetworkMember).where(NetworkMember.request_id.in_(unread)))
    rows = sorted((one for one in rows if one.removed_at is None), key=lambda one: (one.position, one.id))
    work.vault.prefetch([*asked, *rows])
    found: dict[uuid.UUID, list[tuple[NetworkMember, NetworkContact]]] = {one.id: [] for one in asked}
    for row in rows:
        found[row.request_id].append((row, work.vault.open(row, "contact", NetworkContact)))
    return found


def lead_professional(work: Work, request: Request) -> tuple[NetworkMember, NetworkContact] | None:
    """Return the lead professional, if one was named."""
    found = members(work, request, tie=Tie.LEAD_PROFESSIONAL)
    return found[0] if found else None
