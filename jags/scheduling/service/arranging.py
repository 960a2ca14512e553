"""Set the date of a session and move it, keeping everybody's calendar entry true."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from jags.allocation.queries import agreed_facilitators
from jags.facilitators.service import release
from jags.kernel.errors import MoveNotPossible
from jags.kernel.time import day_in_words, time_in_words
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import State, Verb
from jags.requests.service import move_request
from jags.scheduling.model import JagsSession, SessionFacilitator
from jags.scheduling.policy import require_arrange
from jags.scheduling.queries import appointment_of, find_open_session
from jags.scheduling.rules import Appointment, Outcome, SessionState
from jags.scheduling.service.checking import (
    check_appointment,
    check_day,
    check_pair,
    open_for_change,
    with_venue,
)
from jags.scheduling.service.dates.closing import end_question
from jags.scheduling.service.messages import (
    NOT_EXPECTED,
    NOTHING_TO_DO,
    call_off,
    everybody,
    invited_facilitators,
    send_invitations,
    tell_of_change,
)
from jags.scheduling.service.participants import chosen_members, set_attendees
from jags.scheduling.service.time import take_time
from jags.settings.queries import partnership


def schedule_session(
    work: Work,
    request_id: uuid.UUID,
    wanted: Appointment,
    *,
    member_ids: Sequence[uuid.UUID],
    version: int,
) -> JagsSession:
    """Set the date of a request whose two facilitators have agreed, take their time and the place, and invite everybody.

    A weekend or bank holiday needs `unusual_day_ok`. A date that was kept while a facilitator was found again is updated:
    its calendar entry stays the same one. Raises `Invalid` (with its field; the day, when these two may not hold it then),
    `Stale`, `MoveNotPossible`, and `FacilitatorAlreadyBooked` or `VenueAlreadyBooked` when either facilitator's time, with
    all that belongs to a session, or the place is taken.
    """
    require_arrange(work.actor)
    request = get_request(work, request_id)
    request.expect(version)
    request.expect_unpaused()
    pair = agreed_facilitators(work, request.id)
    if request.state is not State.FACILITATORS_AGREED or len(pair) != 2:  # noqa: PLR2004 - A JAGS has two facilitators.
        raise MoveNotPossible(_why_no_date(work, request))
    invited = chosen_members(work, request, member_ids)
    session = find_open_session(work, request.id)
    wanted = with_venue(work, session, wanted)
    starts_at = check_appointment(work, wanted)
    check_day(wanted)
    check_pair(work, request, pair, starts_at)
    kept = session is not None
    if session is None:
        session = _new_session(work, request)
    else:
        session.calendar_sequence += 1
    set_date(work, session, wanted, starts_at)
    work.session.add(session)
    work.session.flush()
    set_facilitators(work, session, pair, tell_stayers=True)
    set_attendees(work, session, invited, tell_stayers=kept)
    end_question(work, request.id, Outcome.DATE_SET, wall_start=session.wall_start)
    move_request(work, request, Verb.SCHEDULE)
    work.record("session:scheduled", session.id, request=str(request.id), sequence=session.calendar_sequence)
    return session


def move_session(work: Work, session_id: uuid.UUID, wanted: Appointment, *, version: int) -> JagsSession:
    """Change date, time, length or place; everybody gets one update of the same calendar entry.

    Nothing happens when nothing changed. Raises as `schedule_session`.
    """
    session = open_for_change(work, session_id, version)
    session.request.expect_unpaused()
    before, wanted = appointment_of(work, session), with_venue(work, session, wanted)
    same_time = (before.wall_start, before.minutes, before.second_hour) == (
        wanted.wall_start,
        wanted.minutes,
        bool(wanted.second_hour),
    )
    if same_time and (before.format, before.place, before.venue_id) == (
        wanted.format,
        wanted.place,
        wanted.venue_id,
    ):
        return session
    starts_at = check_appointment(work, wanted)
    if wanted.wall_start.date() != before.wall_start.date():
        check_day(wanted)
    if not same_time:
        check_pair(work, session.request, [f.person_id for f in session.facilitators], starts_at)
    set_date(work, session, wanted, starts_at)
    take_time(work, session)
    tell_of_new_date(work, session)
    return session


def tell_of_new_date(work: Work, session: JagsSession) -> None:
    """Update everybody's calendar entry, and record that the session has changed."""
    session.calendar_sequence += 1
    tell_of_change(work, session, everybody(work, session))
    work.record(
        "session:changed", session.id, request=str(session.request_id), sequence=session.calendar_sequence
    )


def set_date(work: Work, session: JagsSession, wanted: Appointment, starts_at: datetime) -> None:
    """Write down when and where a session is; `starts_at` is what was checked."""
    session.starts_at, session.wall_start = starts_at, wanted.wall_start
    session.second_hour = bool(wanted.second_hour)
    session.minutes, session.format, session.venue_id = wanted.minutes, wanted.format, wanted.venue_id
    work.vault.seal(session, "place", wanted.place)


def set_facilitators(
    work: Work, session: JagsSession, pair: Sequence[uuid.UUID], *, tell_stayers: bool
) -> None:
    """Put a session into the hands of a pair: their time, invitations for who is new, a cancellation for who is not in it.

    Raises `FacilitatorAlreadyBooked` or `VenueAlreadyBooked`.
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
    take_time(work, session)
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
    release(work, session.id, person_id=person_id)
    call_off(work, session, invited_facilitators(work, [person_id]), what=what, what_next=what_next)
    work.record(
        "session:changed", session.id, request=str(session.request_id), sequence=session.calendar_sequence
    )


def _new_session(work: Work, request: Request) -> JagsSession:
    session = JagsSession(
        key_id=request.key_id, request_id=request.id, state=SessionState.SCHEDULED, calendar_sequence=0
    )
    session.request = request
    session.calendar_uid = f"{uuid.uuid4()}@{partnership(work).email.rpartition('@')[2]}"
    return session


def _why_no_date(work: Work, request: Request) -> str:
    session = find_open_session(work, request.id)
    if session is None or request.state is not State.SCHEDULED:
        return "A date can be set when both facilitators have agreed."
    when = f"{day_in_words(session.wall_start.date())} at {time_in_words(session.wall_start)}"
    return f"There is a date already: {when}. To change it, open the session from the page of the request."
