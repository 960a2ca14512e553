"""Whether an actor may arrange, record or end something."""

import uuid

from jags.accounts.policy import require
from jags.accounts.rules import Permission, Purpose
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotAllowed, NotFound
from jags.kernel.work import Work
from jags.requests.rules import Verb
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_asked, get_request_to_date, is_facilitator


def require_arrange(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may arrange sessions."""
    require(actor, Permission.SESSION_ARRANGE)


def require_record(actor: Actor, session: JagsSession) -> uuid.UUID:
    """Return the facilitator who records; raises `NotFound` for everybody but the two of the session."""
    require(actor, Permission.SESSION_RECORD)
    if actor.person_id is None or not is_facilitator(session, actor.person_id):
        raise NotFound("There is no such session.")
    return actor.person_id


def require_own_place(actor: Actor, member_id: uuid.UUID) -> None:
    """Raise `NotAllowed` unless it is the participant's own place, by their own link, or a coordinator notes it."""
    own = (
        actor.kind is ActorKind.LINK
        and actor.purpose == Purpose.PARTICIPANT
        and actor.subject_id == member_id
    )
    if not own:
        require_arrange(actor)


def require_own_answer(work: Work, asked_id: uuid.UUID, *, by_telephone: bool) -> None:
    """Raise unless it is somebody's own answer by their own link, or told by telephone to whoever may find the date.

    Raises `NotAllowed` for another link, `NotFound` for a request whose date the actor may not find.
    """
    actor = work.actor
    if by_telephone:
        get_request_to_date(work, get_asked(work, asked_id).question.request_id)
    elif (actor.kind, actor.purpose, actor.subject_id) != (ActorKind.LINK, Purpose.DATES, asked_id):
        raise NotAllowed


def require_own_feed(actor: Actor, person_id: uuid.UUID) -> None:
    """Raise `NotAllowed` unless it is the facilitator's own calendar."""
    if actor.person_id != person_id or not actor.can(Permission.SESSION_RECORD):
        raise NotAllowed


def require_end(actor: Actor, request_id: uuid.UUID, verb: Verb) -> None:
    """Raise `NotAllowed` unless the actor may end a request by a verb.

    A coordinator may by any; the requester may withdraw, by the link to the request's own status page.
    """
    own = (
        actor.kind is ActorKind.LINK
        and actor.purpose == Purpose.REQUEST_STATUS
        and actor.subject_id == request_id
    )
    if not (own and verb is Verb.WITHDRAW):
        require(actor, Permission.REQUEST_TRIAGE)


def require_step_back(actor: Actor, person_id: uuid.UUID) -> None:
    """Raise `NotAllowed` unless it is the facilitator's own step, or a coordinator notes it."""
    if actor.person_id == person_id and actor.can(Permission.OFFER_ANSWER):
        return
    if actor.kind is not ActorKind.SYSTEM and not actor.can(Permission.SESSION_ARRANGE):
        raise NotAllowed
