"""Set the date of a session, move it, and change who is invited, keeping everybody's calendar entry true."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from jags.allocation.queries import agreed_facilitators
from jags.facilitators.rules import BookingKind
from jags.facilitators.service import book, unbook
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import from_wall
from jags.kernel.work import Work
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import agency_name, contact_of, get_request, lead_professional, members
from jags.requests.rules import NetworkContact, State, Verb
from jags.requests.service import SomebodyInvolved, add_member, move_request
from jags.scheduling.model import Attendee, JagsSession, SessionFacilitator
from jags.scheduling.policy import require_arrange
from jags.scheduling.queries import (
    find_open_session,
    find_requester_member,
    get_session,
    place_of,
    present_attendees,
)
from jags.scheduling.rules import Place, SessionFormat, SessionState
from jags.scheduling.service.messages import (
    call_off,
    everybody,
    invited_facilitators,
    invited_members,
    send_invitations,
    tell_of_change,
)
from jags.settings.queries import partnership

_NOT_EXPECTED = "You are no longer expected at this JAGS session, and we have taken it out of your calendar."
_NOTHING_TO_DO = "You do not need to do anything."


def schedule_session(
    work: Work,
    request_id: uuid.UUID,
    *,
    wall_start: datetime,
    minutes: int,
    format: SessionFormat,  # noqa: A002 - The domain's own word for it.
    place: Place,
    member_ids: Sequence[uuid.UUID],
    version: int,
) -> JagsSession:
    """Set the date of a request whose two facilitators have agreed, book their time and invite everybody.

    `wall_start` is naive London time. A date that was kept while a facilitator was found again is updated: its calendar
    entry stays the same one. Raises `Invalid` (with its field), `Stale`, `MoveNotPossible`, and `FacilitatorAlreadyBooked`
    when either facilitator's time, with preparation and debrief, is taken.
    """
    require_arrange(work.actor)
    request = get_request(work, request_id)
    request.expect(version)
    if request.paused:
        raise MoveNotPossible(
            "Everything about this request is paused. Lift the pause before you set a date."
        )
    pair = agreed_facilitators(work, request.id)
    if request.state is not State.FACILITATORS_AGREED or len(pair) != 2:  # noqa: PLR2004 - A JAGS has two facilitators.
        raise MoveNotPossible("A date can be set when both facilitators have agreed.")
    invited = _chosen(work, request, member_ids)
    starts_at = _checked(work, wall_start=wall_start, minutes=minutes, format_=format, place=place)
    session = find_open_session(work, request.id)
    kept = session is not None
    if session is None:
        session = _new_session(work, request)
    else:
        session.calendar_sequence += 1
    _set_date(
        work,
        session,
        starts_at=starts_at,
        wall_start=wall_start,
        minutes=minutes,
        format_=format,
        place=place,
    )
    work.session.add(session)
    work.session.flush()
    _set_facilitators(work, session, pair)
    _set_attendees(work, session, invited, tell_stayers=kept)
    move_request(work, request, Verb.SCHEDULE)
    work.record("session:scheduled", session.id, request=str(request.id), sequence=session.calendar_sequence)
    return session


def move_session(
    work: Work,
    session_id: uuid.UUID,
    *,
    wall_start: datetime,
    minutes: int,
    format: SessionFormat,  # noqa: A002 - The domain's own word for it.
    place: Place,
    version: int,
) -> JagsSession:
    """Change date, time, length or place; everybody gets one update of the same calendar entry.

    Nothing happens when nothing changed. Raises as `schedule_session`.
    """
    session = open_for_change(work, session_id, version)
    same_time = (session.wall_start, session.minutes) == (wall_start, minutes)
    if same_time and session.format is format and place_of(work, session) == place:
        return session
    starts_at = _checked(work, wall_start=wall_start, minutes=minutes, format_=format, place=place)
    _set_date(
        work,
        session,
        starts_at=starts_at,
        wall_start=wall_start,
        minutes=minutes,
        format_=format,
        place=place,
    )
    session.calendar_sequence += 1
    if not same_time:
        book_facilitators(work, session)
    tell_of_change(work, session, everybody(work, session))
    work.record(
        "session:changed", session.id, request=str(session.request_id), sequence=session.calendar_sequence
    )
    return session


def change_participants(
    work: Work, session_id: uuid.UUID, *, member_ids: Sequence[uuid.UUID], version: int
) -> JagsSession:
    """Invite exactly these members of the network: new ones get an invitation, removed ones their own cancellation.

    Raises `Invalid` for nobody or somebody of another network, and `Stale`.
    """
    session = open_for_change(work, session_id, version)
    invited = _chosen(work, session.request, member_ids)
    if {m.id for m in invited} == {a.member_id for a in present_attendees(session)}:
        return session
    session.calendar_sequence += 1
    _set_attendees(work, session, invited, tell_stayers=False)
    return session


def member_of_requester(work: Work, request_id: uuid.UUID, *, version: int) -> uuid.UUID:
    """Return the member of the network who is the requester, added when they are not in it yet."""
    request = get_request(work, request_id)
    known = find_requester_member(work, request)
    if known is not None:
        return known
    contact = contact_of(work, request)
    person = SomebodyInvolved(
        NetworkContact(contact.name, contact.role, contact.team, contact.email, contact.phone),
        agency_name(request),
    )
    return add_member(work, request_id, person=person, version=version).id


def open_for_change(work: Work, session_id: uuid.UUID, version: int) -> JagsSession:
    """Return an arranged session that a coordinator may change; raises `MoveNotPossible`, `NotFound` or `Stale`."""
    require_arrange(work.actor)
    session = get_session(work, session_id)
    session.expect(version)
    if session.state is not SessionState.SCHEDULED:
        raise MoveNotPossible("This session is not arranged any more, so it cannot be changed.")
    return session


def book_facilitators(work: Work, session: JagsSession) -> None:
    """Book the facilitators' time afresh: preparation, the session and the debrief.

    Raises `FacilitatorAlreadyBooked`.
    """
    settings = partnership(work)
    unbook(work, session.id)
    starts_at = session.starts_at - timedelta(minutes=settings.preparation_minutes)
    ends_at = session.starts_at + timedelta(minutes=session.minutes + settings.debrief_minutes)
    # In the order of their ids, so that two bookers never wait for each other.
    for held in sorted(session.facilitators, key=lambda f: f.person_id):
        book(
            work,
            held.person_id,
            starts_at=starts_at,
            ends_at=ends_at,
            kind=BookingKind.SESSION,
            ref=session.id,
        )


def _new_session(work: Work, request: Request) -> JagsSession:
    session = JagsSession(
        key_id=request.key_id, request_id=request.id, state=SessionState.SCHEDULED, calendar_sequence=0
    )
    session.request = request
    session.calendar_uid = f"{uuid.uuid4()}@{partnership(work).email.rpartition('@')[2]}"
    return session


def _set_date(
    work: Work,
    session: JagsSession,
    *,
    starts_at: datetime,
    wall_start: datetime,
    minutes: int,
    format_: SessionFormat,
    place: Place,
) -> None:
    session.starts_at, session.wall_start = starts_at, wall_start
    session.minutes, session.format = minutes, format_
    work.vault.seal(session, "place", place)


def _set_facilitators(work: Work, session: JagsSession, pair: Sequence[uuid.UUID]) -> None:
    before = [f.person_id for f in session.facilitators]
    leaving = [p for p in before if p not in pair]
    session.facilitators = [f for f in session.facilitators if f.person_id in pair]
    for person_id in pair:
        if person_id not in before:
            session.facilitators.append(SessionFacilitator(person_id=person_id, position=0))
    for held in session.facilitators:
        held.position = list(pair).index(held.person_id)
    work.session.flush()
    book_facilitators(work, session)
    call_off(work, session, invited_facilitators(work, leaving), what=_NOT_EXPECTED, what_next=_NOTHING_TO_DO)
    tell_of_change(work, session, invited_facilitators(work, [p for p in pair if p in before]))
    send_invitations(work, session, invited_facilitators(work, [p for p in pair if p not in before]))


def _set_attendees(
    work: Work, session: JagsSession, invited: Sequence[NetworkMember], *, tell_stayers: bool
) -> None:
    wanted = {m.id for m in invited}
    known = {a.member_id: a for a in session.attendees}
    present = {a.member_id for a in present_attendees(session)}
    leaving = [a.member for a in present_attendees(session) if a.member_id not in wanted]
    coming = [m for m in invited if m.id not in present]
    staying = [m for m in invited if m.id in present]
    for member in leaving:
        known[member.id].removed_at = work.now
    for member in coming:
        if member.id in known:
            known[member.id].removed_at, known[member.id].invited_at = None, work.now
        else:
            position = 1 + max((a.position for a in session.attendees), default=-1)
            session.attendees.append(
                Attendee(member=member, member_id=member.id, position=position, invited_at=work.now)
            )
    work.session.flush()
    call_off(work, session, invited_members(work, leaving), what=_NOT_EXPECTED, what_next=_NOTHING_TO_DO)
    send_invitations(work, session, invited_members(work, coming))
    if tell_stayers:
        tell_of_change(work, session, invited_members(work, staying))
    for change, number in (("added", len(coming)), ("removed", len(leaving))):
        if number and present:
            work.record("session:participants_changed", session.id, change=change)


def _chosen(work: Work, request: Request, member_ids: Iterable[uuid.UUID]) -> list[NetworkMember]:
    lead = lead_professional(work, request)
    invitable = {m.id: m for m, _ in [*([lead] if lead else []), *members(work, request)]}
    wanted = list(dict.fromkeys(member_ids))
    if not wanted:
        raise Invalid("Select at least one person to invite.", field="member_ids")
    if not invitable.keys() >= set(wanted):
        raise Invalid(
            "Select people from this list. Somebody has been taken off it since.", field="member_ids"
        )
    return [m for m in invitable.values() if m.id in wanted]


def _checked(
    work: Work, *, wall_start: datetime, minutes: int, format_: SessionFormat, place: Place
) -> datetime:
    """Return the instant of a date that can be arranged; raises `Invalid` at the field that needs another look."""
    settings = partnership(work)
    least, most = settings.session_minutes_least, settings.session_minutes_most
    if not least <= minutes <= most:
        raise Invalid(f"Enter a length between {least} and {most} minutes.", field="minutes")
    try:
        starts_at = from_wall(wall_start)
    except Invalid as error:
        raise Invalid(str(error), field="start_time") from error
    if starts_at <= work.now:
        raise Invalid("Enter a date and time in the future.", field="day")
    if format_ is not SessionFormat.ONLINE and not place.venue:
        raise Invalid("Enter where people meet.", field="venue")
    if format_ is not SessionFormat.IN_PERSON and not place.online_link:
        raise Invalid("Enter the address of the online meeting.", field="online_link")
    if place.online_link and not _is_web_address(place.online_link):
        raise Invalid("Enter an address that begins with https://.", field="online_link")
    return starts_at


def _is_web_address(text: str) -> bool:
    if any(c.isspace() for c in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
