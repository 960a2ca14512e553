"""Settle which agency was meant by a name that was typed and is not known."""

import uuid

from sqlalchemy import select

from jags.accounts.model import Agency
from jags.accounts.queries import get_agency
from jags.accounts.rules import Permission, spelling
from jags.accounts.service import add_aliases
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request
from jags.requests.policy import request_for
from jags.requests.queries import visible_to


def settle_agency(
    work: Work, request_id: uuid.UUID, *, typed: str, agency_id: uuid.UUID, always: bool, version: int
) -> Request:
    """Settle a typed name on a request, for whoever asks, the involved agencies and the people around the child.

    With `always` the name becomes another spelling of the agency, and is settled on every request that the actor may
    see. Raises `Invalid` when the request has no such name, or the name already means another agency.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    agency = get_agency(work, agency_id)
    if not _settle(work, typed, agency, only=request.id):
        raise Invalid("Select one of the names that were typed.", field="typed")
    if always:
        if add_aliases(work, agency, [typed]):
            work.record("agency:changed", agency.id)
        _settle(work, typed, agency)
    return request


def _settle(work: Work, typed: str, agency: Agency, *, only: uuid.UUID | None = None) -> bool:
    """Replace a typed name by its agency, on one request or on all; return whether it was there."""
    wanted = spelling(typed)
    about = visible_to(work.actor) if only is None else Request.id == only
    found = [
        *work.session.scalars(select(Request).where(about, Request.agency_typed != "")),
        *work.session.scalars(
            select(InvolvedAgency)
            .join(InvolvedAgency.request)
            .where(about, InvolvedAgency.agency_typed != "")
        ),
        *work.session.scalars(
            select(NetworkMember).join(NetworkMember.request).where(about, NetworkMember.agency_typed != "")
        ),
    ]
    meant = [row for row in found if spelling(row.agency_typed) == wanted]
    for row in meant:
        row.agency, row.agency_typed = agency, ""
    for request_id in sorted({row.id if isinstance(row, Request) else row.request_id for row in meant}):
        work.record("request:changed", request_id, part="agency")
    return bool(meant)
