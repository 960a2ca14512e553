"""Give a facilitator a secret address for their calendar, and take it back; only its hash is kept."""

import secrets
import uuid

from jags.accounts.queries import secret_hash
from jags.facilitators.queries import get_facilitator
from jags.kernel.work import Work
from jags.scheduling.model import CalendarFeed
from jags.scheduling.policy import require_own_feed


def open_feed(work: Work, person_id: uuid.UUID) -> str:
    """Return the secret of a new address for somebody's own calendar; an address that they had before works no longer.

    The secret is shown once. Raises `NotAllowed` for somebody else's calendar, `NotFound` for who is not in the pool.
    """
    require_own_feed(work.actor, person_id)
    get_facilitator(work, person_id)
    secret = secrets.token_urlsafe(32)
    feed = work.session.get(CalendarFeed, person_id)
    if feed is None:
        feed = CalendarFeed(person_id=person_id)
        work.session.add(feed)
    feed.secret_hash, feed.issued_at = secret_hash(secret), work.now
    work.record("facilitator:feed_opened", person_id)
    return secret


def close_feed(work: Work, person_id: uuid.UUID) -> None:
    """Let the address of somebody's own calendar work no longer; raises `NotAllowed` for somebody else's."""
    require_own_feed(work.actor, person_id)
    feed = work.session.get(CalendarFeed, person_id)
    if feed is not None:
        work.session.delete(feed)
        work.record("facilitator:feed_closed", person_id)
