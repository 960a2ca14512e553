"""Read sessions: of a request, of a person, of a week."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of, names_of, recusals_of
from jags.accounts.rules import Permission
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.time import start_of_day
from jags.kernel.work import Work
from jags.requests.model import NetworkMember
from jags.requests.queries import visible_to
from jags.scheduling.model import AgencyAttendance, Attendee, JagsSession, SessionFacilitator
from jags.scheduling.rules import Appointment, Learning, Place, SessionFormat, SessionState
from jags.venues.queries import details_of, get_venue


@dataclass(frozen=True)
class SessionLine:
    """One session in a list."""

    session: JagsSession
    reference: str
    facilitators: tuple[str, ...]
    people: int


# How many people are invited to a session and expected now.
_EXPECTED = (
    select(func.count())
    .where(Attendee.session_id == JagsSession.id, Attendee.expected)
    .correlate(JagsSession)
    .scalar_subquery()
)


def sessions_of(work: Work, request_id: uuid.UUID) -> Sequence[JagsSession]:
    """Return all sessions of a request, by date."""
    return work.session.scalars(whole_sessions().where(JagsSession.request_id == request_id)).all()


def find_open_session(work: Work, request_id: uuid.UUID) -> JagsSession | None:
    """Return the arranged session of a request, if there is one."""
    return work.session.scalar(
        whole_sessions()
        .where(JagsSession.request_id == request_id, JagsSession.state == SessionState.SCHEDULED)
        .limit(1)
    )


def find_kept_date(work: Work, request_id: uuid.UUID) -> JagsSession | None:
    """Return the arranged session of a request, if it is still to come."""
    session = find_open_session(work, request_id)
    return session if session is not None and session.starts_at > work.now else None


def get_session(work: Work, session_id: uuid.UUID) -> JagsSession:
    """Return a session to a coordinator, or to a facilitator of it.

    Raises `NotFound` for everybody else, and for who is recused from its request.
    """
    row = work.session.execute(
        whole_sessions()
        .join(DataKey, DataKey.id == JagsSession.key_id)
        .where(JagsSession.id == session_id, _seen_by(work.actor))
        .add_columns(*KEY)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such session.")
    work.vault.remember(row)
    session: JagsSession = row[0]
    return session


def this_weeks_sessions(work: Work) -> list[SessionLine]:
    """Return the sessions of the London week of today, Monday to Sunday, arranged or held, that the actor may see.

    One query: the sessions with their facilitators, the keys of their names, and the number of people.
    """
    monday = work.today - timedelta(days=work.today.weekday())
    rows = work.session.execute(
        select(JagsSession, Person, _EXPECTED.label("invited"), *KEY)
        .join(JagsSession.request)
        .outerjoin(SessionFacilitator, SessionFacilitator.session_id == JagsSession.id)
        .outerjoin(Person, Person.id == SessionFacilitator.person_id)
        .outerjoin(DataKey, DataKey.id == Person.key_id)
        .where(
            JagsSession.state.in_([SessionState.SCHEDULED, SessionState.HELD]),
            JagsSession.starts_at >= start_of_day(monday),
            JagsSession.starts_at < start_of_day(monday + timedelta(days=7)),
            visible_to(work.actor),
        )
        .options(contains_eager(JagsSession.request))
        .order_by(JagsSession.starts_at, JagsSession.id, SessionFacilitator.position)
    ).all()
    names: dict[JagsSession, list[str]] = {}
    for row in rows:
        found = names.setdefault(row.JagsSession, [])
        if row.Person is not None:
            work.vault.remember(row)
            found.append(contact_of(work, row.Person).name)
    number = {row.JagsSession: int(row.invited) for row in rows}
    return [
        SessionLine(session, session.request.reference or "", tuple(who), number[session])
        for session, who in names.items()
    ]


def sessions_for_person(work: Work, person_id: uuid.UUID) -> list[SessionLine]:
    """Return the sessions of a facilitator by date: arranged and held ones, but none from which the actor is recused."""
    query = with_people().where(
        JagsSession.facilitators.any(SessionFacilitator.person_id == person_id),
        JagsSession.state.in_([SessionState.SCHEDULED, SessionState.HELD]),
        JagsSession.request_id.not_in(recusals_of(work.actor.person_id)),
    )
    return session_lines(work, query)


def is_facilitator(session: JagsSession, person_id: uuid.UUID | None) -> bool:
    """Tell whether somebody is a facilitator of a session."""
    return person_id is not None and any(f.person_id == person_id for f in session.facilitators)


def present_attendees(session: JagsSession) -> list[Attendee]:
    """Return who is invited and expected now, in order."""
    return [a for a in session.attendees if a.expected]


def place_of(work: Work, session: JagsSession) -> Place:
    """Open where a session is held."""
    return work.vault.open(session, "place", Place)


def place_shown(work: Work, session: JagsSession) -> Place:
    """Return where a session is held, for who goes there: with what is good to know of a known place, as it is today."""
    place = place_of(work, session)
    if session.venue_id is None:
        return place
    notes = details_of(work, get_venue(work, session.venue_id)).notes
    return replace(place, arrangements="\n".join(filter(None, (notes, place.arrangements))))


def appointment_of(work: Work, session: JagsSession) -> Appointment:
    """Return when and where a session is."""
    return Appointment(
        session.wall_start,
        session.minutes,
        # An imported session may have none; it is not moved.
        session.format or SessionFormat.IN_PERSON,
        place_of(work, session),
        session.venue_id,
        session.second_hour,
    )


def learning_of(work: Work, session: JagsSession) -> str:
    """Open the general learning that was recorded of a session; empty when there is none."""
    return work.vault.open(session.record, "learning", Learning).learning if session.record else ""


def with_people() -> Select[JagsSession, int]:
    """Select sessions by date with who holds them, and how many are expected now: what a list or a panel shows."""
    return (
        select(JagsSession, _EXPECTED)
        .options(joinedload(JagsSession.request), joinedload(JagsSession.facilitators))
        .order_by(JagsSession.starts_at, JagsSession.id)
    )


def session_lines(work: Work, query: Select[JagsSession, int]) -> list[SessionLine]:
    """Return the sessions of a query of `with_people` as a list shows them, by two queries."""
    rows = [(session, int(people)) for session, people in work.session.execute(query).unique()]
    names = names_of(work, {f.person_id for session, _ in rows for f in session.facilitators})
    return [
        SessionLine(
            session,
            session.request.reference or "",
            tuple(names[f.person_id] for f in session.facilitators),
            people,
        )
        for session, people in rows
    ]


def whole_sessions() -> Select[JagsSession]:
    """Return the query of sessions with everything that pages of them show, by date."""
    return (
        select(JagsSession)
        .options(
            joinedload(JagsSession.request),
            joinedload(JagsSession.record),
            selectinload(JagsSession.facilitators),
            selectinload(JagsSession.attendees).joinedload(Attendee.member).joinedload(NetworkMember.agency),
            selectinload(JagsSession.attendance).joinedload(AgencyAttendance.agency),
        )
        .order_by(JagsSession.starts_at, JagsSession.id)
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for sessions that an actor may see: those they hold, and those that they arrange."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    seen: list[ColumnElement[bool]] = []
    if actor.person_id is not None:
        holds = JagsSession.facilitators.any(SessionFacilitator.person_id == actor.person_id)
        seen.append(holds & JagsSession.request_id.not_in(recusals_of(actor.person_id)))
    if actor.can(Permission.SESSION_ARRANGE):
        seen.append(JagsSession.request.has(visible_to(actor)))
    return or_(false(), *seen)
