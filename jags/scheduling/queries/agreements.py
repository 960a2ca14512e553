"""Check every open agreement and offer again, as things stand now: what came up since is flagged before the session."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager, joinedload

from jags.allocation.assembly import Against, Held, what_speaks_against
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import LIVE_OFFERS, NOT_BOOKED
from jags.allocation.rules import OfferState
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import visible_to
from jags.requests.rules import State
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState

# Until the session has been held.
_OPEN = (*NOT_BOOKED, State.SCHEDULED)


@dataclass(frozen=True)
class ToLookAt:
    """An open agreement, or an offer, against which something stands now.

    `agreed` are those who have accepted; `on` is the London date of the session, None where none is set.
    """

    request_id: uuid.UUID
    reference: str
    state: State
    on: date | None
    agreed: frozenset[uuid.UUID]
    against: tuple[Against, ...]


def agreements_to_look_at(work: Work, *, request_id: uuid.UUID | None = None) -> list[ToLookAt]:
    """Return the agreements and offers against which something stands as things are now, the nearest session first.

    Of one request or of all that the actor may see, by as many queries for one as for thirty: at most eight.
    """
    live = select(OfferedPair.request_id).join(OfferedPair.offers).where(Offer.state.in_(LIVE_OFFERS))
    wanted = (
        # Beside the offers that stand, what was answered before: for the request, and for the one that it repeats.
        select(Offer, Request, JagsSession.starts_at, *KEY)
        .join(Offer.pair)
        .join(Request, OfferedPair.request_id.in_([Request.id, Request.previous_request_id]))
        .join(DataKey, DataKey.id == Request.key_id)
        .outerjoin(
            JagsSession,
            and_(JagsSession.request_id == Request.id, JagsSession.state == SessionState.SCHEDULED),
        )
        .where(Request.id.in_(live), Request.state.in_(_OPEN), visible_to(work.actor))
        .options(contains_eager(Offer.pair).joinedload(OfferedPair.exceptions), joinedload(Offer.declaration))
        .order_by(OfferedPair.made_at, Offer.position, Offer.id)
    )
    if request_id is not None:
        wanted = wanted.where(Request.id == request_id)
    offers: dict[uuid.UUID, list[Offer]] = {}
    answers: dict[uuid.UUID, list[Offer]] = {}
    about: dict[uuid.UUID, tuple[Request, date | None]] = {}
    for row in work.session.execute(wanted).unique().all():
        work.vault.remember(row)
        offer, request = row[0], row[1]
        starts_at: datetime | None = row[2]
        answers.setdefault(request.id, []).append(offer)
        if offer.state in LIVE_OFFERS and offer.pair.request_id == request.id:
            offers.setdefault(request.id, []).append(offer)
        about[request.id] = (request, london_date(starts_at) if starts_at else None)
    found = what_speaks_against(
        work,
        [
            Held(
                request,
                tuple(offer.person_id for offer in offers[key]),
                on or work.today,
                frozenset(one.rule for offer in offers[key] for one in offer.pair.exceptions),
                answers[key],
            )
            for key, (request, on) in about.items()
        ],
    )
    lines = [_line(*about[key], offers[key], against) for key, against in found.items() if against]
    return sorted(lines, key=lambda line: (line.on or date.max, line.reference))


def _line(
    request: Request, on: date | None, offers: Sequence[Offer], against: tuple[Against, ...]
) -> ToLookAt:
    agreed = frozenset(o.person_id for o in offers if o.state is OfferState.ACCEPTED)
    return ToLookAt(request.id, request.reference or "", request.state, on, agreed, against)
