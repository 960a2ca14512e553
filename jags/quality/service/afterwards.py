"""What may follow a session: somebody rings a facilitator who asked for it, and a concern that came up is followed until taken."""

import uuid
from dataclasses import dataclass
from datetime import date

from jags.accounts.model import Person
from jags.accounts.policy import require
from jags.accounts.queries import contact_of
from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.time import date_in_words, day_in_words
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail, withdraw_mail
from jags.quality.model import SurfacedConcern, WishedCall
from jags.quality.policy import require_unit
from jags.quality.queries.afterwards import (
    calls_open_by_caller,
    concerns_to_remind,
    find_open_call,
    get_call,
    get_concern,
)
from jags.quality.rules.afterwards import ConcernRoute, TakenBy
from jags.quality.service.reflecting import own_held_session
from jags.requests.queries import who_hears_of
from jags.requests.rules import is_working_day, working_day_after
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session


@dataclass(frozen=True)
class Taking:
    """Who takes a concern, where, and by which London date."""

    who: str
    route: ConcernRoute
    on: date


def wish_call(work: Work, session_id: uuid.UUID) -> WishedCall:
    """Ask for a call on the next working day, by somebody with a name; asked again, the same call is meant.

    Whoever looks after the request rings; where several may, the one with the fewest calls to make. Raises like
    `own_held_session`, and `MoveNotPossible` where nobody of the Business Unit can ring.
    """
    session = own_held_session(work, session_id, lock=True)
    person_id = work.session.get_one(Person, work.actor.person_id).id
    known = find_open_call(work, session_id=session.id, person_id=person_id)
    if known is not None:
        return known
    caller = _caller(work, session)
    call = WishedCall(
        session_id=session.id,
        person_id=person_id,
        wished_at=work.now,
        due_on=working_day_after(work.today, 1),
        caller_id=caller.id,
    )
    call.session = session
    work.session.add(call)
    work.record("call:wished", call.id, session=str(session.id), caller=str(caller.id))
    _tell(work, call, caller)
    return call


def take_call(work: Work, call_id: uuid.UUID) -> None:
    """Take a call over from whoever was to make it; raises `NotAllowed`, `NotFound`, and `MoveNotPossible` once it is made."""
    require_unit(work.actor)
    call = _still_open(get_call(work, call_id))
    if work.actor.person_id is None:
        raise NotFound("There is no such call.")
    if call.caller_id == work.actor.person_id:
        return
    withdraw_mail(work, cause_prefix=_call_cause(call), recipient_ref=str(call.caller_id))
    call.caller_id = work.actor.person_id
    work.record("call:taken", call.id, caller=str(call.caller_id))


def note_call_made(work: Work, call_id: uuid.UUID) -> None:
    """Note that somebody was rung; never what was said. Raises like `take_call`; once more changes nothing."""
    require_unit(work.actor)
    call = get_call(work, call_id)
    if call.made_on is None:
        call.made_on = work.today
        withdraw_mail(work, cause_prefix=_call_cause(call), recipient_ref=str(call.caller_id))
        work.record("call:made", call.id)


def note_concern(work: Work, session_id: uuid.UUID, taking: Taking) -> SurfacedConcern:
    """Keep that a concern came up, who takes it, where and by when; what it is has no place here.

    Raises like `own_held_session`, and `Invalid` at its field for a day before the session or more than a week ahead: a
    concern is taken at once.
    """
    session = own_held_session(work, session_id)
    if not taking.who:
        raise Invalid("Select who takes it.", field="who")
    if not session.wall_start.date() <= taking.on or (taking.on - work.today).days > 1:
        raise Invalid(
            "Enter a day from the session to tomorrow: a concern is taken at once. If it cannot be, ring us.",
            field="on",
        )
    concern = SurfacedConcern(
        key_id=session.key_id,
        session_id=session.id,
        noted_by=work.actor.person_id,
        noted_at=work.now,
        route=taking.route,
        taken_on=taking.on,
    )
    work.vault.seal(concern, "taken_by", TakenBy(taking.who))
    work.session.add(concern)
    work.record("concern:noted", concern.id, session=str(session.id), route=taking.route)
    return concern


def confirm_concern(work: Work, concern_id: uuid.UUID) -> SurfacedConcern:
    """Confirm that a concern was taken: by one of the two facilitators, or by a coordinator who rang them.

    Raises `NotFound` for everybody else; once more changes nothing.
    """
    concern = get_concern(work, concern_id)
    if not work.actor.can(Permission.SESSION_ARRANGE):
        require(work.actor, Permission.SESSION_RECORD)
    get_session(work, concern.session_id)
    if concern.confirmed_on is None:
        concern.confirmed_on = work.today
        withdraw_mail(work, cause_prefix=_concern_cause(concern), recipient_ref=str(concern.noted_by))
        work.record("concern:confirmed", concern.id)
    return concern


def remind_of_concerns(work: Work) -> int:
    """Ask once, on a working day after the day that was named, whether a concern was taken; return how many were asked."""
    if not is_working_day(work.today):
        return 0
    asked = 0
    for concern in concerns_to_remind(work, before=work.today):
        contact = contact_of(work, work.session.get_one(Person, concern.noted_by))
        if not contact.email:
            continue
        queued = queue_mail(
            work,
            kind=MailKind.CONCERN_REMINDER,
            cause_ref=_concern_cause(concern),
            recipient_ref=str(concern.noted_by),
            to=Recipient(contact.name, contact.email),
            params={"day": date_in_words(concern.taken_on)},
            about_ref=str(concern.session.request_id),
            link=work.ports.links.page(f"/my-sessions/{concern.session_id}"),
            # Whatever else is paused, a concern does not wait.
            sent_when_paused=True,
        )
        asked += queued is not None
    return asked


def _caller(work: Work, session: JagsSession) -> Person:
    able = who_hears_of(work, session.request)
    waiting = calls_open_by_caller(work)
    named = [
        (waiting.get(one.id, 0), contact_of(work, one).name.casefold(), str(one.id), one) for one in able
    ]
    if not named:
        raise MoveNotPossible(
            "Nobody of the Business Unit can be asked by this page just now. Please ring us."
        )
    return min(named, key=lambda one: one[:3])[3]


def _tell(work: Work, call: WishedCall, caller: Person) -> None:
    contact = contact_of(work, caller)
    if not contact.email:
        return
    queue_mail(
        work,
        kind=MailKind.CALL_WISHED,
        cause_ref=_call_cause(call),
        recipient_ref=str(caller.id),
        to=Recipient(contact.name, contact.email),
        params={"day": day_in_words(call.due_on)},
        about_ref=str(call.session.request_id),
        link=work.ports.links.page("/calls"),
        # A facilitator who asks for a call is rung whatever else is paused.
        sent_when_paused=True,
    )


def _call_cause(call: WishedCall) -> str:
    return f"call:{call.id}"


def _concern_cause(concern: SurfacedConcern) -> str:
    return f"concern:{concern.id}"


def _still_open(call: WishedCall) -> WishedCall:
    if call.made_on is not None:
        raise MoveNotPossible("They have been rung already.")
    return call
