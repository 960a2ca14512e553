"""Read what stands here already, in the shape in which the old files tell it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jags.accounts.model import Agency
from jags.accounts.queries import agencies
from jags.accounts.rules import spelling
from jags.facilitators.model import Booking, Facilitator
from jags.facilitators.queries import pool
from jags.facilitators.rules import Span
from jags.importing.rules.form import FormEntry, NamedAgency, Vocabulary
from jags.kernel.time import days, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import contact_of, detail_of
from jags.requests.rules import RECEIVED, NetworkContact, Question, Source
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState
from jags.settings.queries import partnership


def vocabulary(work: Work) -> Vocabulary:
    """Return what is known by name: agencies by every spelling, localities and other routes."""
    known = {}
    for agency in agencies(work):
        known[agency.spelling] = agency.id
        known.update({alias.spelling: agency.id for alias in agency.aliases})
    settings = partnership(work)
    return Vocabulary(known, settings.localities, settings.routes)


def agencies_by_key(work: Work) -> dict[str, Agency]:
    """Return all agencies by their key."""
    return {agency.key: agency for agency in agencies(work)}


def pool_by_name(work: Work) -> dict[str, list[Facilitator]]:
    """Return everybody who is or was in the pool, by the spelling of the name; several people may share one."""
    found = defaultdict(list)
    for member in pool(work, with_left=True):
        found[spelling(member.name)].append(member.facilitator)
    return dict(found)


def requests_by_number(work: Work) -> dict[str, Request]:
    """Return the requests that have a number of the form: imported, or asked here as well and linked with its row."""
    found = work.session.scalars(
        select(Request)
        .where(Request.legacy_number.is_not(None))
        .options(selectinload(Request.choices), selectinload(Request.involved), selectinload(Request.network))
        .order_by(Request.id)
    ).all()
    work.vault.prefetch(found)
    return {str(request.legacy_number): request for request in found}


def live_requests(work: Work, *, from_on: date, to_on: date) -> Sequence[Request]:
    """Return the requests that came in here in a span of London dates, both included; drafts and duplicates do not count."""
    found = work.session.scalars(
        select(Request)
        .where(
            Request.source != Source.IMPORT,
            Request.state.in_(sorted(RECEIVED)),
            Request.received_on.between(from_on, to_on),
        )
        .options(selectinload(Request.choices), selectinload(Request.involved), selectinload(Request.network))
        .order_by(Request.received_at, Request.id)
    ).all()
    work.vault.prefetch(found)
    return found


def as_it_stands(work: Work, request: Request) -> FormEntry:
    """Return a request in the shape in which a row of the form tells it."""
    received_at = request.received_at or request.started_at
    return FormEntry(
        number=str(request.legacy_number),
        received_at=received_at,
        started_at=request.started_at,
        contact=contact_of(work, request),
        agency=NamedAgency(request.agency_id, "" if request.agency_id else request.agency_typed),
        detail=detail_of(work, request),
        sibling_group=request.sibling_group,
        locality=request.locality,
        chosen={question: request.chosen(question) for question in Question},
        transitional_view=request.transitional_view,
        involved=tuple(
            NamedAgency(i.agency_id, "" if i.agency_id else i.agency_typed) for i in request.involved
        ),
        people=tuple(work.vault.open(member, "contact", NetworkContact) for member in request.network),
    )


def held_session(work: Work, request: Request) -> JagsSession | None:
    """Return the session of a request that was held."""
    return work.session.scalar(
        select(JagsSession)
        .where(JagsSession.request_id == request.id, JagsSession.state == SessionState.HELD)
        .options(selectinload(JagsSession.facilitators))
        .order_by(JagsSession.starts_at.desc(), JagsSession.id)
        .limit(1)
    )


def taken_on(work: Work, person_ids: Collection[uuid.UUID], day: date) -> Sequence[Span]:
    """Return the spans of a London day in which one of these people has no time."""
    rows = work.session.execute(
        select(Booking.starts_at, Booking.ends_at)
        .where(
            Booking.person_id.in_(person_ids),
            Booking.starts_at < start_of_day(day + days(1)),
            Booking.ends_at > start_of_day(day),
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    return [Span(starts_at, ends_at) for starts_at, ends_at in rows]
