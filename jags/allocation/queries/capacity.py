"""Count the sessions that the pool can still give, for the first page of the Business Unit."""

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import ScalarSelect, and_, case, func, literal, or_, select, true

from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries.offers import LIVE_OFFERS, NOT_BOOKED, promised
from jags.allocation.rules.taken_on import TakenOn
from jags.facilitators.model import Booking, Facilitator, Training
from jags.facilitators.queries import Load, training_terms
from jags.facilitators.rules import NEWCOMER_UNTIL, BookingKind, FacilitatorStatus, counts_since, quarter_of
from jags.kernel.time import days, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.settings.queries import partnership


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
