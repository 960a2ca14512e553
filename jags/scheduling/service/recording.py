"""Record a held session by agency; who was present is sealed for the jobs process and nobody else."""

import json
import uuid
from collections.abc import Sequence

from jags.accounts.queries import find_agency, get_agency
from jags.kernel.box import seal_for_jobs
from jags.kernel.errors import Invalid, MoveNotPossible, Stale
from jags.kernel.work import Work
from jags.notifications.service import withdraw_mail
from jags.requests.rules import Verb
from jags.requests.service import move_request
from jags.scheduling.model import AgencyAttendance, JagsSession, SessionRecord
from jags.scheduling.policy import require_record
from jags.scheduling.queries import get_session, present_attendees
from jags.scheduling.rules import (
    RECORDED_LEAST,
    RECORDED_MOST,
    AgencyRow,
    Attendance,
    KeptToApproach,
    Learning,
    SessionState,
)
from jags.scheduling.service.messages import cause_prefix


def presence_info(session_id: uuid.UUID) -> str:
    """Return what binds the sealed presence to its session; the feedback round opens it with the same."""
    return f"presence|{session_id}"


def record_session(
    work: Work,
    session_id: uuid.UUID,
    *,
    minutes: int,
    kept: KeptToApproach,
    agencies: Sequence[AgencyRow],
    present: Sequence[uuid.UUID],
    learning: str = "",
    version: int,
) -> JagsSession:
    """Record a session that was held, by either of its two facilitators, after its beginning.

    `present` are members of the network who were in the room; only the jobs process can read who they were. Raises
    `Invalid` (with its field), `Stale` when the co-facilitator was first, `MoveNotPossible`, and `SetupIncomplete` when no
    scheduler process has ever been started.
    """
    session = get_session(work, session_id)
    person_id = require_record(work.actor, session)
    if session.state is SessionState.HELD:
        raise Stale("Your co-facilitator has recorded this session already. Nothing was overwritten.")
    session.expect(version)
    if session.state is not SessionState.SCHEDULED:
        raise MoveNotPossible("This session is not arranged any more, so it cannot be recorded.")
    if session.starts_at > work.now:
        raise MoveNotPossible("This session has not begun yet. Record it afterwards.")
    _check(work, session, minutes=minutes, agencies=agencies, present=present)
    session.state = SessionState.HELD
    session.record = SessionRecord(
        key_id=session.key_id,
        recorded_by=person_id,
        recorded_at=work.now,
        minutes=minutes,
        kept_to_approach=kept,
        people_present=len(set(present)),
    )
    work.vault.seal(session.record, "learning", Learning(learning.strip()))
    session.attendance = [
        AgencyAttendance(
            position=position,
            agency_id=row.agency_id,
            agency_typed="" if row.agency_id else row.agency_typed.strip(),
            attendance=row.attendance,
            apology_reason=row.reason if row.attendance is Attendance.APOLOGIES else None,
        )
        for position, row in enumerate(agencies)
    ]
    ids = json.dumps(sorted(str(member_id) for member_id in set(present)))
    session.presence_sealed = seal_for_jobs(work, presence_info(session.id), ids.encode())
    withdraw_mail(work, cause_prefix=cause_prefix(session))
    move_request(work, session.request, Verb.HOLD)
    work.record(
        "session:recorded",
        session.id,
        request=str(session.request_id),
        agencies=sum(row.attendance is Attendance.PRESENT for row in agencies),
    )
    return session


def _check(
    work: Work,
    session: JagsSession,
    *,
    minutes: int,
    agencies: Sequence[AgencyRow],
    present: Sequence[uuid.UUID],
) -> None:
    if not RECORDED_LEAST <= minutes <= RECORDED_MOST:
        raise Invalid(
            f"Enter how long the session lasted, between {RECORDED_LEAST} and {RECORDED_MOST} minutes.",
            field="minutes",
        )
    if not any(row.attendance is Attendance.PRESENT for row in agencies):
        raise Invalid("Select at least one agency that was there.", field="agencies")
    named = [str(row.agency_id or row.agency_typed.strip().casefold()) for row in agencies]
    if "" in named or len(set(named)) != len(named):
        raise Invalid("Name each agency once.", field="agencies")
    if any(row.attendance is Attendance.APOLOGIES and row.reason is None for row in agencies):
        raise Invalid("Select why each agency that was not there could not come.", field="agencies")
    for row in agencies:
        if row.agency_id is not None:
            get_agency(work, row.agency_id)
    if not present:
        raise Invalid(
            "Select who was there. If nobody came, ring the Business Unit instead.", field="present"
        )
    if not {a.member_id for a in present_attendees(session)} >= set(present):
        raise Invalid("Select people from this list. Somebody has been taken off it since.", field="present")
    _check_together(work, session, agencies=agencies, present=present)


def _check_together(
    work: Work, session: JagsSession, *, agencies: Sequence[AgencyRow], present: Sequence[uuid.UUID]
) -> None:
    """Refuse an agency that was not there while somebody of it was; raises `Invalid`."""
    ticked = [a.member for a in present_attendees(session) if a.member_id in present]
    there = {_agency_key(work, member.agency_id, member.agency_typed) for member in ticked}
    for row in agencies:
        key = _agency_key(work, row.agency_id, row.agency_typed)
        if row.attendance is Attendance.APOLOGIES and key in there:
            name = get_agency(work, row.agency_id).name if row.agency_id else row.agency_typed.strip()
            raise Invalid(
                f"You ticked people from {name} as there, and {name} as not there. Change one of the two.",
                field="agencies",
            )


def _agency_key(work: Work, agency_id: uuid.UUID | None, typed: str) -> str:
    """Return what two spellings of one agency have in common."""
    known = None if agency_id else find_agency(work, typed)
    return str(agency_id or (known.id if known else typed.strip().casefold()))
