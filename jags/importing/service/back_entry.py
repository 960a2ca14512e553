"""Enter a session that was held before this software was there, and complete it when more becomes known."""

import dataclasses
import uuid
from collections.abc import Collection
from datetime import date

from jags.accounts.queries import get_agency
from jags.facilitators.queries import find_facilitator
from jags.facilitators.service import release
from jags.importing import queries
from jags.importing.policy import require_import
from jags.importing.rules.held import FACILITATORS, HeldEntry, agency_key, gaps_of
from jags.importing.rules.sheets import SHORT
from jags.importing.service.held import in_order, place, take_over_session, take_time, tell_story
from jags.kernel.errors import Invalid
from jags.kernel.time import date_in_words, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import detail_of
from jags.requests.rules import MoveNote, Question, Source, State, Verb
from jags.requests.service import move_request, next_reference
from jags.scheduling.model import AgencyAttendance, JagsSession
from jags.scheduling.rules import (
    RECORDED_LEAST,
    RECORDED_MOST,
    Attendance,
    Named,
)
from jags.settings.queries import partnership

_SOURCE = "From a record of a session that was held before."


class HeldAlready(Invalid):
    """The session stands here already; without `session` it is one that the actor must not see, and nothing is said of it."""

    def __init__(self, session: JagsSession | None, *, field: str) -> None:
        self.session = session
        said = (
            "Somebody else has to enter this session. Ask a colleague."
            if session is None
            else f"This session stands here already as {session.request.reference}. If yours is another one, give both a number."
        )
        super().__init__(said, field=field)


def enter_session(work: Work, entry: HeldEntry, *, source: str) -> JagsSession:
    """Take over a session that was held, with a request that is closed; what is not known stays open.

    Nobody is written to, and nothing becomes due. Raises `Invalid` with its field, and `HeldAlready` when it is here.
    """
    require_import(work)
    _check(work, entry)
    # Giving a number waits for whoever enters something at the same time, so that one session is entered once.
    reference = next_reference(work, received_on=entry.received_on or entry.held_on)
    same = queries.same_session(work, entry)
    if same is not None:
        raise _held_already(work, same, entry)
    request = Request(
        key_id=work.vault.new_key(),
        reference=reference,
        source=Source.IMPORT,
        state=State.DRAFT,
        state_changed_at=start_of_day(entry.held_on),
        started_at=start_of_day(entry.received_on or entry.held_on),
    )
    work.session.add(request)
    _describe(work, request, entry)
    work.session.flush()
    work.record("request:imported", request.id, source=source)
    people = _people(entry)
    placed = place(work, people, entry.held_on, entry.minutes or partnership(work).session_minutes)
    came_at = request.received_at or placed.starts_at
    move_request(work, request, Verb.SUBMIT, at=came_at, note=MoveNote(reason=_SOURCE))
    move_request(work, request, Verb.CONFIRM, at=came_at)
    session = take_over_session(work, request, placed=placed, person_ids=people)
    _record(work, session, entry)
    tell_story(work, request, placed, note=MoveNote(reason=_SOURCE))
    return session


def complete_session(work: Work, session_id: uuid.UUID, entry: HeldEntry, *, version: int) -> JagsSession:
    """Put what is known now in place of what stands here of an imported session; the version is that of the session.

    Raises `Invalid` with its field, `HeldAlready` when it would become another session, and `Stale`.
    """
    require_import(work)
    session = queries.get_entered(work, session_id)
    session.expect(version)
    same = queries.same_session(work, entry)
    if same is not None and same is not session:
        raise _held_already(work, same, entry)
    change_session(work, session, entry)
    return session


def change_session(work: Work, session: JagsSession, entry: HeldEntry) -> None:
    """Write an entry over an imported session; raises `Invalid` with its field."""
    _check(work, entry)
    before = queries.entry_of(work, session)
    _describe(work, session.request, entry)
    people = _people(entry)
    moved = (entry.held_on, entry.minutes, set(people)) != (
        before.held_on,
        before.minutes,
        set(_people(before)),
    )
    if moved:
        release(work, session.id)
        placed = place(work, people, entry.held_on, entry.minutes or partnership(work).session_minutes)
        session.starts_at, session.wall_start = placed.starts_at, placed.wall_start
        session.facilitators = []
        work.session.flush()
        session.facilitators = in_order(people)
        take_time(work, session, placed, people)
    # Sealing makes other bytes each time, so the session's version moves on whichever of the rows around it has changed.
    _record(work, session, entry)
    work.session.flush()
    work.record("session:completed", session.id, request=str(session.request_id), gaps=len(gaps_of(entry)))


def _held_already(work: Work, same: JagsSession, entry: HeldEntry) -> HeldAlready:
    field = "number" if entry.number else "held_on"
    return HeldAlready(same if queries.may_see(work, same) else None, field=field)


def _describe(work: Work, request: Request, entry: HeldEntry) -> None:
    """Write what an entry tells of the request."""
    # The hour of a request that came with the old form is known, and is kept.
    if request.received_on != entry.received_on:
        came_at = None if entry.received_on is None else start_of_day(entry.received_on)
        request.received_on, request.received_at, request.confirmed_at = entry.received_on, came_at, came_at
    request.tracker_number = entry.number or None
    request.agency_id = entry.agency.agency_id if entry.agency else None
    request.agency_typed = entry.agency.typed if entry.agency else ""
    request.locality = entry.locality
    request.asked_by = entry.asked_by
    request.choose(Question.AGE_BAND, frozenset(entry.age_bands))
    request.choose(Question.TRANSITIONAL_FEATURE, frozenset(entry.features))
    if request.transitional_confirmed != entry.transitional:
        request.transitional_confirmed = entry.transitional
        detail = dataclasses.replace(detail_of(work, request), transitional_reason=_SOURCE)
        work.vault.seal(request, "detail", detail)
        work.record(
            "request:transitional_confirmed", request.id, reason=_SOURCE, features=len(entry.features)
        )


def _record(work: Work, session: JagsSession, entry: HeldEntry) -> None:
    """Write what an entry tells of the session."""
    session.format = entry.format
    session.minutes = entry.minutes or partnership(work).session_minutes
    session.minutes_known = entry.minutes is not None
    names = tuple(one.name for one in entry.facilitators if one.person_id is None)
    work.vault.seal(session, "named", Named(names))
    session.attendance = [
        AgencyAttendance(
            position=position,
            agency_id=row.agency_id,
            agency_typed=row.agency_typed,
            attendance=row.attendance,
            apology_reason=row.reason if row.attendance is Attendance.APOLOGIES else None,
        )
        for position, row in enumerate(entry.agencies)
    ]


def _people(entry: HeldEntry) -> list[uuid.UUID]:
    return [one.person_id for one in entry.facilitators if one.person_id is not None]


def _check(work: Work, entry: HeldEntry) -> None:
    _check_days(entry.held_on, entry.received_on, today=work.today)
    if entry.minutes is not None and not RECORDED_LEAST <= entry.minutes <= RECORDED_MOST:
        raise Invalid(
            f"Enter how long it lasted, between {RECORDED_LEAST} and {RECORDED_MOST} minutes.",
            field="minutes",
        )
    if entry.locality is not None and entry.locality not in partnership(work).localities:
        raise Invalid("Select one of the localities.", field="locality")
    if entry.features and entry.transitional is not True:
        raise Invalid("Select “Yes” where you say what features, or clear it.", field="transitional")
    if len(entry.facilitators) > FACILITATORS or len(set(entry.facilitators)) < len(entry.facilitators):
        raise Invalid("Name each facilitator once.", field="second")
    for person_id in _people(entry):
        if find_facilitator(work, person_id) is None:
            raise Invalid("Select somebody from the pool.", field="first")
    _check_agencies(work, entry)


def _check_days(held_on: date, received_on: date | None, *, today: date) -> None:
    if held_on > today:
        raise Invalid(
            f"{date_in_words(held_on)} is still to come: arrange this session instead.", field="held_on"
        )
    if received_on is not None and received_on > held_on:
        raise Invalid("Enter a date on or before the day of the session.", field="received_on")


def _check_agencies(work: Work, entry: HeldEntry) -> None:
    keys = [agency_key(row) for row in entry.agencies]
    if "" in keys or len(set(keys)) < len(keys):
        raise Invalid("Name each agency once.", field="agencies")
    named: Collection[tuple[uuid.UUID | None, str, str]] = (
        *((row.agency_id, row.agency_typed, "agencies") for row in entry.agencies),
        *([(entry.agency.agency_id, entry.agency.typed, "agency")] if entry.agency else []),
    )
    for agency_id, typed, field in named:
        if agency_id is not None:
            get_agency(work, agency_id)
        elif len(typed) > SHORT:
            raise Invalid(f"Shorten the name of the agency to {SHORT} characters or fewer.", field=field)
