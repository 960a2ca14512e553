"""Read who holds and who attends a session, each as those who look may see them."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from jags.accounts.policy import require
from jags.accounts.queries import contact_of, people_of
from jags.accounts.rules import Permission
from jags.kernel.errors import NotFound
from jags.kernel.time import date_in_words, london_date
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request
from jags.requests.queries import contact_of as contact_of_requester
from jags.requests.queries import lead_professional, members
from jags.requests.rules import NetworkContact
from jags.scheduling.model import AccessNeed, Attendee, CalendarAnswer, JagsSession
from jags.scheduling.queries.sessions import present_attendees, whole_sessions
from jags.scheduling.rules import AccessNeeds, ApologyReason, CalendarReply, Named, SessionState

_CALENDAR_SAYS = {
    CalendarReply.ACCEPTED: "Their calendar accepted",
    CalendarReply.TENTATIVE: "Their calendar says perhaps",
    CalendarReply.DECLINED: "Their calendar says that they cannot come",
}


@dataclass(frozen=True)
class PersonLine:
    """Somebody of the network, or a facilitator, as a page shows them."""

    id: uuid.UUID
    name: str
    role: str
    agency: str
    email: str = ""
    phone: str = ""


def apologies(work: Work, session: JagsSession) -> list[tuple[PersonLine, ApologyReason | None]]:
    """Return who has said that they cannot come, and why."""
    sent = [a for a in session.attendees if a.apologised_at is not None and a.removed_at is None]
    work.vault.prefetch([a.member for a in sent])
    return [(_member_line(work, a.member), a.apology_reason) for a in sent]


def stand_ins_waiting(work: Work, session: JagsSession) -> list[PersonLine]:
    """Return who was named to come instead of somebody, and is not invited until a coordinator has decided."""
    waiting = [a for a in session.attendees if a.waits_since is not None and a.removed_at is None]
    work.vault.prefetch([a.member for a in waiting])
    return [_member_line(work, a.member) for a in waiting]


def find_access_need(work: Work, member_id: uuid.UUID) -> AccessNeed | None:
    """Return what somebody needs so that they can take part, as a sealed row, if they have said it."""
    return work.session.scalar(select(AccessNeed).where(AccessNeed.member_id == member_id))


def own_access_need(work: Work, member_id: uuid.UUID) -> str:
    """Return what somebody has said that they need, for themselves."""
    row = find_access_need(work, member_id)
    return work.vault.open(row, "need", AccessNeeds).text if row else ""


def access_needs(work: Work, session: JagsSession) -> list[tuple[str, str]]:
    """Return the names and needs of who is expected, for those who arrange the room and nobody else."""
    require(work.actor, Permission.SESSION_ARRANGE)
    expected = {a.member_id: a.member for a in present_attendees(session)}
    rows = work.session.scalars(
        select(AccessNeed).where(AccessNeed.member_id.in_(expected)).order_by(AccessNeed.id)
    ).all()
    needs = {row.member_id: work.vault.open(row, "need", AccessNeeds).text for row in rows}
    return [(_member_line(work, m).name, needs[key]) for key, m in expected.items() if key in needs]


def attendees(work: Work, session: JagsSession) -> list[PersonLine]:
    """Return who is invited now, with how to reach them; for those who arrange and hold the session."""
    invited = present_attendees(session)
    work.vault.prefetch([a.member for a in invited])
    return [_member_line(work, a.member) for a in invited]


def facilitators(work: Work, session: JagsSession) -> list[PersonLine]:
    """Return the facilitators of a session, with how to reach them."""
    lines = []
    people = people_of(work, [held.person_id for held in session.facilitators])
    for held in session.facilitators:
        person = people[held.person_id]
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
        open_now = attendee.member.show_name or work.today >= session.wall_start.date()
        shown = line.name if open_now else "Name not shown before the day"
        lines.append(PersonLine(line.id, shown, line.role, line.agency))
    return lines


def invitable(work: Work, request: Request) -> list[PersonLine]:
    """Return the people around the child who can be invited: the lead professional first, then the network."""
    lead = lead_professional(work, request)
    found = [*([lead] if lead else []), *members(work, request)]
    return [_line(member, contact) for member, contact in found]


def find_requester_member(work: Work, request: Request) -> uuid.UUID | None:
    """Return the member of the network who has the requester's name and address, if there is one."""
    lead = lead_professional(work, request)
    found = [member for member, _ in [*([lead] if lead else []), *members(work, request)]]
    return next((member.id for member in found if is_requester(work, request, member)), None)


def is_requester(work: Work, request: Request, member: NetworkMember) -> bool:
    """Tell whether a member of the network is the requester: the name and the address are theirs."""
    asked = contact_of_requester(work, request)
    contact = work.vault.open(member, "contact", NetworkContact)
    theirs, same = (contact.called, contact.email), (asked.name, asked.email)
    # A mailbox may be shared, so an address alone says nothing.
    return bool(contact.called) and [one.casefold() for one in theirs] == [one.casefold() for one in same]


def requester_to_add(work: Work, request: Request) -> PersonLine | None:
    """Return the requester as somebody who could be invited, or None when they are in the network already."""
    if find_requester_member(work, request) is not None:
        return None
    asked = contact_of_requester(work, request)
    return PersonLine(request.id, asked.name, asked.role, _agency_of(request), asked.email, asked.phone)


def session_of_member(work: Work, member_id: uuid.UUID) -> tuple[JagsSession, Attendee]:
    """Return the latest session to which somebody was invited, and how they stand in it.

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
    session = work.session.scalars(whole_sessions().where(JagsSession.id == attendee.session_id)).one()
    return session, attendee


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


def calendar_answers(work: Work, session: JagsSession) -> dict[uuid.UUID, str]:
    """Return by person or member what their calendar answered to the entry of a session, in words."""
    rows = work.session.scalars(
        select(CalendarAnswer)
        .where(CalendarAnswer.session_id == session.id)
        .order_by(CalendarAnswer.invitee_id)
    )
    return {
        row.invitee_id: f"{_CALENDAR_SAYS[row.answer]} ({date_in_words(london_date(row.answered_at))}"
        f"{', before the last change' if row.sequence < session.calendar_sequence else ''})"
        for row in rows
    }


def _member_line(work: Work, member: NetworkMember) -> PersonLine:
    return _line(member, work.vault.open(member, "contact", NetworkContact))


def _line(member: NetworkMember, contact: NetworkContact) -> PersonLine:
    agency = _agency_of(member)
    return PersonLine(member.id, contact.shown(agency), contact.role, agency, contact.email, contact.phone)


def _agency_of(holder: Request | InvolvedAgency | NetworkMember) -> str:
    return holder.agency.name if holder.agency else holder.agency_typed
