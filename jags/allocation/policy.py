"""Whether an actor may choose facilitators for a request, or answer an offer."""

import uuid

from jags.accounts.queries import is_recused
from jags.accounts.rules import Permission, Purpose
from jags.allocation.model import Offer
from jags.allocation.queries import get_offer
from jags.allocation.rules import OfferState
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.policy import request_for


def request_to_arrange(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request for which the actor may choose facilitators.

    Raises `NotAllowed` without the permission, `NotFound` for who is recused from it.
    """
    return request_for(work, request_id, Permission.PAIR_OFFER)


def own_offer(work: Work, offer_id: uuid.UUID, *, by_link: bool = False) -> Offer:
    """Return an offer that was made to the actor; raises `NotFound` for anybody else's.

    So it does for one that they know nothing of yet, and for who is recused from its request.

    `by_link` lets the holder of the offer's own link in, for the first look; the detail asks for an account.
    """
    offer = get_offer(work, offer_id)
    theirs = _is_theirs(work.actor, offer) or (by_link and _came_by_its_link(work.actor, offer))
    unseen = offer.state is OfferState.PLANNED
    if not theirs or unseen or is_recused(work, offer.person_id, offer.pair.request_id):
        raise NotFound("There is no such offer.")
    return offer


def may_see_detail(offer: Offer, *, waits: bool) -> bool:
    """Tell whether the detail is open: after declaring, and after any connection was talked through."""
    return offer.state is OfferState.ACCEPTED or (offer.state is OfferState.DECLARED and not waits)


def _is_theirs(actor: Actor, offer: Offer) -> bool:
    return (
        actor.kind is ActorKind.ACCOUNT
        and actor.person_id == offer.person_id
        and actor.can(Permission.OFFER_ANSWER)
    )


def _came_by_its_link(actor: Actor, offer: Offer) -> bool:
    return actor.kind is ActorKind.LINK and actor.purpose == Purpose.OFFER and actor.subject_id == offer.id
