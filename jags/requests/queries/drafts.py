"""Read what a draft still lacks, and which drafts are old."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries.network import agency_name
from jags.requests.queries.one import contact_of, detail_of
from jags.requests.rules import (
    Part,
    Question,
    Source,
    State,
)


def unfinished(work: Work, request: Request) -> tuple[Part, ...]:
    """Return the parts of the form that still lack something we cannot begin without."""
    contact, detail = contact_of(work, request), detail_of(work, request)
    # Who asks by telephone may have no e-mail address; we confirm on the telephone, too.
    reachable = bool(contact.email) or request.source is Source.TELEPHONE
    complete = {
        Part.REQUESTER: bool(contact.name and contact.role and contact.phone and agency_name(request))
        and reachable,
        Part.CHILD: bool(
            detail.pseudonym and request.age_bands and (request.locality or detail.locality_as_typed)
        )
        and None not in {request.sibling_group, request.responsibility},
        Part.REASONS: bool(request.chosen(Question.REASON) and detail.hopes),
        Part.PEOPLE: request.lead_knows is not None,
        Part.ADULTHOOD: request.transitional_view is not None,
        Part.LAST: request.date_matters is not None,
    }
    return tuple(part for part, done in complete.items() if not done)


def part_version(request: Request, part: Part) -> int:
    """Return how often a part of a draft was answered."""
    return next((kept.version for kept in request.draft_parts if kept.part is part), 0)


def old_drafts(work: Work, *, started_before: datetime) -> Sequence[Request]:
    """Return drafts that were begun before an instant and never sent."""
    return work.session.scalars(
        select(Request)
        .where(Request.state == State.DRAFT, Request.started_at < started_before)
        .order_by(Request.started_at, Request.id)
    ).all()
