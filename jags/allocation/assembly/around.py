"""Gather the people around each child, as far as somebody of the pool can be compared with them."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from jags.accounts.model import Person
from jags.allocation.rules.independence import Around, Place, Somebody
from jags.kernel.work import Work
from jags.requests import queries as requests
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import LeadKnows, NetworkContact, Tie

_Manager = Mapping[bytes | None, bytes | None]
_TIES = tuple(Tie)


def people_around(work: Work, request: Request, organisations: Mapping[uuid.UUID, str]) -> list[Around]:
    """Return everybody around the child, and who should not facilitate, as far as they can be compared."""
    return people_around_each(work, [request], organisations)[request.id]


def people_around_each(
    work: Work, asked: Sequence[Request], organisations: Mapping[uuid.UUID, str]
) -> dict[uuid.UUID, list[Around]]:
    """Return the same by request, by three queries."""
    members = requests.members_of_each(work, asked)
    indexes = {member.email_index for rows in members.values() for member, _ in rows}
    indexes |= {request.requester_email_index for request in asked}
    managers = dict(
        work.session.execute(
            select(Person.email_index, Person.line_manager_email_index).where(
                Person.email_index.in_(indexes - {None}), Person.line_manager_email_index.is_not(None)
            )
        ).all()
    )
    return {
        request.id: [
            _requester(work, request, managers, organisations),
            *(
                Around(
                    Place(member.tie.value),
                    _somebody(member, contact, managers, organisations),
                    ref=str(member.id),
                )
                for member, contact in sorted(members[request.id], key=lambda row: _TIES.index(row[0].tie))
            ),
        ]
        for request in asked
    }


def _requester(
    work: Work, request: Request, managers: _Manager, organisations: Mapping[uuid.UUID, str]
) -> Around:
    asks = requests.contact_of(work, request)
    is_lead = request.lead_knows is LeadKnows.IT_IS_ME
    return Around(
        Place.LEAD_PROFESSIONAL if is_lead else Place.REQUESTER,
        Somebody(
            name=asks.name,
            address=request.requester_email_index,
            manager=managers.get(request.requester_email_index),
            agency=organisations[request.agency_id] if request.agency_id else "",
            team=asks.team,
        ),
        # Somebody else may ask later.
        ref=f"requester {(request.requester_email_index or b'').hex()}",
    )


def _somebody(
    member: NetworkMember,
    contact: NetworkContact,
    managers: _Manager,
    organisations: Mapping[uuid.UUID, str],
) -> Somebody:
    return Somebody(
        name=contact.called,
        address=member.email_index,
        manager=managers.get(member.email_index),
        agency=organisations[member.agency_id] if member.agency_id else "",
        team=contact.team,
    )
