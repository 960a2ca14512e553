"""Tell requester and facilitators that everything is paused: one note each, in the coordinator's own words."""

import uuid
from collections.abc import Sequence

from jags.accounts.rules import Permission
from jags.allocation.queries import live_offers
from jags.allocation.rules import OfferState
from jags.allocation.service import offer_mail_left
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import Request
from jags.requests.policy import request_for
from jags.requests.service import tell_requester
from jags.scheduling.queries import sessions_of
from jags.scheduling.rules import SessionState
from jags.scheduling.service.messages import Invitee, invited_facilitators


def tell_of_pause(
    work: Work, request_id: uuid.UUID, *, to_requester: str, to_facilitators: str, version: int
) -> Request:
    """Send one note to the requester and one to each facilitator who knows of the request; an empty one is not sent.

    These leave although everything is paused. In one pause each person gets one note. Raises `MoveNotPossible` while nothing
    is paused, `Invalid` when both are empty.
    """
    request = request_for(work, request_id, Permission.REQUEST_PAUSE)
    request.expect(version)
    if request.paused_at is None:
        raise MoveNotPossible("Nothing is paused.")
    if not (to_requester.strip() or to_facilitators.strip()):
        raise Invalid("Enter a note, or leave this page and ring them.", field="to_requester")
    cause = f"pause:{request.paused_at.isoformat()}"
    if to_requester.strip():
        tell_requester(
            work,
            request,
            kind=MailKind.PAUSE_NOTE,
            cause=cause,
            params={"note": to_requester.strip()},
            sent_when_paused=True,
        )
    if to_facilitators.strip():
        for invitee in facilitators_who_know(work, request):
            queue_mail(
                work,
                kind=MailKind.PAUSE_NOTE_FACILITATOR,
                cause_ref=f"request:{request.id}:{cause}",
                recipient_ref=str(invitee.id),
                to=Recipient(invitee.name, invitee.email),
                params={"reference": request.reference or "", "note": to_facilitators.strip()},
                about_ref=str(request.id),
                sent_when_paused=True,
            )
    return request


def facilitators_who_know(work: Work, request: Request) -> Sequence[Invitee]:
    """Return the facilitators who were asked and have not declined, and those of its session; nobody who was never told."""
    asked = [
        offer.person_id
        for offer in live_offers(work, request.id)
        if offer.state is not OfferState.OFFERED or offer_mail_left(work, offer)
    ]
    holding = [
        facilitator.person_id
        for session in sessions_of(work, request.id)
        if session.state in {SessionState.SCHEDULED, SessionState.HELD}
        for facilitator in session.facilitators
    ]
    return invited_facilitators(work, dict.fromkeys([*asked, *holding]))
