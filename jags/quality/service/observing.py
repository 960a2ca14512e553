"""Plan an observation of practice with both facilitators, write it, and share it with the observed first."""

import uuid

from sqlalchemy import select

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.facilitators.queries import get_facilitator
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.notifications.service import withdraw_mail
from jags.quality.model import Observation, ObservationAgreement, ObservationTold
from jags.quality.policy import require_unit
from jags.quality.queries.observations import (
    find_observation,
    get_observation,
    may_be_written,
    notes_of,
    observers_for,
)
from jags.quality.rules.observation import Notes, ObservationState
from jags.quality.service.telling import observation_cause, tell_of_sharing
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import attendees, get_session
from jags.scheduling.rules import SessionState


def plan_observation(work: Work, session_id: uuid.UUID, *, observer_id: uuid.UUID) -> Observation:
    """Ask both facilitators of an arranged session whether somebody independent may observe it.

    Raises `Invalid` at the field for who is not independent enough, and `MoveNotPossible` when the session is not to come
    or an observation of it is planned already.
    """
    require_unit(work.actor)
    session = get_session(work, session_id)
    if session.state is not SessionState.SCHEDULED or session.starts_at <= work.now:
        raise MoveNotPossible("Only a session that is arranged and to come can be observed.")
    # The row is held, so that one observation is planned and not two.
    work.session.execute(select(JagsSession.id).where(JagsSession.id == session_id).with_for_update())
    if find_observation(work, session_id) is not None:
        raise MoveNotPossible("An observation of this session is planned already.")
    if observer_id not in {one.person_id for one in observers_for(work, session)}:
        raise Invalid(
            "Select somebody of this list: others are not independent of this session.", field="observer"
        )
    observation = Observation(
        key_id=session.key_id, session_id=session.id, observer_id=observer_id, planned_at=work.now
    )
    work.session.add(observation)
    work.record("observation:planned", observation.id, session=str(session.id), observer=str(observer_id))
    return observation


def agree_to_observation(work: Work, observation_id: uuid.UUID, *, agreed: bool) -> None:
    """Let a facilitator agree to be observed, or rather not, which calls it off and needs no reason.

    Raises `NotFound` for who does not hold the session, `MoveNotPossible` once it has begun.
    """
    require(work.actor, Permission.SESSION_RECORD)
    observation = _planned(get_observation(work, observation_id))
    person_id = work.actor.person_id
    if person_id is None or person_id not in {one.person_id for one in observation.session.facilitators}:
        raise NotFound("There is no such observation.")
    if observation.session.starts_at <= work.now:
        raise MoveNotPossible("The session has begun already.")
    if not agreed:
        _call_off(work, observation)
        return
    if person_id in observation.waits_for:
        observation.agreements.append(
            ObservationAgreement(observation_id=observation.id, person_id=person_id, agreed_on=work.today)
        )
        work.record("observation:agreed", observation.id, person=str(person_id))


def call_off_observation(work: Work, observation_id: uuid.UUID) -> None:
    """Call an observation off that is not shared yet: the coordinator, or the observer; raises `NotFound` for others."""
    observation = _planned(get_observation(work, observation_id))
    if observation.observer_id != work.actor.person_id:
        require_unit(work.actor)
        get_session(work, observation.session_id)
    _call_off(work, observation)


def note_told(work: Work, observation_id: uuid.UUID, *, member_id: uuid.UUID) -> None:
    """Note that the coordinator has told somebody without an e-mail address by telephone; once more changes nothing.

    Raises `NotFound` for who is not expected or is told by mail, and `MoveNotPossible` before both facilitators have agreed.
    """
    require_unit(work.actor)
    observation = _planned(get_observation(work, observation_id))
    session = get_session(work, observation.session_id)
    if not observation.agreed:
        raise MoveNotPossible("Nobody is told before both facilitators have agreed.")
    if member_id not in {one.id for one in attendees(work, session) if not one.email}:
        raise NotFound("There is nobody to tell by telephone.")
    if member_id in {one.member_id for one in observation.told}:
        return
    observation.told.append(
        ObservationTold(observation_id=observation.id, member_id=member_id, told_on=work.today)
    )
    work.record("observation:told", observation.id, member=str(member_id))


def own_observation(work: Work, observation_id: uuid.UUID) -> Observation:
    """Return what the actor observes; raises `NotFound` for anybody else's and for what is called off."""
    require(work.actor, Permission.OBSERVATION_WRITE)
    observation = get_observation(work, observation_id)
    own = work.actor.person_id is not None and observation.observer_id == work.actor.person_id
    if not own or observation.state is ObservationState.CALLED_OFF:
        raise NotFound("There is no such observation.")
    return observation


def write_notes(work: Work, observation_id: uuid.UUID, notes: Notes, *, version: int) -> Observation:
    """Keep what the actor saw, as often as they like until they share it; raises `NotFound`, `Stale` and `MoveNotPossible`."""
    observation = _planned(own_observation(work, observation_id))
    observation.expect(version)
    if not may_be_written(work, observation):
        raise MoveNotPossible("You can write once the session has begun and both facilitators have agreed.")
    work.vault.seal(observation, "notes", notes)
    work.record("observation:written", observation.id)
    return observation


def share_observation(work: Work, observation_id: uuid.UUID, notes: Notes, *, version: int) -> None:
    """Share what the actor saw with the two who were observed, for good; from then on they were last observed that day.

    Raises like `write_notes`, and `Invalid` without what worked, which comes first.
    """
    if not notes.worked:
        raise Invalid("Write what worked: it comes first.", field="worked")
    if not notes.elements:
        raise Invalid("Say of at least one element whether you saw it.", field="element_opening")
    observation = write_notes(work, observation_id, notes, version=version)
    observation.state = ObservationState.SHARED
    observation.shared_on = work.today
    observed_on = london_date(observation.session.starts_at)
    for held in observation.session.facilitators:
        facilitator = get_facilitator(work, held.person_id)
        facilitator.last_observed_on = max(facilitator.last_observed_on or observed_on, observed_on)
    work.record("observation:shared", observation.id)
    tell_of_sharing(work, observation)


def read_shared(work: Work, session_id: uuid.UUID) -> tuple[Observation, Notes]:
    """Return what was shared with the two who were observed; raises `NotFound` for everybody else."""
    require(work.actor, Permission.SESSION_RECORD)
    session = get_session(work, session_id)
    observation = find_observation(work, session_id)
    holding = {one.person_id for one in session.facilitators}
    if (
        observation is None
        or observation.state is not ObservationState.SHARED
        or work.actor.person_id not in holding
    ):
        raise NotFound("There is no such observation.")
    return observation, notes_of(work, observation)


def _planned(observation: Observation) -> Observation:
    if observation.state is not ObservationState.PLANNED:
        raise MoveNotPossible("This observation is over, or was called off.")
    return observation


def _call_off(work: Work, observation: Observation) -> None:
    observation.state = ObservationState.CALLED_OFF
    withdraw_mail(work, cause_prefix=observation_cause(observation))
    work.record("observation:called_off", observation.id)
