"""Set the date of a session, move it, and change who is invited, keeping everybody's calendar entry true."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from jags.allocation.queries import agreed_facilitators
from jags.allocation.service import what_stands_against
from jags.facilitators.rules import BookingKind, Span
from jags.facilitators.service import book, unbook
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import day_in_words, from_wall, london_date, time_in_words
from jags.kernel.work import Work
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import agency_name, contact_of, get_request, lead_professional, members
from jags.requests.rules import NetworkContact, State, Verb, is_working_day
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
from jags.scheduling.rules import (
    EARLIEST_START,
    FURTHEST_AHEAD,
    LATEST_START,
    Place,
    SessionFormat,
    SessionState,
    check_place,
)
from jags.scheduling.service.messages import (
    call_off,
    everybody,
    invited_facilitators,
    invited_members,
    send_invitations,
    tell_of_change,
)
from jags.settings.queries import partnership

NOT_EXPECTED = "You are no longer expected at this JAGS session, and we have taken it out of your calendar."
NOTHING_TO_DO = "You do not need to do anything."


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
    unusual_day_ok: bool = False,
) -> JagsSession:
    """Set the date of a request whose two facilitators have agreed, book their time and invite everybody.

    `wall_start` is naive London time; a weekend or bank holiday needs `unusual_day_ok`. A date that was kept while a
    facilitator was found again is updated: its calendar entry stays the same one. Raises `Invalid` (with its field;
    the day, when these two may not hold it then), `Stale`, `MoveNotPossible`, and `FacilitatorAlreadyBooked` when
    either facilitator's time, with preparation and debrief, is taken.
    """
    require_arrange(work.actor)
    request = get_request(work, request_id)
    request.expect(version)
    request.expect_unpaused()
    pair = agreed_facilitators(work, request.id)
    if request.state is not State.FACILITATORS_AGREED or len(pair) != 2:  # noqa: PLR2004 - A JAGS has two facilitators.
        raise MoveNotPossible(_why_no_date(work, request))
    invited = _chosen(work, request, member_ids)
    starts_at = _checked(work, wall_start=wall_start, minutes=minutes, format_=format, place=place)
    _check_day(wall_start, unusual_day_ok=unusual_day_ok)
    _check_pair(work, request, pair, starts_at)
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
    set_facilitators(work, session, pair, tell_stayers=True)
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
    unusual_day_ok: bool = False,
) -> JagsSession:
    """Change date, time, length or place; everybody gets one update of the same calendar entry.

    Nothing happens when nothing changed. Raises as `schedule_session`.
    """
    session = open_for_change(work, session_id, version)
    session.request.expect_unpaused()
    same_time = (session.wall_start, session.minutes) == (wall_start, minutes)
    if same_time and session.format is format and place_of(work, session) == place:
        return session
    starts_at = _checked(work, wall_start=wall_start, minutes=minutes, format_=format, place=place)
    if wall_start.date() != session.wall_start.date():
        _check_day(wall_start, unusual_day_ok=unusual_day_ok)
    if not same_time:
        _check_pair(work, session.request, [f.person_id for f in session.facilitators], starts_at)
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

    Raises `Invalid` for nobody or somebody of another network, `MoveNotPossible` while everything is paused, and `Stale`.
    """
    session = open_for_change(work, session_id, version)
    session.request.expect_unpaused()
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
    unbook(work, session.id)
    time = time_of_facilitators(work, session)
    # In the order of their ids, so that two bookers never wait for each other.
    for held in sorted(session.facilitators, key=lambda f: f.person_id):
        book(
            work,
            held.person_id,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            kind=BookingKind.SESSION,
            ref=session.id,
        )


def time_of_facilitators(work: Work, session: JagsSession) -> Span:
    """Return what a session takes of its facilitators' time: preparation, the session and the debrief."""
    settings = partnership(work)
    return Span(
        session.starts_at - timedelta(minutes=settings.preparation_minutes),
        session.starts_at + timedelta(minutes=session.minutes + settings.debrief_minutes),
    )


def _check_pair(work: Work, request: Request, pair: Sequence[uuid.UUID], starts_at: datetime) -> None:
    day = london_date(starts_at)
    against = what_stands_against(work, request, pair, on=day)
    if against:
        raise Invalid(
            f"The facilitators cannot hold it on {day_in_words(day)} ({'; '.join(against)}). Choose another day, put right "
            "what is recorded of them, or note that one of them steps back and find somebody else.",
            field="day",
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


def set_facilitators(
    work: Work, session: JagsSession, pair: Sequence[uuid.UUID], *, tell_stayers: bool
) -> None:
    """Put a session into the hands of a pair: their time, invitations for who is new, a cancellation for who is not in it.

    Raises `FacilitatorAlreadyBooked`.
    """
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
    call_off(work, session, invited_facilitators(work, leaving), what=NOT_EXPECTED, what_next=NOTHING_TO_DO)
    if tell_stayers:
        tell_of_change(work, session, invited_facilitators(work, [p for p in pair if p in before]))
    send_invitations(work, session, invited_facilitators(work, [p for p in pair if p not in before]))


def release_facilitator(
    work: Work, session: JagsSession, person_id: uuid.UUID, *, what: str, what_next: str
) -> None:
    """Take a facilitator out of a session whose date is kept: their time is free, their calendar entry goes."""
    session.facilitators = [f for f in session.facilitators if f.person_id != person_id]
    session.calendar_sequence += 1
    unbook(work, session.id, person_id=person_id)
    call_off(work, session, invited_facilitators(work, [person_id]), what=what, what_next=what_next)
    work.record(
        "session:changed", session.id, request=str(session.request_id), sequence=session.calendar_sequence
    )


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
    call_off(work, session, invited_members(work, leaving), what=NOT_EXPECTED, what_next=NOTHING_TO_DO)
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
    if starts_at > work.now + FURTHEST_AHEAD:
        raise Invalid("Enter a date within the next year. Is the year right?", field="day")
    if not EARLIEST_START <= wall_start.time() <= LATEST_START:
        raise Invalid(
            "Enter a start time between 8am and 8pm. Is it morning or afternoon?", field="start_time"
        )
    check_place(format_, place)
    return starts_at


def _check_day(wall_start: datetime, *, unusual_day_ok: bool) -> None:
    """Ask once more for a day on which most people do not work; raises `Invalid`."""
    day = wall_start.date()
    if not is_working_day(day) and not unusual_day_ok:
        raise Invalid(
            f"{day_in_words(day)} is a weekend or a bank holiday. Change the date, or tick that it is meant.",
            field="unusual_day_ok",
        )


def _why_no_date(work: Work, request: Request) -> str:
    session = find_open_session(work, request.id)
    if session is None or request.state is not State.SCHEDULED:
        return "A date can be set when both facilitators have agreed."
    when = f"{day_in_words(session.wall_start.date())} at {time_in_words(session.wall_start)}"
    return f"There is a date already: {when}. To change it, open the session from the page of the request."
