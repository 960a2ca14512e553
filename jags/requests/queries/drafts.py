"""Read what a draft still lacks, and which drafts are old."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from jags.kernel.work import Work
from jags.requests.model import DraftPart, Request
from jags.requests.queries.network import agency_name
from jags.requests.queries.one import contact_of, detail_of
from jags.requests.rules import (
    Part,
    Question,
    Source,
    State,
)

_COUNTED = select(DraftPart.version, DraftPart.page).where(
    DraftPart.request_id == bindparam("request_id"), DraftPart.part == bindparam("part")
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


def kept_part(work: Work, request: Request, part: Part) -> tuple[int, str]:
    """Return how often a part of a draft was answered, and the mark of the page by which it was last."""
    read: dict[Part, tuple[int, str]] = work.memo.setdefault(f"draft.{request.id}", {})
    if part not in read:
        # Columns, not entities: this is read for every page that is kept, and many are.
        row = work.session.execute(_COUNTED, {"request_id": request.id, "part": part}).one_or_none()
        read[part] = (row.version, row.page) if row else (0, "")
    return read[part]


def forget_kept_parts(work: Work, request: Request) -> None:
    """Have the parts of a draft read again, because they may have changed since they were."""
    work.memo.pop(f"draft.{request.id}", None)


def old_drafts(work: Work, *, started_before: datetime) -> Sequence[Request]:
    """Return drafts that were begun before an instant and never sent."""
    return work.session.scalars(
        select(Request)
        .where(Request.state == State.DRAFT, Request.started_at < started_before)
        .order_by(Request.started_at, Request.id)
    ).all()
