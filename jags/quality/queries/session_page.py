"""Read what the pages of a session show of calls, concerns, observations, and what facilitators wrote for the Business Unit."""

from dataclasses import dataclass

from jags.accounts.queries import contact_of, get_person, names_of
from jags.kernel.work import Work
from jags.quality.model import Observation, WishedCall
from jags.quality.queries.afterwards import ConcernLine, concerns_of, find_open_call
from jags.quality.queries.observations import find_observation
from jags.quality.rules.observation import ObservationState
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState


@dataclass(frozen=True)
class AfterSession:
    """What may follow a session, for one of its facilitators."""

    call: WishedCall | None
    caller: str
    concerns: list[ConcernLine]


@dataclass(frozen=True)
class Observed:
    """An observation of a session, for one of its facilitators."""

    observation: Observation
    observer: str
    agency: str
    shared: bool
    to_come: bool
    asks_me: bool


def after_session(work: Work, session: JagsSession) -> AfterSession | None:
    """Return what may follow a facilitator's own session; None before it has begun."""
    person_id = work.actor.person_id
    if person_id is None or session.starts_at > work.now:
        return None
    call = find_open_call(work, session_id=session.id, person_id=person_id)
    caller = names_of(work, [call.caller_id])[call.caller_id] if call else ""
    return AfterSession(call, caller, concerns_of(work, session))


def observed(work: Work, session: JagsSession) -> Observed | None:
    """Return the observation of a facilitator's own session, if there is one."""
    found = find_observation(work, session.id)
    if found is None:
        return None
    person = get_person(work, found.observer_id)
    return Observed(
        found,
        contact_of(work, person).name,
        person.agency.name if person.agency else "",
        shared=found.state is ObservationState.SHARED,
        to_come=found.state is ObservationState.PLANNED and session.starts_at > work.now,
        asks_me=work.actor.person_id in found.waits_for,
    )


def is_observed(work: Work, session: JagsSession) -> bool:
    """Tell whether those who take part in a session are told that somebody observes it."""
    found = find_observation(work, session.id)
    return found is not None and found.agreed and session.state is SessionState.SCHEDULED
