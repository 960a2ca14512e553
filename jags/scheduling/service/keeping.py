"""Keep the date of a request through a change of facilitator, when it suits the new pair, and free who is not needed for it."""

import uuid

from sqlalchemy import exists, select

from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import LIVE_OFFERS, NOT_BOOKED, agreed_facilitators, get_offer, open_pair
from jags.allocation.rules import Rule
from jags.allocation.service import accept_offer, what_stands_against
from jags.facilitators.queries import free_at
from jags.facilitators.rules import FacilitatorAlreadyBooked
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State, Verb
from jags.requests.service import move_request
from jags.scheduling.model import JagsSession, SessionFacilitator
from jags.scheduling.queries import find_kept_date, is_facilitator
from jags.scheduling.rules import SessionState
from jags.scheduling.service.arranging import release_facilitator, set_facilitators
from jags.scheduling.service.messages import NOT_EXPECTED, NOTHING_TO_DO
from jags.scheduling.service.time import time_together
from jags.venues.rules import VenueAlreadyBooked


def accept_offer_and_keep_date(work: Work, offer_id: uuid.UUID, *, version: int) -> Offer:
    """Accept an offer; when both have and a date was kept that suits both, the date stands again.

    Raises as `jags.allocation.service.accept_offer`.
    """
    date = find_kept_date(work, get_offer(work, offer_id).pair.request_id)
    offer = accept_offer(work, offer_id, version=version, has_date=date is not None)
    confirm_kept_date(work, offer.pair.request_id)
    return offer


def confirm_kept_date(work: Work, request_id: uuid.UUID) -> bool:
    """Schedule the kept date of a request whose new pair has agreed, if it suits both; tell whether it was done.

    It suits when it is to come, both may hold the request on that day, and who is new is free then as far as recorded. The
    others keep their invitation as it is. Otherwise nothing changes: the coordinator sets another date, or lets it go. The
    caller has checked whether the actor may.
    """
    request = work.session.get_one(Request, request_id)
    session = find_kept_date(work, request_id)
    pair = agreed_facilitators(work, request_id)
    if session is None or not pair or request.state is not State.FACILITATORS_AGREED or request.paused:
        return False
    if not _suits(work, request, session, pair):
        return False
    try:
        with work.session.begin_nested():
            session.calendar_sequence += 1
            set_facilitators(work, session, pair, tell_stayers=False)
    except (FacilitatorAlreadyBooked, VenueAlreadyBooked):
        return False
    move_request(work, request, Verb.SCHEDULE)
    work.record("session:scheduled", session.id, request=str(request.id), sequence=session.calendar_sequence)
    return True


def free_released(work: Work, request_id: uuid.UUID | None = None) -> int:
    """Free the time and the calendar of facilitators of a kept date who are not needed for it any more; return how many.

    Somebody who had accepted is released where nobody fits with them, or two others are asked. Of one request, or of all.
    """
    wanted = (
        select(SessionFacilitator.session_id, SessionFacilitator.person_id)
        .join(JagsSession, JagsSession.id == SessionFacilitator.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(
            JagsSession.state == SessionState.SCHEDULED,
            JagsSession.starts_at > work.now,
            Request.state.in_(NOT_BOOKED),
            ~exists().where(
                OfferedPair.request_id == Request.id,
                Offer.pair_id == OfferedPair.id,
                Offer.person_id == SessionFacilitator.person_id,
                Offer.state.in_(LIVE_OFFERS),
            ),
        )
        .order_by(SessionFacilitator.session_id, SessionFacilitator.person_id)
    )
    if request_id is not None:
        wanted = wanted.where(Request.id == request_id)
    found = work.session.execute(wanted).all()
    for session_id, person_id in found:
        session = work.session.get_one(JagsSession, session_id)
        release_facilitator(work, session, person_id, what=NOT_EXPECTED, what_next=NOTHING_TO_DO)
    return len(found)


def _suits(work: Work, request: Request, session: JagsSession, pair: list[uuid.UUID]) -> bool:
    if what_stands_against(work, request, pair, on=london_date(session.starts_at)):
        return False
    new = [person_id for person_id in pair if not is_facilitator(session, person_id)]
    # Who is not free as recorded has said yes to this date, where it was agreed as an exception to ask them. The booking decides.
    agreed = open_pair(work, request.id)
    if agreed and any(one.rule is Rule.SLOT for one in agreed.exceptions):
        return True
    # Who has recorded no availability counts as free, too.
    return False not in free_at(work, new, time_together(work, session)).values()
