"""Boxes that only the jobs process can open: sealed to its public key by HPKE (X25519, HKDF-SHA256, AES-256-GCM).

The web publishes nothing and holds no private key: the scheduler process publishes its public key at start, authenticated
by a system key, so that somebody who can only write to the database cannot put another in its place.
See docs/adr/0005-anonymous-feedback.md.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Identified
from jags.kernel.errors import SetupIncomplete
from jags.kernel.sealing import SealBroken, Vault
from jags.kernel.work import Work

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SYSTEM_KEY = "jobs-public-key"
# What HPKE adds to a plain text, in bytes: the encapsulated key and the tag.
OVERHEAD = 48


class JobsPublicKey(Identified, Base):
    """The public key of the jobs process, sealed under a system key so that it cannot be swapped."""

    __tablename__ = "jobs_public_key"

    slot: Mapped[str] = mapped_column(unique=True, default="current")
    public_key_sealed: Mapped[bytes]


def new_pair() -> tuple[bytes, bytes]:
    """Return a new (private, public) pair of 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private_key: bytes) -> bytes:
    """Return the public half of a private key."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def seal_to(public_key: bytes, info: str, plain: bytes) -> bytes:
    """Seal bytes to a public key; `info` must be the same when they are opened."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public_key), info.encode())


def open_with(private_key: bytes, info: str, sealed: bytes) -> bytes:
    """Open bytes that were sealed to the public half; raises `SealBroken`."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private_key), info.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def publish_jobs_key(work: Work, private_key: bytes) -> None:
    """Publish the public half of the jobs key; the scheduler process does this at its start."""
    row = work.session.scalar(select(JobsPublicKey).where(JobsPublicKey.slot == "current"))
    public_key = public_of(private_key)
    if row is None:
        row = JobsPublicKey(slot="current")
        work.session.add(row)
    elif _published(work.vault, row) == public_key:
        return
    row.public_key_sealed = work.vault.seal_bytes(_SYSTEM_KEY, str(row.id), public_key)


def seal_for_jobs(work: Work, info: str, plain: bytes) -> bytes:
    """Seal bytes so that only the jobs process can open them.

    Raises `SetupIncomplete` when no scheduler process has ever been started with a jobs key.
    """
    row = work.session.scalar(select(JobsPublicKey).where(JobsPublicKey.slot == "current"))
    if row is None:
        raise SetupIncomplete(
            "The scheduler process has not been started with a jobs key yet. Start `jags worker`."
        )
    return seal_to(_published(work.vault, row), info, plain)


def open_as_jobs(work: Work, info: str, sealed: bytes) -> bytes:
    """Open what was sealed for the jobs process; raises `SetupIncomplete` in any other process."""
    if work.ports.jobs_private_key is None:
        raise SetupIncomplete("Only the scheduler process can open this: set JAGS_JOBS_KEY_FILE for it.")
    return open_with(work.ports.jobs_private_key, info, sealed)


def _published(vault: Vault, row: JobsPublicKey) -> bytes:
    return vault.open_bytes(_SYSTEM_KEY, str(row.id), row.public_key_sealed)
