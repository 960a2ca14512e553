"""What time does to offers: they lapse, and get back what a pause took from them."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import live_offers
from jags.allocation.rules import WAITING_OFFERS, OfferState
from jags.allocation.service.outcomes import (
    break_pair,
    end_offer,
    last_moment_to_answer,
    lock_request,
    mail_offer,
    offer_mail_left,
)
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request


def lapse_offers(work: Work) -> int:
    """Let offers lapse that nobody answered in time, and bring their requests back to the choice; return how many.

    While everything about a request is paused, its offers stay open; when the pause is lifted, they stay open longer by its
    length, before any of them can lapse.
    """
    open_pairs = (
        select(OfferedPair.request_id)
        .join(OfferedPair.offers)
        .join(Request, Request.id == OfferedPair.request_id)
        .where(Offer.state.in_(WAITING_OFFERS), Request.paused_at.is_(None))
        .distinct()
    )
    for request_id in sorted(
        work.session.scalars(open_pairs.where(OfferedPair.paused_seconds < Request.paused_seconds))
    ):
        _give_time_back(work, request_id)
    work.session.flush()
    due = work.session.scalars(open_pairs.where(OfferedPair.lapses_at <= work.now)).all()
    return sum(_lapse(work, request_id) for request_id in sorted(due))


def _give_time_back(work: Work, request_id: uuid.UUID) -> None:
    """Let a request's open offers lapse later by the pauses since, and send those that never left with the new day."""
    request = lock_request(work, request_id)
    waiting = [offer for offer in live_offers(work, request_id) if offer.state in WAITING_OFFERS]
    for pair in {offer.pair_id: offer.pair for offer in waiting}.values():
        paused = timedelta(seconds=request.paused_seconds - pair.paused_seconds)
        # A pair that was offered during the pause gets back no more than it had.
        until = london_date(pair.lapses_at + min(paused, work.now - pair.made_at))
        pair.lapses_at = last_moment_to_answer(until)
        pair.paused_seconds = request.paused_seconds
    for offer in waiting:
        if offer.state is OfferState.OFFERED and not offer_mail_left(work, offer):
            mail_offer(work, offer)


def _lapse(work: Work, request_id: uuid.UUID) -> int:
    request = lock_request(work, request_id)
    # Paused since it was found to be due.
    if request.paused:
        return 0
    late = [
        offer
        for offer in live_offers(work, request_id)
        if offer.state in WAITING_OFFERS and offer.pair.lapses_at <= work.now
    ]
    for offer in late:
        end_offer(work, offer, OfferState.LAPSED, tell=True)
    if late:
        break_pair(work, request, late[0])
    return len(late)
