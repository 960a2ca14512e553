"""Read until when training is valid, whose is about to lapse, and what is booked after that day."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from jags.accounts.queries import names_of
from jags.facilitators.model import Booking, Facilitator, Training
from jags.facilitators.rules import (
    BookingKind,
    FacilitatorStatus,
    TrainingRecord,
    TrainingTerms,
    is_current,
    last_valid_day,
)
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.settings.queries import partnership


@dataclass(frozen=True)
class BookedSession:
    """A session that somebody has booked: what the booking stands for, and when it begins."""

    ref: uuid.UUID
    starts_at: datetime


@dataclass(frozen=True)
class LapsingTraining:
    """Somebody whose training lapses: the last day on which it is valid, and the sessions booked after it."""

    person_id: uuid.UUID
    name: str
    last_day: date
    booked_after: tuple[BookedSession, ...]


def training_terms(work: Work) -> TrainingTerms:
    """Return what the partnership asks of training."""
    settings = partnership(work)
    return TrainingTerms(settings.training_grace_days, settings.refresher_months)


def lapsing_training(work: Work) -> list[LapsingTraining]:
    """Return whose training is about to lapse, the soonest first: by four queries at most.

    About to lapse means within `training_warning_days` from today. Whose training has lapsed is there while a session
    is booked after the last valid day. Who has left is not.
    """
    terms = training_terms(work)
    warned = work.today + timedelta(days=partnership(work).training_warning_days)
    last_days = {}
    for person_id, records in _records(work).items():
        last_day = last_valid_day(records, terms)
        if last_day is not None and last_day <= warned:
            last_days[person_id] = last_day
    booked = _sessions_to_come(work, last_days)
    after = {
        person_id: tuple(one for one in booked[person_id] if london_date(one.starts_at) > last_day)
        for person_id, last_day in last_days.items()
    }
    shown = [person_id for person_id, day in last_days.items() if day >= work.today or after[person_id]]
    names = names_of(work, shown)
    found = [LapsingTraining(p, names[p], last_days[p], after[p]) for p in shown]
    return sorted(found, key=lambda one: (one.last_day, one.name.casefold(), str(one.person_id)))


def not_current_on(work: Work, person_ids: Collection[uuid.UUID], day: date) -> frozenset[uuid.UUID]:
    """Return which of some people have no training that is valid on a London date, by one query."""
    terms, records = training_terms(work), _records(work, person_ids)
    return frozenset(p for p in person_ids if not is_current(records.get(p, ()), day, terms))


def _records(
    work: Work, person_ids: Collection[uuid.UUID] | None = None
) -> Mapping[uuid.UUID, tuple[TrainingRecord, ...]]:
    """Return the courses by person: of some people, or of everybody who has not left."""
    wanted = select(Training.facilitator_id, Training.trained_on, Training.refresher_due_on).order_by(
        Training.facilitator_id, Training.trained_on, Training.id
    )
    if person_ids is None:
        wanted = wanted.join(Training.facilitator).where(Facilitator.status != FacilitatorStatus.LEFT)
    else:
        wanted = wanted.where(Training.facilitator_id.in_(person_ids))
    found: dict[uuid.UUID, list[TrainingRecord]] = defaultdict(list)
    for person_id, trained_on, due_on in work.session.execute(wanted):
        found[person_id].append(TrainingRecord(trained_on, due_on))
    return {person_id: tuple(records) for person_id, records in found.items()}


def _sessions_to_come(
    work: Work, person_ids: Collection[uuid.UUID]
) -> defaultdict[uuid.UUID, list[BookedSession]]:
    found: defaultdict[uuid.UUID, list[BookedSession]] = defaultdict(list)
    if not person_ids:
        return found
    rows = work.session.execute(
        select(Booking.person_id, Booking.ref, Booking.starts_at)
        .where(
            Booking.person_id.in_(person_ids),
            Booking.kind == BookingKind.SESSION,
            Booking.ends_at > work.now,
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    for person_id, ref, starts_at in rows:
        found[person_id].append(BookedSession(ref, starts_at))
    return found
