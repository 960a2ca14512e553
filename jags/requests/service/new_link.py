"""Take the wish for a new link without looking whether it fits, and let a job send what fits."""

from sqlalchemy import bindparam, delete, select, text

from jags.kernel.base import UtcDateTime
from jags.kernel.work import Work
from jags.requests.model import LinkWish
from jags.requests.queries import find_for_requester
from jags.requests.rules import reference_from
from jags.requests.service.intake import send_status_link

# Wishes that one run of the job looks at; the rest waits for the next.
_AT_ONCE = 500
# The same statement for whatever was typed; asked again, it changes nothing.
_KEEP = text(
    "INSERT INTO link_wish (reference, email_index, asked_at) VALUES (:reference, :email_index, :asked_at) "
    "ON CONFLICT DO NOTHING"
).bindparams(bindparam("asked_at", type_=UtcDateTime()))


def ask_for_link(work: Work, *, reference: str, email: str) -> None:
    """Keep that somebody asked for a new link; whether reference and address belong to one request is not looked at.

    So the answer takes the same time whether or not we know the request. The address is kept as its keyed index only.
    """
    values = {
        "reference": reference_from(reference) or reference.strip().upper(),
        "email_index": work.vault.blind_index("email", email),
        "asked_at": work.now,
    }
    work.session.execute(_KEEP, values)


def send_asked_links(work: Work) -> int:
    """Mail a new link for each wish that fits a request, and forget all wishes; return how many there were."""
    wishes = work.session.scalars(
        select(LinkWish).order_by(LinkWish.asked_at, LinkWish.reference, LinkWish.email_index).limit(_AT_ONCE)
    ).all()
    for wish in wishes:
        found = find_for_requester(work, reference=wish.reference, email_index=wish.email_index)
        if found is not None:
            send_status_link(work, found)
        work.session.execute(
            delete(LinkWish).where(
                LinkWish.reference == wish.reference, LinkWish.email_index == wish.email_index
            )
        )
    return len(wishes)
