"""Add, train, change and pause facilitators."""

import uuid
from collections.abc import Iterable
from datetime import date

from jags.accounts.model import Person
from jags.facilitators.model import Facilitator, FacilitatorLocality, Training
from jags.facilitators.policy import require_pool
from jags.facilitators.queries import find_facilitator, get_facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.errors import Invalid
from jags.kernel.work import Work

SESSIONS_MOST = 20


def add_facilitator(
    work: Work,
    *,
    person: Person,
    sessions_per_quarter: int = 1,
    transitional_training: bool = False,
    localities: Iterable[str] = (),
    status: FacilitatorStatus = FacilitatorStatus.ACTIVE,
    joined_on: date | None = None,
) -> Facilitator:
    """Take a known person into the pool, from today unless a date is given.

    Raises `Invalid` for somebody who is in it already.
    """
    require_pool(work.actor)
    if find_facilitator(work, person.id) is not None:
        raise Invalid("This person is in the pool already.")
    facilitator = Facilitator(
        person_id=person.id,
        person=person,
        sessions_per_quarter=_checked_number(sessions_per_quarter),
        transitional_training=transitional_training,
        status=status,
        joined_on=joined_on or work.today,
        localities=[FacilitatorLocality(locality=name) for name in sorted(set(localities))],
    )
    work.session.add(facilitator)
    work.session.flush()
    work.record("facilitator:added", person.id)
    return facilitator


def add_training(
    work: Work,
    person_id: uuid.UUID,
    *,
    trained_on: date,
    course: str = "",
    refresher_due_on: date | None = None,
    gathering_ref: uuid.UUID | None = None,
) -> Training:
    """Note a course that a facilitator has done; without a refresher date it does not lapse. The same again is kept once.

    `gathering_ref` names the training event at which it was, where that is known here.

    Raises `Invalid` for a course in the future, or a refresher that is due before its course.
    """
    require_pool(work.actor)
    facilitator = get_facilitator(work, person_id)
    if trained_on > work.today:
        raise Invalid("Enter a date of training that is today or in the past.", field="trained_on")
    if refresher_due_on is not None and refresher_due_on <= trained_on:
        raise Invalid("Enter a refresher date that is after the training.", field="refresher_due_on")
    # The row is held, so that a form that was sent twice at once finds what the first one has kept.
    work.session.refresh(facilitator, with_for_update=True)
    for known in facilitator.training:
        same = (known.course, known.trained_on, known.refresher_due_on)
        if same == (course.strip(), trained_on, refresher_due_on):
            return known
    training = Training(
        course=course.strip(),
        trained_on=trained_on,
        refresher_due_on=refresher_due_on,
        gathering_ref=gathering_ref,
    )
    facilitator.training.append(training)
    work.session.flush()
    work.record("facilitator:trained", person_id)
    return training


def remove_training(work: Work, person_id: uuid.UUID, *, gathering_ref: uuid.UUID) -> None:
    """Take back the course of a training event at which somebody was not, after all."""
    require_pool(work.actor)
    facilitator = get_facilitator(work, person_id)
    for course in [one for one in facilitator.training if one.gathering_ref == gathering_ref]:
        facilitator.training.remove(course)
        work.record("facilitator:training_removed", person_id, gathering=str(gathering_ref))


def change_facilitator(
    work: Work,
    person_id: uuid.UUID,
    *,
    status: FacilitatorStatus,
    sessions_per_quarter: int,
    transitional_training: bool,
    version: int,
) -> Facilitator:
    """Change how a facilitator stands and how many sessions a quarter they can give.

    Raises `Stale` when somebody else has changed them since `version`, `Invalid` for a number out of range.
    """
    require_pool(work.actor)
    facilitator = get_facilitator(work, person_id)
    facilitator.expect(version)
    facilitator.sessions_per_quarter = _checked_number(sessions_per_quarter)
    facilitator.transitional_training = transitional_training
    set_status(work, person_id, status)
    return facilitator


def set_status(work: Work, person_id: uuid.UUID, status: FacilitatorStatus) -> None:
    """Say whether a facilitator is asked; a date that is set stays, and another is set only for who is active."""
    require_pool(work.actor)
    get_facilitator(work, person_id).status = status
    work.record("facilitator:changed", person_id, status=status)


def _checked_number(sessions_per_quarter: int) -> int:
    if not 0 <= sessions_per_quarter <= SESSIONS_MOST:
        raise Invalid(f"Enter a number of sessions from 0 to {SESSIONS_MOST}.", field="sessions_per_quarter")
    return sessions_per_quarter
