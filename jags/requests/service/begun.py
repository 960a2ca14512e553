"""Bound how many drafts are begun from one network address, so that nobody fills the database with them."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import bindparam, delete, text

from jags.kernel.errors import TooMany
from jags.kernel.work import Work
from jags.requests.model import DraftsBegun

# In an hour of the clock. A whole council may share one address, and a training event may have thirty people try the form at
# once; a county asks for some sixty JAGS in a year.
DRAFTS_ALLOWED = 60
_HOUR = timedelta(hours=1)
# What one household or office holds of the newer addresses.
_PREFIX = 64
_COUNT = text(
    "INSERT INTO drafts_begun (place, hour, number) VALUES (:place, :hour, 1) "
    "ON CONFLICT (place, hour) DO UPDATE SET number = drafts_begun.number + 1 RETURNING number"
).bindparams(bindparam("hour", type_=DraftsBegun.hour.type))


def count_draft(work: Work, *, address: str) -> None:
    """Count a draft that is begun from a network address; raises `TooMany` above what is allowed, and then counts nothing.

    What is refused is not counted, so nobody is kept out for longer by trying again.
    """
    place = work.vault.blind_index("draft", _network(address))
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    number = work.session.scalar(_COUNT, {"place": place, "hour": hour})
    if number is not None and number > DRAFTS_ALLOWED:
        raise TooMany(
            "Very many requests have been begun from your network within an hour. You may share it with many others, so this "
            "need not be you. Nothing was saved. Ring us and we write your request down with you, or send it again in an hour."
        )


def forget_counts(work: Work) -> None:
    """Delete the counts of hours that are over."""
    work.session.execute(delete(DraftsBegun).where(DraftsBegun.hour <= work.now - _HOUR))


def _network(address: str) -> str:
    """Return an address, and of an IPv6 address its network, of which one person holds all."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(known) if known.version == 4 else str(ip_network((known, _PREFIX), strict=False))  # noqa: PLR2004 - IPv4.
