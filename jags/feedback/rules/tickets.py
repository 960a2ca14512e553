"""The text of a feedback ticket: a secret and two tags, so that it can be checked without any trace of its use.

Ticket = secret (128 bit) ‖ tag of ours ‖ tag of its pot, each 128 bit, url-safe. The first tag tells an invented link from
one of ours after its pot is gone; the second tells, while the pot is open, that a missing ticket was spent. See
docs/adr/0005-anonymous-feedback.md.
"""

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from dataclasses import dataclass

_PART = 16
# Three parts make a whole number of characters, so that each ticket has one spelling.
_TEXT = re.compile(r"[A-Za-z0-9_-]{64}", re.ASCII)


@dataclass(frozen=True)
class TicketText:
    """The parts of a ticket."""

    secret: bytes
    own_tag: bytes
    pot_tag: bytes

    @property
    def text(self) -> str:
        """Return the ticket as a link carries it."""
        return base64.urlsafe_b64encode(self.secret + self.own_tag + self.pot_tag).decode()

    @property
    def hash(self) -> bytes:
        """Return what is stored of the ticket."""
        return hashlib.sha256(self.secret).digest()

    def is_ours(self, key: bytes) -> bool:
        """Tell whether the ticket was minted here at all."""
        return hmac.compare_digest(self.own_tag, _own_tag(key, self.secret))

    def opens(self, key: bytes, pot_id: uuid.UUID) -> bool:
        """Tell whether the ticket was minted for a pot."""
        return hmac.compare_digest(self.pot_tag, _pot_tag(key, pot_id, self.secret))


def mint(key: bytes, pot_id: uuid.UUID) -> TicketText:
    """Return a new ticket for a pot; only its hash may be stored."""
    secret = secrets.token_bytes(_PART)
    return TicketText(secret, _own_tag(key, secret), _pot_tag(key, pot_id, secret))


def read(text: str) -> TicketText | None:
    """Return the parts of a ticket, or None when the text cannot be one."""
    if not _TEXT.fullmatch(text):
        return None
    raw = base64.urlsafe_b64decode(text)
    return TicketText(raw[:_PART], raw[_PART : 2 * _PART], raw[2 * _PART :])


def _own_tag(key: bytes, secret: bytes) -> bytes:
    return hmac.new(key, b"ours\x00" + secret, hashlib.sha256).digest()[:_PART]


def _pot_tag(key: bytes, pot_id: uuid.UUID, secret: bytes) -> bytes:
    return hmac.new(key, b"pot\x00" + pot_id.bytes + secret, hashlib.sha256).digest()[:_PART]
