"""Read sessions that were held before, what is missing of them, and which one another telling means."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.queries import recusals_of
from jags.accounts.rules import spelling
from jags.importing.rules.form import NamedAgency
from jags.importing.rules.held import Gap, HeldEntry, NamedFacilitator, gaps_of
from jags.kernel.errors import NotFound
from jags.kernel.time import days, london_date, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import visible_to
from jags.requests.rules import Question, TransitionalFeature
from jags.scheduling.model import AgencyAttendance, JagsSession
from jags.scheduling.rules import AgencyRow, Named, SessionState

PAGE_LENGTH = 50


@dataclass(frozen=True)
class Entered:
    """A session that was held before, and what is missing of it."""

    session: JagsSession
    entry: HeldEntry
    agency: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class EnteredPage:
    """One page of such sessions, numbered from 1."""

    lines: tuple[Entered, ...]
    total: int
    page: int
    pages: int


def entered_visible_to(work: Work) -> ColumnElement[bool]:
    """Return the condition for imported sessions that the actor may see: not those of a case that they are involved in."""
    return JagsSession.imported.is_(True) & JagsSession.request_id.not_in(recusals_of(work.actor.person_id))


def entered_sessions(work: Work, *, page: int = 1, length: int = PAGE_LENGTH) -> EnteredPage:
    """Return a page of the imported sessions that the actor may see, those held last first."""
    wanted = entered_visible_to(work)
    total = work.session.scalar(select(func.count()).select_from(JagsSession).where(wanted)) or 0
    pages = max(1, -(-total // length))
    page = min(max(page, 1), pages)
    found = work.session.scalars(
        _whole()
        .where(wanted)
        .order_by(JagsSession.starts_at.desc(), JagsSession.id)
        .limit(length)
        .offset((page - 1) * length)
    )
    rows = found.unique().all()
    work.vault.prefetch(rows)
    return EnteredPage(tuple(_line(work, session) for session in rows), total, page, pages)


def get_entered(work: Work, session_id: uuid.UUID) -> JagsSession:
    """Return an imported session; raises `NotFound` when there is none, or none that the actor may see."""
    found = work.session.scalars(_whole().where(JagsSession.id == session_id, entered_visible_to(work)))
    session = found.unique().one_or_none()
    if session is None:
        raise NotFound("There is no such session.")
    return session


def same_session(work: Work, entry: HeldEntry) -> JagsSession | None:
    """Return the held session that an entry means, if it stands here, imported or not.

    It is the one of its number. Without one of that number it is the one of the same day that the same agency asked for, as
    far as that one has no other number. It may be one that the actor must not see (`may_see`).
    """
    held = (
        _whole().where(JagsSession.state == SessionState.HELD).order_by(JagsSession.starts_at, JagsSession.id)
    )
    if entry.number:
        numbered = work.session.scalars(
            held.where(or_(Request.tracker_number == entry.number, Request.reference == entry.number))
        )
        first = numbered.unique().first()
        if first is not None:
            return first
    on_the_day = held.where(
        JagsSession.starts_at >= start_of_day(entry.held_on),
        JagsSession.starts_at < start_of_day(entry.held_on + days(1)),
    )
    if entry.number:
        on_the_day = on_the_day.where(Request.tracker_number.is_(None))
    agency = entry.agency or NamedAgency(None)
    rows = work.session.scalars(on_the_day).unique().all()
    return next((one for one in rows if _asked(one.request) == _agency_key(agency)), None)


def may_see(work: Work, session: JagsSession) -> bool:
    """Tell whether the actor may see a session that another telling means: one that was entered, or the case itself."""
    seen = (
        select(JagsSession.id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(JagsSession.id == session.id, entered_visible_to(work) | visible_to(work.actor))
    )
    return work.session.scalar(seen) is not None


def entry_of(work: Work, session: JagsSession) -> HeldEntry:
    """Return what is known of an imported session, in the shape of an entry."""
    request = session.request
    known = bool(request.agency_id or request.agency_typed)
    named = work.vault.open(session, "named", Named)
    return HeldEntry(
        held_on=london_date(session.starts_at),
        number=request.tracker_number or "",
        received_on=request.received_on,
        agency=NamedAgency(request.agency_id, request.agency_typed) if known else None,
        locality=request.locality,
        age_bands=request.age_bands,
        transitional=request.transitional_confirmed,
        features=frozenset(map(TransitionalFeature, request.chosen(Question.TRANSITIONAL_FEATURE))),
        asked_by=request.asked_by,
        facilitators=(
            *(NamedFacilitator(one.person_id) for one in session.facilitators),
            *(NamedFacilitator(None, name) for name in named.names),
        ),
        agencies=tuple(
            AgencyRow(one.agency_id, one.agency_typed, one.attendance, one.apology_reason)
            for one in session.attendance
        ),
        format=session.format,
        minutes=session.minutes if session.minutes_known else None,
    )


def _whole() -> Select[JagsSession]:
    return (
        select(JagsSession)
        .join(Request, Request.id == JagsSession.request_id)
        .options(
            joinedload(JagsSession.request).joinedload(Request.agency),
            joinedload(JagsSession.request).selectinload(Request.choices),
            # Two rows at most of each session cost less than a query of their own.
            joinedload(JagsSession.facilitators),
            selectinload(JagsSession.attendance).joinedload(AgencyAttendance.agency),
        )
    )


def _line(work: Work, session: JagsSession) -> Entered:
    entry, request = entry_of(work, session), session.request
    name = request.agency.name if request.agency else request.agency_typed
    return Entered(session, entry, name, gaps_of(entry))


def _asked(request: Request) -> str:
    return _agency_key(NamedAgency(request.agency_id, request.agency_typed))


def _agency_key(agency: NamedAgency) -> str:
    return str(agency.agency_id or spelling(agency.typed))
