"""Read observations, each to whoever it concerns, and who could observe a session."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.model import Account
from jags.accounts.queries import accounts_with_role, contact_of, organisations_of, people_of
from jags.accounts.rules import Role, spelling
from jags.allocation.assembly import people_around
from jags.allocation.rules.independence import Around, Place, Somebody, compare
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.quality.model import Observation
from jags.quality.rules.observation import Notes, ObservationState
from jags.requests.queries import involved_in
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState

_UNNAMED = "Name not recorded"
_OPEN_SESSIONS = frozenset({SessionState.SCHEDULED, SessionState.HELD})


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked to observe a session."""

    person_id: uuid.UUID
    name: str
    agency: str


def observers_for(work: Work, session: JagsSession) -> list[Candidate]:
    """Return who is independent enough to observe a session, by name.

    Nobody who holds it, who is involved in the case or may be connected to it, and nobody of the requesting team: of the
    requester's agency only with another team that is recorded (docs/glossary.md, "observation of practice").
    """
    holding = {one.person_id for one in session.facilitators}
    aside = involved_in(work, session.request_id)
    organisations = organisations_of(work)
    around = people_around(work, session.request, organisations)
    people = people_of(work, {one.person_id for one in _accounts(work)})
    found = []
    for person in people.values():
        known = Somebody(
            name=contact_of(work, person).name,
            address=person.email_index,
            manager=person.line_manager_email_index,
            agency=organisations[person.agency.id] if person.agency else "",
            team=person.team,
        )
        if (
            person.id in holding
            or person.id in aside
            or any(compare(known, around))
            or _of_the_team(known, around)
        ):
            continue
        found.append(
            Candidate(person.id, known.name or _UNNAMED, person.agency.name if person.agency else "")
        )
    return sorted(found, key=lambda one: (one.name.casefold(), str(one.person_id)))


def find_observation(work: Work, session_id: uuid.UUID) -> Observation | None:
    """Return the observation of a session that is not called off."""
    return work.session.scalar(
        _whole().where(Observation.session_id == session_id, Observation.state != ObservationState.CALLED_OFF)
    )


def get_observation(work: Work, observation_id: uuid.UUID) -> Observation:
    """Return an observation; raises `NotFound`."""
    found = work.session.scalar(_whole().where(Observation.id == observation_id))
    if found is None:
        raise NotFound("There is no such observation.")
    return found


def own_observations(work: Work) -> Sequence[Observation]:
    """Return what the actor observes or has observed, the latest session first."""
    return work.session.scalars(
        _whole()
        .join(Observation.session)
        .where(
            Observation.observer_id == work.actor.person_id,
            Observation.state != ObservationState.CALLED_OFF,
        )
        .order_by(JagsSession.starts_at.desc(), Observation.id)
    ).all()


def shared_with(work: Work, person_id: uuid.UUID) -> Sequence[Observation]:
    """Return the observations that were shared with one of the facilitators of their sessions, the latest first."""
    return work.session.scalars(
        _whole()
        .join(Observation.session)
        .where(
            Observation.state == ObservationState.SHARED,
            JagsSession.facilitators.any(person_id=person_id),
        )
        .order_by(JagsSession.starts_at.desc(), Observation.id)
    ).all()


def observations_to_come(work: Work) -> Sequence[Observation]:
    """Return the planned observations of sessions that are arranged and to come."""
    return work.session.scalars(
        _whole()
        .join(Observation.session)
        .where(
            Observation.state == ObservationState.PLANNED,
            JagsSession.state == SessionState.SCHEDULED,
            JagsSession.starts_at > work.now,
        )
        .order_by(Observation.id)
    ).all()


def notes_of(work: Work, observation: Observation) -> Notes:
    """Open what an observer wrote; who may read it is decided by the policy."""
    return work.vault.open(observation, "notes", Notes)


def may_be_written(work: Work, observation: Observation) -> bool:
    """Tell whether the session of an observation has begun, so that there is something to write."""
    session = observation.session
    return observation.agreed and session.state in _OPEN_SESSIONS and session.starts_at <= work.now


def _whole() -> Select[Observation]:
    return select(Observation).options(
        joinedload(Observation.session).joinedload(JagsSession.request),
        joinedload(Observation.session).selectinload(JagsSession.facilitators),
        selectinload(Observation.agreements),
        selectinload(Observation.told),
    )


def _accounts(work: Work) -> list[Account]:
    return [one for role in (Role.OBSERVER, Role.FACILITATOR) for one in accounts_with_role(work, role)]


def _of_the_team(known: Somebody, around: Sequence[Around]) -> bool:
    asks = next(
        (one.person for one in around if one.place in {Place.REQUESTER, Place.LEAD_PROFESSIONAL}), None
    )
    if asks is None or not known.agency or known.agency != asks.agency:
        return False
    mine, theirs = spelling(known.team), spelling(asks.team)
    return not mine or not theirs or mine == theirs
