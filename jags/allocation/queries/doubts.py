"""Read which doubts about independence were cleared, and which declared connections have still to be talked through."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import CompoundSelect, exists, null, select

from jags.accounts.model import Recusal
from jags.allocation.model import DeclaredStatement, DoubtCleared, Offer, OfferedPair
from jags.allocation.rules import Doubt, IndependenceAnswer, OfferState, PossibleConnection
from jags.kernel.work import Work
from jags.requests.model import Request

NOTHING_CLEARED: Mapping[PossibleConnection, datetime] = MappingProxyType({})


@dataclass
class Settled:
    """What is known of people of the pool for one request: which of their doubts were cleared, and when, and who stood aside."""

    cleared: dict[uuid.UUID, dict[PossibleConnection, datetime]] = field(default_factory=dict)
    stood_aside: set[uuid.UUID] = field(default_factory=set)


def cleared_doubts(work: Work, request_id: uuid.UUID) -> dict[uuid.UUID, dict[PossibleConnection, datetime]]:
    """Return by person which doubts were cleared for a request, and when."""
    return settled_of_each(work, [request_id])[request_id].cleared


def settled_of_each(work: Work, request_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Settled]:
    """Return by request which doubts about whom were cleared, and who stood aside from its case, by one query."""
    cleared = select(
        DoubtCleared.request_id,
        DoubtCleared.person_id,
        DoubtCleared.doubt,
        DoubtCleared.about,
        DoubtCleared.cleared_at,
    ).where(DoubtCleared.request_id.in_(request_ids))
    aside = select(Recusal.request_id, Recusal.person_id, null(), null(), null()).where(
        Recusal.request_id.in_(request_ids)
    )
    found = {request_id: Settled() for request_id in request_ids}
    rows: Sequence[Any] = work.session.execute(cleared.union_all(aside)).all()
    for request_id, person_id, doubt, about, at in rows:
        if doubt is None:
            found[request_id].stood_aside.add(person_id)
        else:
            found[request_id].cleared.setdefault(person_id, {})[PossibleConnection(doubt, about)] = at
    return found


def talk_of(offer: Offer) -> PossibleConnection:
    """Return the connection that somebody would like to talk through, as what they declared at one moment."""
    return PossibleConnection(
        Doubt.TALK_IT_THROUGH, offer.declared_at.isoformat() if offer.declared_at else ""
    )


def waits_for_talk(offer: Offer, cleared: Mapping[PossibleConnection, datetime]) -> bool:
    """Tell whether a declared connection has still to be talked through before the offer can be accepted.

    `cleared` are the person's doubts that were cleared; a talk counts for the declaration that it followed.
    """
    if IndependenceAnswer.TALK_IT_THROUGH not in offer.answers or offer.declared_at is None:
        return False
    talks = [at for one, at in cleared.items() if one.doubt is Doubt.TALK_IT_THROUGH]
    return not talks or max(talks) < offer.declared_at


def requests_waiting_for_talk() -> CompoundSelect[uuid.UUID]:
    """Select the requests with which somebody wants to talk first: a facilitator, or a requester who was signposted.

    A facilitator whose declared connection has still to be talked through (`waits_for_talk`), and a requester whom nobody
    has rung since they told us.

    It becomes part of a list of requests, which leaves out what the reader may not see.
    """
    talked = exists().where(
        DoubtCleared.request_id == OfferedPair.request_id,
        DoubtCleared.person_id == Offer.person_id,
        DoubtCleared.doubt == Doubt.TALK_IT_THROUGH,
        DoubtCleared.cleared_at >= Offer.declared_at,
    )
    offered = (
        select(OfferedPair.request_id)
        .join(OfferedPair.offers)
        .where(
            Offer.state == OfferState.DECLARED,
            Offer.declaration.any(DeclaredStatement.answer == IndependenceAnswer.TALK_IT_THROUGH),
            ~talked,
        )
    )
    asked = select(Request.id).where(Request.talk_wished_at.is_not(None), Request.followed_up_at.is_(None))
    # Two reads, each by an index of its own: as one condition it would be asked of every request there ever was.
    # Who is in both counts once where it is asked whether somebody is among them; to find that out first would take a look at every request.
    return offered.union_all(asked)
