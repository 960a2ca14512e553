"""Passwords: hashed by argon2id, and refused where they are short, common or about the person."""

import base64
import secrets
from collections.abc import Collection

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import ARGON2_VERSION

from jags.accounts.rules import (
    PASSWORD_LEAST,
    PASSWORD_MOST,
    PASSWORD_NAME_LEAST,
    PASSWORD_VARIETY,
    Contact,
)
from jags.kernel.errors import Invalid

_HASHER = PasswordHasher()
# How hard a password is to guess, from 0 to 4, as zxcvbn judges it: 3 withstands a slow hash that was stolen.
_HARD_ENOUGH = 3
# Longer texts take the judge long; what is hard at its beginning is hard.
_JUDGED = 60


def _hash_that_nothing_fits(hasher: PasswordHasher) -> str:
    """Return a hash of random bytes, made without the tenth of a second that real hashing takes at every start."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


# Checked when there is no such account, so that the answer takes the same time.
_NOBODY = _hash_that_nothing_fits(_HASHER)


def set_password_cost(*, memory_mib: int, passes: int) -> None:
    """Set what a hash costs from now on, once at the start; stored hashes of another cost are renewed when their owners sign in."""
    global _HASHER, _NOBODY  # noqa: PLW0603 - One process has one cost.
    _HASHER = PasswordHasher(time_cost=passes, memory_cost=memory_mib * 1024)
    _NOBODY = _hash_that_nothing_fits(_HASHER)


def hash_of(password: str) -> str:
    """Return what is stored of a password."""
    return _HASHER.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the one of a hash; it takes as long where there is none."""
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except VerifyMismatchError:
        return False
    return password_hash is not None


def is_of_another_cost(password_hash: str) -> bool:
    """Tell whether a hash was made at another cost than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def check_password(password: str, contact: Contact, *, words: Collection[str] = ()) -> None:
    """Refuse a password that is too short, too long, common, or about the person; raises `Invalid` at `password`.

    `words` are those of the house: made of them alone, a password is as easy to guess as made of common words.
    """
    if len(password) < PASSWORD_LEAST:
        raise Invalid(f"Enter a password of at least {PASSWORD_LEAST} characters.", field="password")
    if len(password) > PASSWORD_MOST:
        raise Invalid(f"Enter a password of at most {PASSWORD_MOST} characters.", field="password")
    folded = password.casefold()
    own = [
        part
        for part in (*contact.name.casefold().split(), contact.email.partition("@")[0].casefold())
        if len(part) >= PASSWORD_NAME_LEAST
    ]
    if any(part in folded for part in own) or len(set(folded)) < PASSWORD_VARIETY:
        raise Invalid(
            "Choose a password that does not contain your name and is not a simple pattern. Three random words work well.",
            field="password",
        )
    if _is_common(password, words):
        raise Invalid(
            "This password is among the first that somebody would try. Choose another one. Three random words work well.",
            field="password",
        )


def _is_common(password: str, words: Collection[str]) -> bool:
    # Its lists of common passwords and words take a while to load, and few pages need them.
    from zxcvbn import zxcvbn  # noqa: PLC0415 - See above.

    own = sorted({word.casefold() for word in words if len(word) >= PASSWORD_NAME_LEAST})
    return bool(zxcvbn(password[:_JUDGED], user_inputs=own)["score"] < _HARD_ENOUGH)
