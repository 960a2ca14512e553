"""Count the sessions that the pool can still give, for the first page of the Business Unit."""

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Uuid,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    true,
)

from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries.offers import LIVE_OFFERS, NOT_BOOKED
from jags.allocation.rules import OfferState
from jags.allocation.rules.taken_on import TakenOn
from jags.facilitators.model import Booking, Facilitator, Training
from jags.facilitators.queries import Load, training_terms
from jags.facilitators.rules import NEWCOMER_UNTIL, BookingKind, FacilitatorStatus, counts_since, quarter_of
from jags.kernel.time import days, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.settings.queries import partnership

# Sessions are scheduling's, which lies above: all that is asked here is of which request one is.
_SESSIONS = table("jags_session", column("id", Uuid(as_uuid=True)), column("request_id", Uuid(as_uuid=True)))


def taken_on(
    work: Work, loads: Mapping[uuid.UUID, Load], *, apart_from: Collection[uuid.UUID] = ()
) -> dict[uuid.UUID, TakenOn]:
    """Return what everybody of `loads` has taken on in the quarter of those loads, by one query.

    `apart_from` are requests whose offers are not counted.
    """
    without_date = promised(work, apart_from=apart_from)
    found = {}
    for person_id, load in loads.items():
        standing, agreed = without_date.get(person_id, (0, 0))
        found[person_id] = TakenOn(
            entitled=load.entitled,
            given=load.given_in_quarter,
            booked=load.in_quarter - load.given_in_quarter,
            agreed=agreed,
            offered=standing - agreed,
            in_twelve_months=load.last_twelve_months + agreed,
        )
    return found


def sessions_left(work: Work) -> ScalarSelect[int]:
    """Return the sessions left in today's quarter of everybody who is active and current, booked and promised ones taken off.

    It is the number that the page of the pool shows, as part of another query.
    """
    first, following = quarter_of(work.today)
    booked = (
        select(func.count())
        .where(
            Booking.person_id == Facilitator.person_id,
            Booking.kind == BookingKind.SESSION,
            Booking.starts_at >= start_of_day(first),
            Booking.starts_at < start_of_day(following),
        )
        .correlate(Facilitator)
        .scalar_subquery()
    )
    standing = (
        select(func.count())
        .select_from(Offer)
        .join(OfferedPair, OfferedPair.id == Offer.pair_id)
        .join(Request, Request.id == OfferedPair.request_id)
        .where(
            Offer.person_id == Facilitator.person_id,
            Offer.state.in_(LIVE_OFFERS),
            Request.state.in_(NOT_BOOKED),
            ~_keeps_date(work),
        )
        .correlate(Facilitator)
        .scalar_subquery()
    )
    terms = training_terms(work)
    since = counts_since(work.today, terms)
    # jags.facilitators.rules.is_current, for a whole pool.
    current = Facilitator.training.any(
        (Training.trained_on <= work.today)
        & or_(
            Training.refresher_due_on >= work.today - days(terms.grace_days),
            Training.refresher_due_on.is_(None) & (true() if since is None else Training.trained_on >= since),
        )
    )
    given = (
        select(func.count())
        .where(
            Booking.person_id == Facilitator.person_id,
            Booking.kind == BookingKind.SESSION,
            Booking.ends_at <= work.now,
        )
        .correlate(Facilitator)
        .scalar_subquery()
    )
    can_give, newcomers = Facilitator.sessions_per_quarter, partnership(work).newcomer_sessions_a_quarter
    # jags.facilitators.rules.entitlement, for a whole pool in one number.
    held_back = and_(literal(newcomers) > 0, given < NEWCOMER_UNTIL, can_give > newcomers)
    left = case((held_back, newcomers), else_=can_give) - booked - standing
    return (
        select(func.coalesce(func.sum(case((left > 0, left), else_=0)), 0))
        .where(Facilitator.status == FacilitatorStatus.ACTIVE, current)
        .scalar_subquery()
    )


def promised(work: Work, *, apart_from: Collection[uuid.UUID] = ()) -> dict[uuid.UUID, tuple[int, int]]:
    """Count by person the offers that stand and have no booking yet, and the accepted among them.

    Each holds one of the sessions that somebody can still give; `apart_from` are requests that are not counted. Who keeps a date
    while another partner is looked for holds that session by the booking, and not once more.
    """
    accepted = case((Offer.state == OfferState.ACCEPTED, 1), else_=0)
    rows = (
        select(Offer.person_id, func.count(), func.sum(accepted))
        .join(Offer.pair)
        .join(Request, Request.id == OfferedPair.request_id)
        .where(Offer.state.in_(LIVE_OFFERS), Request.state.in_(NOT_BOOKED), ~_keeps_date(work))
        .group_by(Offer.person_id)
    )
    if apart_from:
        rows = rows.where(Request.id.not_in(apart_from))
    return {
        person_id: (int(standing), int(agreed)) for person_id, standing, agreed in work.session.execute(rows)
    }


def _keeps_date(work: Work) -> ColumnElement[bool]:
    """Return the condition for an offer whose person is booked for a session to come of its request."""
    return (
        exists()
        .where(
            Booking.person_id == Offer.person_id,
            Booking.kind == BookingKind.SESSION,
            Booking.ends_at > work.now,
            Booking.ref == _SESSIONS.c.id,
            _SESSIONS.c.request_id == Request.id,
        )
        .correlate(Offer, Request)
    )
