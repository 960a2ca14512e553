"""Keep somebody's calendar address, and the busy times that are read from it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from jags.facilitators.model import BusyTime, CalendarAddress, Facilitator
from jags.facilitators.policy import require_own_calendar
from jags.facilitators.queries import find_calendar, get_facilitator
from jags.facilitators.rules import FacilitatorStatus, Span
from jags.facilitators.rules.calendar import (
    DAYS_READ,
    READ_EVERY,
    READING_LEASE,
    TRY_AGAIN_AFTER,
    CalendarPlace,
    CalendarProblem,
    Reading,
    calendar_address,
)
from jags.kernel.ids import new_id
from jags.kernel.time import london_date, start_of_day
from jags.kernel.work import Work

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class ClaimedCalendar:
    """A calendar to be read: where it lies, and between which instants busy times are wanted."""

    claim: uuid.UUID
    address: str
    starts_at: datetime
    ends_at: datetime


def give_calendar(work: Work, person_id: uuid.UUID, address: str) -> None:
    """Keep the address of the actor's own calendar, in place of any other; it is read within minutes.

    What was read from another one is deleted. Raises `NotAllowed` for somebody else's, `Invalid` for an address that is none.
    """
    require_own_calendar(work.actor, person_id)
    checked = calendar_address(address)
    # The row is held, so that two first addresses at once are one after the other.
    facilitator = get_facilitator(work, person_id)
    work.session.refresh(facilitator, with_for_update=True)
    _forget(work, person_id)
    row = CalendarAddress(key_id=facilitator.person.key_id, person_id=person_id, due_at=work.now)
    work.vault.seal(row, "address", CalendarPlace(checked))
    work.session.add(row)
    work.session.flush()
    work.record("facilitator:calendar_given", person_id)


def remove_calendar(work: Work, person_id: uuid.UUID) -> None:
    """Forget the address of the actor's own calendar, and every busy time that was read from it; raises `NotAllowed`."""
    require_own_calendar(work.actor, person_id)
    if find_calendar(work, person_id) is None:
        return
    _forget(work, person_id)
    work.record("facilitator:calendar_removed", person_id)


def claim_calendar(work: Work) -> ClaimedCalendar | None:
    """Claim the calendar that has been due longest, of who has not left; None when none is due."""
    row = work.session.scalar(
        select(CalendarAddress)
        .join(Facilitator, Facilitator.person_id == CalendarAddress.person_id)
        .where(
            Facilitator.status != FacilitatorStatus.LEFT,
            CalendarAddress.due_at <= work.now,
            CalendarAddress.claimed_until.is_(None) | (CalendarAddress.claimed_until <= work.now),
        )
        .order_by(CalendarAddress.due_at, CalendarAddress.id)
        .limit(1)
        .with_for_update(of=CalendarAddress, skip_locked=True)
    )
    if row is None:
        return None
    row.claim, row.claimed_until = new_id(), work.now + READING_LEASE
    return ClaimedCalendar(
        row.claim,
        work.vault.open(row, "address", CalendarPlace).address,
        starts_at=start_of_day(work.today),
        ends_at=start_of_day(work.today + timedelta(days=DAYS_READ)),
    )


def note_calendar_read(work: Work, claimed: ClaimedCalendar, reading: Reading) -> None:
    """Keep what was read of a calendar in place of what was read before, unless the claim does not hold any more."""
    row = _claimed(work, claimed)
    if row is None:
        return
    if row.read_at is None or row.problem is not None:
        work.record("facilitator:calendar_read", row.person_id)
    # As far as was asked for, which was perhaps before midnight.
    row.read_at, row.read_until = work.now, london_date(claimed.ends_at - _MOMENT)
    row.left_out, row.problem, row.problem_since = reading.left_out, None, None
    row.due_at = work.now + READ_EVERY
    _replace(work, row.person_id, reading.busy)


def note_calendar_not_read(work: Work, claimed: ClaimedCalendar, problem: CalendarProblem) -> None:
    """Keep that a calendar could not be read; what was read before stays. It is tried again after an hour."""
    row = _claimed(work, claimed)
    if row is None:
        return
    if row.problem is not problem:
        work.record("facilitator:calendar_not_read", row.person_id, problem=problem)
    row.problem, row.problem_since = problem, row.problem_since or work.now
    row.due_at = work.now + TRY_AGAIN_AFTER


def _claimed(work: Work, claimed: ClaimedCalendar) -> CalendarAddress | None:
    """Return the row that was claimed, and give it back; None where it was removed, replaced, or claimed anew."""
    row = work.session.scalar(
        select(CalendarAddress).where(CalendarAddress.claim == claimed.claim).with_for_update()
    )
    if row is not None:
        row.claim, row.claimed_until = None, None
    return row


def _replace(work: Work, person_id: uuid.UUID, spans: Iterable[Span]) -> None:
    work.session.execute(delete(BusyTime).where(BusyTime.person_id == person_id))
    work.session.add_all(
        BusyTime(person_id=person_id, starts_at=one.starts_at, ends_at=one.ends_at) for one in spans
    )


def _forget(work: Work, person_id: uuid.UUID) -> None:
    work.session.execute(delete(CalendarAddress).where(CalendarAddress.person_id == person_id))
    _replace(work, person_id, ())
