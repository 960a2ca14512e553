"""Call a session off: postponed, not held, a facilitator stepping back, or the whole request ending."""

import uuid
from datetime import date

from jags.allocation.model import Offer
from jags.allocation.queries import agreed_facilitators
from jags.allocation.service import lock_request, release_person, withdraw_offers
from jags.allocation.service import step_back as step_back_before_date
from jags.facilitators.service import release
from jags.kernel.actor import ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.work import Work
from jags.notifications.service import withdraw_mail
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import MoveNote, State, Verb
from jags.requests.service import end_with_mail, move_request, signpost_request, told_by_telephone
from jags.scheduling.model import JagsSession
from jags.scheduling.policy import require_end, require_step_back
from jags.scheduling.queries import find_open_session
from jags.scheduling.rules import Outcome, SessionState
from jags.scheduling.service.arranging import release_facilitator
from jags.scheduling.service.checking import open_for_change
from jags.scheduling.service.dates.closing import end_question
from jags.scheduling.service.messages import call_off, cause_prefix, everybody

_ENDING = frozenset({Verb.WITHDRAW, Verb.CANCEL, Verb.SIGNPOST})


def postpone_session(work: Work, session_id: uuid.UUID, *, version: int, reason: str = "") -> JagsSession:
    """Postpone a session: calendars are cleared, the facilitators' time is free, another date can be set.

    Raises `MoveNotPossible`, also once its time has come, or `Stale`.
    """
    session = open_for_change(work, session_id, version)
    if session.starts_at <= work.now:
        raise MoveNotPossible("The time of this session has come. Note whether it took place.")
    _call_off(
        work,
        session,
        state=SessionState.POSTPONED,
        what="This JAGS session is postponed. We have taken it out of your calendar.",
        what_next="You do not need to do anything. We will write to you when there is a new date.",
    )
    if session.request.state is State.SCHEDULED:
        move_request(work, session.request, Verb.POSTPONE, note=MoveNote(reason=reason))
    return session


def let_date_go(work: Work, session_id: uuid.UUID, *, version: int) -> JagsSession:
    """Let a date go that was kept through a change of facilitator, also once it has passed; the request stays where it is.

    Raises `MoveNotPossible` for a date that stands, or `Stale`.
    """
    session = open_for_change(work, session_id, version)
    if session.request.state is State.SCHEDULED:
        raise MoveNotPossible("This date stands: both facilitators have agreed to it. Postpone it instead.")
    _call_off(
        work,
        session,
        state=SessionState.POSTPONED,
        what="This date is no longer kept for the JAGS session. We have taken it out of your calendar.",
        what_next="You do not need to do anything. We will write to you when there is a new date.",
    )
    return session


def note_did_not_take_place(
    work: Work, session_id: uuid.UUID, *, version: int, reason: str = ""
) -> JagsSession:
    """Note that a session did not take place although its time has come; another date can be set. Nobody is written to.

    Raises `Invalid` before its time, `MoveNotPossible` or `Stale`.
    """
    session = open_for_change(work, session_id, version)
    if session.starts_at > work.now:
        raise Invalid("This session has not begun. If it cannot take place, postpone it.")
    session.state = SessionState.DID_NOT_TAKE_PLACE
    withdraw_mail(work, cause_prefix=cause_prefix(session))
    release(work, session.id)
    _record(work, session)
    if session.request.state is State.SCHEDULED:
        move_request(work, session.request, Verb.DID_NOT_TAKE_PLACE, note=MoveNote(reason=reason))
    return session


def end_request(
    work: Work,
    request_id: uuid.UUID,
    *,
    verb: Verb,
    version: int,
    reason: str = "",
    told: str = "",
    contact_given: str = "",
    route: str | None = None,
    told_on: date | None = None,
) -> Request:
    """End a request at any stage before it is held: withdraw, cancel or signpost it, with its offers and its date.

    The requester may withdraw by their own link without a reason; a coordinator gives one. `told_on` is the London date on
    which the requester was told by telephone. While everything is paused a request can be withdrawn or cancelled: whoever would
    come to a session hears that it does not take place, and the rest waits. Raises `Invalid` (reason,
    route), `NotAllowed`, `Stale`, or `MoveNotPossible` from a state that the verb does not leave.
    """
    if verb not in _ENDING:
        raise ValueError(f"{verb} does not end a request")
    require_end(work.actor, request_id, verb)
    get_request(work, request_id)
    # Held before the version is compared: what somebody else does at the same moment is seen, not overwritten.
    request = lock_request(work, request_id)
    request.expect(version)
    if work.actor.kind is not ActorKind.LINK and not reason.strip():
        raise Invalid("Enter the reason.", field="reason")
    told_here: set[uuid.UUID] = set()
    session = find_open_session(work, request.id)
    if session is not None:
        if session.starts_at <= work.now and request.state is State.SCHEDULED:
            raise MoveNotPossible("The time of the session has come. Note first whether it took place.")
        told_here = _call_off(
            work,
            session,
            state=SessionState.CANCELLED,
            what="This JAGS session will not take place. We have taken it out of your calendar.",
            what_next="You do not need to do anything.",
        )
    end_question(work, request.id, Outcome.REQUEST_ENDED)
    withdraw_offers(work, request.id, reason=reason, hear_otherwise=told_here)
    if verb is Verb.SIGNPOST:
        signpost_request(
            work,
            request,
            route=route or "",
            reason=reason,
            told=told,
            contact_given=contact_given,
            told_on=told_on,
        )
    else:
        note = MoveNote(
            reason=reason,
            told=told,
            contact_given=contact_given,
            by_telephone=told_by_telephone(work, request, told_on),
        )
        end_with_mail(work, request, verb, note=note)
    return request


def step_back(work: Work, request_id: uuid.UUID, *, person_id: uuid.UUID, version: int) -> Request:
    """Let an agreed facilitator step back, at any time before the session and without a reason.

    The partner and the date are kept: only this person's booking and calendar entry go. A coordinator may note it of a
    request that they may see. `version` is the request's. Raises `NotFound` for somebody who is not a facilitator of the
    request, `MoveNotPossible` once the session has begun, `Stale`.
    """
    require_step_back(work.actor, person_id)
    own = work.actor.person_id == person_id
    request = work.session.get(Request, request_id) if own else get_request(work, request_id)
    if request is None or person_id not in agreed_facilitators(work, request_id):
        raise NotFound("There is no such request.")
    request = lock_request(work, request_id)
    request.expect(version)
    session = find_open_session(work, request_id)
    if session is not None and request.state is State.SCHEDULED and session.starts_at <= work.now:
        raise MoveNotPossible(
            "The session has begun, so nobody can step back from it here any more. Ring us instead."
        )
    end_question(work, request.id, Outcome.FACILITATORS_CHANGED)
    move_request(work, request, Verb.STEP_BACK)
    if session is not None:
        _release(work, session, person_id)
    release_person(work, request_id, person_id)
    return request


def step_back_from_offer(work: Work, offer_id: uuid.UUID, *, version: int) -> Offer:
    """Let somebody step back whose request has no date of its own, or one that was kept while a partner is found again.

    Raises as `jags.allocation.service.step_back`.
    """
    offer = step_back_before_date(work, offer_id, version=version)
    end_question(work, offer.pair.request_id, Outcome.FACILITATORS_CHANGED)
    session = find_open_session(work, offer.pair.request_id)
    if session is not None and any(f.person_id == offer.person_id for f in session.facilitators):
        _release(work, session, offer.person_id)
    return offer


def _release(work: Work, session: JagsSession, person_id: uuid.UUID) -> None:
    release_facilitator(
        work,
        session,
        person_id,
        what="You have stepped back from this JAGS session, and we have taken it out of your calendar.",
        what_next="Thank you for telling us. You do not need to explain anything.",
    )


def _call_off(
    work: Work, session: JagsSession, *, state: SessionState, what: str, what_next: str
) -> set[uuid.UUID]:
    session.state = state
    session.calendar_sequence += 1
    told = call_off(work, session, everybody(work, session), what=what, what_next=what_next)
    release(work, session.id)
    _record(work, session)
    return told


def _record(work: Work, session: JagsSession) -> None:
    work.record(
        "session:called_off",
        session.id,
        request=str(session.request_id),
        how=session.state,
        sequence=session.calendar_sequence,
    )
