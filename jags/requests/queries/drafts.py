"""Read what a draft still lacks, and which drafts are old."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, false, select, true
from sqlalchemy.orm import joinedload

from jags.accounts.rules import Permission
from jags.kernel.errors import NotFound
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

# Nobody enters more on the telephone than they can look through.
_ENTRIES_SHOWN = 100
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
        Part.LAST: bool(request.chosen(Question.DATE_MATTERS)),
    }
    return tuple(part for part, done in complete.items() if not done)


def kept_part(work: Work, request: Request, part: Part) -> tuple[int, str]:
    """Return how often a part of a draft was answered, and the mark of the page by which it was last."""
    read: dict[Part, tuple[int, str]] = work.memo.setdefault(f"draft.{request.id}", {})
    if part not in read:
        row = work.rows(_COUNTED, {"request_id": request.id, "part": part}).one_or_none()
        read[part] = (row.version, row.page) if row else (0, "")
    return read[part]


def forget_kept_parts(work: Work, request: Request) -> None:
    """Have the parts of a draft read again, because they may have changed since they were."""
    work.memo.pop(f"draft.{request.id}", None)


def get_entry(work: Work, request_id: uuid.UUID) -> Request:
    """Return a draft that a coordinator began for somebody on the telephone; raises `NotFound` for any other.

    Only those who may decide on requests see it: no link leads to it, and it is in no list of requests.
    """
    found = work.session.scalar(
        _entries(work).where(Request.id == request_id).options(joinedload(Request.agency))
    )
    if found is None:
        raise NotFound("There is no such entry. It may have been sent, or deleted after its time.")
    return found


def begun_by_telephone(work: Work) -> Sequence[Request]:
    """Return the unfinished entries from the telephone, begun last first."""
    rows = work.session.scalars(
        _entries(work)
        .options(joinedload(Request.agency))
        .order_by(Request.started_at.desc(), Request.id)
        .limit(_ENTRIES_SHOWN)
    ).all()
    work.vault.prefetch(rows)
    return rows


def _entries(work: Work) -> Select[Request]:
    # Who sees only what they have taken over sees no entry, because none is theirs to take over.
    allowed = true() if work.actor.can(Permission.REQUEST_TRIAGE) and work.actor.only is None else false()
    return select(Request).where(Request.state == State.DRAFT, Request.source == Source.TELEPHONE, allowed)


def old_drafts(work: Work, *, started_before: datetime) -> Sequence[Request]:
    """Return drafts that were begun before an instant and never sent."""
    return work.session.scalars(
        select(Request)
        .where(Request.state == State.DRAFT, Request.started_at < started_before)
        .order_by(Request.started_at, Request.id)
    ).all()
