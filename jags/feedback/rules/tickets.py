"""The text of a feedback ticket, in a link or on a slip: a secret and tags, so that it can be checked without any trace of its use.

Ticket = secret (128 bit) ‖ tag of ours ‖ tag of its pot, each 128 bit, url-safe. The first tag tells an invented link from
one of ours after its pot is gone; the second tells, while the pot is open, that a missing ticket was spent. See
docs/adr/0005-anonymous-feedback.md.

A slip is typed by hand, so it has room for less: 16 characters of 5 bits, a secret of 60 bits ‖ the tag of its pot, 20 bits. What
is stored is the hash of both: who has a copy of the database and no key would have to try 2^80.
"""

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from dataclasses import dataclass

_PART = 16
# Letters and figures that nobody mistakes for one another when they are typed from paper.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans("OIL", "011")
_SLIP_LETTERS = 16
_SLIP_SECRET_BITS, _SLIP_TAG_BITS = 60, 20
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


@dataclass(frozen=True)
class Slip:
    """A ticket as it stands on paper."""

    secret: int
    pot_tag: int

    @property
    def text(self) -> str:
        """Return the code in four groups, as it is read and typed."""
        value = self.secret << _SLIP_TAG_BITS | self.pot_tag
        letters = "".join(_ALPHABET[value >> shift & 31] for shift in range(75, -1, -5))
        return "-".join(letters[start : start + 4] for start in range(0, 16, 4))

    @property
    def hash(self) -> bytes:
        """Return what is stored of the slip."""
        return hashlib.sha256((self.secret << _SLIP_TAG_BITS | self.pot_tag).to_bytes(10)).digest()

    def is_ours(self, _key: bytes) -> bool:
        """Tell that it may be ours: a slip has no room for a tag that outlives its pot."""
        return True

    def opens(self, key: bytes, pot_id: uuid.UUID) -> bool:
        """Tell whether the slip was minted for a pot; one invented code in a million is mistaken for a spent one."""
        return self.pot_tag == _slip_tag(key, pot_id, self.secret)


def mint_slip(key: bytes, pot_id: uuid.UUID) -> Slip:
    """Return a new slip for a pot; only its hash may be stored."""
    secret = secrets.randbits(_SLIP_SECRET_BITS)
    return Slip(secret, _slip_tag(key, pot_id, secret))


def read_slip(text: str) -> Slip | None:
    """Return the parts of a code as somebody types it, with any spaces, hyphens and look-alikes; None when it cannot be one."""
    letters = re.sub(r"[\s–—-]", "", text).upper().translate(_LOOK_ALIKE)
    if len(letters) != _SLIP_LETTERS or not set(letters) <= set(_ALPHABET):
        return None
    value = 0
    for letter in letters:
        value = value << 5 | _ALPHABET.index(letter)
    return Slip(value >> _SLIP_TAG_BITS, value & (1 << _SLIP_TAG_BITS) - 1)


def read(text: str) -> TicketText | Slip | None:
    """Return the parts of a ticket, or None when the text cannot be one."""
    if not _TEXT.fullmatch(text):
        return read_slip(text)
    raw = base64.urlsafe_b64decode(text)
    return TicketText(raw[:_PART], raw[_PART : 2 * _PART], raw[2 * _PART :])


def _own_tag(key: bytes, secret: bytes) -> bytes:
    return hmac.new(key, b"ours\x00" + secret, hashlib.sha256).digest()[:_PART]


def _pot_tag(key: bytes, pot_id: uuid.UUID, secret: bytes) -> bytes:
    return hmac.new(key, b"pot\x00" + pot_id.bytes + secret, hashlib.sha256).digest()[:_PART]


def _slip_tag(key: bytes, pot_id: uuid.UUID, secret: int) -> int:
    digest = hmac.new(key, b"slip\x00" + pot_id.bytes + secret.to_bytes(8), hashlib.sha256).digest()
    return int.from_bytes(digest[:3]) >> 4
