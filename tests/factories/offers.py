"""What two people do with their offers, and what became of them."""

from sqlalchemy import func, select

from factories.pool import declares
from jags.allocation.queries import get_offer
from jags.allocation.rules import OfferState
from jags.allocation.service import accept_offer, decline_offer
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailState


def version(work, offer_id):
    return get_offer(work, offer_id).version


def accepts(work_on, offered_pair, n):
    """Let the nth person declare, if they have not, and accept."""
    with work_on(offered_pair.actors[n]) as work:
        offer = get_offer(work, offered_pair.offers[n])
        if offer.state is OfferState.OFFERED:
            declares(work, offer.id)
        accept_offer(work, offer.id, version=version(work, offer.id))


def declines(work_on, offered_pair, n):
    with work_on(offered_pair.actors[n]) as work:
        decline_offer(work, offered_pair.offers[n], version=version(work, offered_pair.offers[n]))


def states(work, offered_pair):
    return [get_offer(work, offer_id).state for offer_id in offered_pair.offers]


def mails(work, kind, *person_ids):
    """Return how many messages of a kind wait for each person."""
    counted = dict(
        work.session.execute(
            select(OutboxMessage.recipient_ref, func.count())
            .where(OutboxMessage.kind == kind, OutboxMessage.state == MailState.QUEUED)
            .group_by(OutboxMessage.recipient_ref)
        ).all()
    )
    return [counted.get(str(person_id), 0) for person_id in person_ids]


def sent(work, kind):
    """Pretend that the mails of a kind have left."""
    for row in work.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)):
        row.state = MailState.SENT
