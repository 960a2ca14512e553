"""Tell everybody of an observation by mail: the two who are asked, the observer, and who takes part."""

import uuid
from datetime import datetime

from jags.accounts.queries import contact_of, get_person
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.quality.model import Observation
from jags.quality.queries.observations import observations_to_come
from jags.requests.rules import NetworkContact
from jags.scheduling.queries import place_of, present_attendees
from jags.scheduling.render import place_in_words, when_in_words


def tell_of_observations(work: Work) -> int:
    """Tell whoever was not told yet of an observation that is to come; return how many were.

    The facilitators are asked first. When both have agreed, the observer and everybody who is expected are told, also who
    is invited later; the observer once more whenever the date has moved.
    """
    return sum(_tell_all(work, one) if one.agreed else _ask(work, one) for one in observations_to_come(work))


def tell_of_sharing(work: Work, observation: Observation) -> None:
    """Tell the two who were observed that they can read it, before anybody counts it."""
    for held in observation.session.facilitators:
        _to_person(
            work,
            observation,
            held.person_id,
            MailKind.OBSERVATION_SHARED,
            f"/my-sessions/{observation.session_id}",
        )


def observation_cause(observation: Observation) -> str:
    """Return what the cause of every message about an observation begins with."""
    return f"observation:{observation.id}:"


def _ask(work: Work, observation: Observation) -> int:
    path = f"/my-sessions/{observation.session_id}"
    return sum(
        _to_person(work, observation, one, MailKind.OBSERVATION_ASKED, path)
        for one in sorted(observation.waits_for)
    )


def _tell_all(work: Work, observation: Observation) -> int:
    session = observation.session
    told = _to_person(
        work,
        observation,
        observation.observer_id,
        MailKind.OBSERVER_INVITED,
        "/my-observations",
        part=str(session.calendar_sequence),
    )
    expected = [one.member for one in present_attendees(session)]
    work.vault.prefetch(expected)
    for member in expected:
        contact = work.vault.open(member, "contact", NetworkContact)
        to = Recipient(contact.called, contact.email)
        told += _queue(work, observation, member.id, MailKind.OBSERVATION_AHEAD, to)
    return told


def _to_person(
    work: Work, observation: Observation, person_id: uuid.UUID, kind: MailKind, path: str, *, part: str = ""
) -> int:
    contact = contact_of(work, get_person(work, person_id))
    to = Recipient(contact.name, contact.email)
    return _queue(work, observation, person_id, kind, to, link=work.ports.links.page(path), part=part)


def _queue(
    work: Work,
    observation: Observation,
    recipient_id: uuid.UUID,
    kind: MailKind,
    to: Recipient,
    *,
    link: str | None = None,
    part: str = "",
) -> int:
    if not to.email:
        return 0
    session = observation.session
    queued = queue_mail(
        work,
        kind=kind,
        cause_ref=f"{observation_cause(observation)}{part}",
        recipient_ref=str(recipient_id),
        to=to,
        params={
            "reference": session.request.reference or "",
            "when": when_in_words(session.wall_start, session.minutes),
            "where": place_in_words(session.format, place_of(work, session)),
        },
        about_ref=str(session.request_id),
        link=link,
        not_after=_not_after(session.starts_at, kind),
    )
    return int(queued is not None)


def _not_after(starts_at: datetime, kind: MailKind) -> datetime | None:
    """Return when a message has come too late: what is shared after a session is worth knowing at any time."""
    return None if kind is MailKind.OBSERVATION_SHARED else starts_at
