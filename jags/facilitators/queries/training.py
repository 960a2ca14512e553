"""Read until when training is valid, whose is about to lapse, and what is booked after that day."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from jags.accounts.queries import names_of
from jags.facilitators.model import Facilitator, Training
from jags.facilitators.queries.time import Booked, coming_bookings
from jags.facilitators.rules import (
    BookingKind,
    FacilitatorStatus,
    TrainingRecord,
    TrainingTerms,
    is_current,
    last_valid_day,
)
from jags.kernel.work import Work
from jags.settings.queries import partnership


@dataclass(frozen=True)
class LapsingTraining:
    """Somebody whose training lapses: the last day on which it is valid, and the sessions booked after it."""

    person_id: uuid.UUID
    name: str
    last_day: date
    booked_after: tuple[Booked, ...]


def training_terms(work: Work) -> TrainingTerms:
    """Return what the partnership asks of training."""
    settings = partnership(work)
    return TrainingTerms(settings.training_grace_days, settings.refresher_months)


def lapsing_training(work: Work, *, only: Collection[uuid.UUID] | None = None) -> list[LapsingTraining]:
    """Return whose training is about to lapse, the soonest first: by four queries at most; `only` leaves everybody else out.

    About to lapse means within `training_warning_days` from today. Whose training has lapsed is there while a session
    is booked after the last valid day. Who has left is not.
    """
    terms = training_terms(work)
    warned = work.today + timedelta(days=partnership(work).training_warning_days)
    last_days = {}
    for person_id, records in training_of(work, only).items():
        last_day = last_valid_day(records, terms)
        if last_day is not None and last_day <= warned:
            last_days[person_id] = last_day
    if not last_days:
        return []
    booked = coming_bookings(work, last_days)
    after = {
        person_id: tuple(
            one
            for one in booked.get(person_id, ())
            if one.kind is BookingKind.SESSION and one.from_on > last_day
        )
        for person_id, last_day in last_days.items()
    }
    shown = [person_id for person_id, day in last_days.items() if day >= work.today or after[person_id]]
    names = names_of(work, shown)
    found = [LapsingTraining(p, names[p], last_days[p], after[p]) for p in shown]
    return sorted(found, key=lambda one: (one.last_day, one.name.casefold(), str(one.person_id)))


def not_current_on(work: Work, person_ids: Collection[uuid.UUID], day: date) -> frozenset[uuid.UUID]:
    """Return which of some people have no training that is valid on a London date, by one query."""
    terms, records = training_terms(work), training_of(work, person_ids)
    return frozenset(p for p in person_ids if not is_current(records.get(p, ()), day, terms))


def training_of(
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
