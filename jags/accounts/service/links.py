"""Issue, use and revoke purpose-bound links."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import select

from jags.accounts import queries
from jags.accounts.model import Link
from jags.accounts.rules import Purpose
from jags.kernel.work import Work


def issue_link(
    work: Work, *, purpose: Purpose, subject_id: uuid.UUID, expires_at: datetime | None
) -> tuple[Link, str]:
    """Issue a purpose-bound link; return its row and the secret, of which only the hash is stored."""
    secret = secrets.token_urlsafe(24)
    link = Link(
        purpose=purpose,
        subject_id=subject_id,
        secret_hash=queries.secret_hash(secret),
        issued_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(link)
    work.session.flush()
    work.record("link:issued", link.id, purpose=purpose)
    return link, secret


def revoke_links(
    work: Work, *, purpose: Purpose, subject_id: uuid.UUID, issued_after: datetime | None = None
) -> None:
    """Revoke every live link of a purpose to a subject, but for the one that the actor holds where only later ones are meant."""
    live = select(Link).where(
        Link.purpose == purpose, Link.subject_id == subject_id, Link.revoked_at.is_(None)
    )
    if issued_after is not None:
        live = live.where(Link.issued_at > issued_after)
    for link in work.session.scalars(live.order_by(Link.id)):
        if issued_after is not None and work.actor.ref == queries.actor_of_link(link).ref:
            continue
        link.revoked_at = work.now
        work.record("link:revoked", link.id, purpose=purpose)


def read_to_spend(work: Work, held: Link | queries.LiveLink) -> Link:
    """Return the row of a link as it is now, locked until the commit, so that no two spend it."""
    return work.session.get_one(Link, held.id, with_for_update=True, populate_existing=True)
