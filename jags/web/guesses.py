"""Count wrong codes of slips, and wrong keys, by network address, in the memory of this process alone, so that nobody tries very many.

Nothing is written down: an address is hashed under a key that is drawn anew each day and is nowhere else, only failures are
counted, and a code that is right leaves no trace even here (docs/adr/0005-anonymous-feedback.md).
"""

import hashlib
import ipaddress
import secrets
from datetime import date
from threading import Lock

from jags.kernel.errors import TooMany

# Wrong codes a day from one address: everybody in a room may share one, and mistype a few times.
WRONG_MOST = 100
# Addresses that are remembered at once; the one that began longest ago goes first.
ADDRESSES_MOST = 10_000
# What one household or one machine has of the newer addresses.
_NETWORK_BITS = 64


class Guesses:
    """The wrong codes of one day; `too_many` says what somebody is told who has tried too many."""

    def __init__(self, too_many: str) -> None:
        self._too_many = too_many
        self._lock = Lock()
        self._day: date | None = None
        self._key = b""
        self._wrong: dict[bytes, int] = {}

    def refuse_many(self, address: str, *, today: date) -> None:
        """Raise `TooMany` when too many wrong codes have come from an address today."""
        with self._lock:
            if self._wrong.get(self._place(address, today), 0) >= WRONG_MOST:
                raise TooMany(self._too_many)

    def note(self, address: str, *, today: date) -> None:
        """Count a wrong code."""
        with self._lock:
            place = self._place(address, today)
            self._wrong[place] = self._wrong.get(place, 0) + 1
            if len(self._wrong) > ADDRESSES_MOST:
                del self._wrong[next(iter(self._wrong))]

    def _place(self, address: str, today: date) -> bytes:
        if self._day != today:
            self._day, self._key, self._wrong = today, secrets.token_bytes(32), {}
        return hashlib.blake2b(_network(address).encode(), key=self._key, digest_size=16).digest()


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    bits = _NETWORK_BITS if found.version == 6 else found.max_prefixlen  # noqa: PLR2004 - The two kinds of addresses.
    return str(ipaddress.ip_network((found, bits), strict=False))
