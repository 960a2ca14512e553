"""Read sessions, who holds and attends them, and what the pages of a request show of its date."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of, is_recused, names_of, recusals_of
from jags.accounts.rules import Permission
from jags.allocation.queries import agreed_facilitators
from jags.facilitators.queries import free_slots, not_current_on
from jags.facilitators.rules import HALF_DAYS, slot_day
from jags.kernel.actor import ActorKind
from jags.kernel.errors import NotFound
from jags.kernel.time import london_date, start_of_day
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request
from jags.requests.queries import contact_of as contact_of_requester
from jags.requests.queries import lead_professional, members, visible_to
from jags.requests.rules import NetworkContact, State
from jags.scheduling.model import AgencyAttendance, Attendee, JagsSession, SessionFacilitator
from jags.scheduling.rules import Learning, Named, Place, SessionState
from jags.settings.queries import partnership


@dataclass(frozen=True)
class PersonLine:
    """Somebody of the network, or a facilitator, as a page shows them."""

    id: uuid.UUID
    name: str
    role: str
    agency: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class SessionLine:
    """One session in a list."""

    session: JagsSession
    reference: str
    facilitators: tuple[str, ...]
    people: int


@dataclass(frozen=True)
class Panel:
    """What the page of a request shows of its date: preparation, the session that is arranged, earlier dates."""

    request: Request
    session: JagsSession | None
    place: Place
    facilitators: tuple[str, ...]
    # Those of them whose training is not valid on the day of an arranged session.
    not_current: tuple[str, ...]
    people: int
    earlier: tuple[JagsSession, ...]
    started: bool

    @property
    def may_note_preparation(self) -> bool:
        """Tell whether the day of the preparing conversation can be noted now."""
        return self.request.state in {State.FACILITATORS_AGREED, State.SCHEDULED}

    @property
    def may_set_date(self) -> bool:
        """Tell whether a date can be set, or a kept one confirmed, now."""
        return self.request.state is State.FACILITATORS_AGREED and not self.request.paused

    @property
    def kept(self) -> bool:
        """Tell whether a date is kept through a change of facilitator, and not confirmed yet."""
        return (
            self.session is not None
            and self.session.state is SessionState.SCHEDULED
            and self.request.state is not State.SCHEDULED
        )


@dataclass(frozen=True)
class CommonTime:
    """Half-days that suit a pair: each a date, and whether it is the morning; and who has to be asked instead."""

    half_days: tuple[tuple[date, bool], ...]
    ask: tuple[str, ...]
    # False when nobody has recorded when they are free.
    compared: bool


# How far a page that sets a date looks ahead, and how many half-days it names.
_LOOKED_AHEAD = timedelta(weeks=8)
_HALF_DAYS_SHOWN = 12
_INVITED = (
    select(func.count())
    .where(Attendee.session_id == JagsSession.id, Attendee.removed_at.is_(None))
    .correlate(JagsSession)
    .scalar_subquery()
)


def sessions_of(work: Work, request_id: uuid.UUID) -> Sequence[JagsSession]:
    """Return all sessions of a request, by date."""
    return work.session.scalars(_whole().where(JagsSession.request_id == request_id)).all()


def find_open_session(work: Work, request_id: uuid.UUID) -> JagsSession | None:
    """Return the arranged session of a request, if there is one."""
    return work.session.scalar(
        _whole()
        .where(JagsSession.request_id == request_id, JagsSession.state == SessionState.SCHEDULED)
        .limit(1)
    )


def get_session(work: Work, session_id: uuid.UUID) -> JagsSession:
    """Return a session to a coordinator, or to a facilitator of it.

    Raises `NotFound` for everybody else, and for who is recused from its request.
    """
    session = work.session.scalar(_whole().where(JagsSession.id == session_id))
    if session is None or not _may_see(work, session):
        raise NotFound("There is no such session.")
    return session


def this_weeks_sessions(work: Work) -> list[SessionLine]:
    """Return the sessions of the London week of today, Monday to Sunday, arranged or held, that the actor may see.

    Two queries: the sessions with their facilitators and the number of people, and the keys of the names.
    """
    monday = work.today - timedelta(days=work.today.weekday())
    rows = work.session.execute(
        select(JagsSession, Person, _INVITED)
        .join(JagsSession.request)
        .outerjoin(SessionFacilitator, SessionFacilitator.session_id == JagsSession.id)
        .outerjoin(Person, Person.id == SessionFacilitator.person_id)
        .where(
            JagsSession.state.in_([SessionState.SCHEDULED, SessionState.HELD]),
            JagsSession.starts_at >= start_of_day(monday),
            JagsSession.starts_at < start_of_day(monday + timedelta(days=7)),
            visible_to(work.actor),
        )
        .options(contains_eager(JagsSession.request))
        .order_by(JagsSession.starts_at, JagsSession.id, SessionFacilitator.position)
    ).all()
    work.vault.prefetch(person for _, person, _ in rows if person)
    names: dict[JagsSession, list[str]] = {}
    for session, person, _ in rows:
        names.setdefault(session, []).extend([contact_of(work, person).name] if person else [])
    number = {session: int(invited) for session, _, invited in rows}
    return [
        SessionLine(session, session.request.reference or "", tuple(found), number[session])
        for session, found in names.items()
    ]


def sessions_for_person(work: Work, person_id: uuid.UUID) -> list[SessionLine]:
    """Return the sessions of a facilitator by date: arranged and held ones, but none from which the actor is recused."""
    query = _with_people().where(
        JagsSession.facilitators.any(SessionFacilitator.person_id == person_id),
        JagsSession.state.in_([SessionState.SCHEDULED, SessionState.HELD]),
        JagsSession.request_id.not_in(recusals_of(work.actor.person_id)),
    )
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


def is_facilitator(session: JagsSession, person_id: uuid.UUID | None) -> bool:
    """Tell whether somebody is a facilitator of a session."""
    return person_id is not None and any(f.person_id == person_id for f in session.facilitators)


def place_of(work: Work, session: JagsSession) -> Place:
    """Open where a session is held."""
    return work.vault.open(session, "place", Place)


def learning_of(work: Work, session: JagsSession) -> str:
    """Open the general learning that was recorded of a session; empty when there is none."""
    return work.vault.open(session.record, "learning", Learning).learning if session.record else ""


def present_attendees(session: JagsSession) -> list[Attendee]:
    """Return who is invited now, in order."""
    return [a for a in session.attendees if a.removed_at is None]


def attendees(work: Work, session: JagsSession) -> list[PersonLine]:
    """Return who is invited now, with how to reach them; for those who arrange and hold the session."""
    invited = present_attendees(session)
    work.vault.prefetch([a.member for a in invited])
    return [_member_line(work, a.member) for a in invited]


def facilitators(work: Work, session: JagsSession) -> list[PersonLine]:
    """Return the facilitators of a session, with how to reach them."""
    lines = []
    for held in session.facilitators:
        person = work.session.get_one(Person, held.person_id)
        contact = contact_of(work, person)
        agency = person.agency.name if person.agency else ""
        lines.append(
            PersonLine(person.id, contact.name, person.job_title, agency, contact.email, contact.phone)
        )
    return lines


def named_facilitators(work: Work, session: JagsSession) -> tuple[str, ...]:
    """Return the names of facilitators of an imported session who are not in the pool."""
    return work.vault.open(session, "named", Named).names


def who_is_coming(work: Work, session: JagsSession) -> list[PersonLine]:
    """Return the participants as other participants see them: no address, and no name where it is not to be shown."""
    lines = []
    for attendee in present_attendees(session):
        line = _member_line(work, attendee.member)
        shown = line.name if attendee.member.show_name else "Name not shown before the day"
        lines.append(PersonLine(line.id, shown, line.role, line.agency))
    return lines


def invitable(work: Work, request: Request) -> list[PersonLine]:
    """Return the people around the child who can be invited: the lead professional first, then the network."""
    lead = lead_professional(work, request)
    found = [*([lead] if lead else []), *members(work, request)]
    return [_line(member, contact) for member, contact in found]


def find_requester_member(work: Work, request: Request) -> uuid.UUID | None:
    """Return the member of the network who has the requester's name and address, if there is one."""
    asked = contact_of_requester(work, request)
    for line in invitable(work, request):
        if (line.name.casefold(), line.email.casefold()) == (asked.name.casefold(), asked.email.casefold()):
            return line.id
    return None


def requester_to_add(work: Work, request: Request) -> PersonLine | None:
    """Return the requester as somebody who could be invited, or None when they are in the network already."""
    if find_requester_member(work, request) is not None:
        return None
    asked = contact_of_requester(work, request)
    return PersonLine(request.id, asked.name, asked.role, _agency_of(request), asked.email, asked.phone)


def session_of_member(work: Work, member_id: uuid.UUID) -> tuple[JagsSession, bool]:
    """Return the latest session to which somebody was invited, and whether they are still expected.

    Raises `NotFound` when they were never invited.
    """
    attendee = work.session.scalar(
        select(Attendee)
        .join(Attendee.session)
        .where(Attendee.member_id == member_id)
        .order_by((JagsSession.state == SessionState.SCHEDULED).desc(), JagsSession.starts_at.desc())
        .limit(1)
    )
    if attendee is None:
        raise NotFound("There is no session for this link.")
    session = work.session.scalars(_whole().where(JagsSession.id == attendee.session_id)).one()
    return session, attendee.removed_at is None


def agencies_of_network(session: JagsSession) -> list[tuple[uuid.UUID | None, str]]:
    """Return the agencies that might have taken part, each once: who asked, who is involved, who is invited.

    A pair is the agency's id and name, or None and the name as typed; in alphabetical order.
    """
    request = session.request
    rows: dict[str, tuple[uuid.UUID | None, str]] = {}
    holders: list[Request | InvolvedAgency | NetworkMember] = [request, *request.involved]
    holders += [a.member for a in present_attendees(session)]
    for holder in holders:
        name = _agency_of(holder)
        if name:
            rows.setdefault(str(holder.agency_id or name.casefold()), (holder.agency_id, name))
    return sorted(rows.values(), key=lambda row: row[1].casefold())


def panel(work: Work, request: Request) -> Panel:
    """Return what the page of a request shows of its date."""
    rows = work.session.execute(_with_people().where(JagsSession.request_id == request.id))
    invited: dict[JagsSession, int] = {held: int(people) for held, people in rows.unique()}
    found = list(invited)
    session = next((s for s in found if s.state is SessionState.SCHEDULED), None)
    session = session or next((s for s in reversed(found) if s.state is SessionState.HELD), None)
    names = names_of(work, [f.person_id for f in session.facilitators]) if session else {}
    lapsed: frozenset[uuid.UUID] = frozenset()
    if session and session.state is SessionState.SCHEDULED:
        lapsed = not_current_on(work, names, london_date(session.starts_at))
    return Panel(
        request=request,
        session=session,
        place=place_of(work, session) if session else Place(),
        facilitators=tuple(names[f.person_id] for f in session.facilitators) if session else (),
        not_current=tuple(name for person_id, name in names.items() if person_id in lapsed),
        people=invited[session] if session else 0,
        earlier=tuple(s for s in found if s is not session),
        started=session is not None and session.starts_at <= work.now,
    )


def common_half_days(work: Work, request: Request) -> CommonTime:
    """Return when both agreed facilitators are free for preparation, session and debrief, from tomorrow on.

    Who has recorded no availability is named instead: only the others' half-days are compared.
    """
    settings = partnership(work)
    pair = agreed_facilitators(work, request.id)
    first_day, last_day = work.today + timedelta(days=1), work.today + _LOOKED_AHEAD
    length = settings.preparation_minutes + settings.session_minutes + settings.debrief_minutes
    slots = free_slots(work, pair, first_day=first_day, last_day=last_day, minutes=length)
    recorded = [free for free in slots.values() if free is not None]
    shared = sorted(frozenset.intersection(*recorded)) if recorded else []
    names = names_of(work, pair)
    return CommonTime(
        tuple((slot_day(first_day, n), n % len(HALF_DAYS) == 0) for n in shared[:_HALF_DAYS_SHOWN]),
        tuple(names[person_id] for person_id in pair if slots[person_id] is None),
        compared=bool(recorded),
    )


def _with_people() -> Select[JagsSession, int]:
    """Select sessions by date with who holds them, and how many are invited now: what a list or a panel shows."""
    return (
        select(JagsSession, _INVITED)
        .options(joinedload(JagsSession.request), joinedload(JagsSession.facilitators))
        .order_by(JagsSession.starts_at, JagsSession.id)
    )


def _whole() -> Select[JagsSession]:
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


def _may_see(work: Work, session: JagsSession) -> bool:
    if work.actor.kind is ActorKind.SYSTEM:
        return True
    person_id = work.actor.person_id
    if is_facilitator(session, person_id):
        return not is_recused(work, person_id, session.request_id)
    seen = select(Request.id).where(Request.id == session.request_id, visible_to(work.actor))
    return work.actor.can(Permission.SESSION_ARRANGE) and work.session.scalar(seen) is not None


def _member_line(work: Work, member: NetworkMember) -> PersonLine:
    return _line(member, work.vault.open(member, "contact", NetworkContact))


def _line(member: NetworkMember, contact: NetworkContact) -> PersonLine:
    return PersonLine(member.id, contact.name, contact.role, _agency_of(member), contact.email, contact.phone)


def _agency_of(holder: Request | InvolvedAgency | NetworkMember) -> str:
    return holder.agency.name if holder.agency else holder.agency_typed
