"""Read whom we wait to hear from: who is nudged today, whom somebody rings, and how it stands with one request."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from jags.kernel.time import london_date, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries.one import contact_of, visible_to
from jags.requests.rules import (
    FOLLOWED_UP,
    RUNG_WHEN_SOONER,
    Priority,
    RingWhy,
    State,
    nudge_on,
    ring_by,
    ring_on,
)
from jags.settings.queries import partnership


@dataclass(frozen=True)
class ToRing:
    """Somebody whom a coordinator rings: who asked, why, and from which London date on."""

    request: Request
    requester: str
    phone: str
    why: RingWhy
    since: date


@dataclass(frozen=True)
class FollowUp:
    """How it stands with a requester from whom we wait to hear; all dates are London's.

    `nudge_on` is None for somebody without an address, `nudged_on` until the nudge has left.
    """

    nudge_on: date | None
    nudged_on: date | None
    ring_on: date
    ring_now: bool


def to_ring(work: Work) -> list[ToRing]:
    """Return the requesters whom somebody rings now, longest due first; requests that are paused are left out.

    They are those of a request that is to go sooner and who were not rung since it came into its state, those who were promised
    a call by today, and those who have been silent for a while after the nudge, or have no address for one.
    """
    silent = _silent_for_long(work) & or_(
        Request.nudged_at.is_not(None), Request.requester_email_index.is_(None)
    )
    sooner = (Request.priority == Priority.SOONER) & Request.state.in_(sorted(RUNG_WHEN_SOONER))
    # No promise ends on the day on which a request came; the others are looked at one by one.
    promised = (Request.state == State.IN_TRIAGE) & (Request.received_on < work.today)
    rows = work.session.scalars(
        select(Request)
        .where(
            or_(silent, sooner, promised, Request.talk_wished_at.is_not(None)),
            Request.paused_at.is_(None),
            Request.followed_up_at.is_(None),
            visible_to(work.actor),
        )
        .options(joinedload(Request.agency))
        .order_by(Request.state_changed_at, Request.id)
    ).all()
    work.vault.prefetch(rows)
    found = [_to_ring(work, request) for request in rows]
    return sorted((one for one in found if one is not None), key=lambda one: one.since)


def must_ring(work: Work, request: Request) -> RingWhy | None:
    """Tell why the requester of a request is to be rung now; None when they are not, or were."""
    if request.paused or request.followed_up_at is not None:
        return None
    if request.talk_wished_at is not None:
        return RingWhy.WISHES_TO_TALK
    if request.priority is Priority.SOONER and request.state in RUNG_WHEN_SOONER:
        return RingWhy.SOONER
    promised = open_promise(work, request)
    if promised is not None and promised <= work.today:
        return RingWhy.PROMISED
    follows = follow_up(work, request)
    return RingWhy.NO_ANSWER if follows is not None and follows.ring_now else None


def follow_up(work: Work, request: Request) -> FollowUp | None:
    """Return how it stands with a requester from whom we wait to hear; None where we do not, or they were heard."""
    since = silent_since(request)
    if since is None or request.followed_up_at is not None or request.talk_wished_at is not None:
        return None
    targets, reachable = partnership(work), request.requester_email_index is not None
    nudged_on = london_date(request.nudged_at) if request.nudged_at else None
    rings = ring_on(since, nudged_on=nudged_on, reachable=reachable, targets=targets)
    waits = nudged_on is not None or not reachable
    return FollowUp(
        nudge_on(since, targets=targets) if reachable else None,
        nudged_on,
        rings,
        ring_now=waits and rings <= work.today and not request.paused,
    )


def silent_since(request: Request) -> date | None:
    """Return since which London date we wait to hear from the requester; None where we do not.

    Pauses do not count: the day moves on by their length. What was signposted before this software told nobody.
    """
    if request.state not in FOLLOWED_UP:
        return None
    paused = timedelta(seconds=request.paused_seconds)
    if request.state is State.SIGNPOSTED:
        return request.told_on + timedelta(days=paused.days) if request.told_on else None
    return london_date(request.state_changed_at + paused)


def due_for_nudge(work: Work) -> list[Request]:
    """Return the requests whose requester is written to once more today, received longest ago first; none is paused."""
    targets = partnership(work)
    rows = work.session.scalars(
        select(Request)
        .where(
            _silent_for_long(work),
            Request.paused_at.is_(None),
            Request.nudged_at.is_(None),
            Request.talk_wished_at.is_(None),
            Request.followed_up_at.is_(None),
            Request.requester_email_index.is_not(None),
        )
        .order_by(Request.received_at, Request.id)
    )
    due = [
        request
        for request in rows
        for since in [silent_since(request)]
        if since is not None and nudge_on(since, targets=targets) <= work.today
    ]
    work.vault.prefetch(due)
    return due


def promised_call(work: Work, request: Request) -> date | None:
    """Return the day by which the requester was promised a call when they confirmed; None before that."""
    if request.received_on is None or request.confirmed_at is None:
        return None
    confirmed_on = london_date(request.confirmed_at)
    return ring_by(received_on=request.received_on, confirmed_on=confirmed_on, targets=partnership(work))


def open_promise(work: Work, request: Request) -> date | None:
    """Return the day by which the requester was promised a call that nobody has made yet, while nothing is decided; else None.

    Who was asked something since, or whose request was taken up again, has heard from us.
    """
    made = request.confirmed_at
    if request.state is not State.IN_TRIAGE or made is None or request.state_changed_at > made:
        return None
    if request.followed_up_at is not None:
        return None
    return promised_call(work, request)


def _silent_for_long(work: Work) -> ColumnElement[bool]:
    """Return a condition that holds for all whom `silent_since` finds silent for as many working days as a nudge waits.

    It counts the days of the calendar, so that it leaves out whom nobody needs to look at, and nobody else.
    """
    last = work.today - timedelta(days=partnership(work).nudge_days)
    changed = Request.state_changed_at < start_of_day(last + timedelta(days=1))
    return or_(
        Request.state.in_(sorted(FOLLOWED_UP - {State.SIGNPOSTED})) & changed,
        (Request.state == State.SIGNPOSTED) & (Request.told_on <= last),
    )


def _to_ring(work: Work, request: Request) -> ToRing | None:
    why = must_ring(work, request)
    if why is None:
        return None
    contact, follows = contact_of(work, request), follow_up(work, request)
    since = open_promise(work, request) if why is RingWhy.PROMISED else None
    if follows is not None and why is RingWhy.NO_ANSWER:
        since = follows.ring_on
    return ToRing(
        request,
        contact.name,
        contact.phone,
        why,
        since or london_date(request.talk_wished_at or request.state_changed_at),
    )
