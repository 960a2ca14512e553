"""Take up again a date that was postponed, and let two sessions change places; the same rules hold as for any date."""

import uuid

from jags.allocation.queries import agreed_facilitators
from jags.facilitators.service import hold_people, release
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import day_in_words
from jags.kernel.work import Work
from jags.requests.rules import State, Verb
from jags.requests.service import move_request
from jags.scheduling.model import JagsSession
from jags.scheduling.policy import require_arrange
from jags.scheduling.queries import find_open_session, get_session, place_of, present_attendees
from jags.scheduling.rules import Outcome, SessionState
from jags.scheduling.service.arranging import set_facilitators, tell_of_new_date
from jags.scheduling.service.checking import check_pair, open_for_change
from jags.scheduling.service.dates.closing import end_question
from jags.scheduling.service.messages import invited_members, tell_of_change
from jags.scheduling.service.time import take_time


def reinstate_session(work: Work, session_id: uuid.UUID, *, version: int) -> JagsSession:
    """Take up again a date that was postponed or let go: the same entry comes back into everybody's calendar.

    Everything is checked as for a new date. Raises `MoveNotPossible` where another date is set, facilitators are not agreed,
    the request is paused, or the day has passed; `Invalid` when these two may not hold it that day; `Stale`;
    `FacilitatorAlreadyBooked` or `VenueAlreadyBooked`.
    """
    require_arrange(work.actor)
    session = get_session(work, session_id)
    session.expect(version)
    request = session.request
    pair = agreed_facilitators(work, request.id)
    if session.state is not SessionState.POSTPONED or session.starts_at <= work.now:
        raise MoveNotPossible(
            "Only a postponed date that is to come can be taken up again. Set another date instead."
        )
    if request.state is not State.FACILITATORS_AGREED or request.paused or not pair:
        raise MoveNotPossible(
            "A date can be taken up again while both facilitators have agreed and nothing is paused. Look at the request first."
        )
    if find_open_session(work, request.id) is not None:
        raise MoveNotPossible("Another date is set for this request. Change that one instead.")
    check_pair(work, request, pair, session.starts_at)
    session.state = SessionState.SCHEDULED
    session.calendar_sequence += 1
    set_facilitators(work, session, pair, tell_stayers=True)
    tell_of_change(work, session, invited_members(work, [a.member for a in present_attendees(session)]))
    end_question(work, request.id, Outcome.DATE_SET, wall_start=session.wall_start)
    move_request(work, request, Verb.SCHEDULE)
    work.record("session:reinstated", session.id, request=str(request.id), sequence=session.calendar_sequence)
    return session


def swap_sessions(
    work: Work, session_id: uuid.UUID, other_id: uuid.UUID, *, version: int, other_version: int
) -> tuple[JagsSession, JagsSession]:
    """Let two arranged sessions change places: each takes the date, the hour and the place of the other.

    Lengths, facilitators and people stay with their session. Both are checked as for a new date, and either both move or
    neither. Raises as `jags.scheduling.service.move_session`, and `Invalid` for a session with itself.
    """
    if session_id == other_id:
        raise Invalid("Select another session to change places with.", field="other")
    first, second = (
        open_for_change(work, session_id, version),
        open_for_change(work, other_id, other_version),
    )
    for session in (first, second):
        if session.starts_at <= work.now:
            raise MoveNotPossible(
                f"The time of the session on {day_in_words(session.wall_start.date())} has come, so it cannot be moved."
            )
        if session.request.paused or session.request.state is not State.SCHEDULED:
            raise MoveNotPossible(
                f"{session.request.reference} is paused, or its facilitators have not agreed. Look at it first."
            )
    # Everybody of both is held, then both are released, so that each finds the time of the other free.
    hold_people(work, [f.person_id for session in (first, second) for f in session.facilitators])
    for session in (first, second):
        release(work, session.id)
    _exchange(work, first, second)
    for session in (first, second):
        check_pair(work, session.request, [f.person_id for f in session.facilitators], session.starts_at)
        take_time(work, session)
        tell_of_new_date(work, session)
    return first, second


def _exchange(work: Work, first: JagsSession, second: JagsSession) -> None:
    places = [place_of(work, session) for session in (second, first)]
    for name in ("starts_at", "wall_start", "second_hour", "format", "venue_id"):
        mine, theirs = getattr(first, name), getattr(second, name)
        setattr(first, name, theirs)
        setattr(second, name, mine)
    for session, place in zip((first, second), places, strict=True):
        work.vault.seal(session, "place", place)
    work.session.flush()
