"""Master keys and the jobs key: read from files or the environment, never from the database."""

import base64
import binascii
import contextlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jags.kernel.box import new_pair
from jags.kernel.errors import SetupIncomplete

KEY_BYTES = 32
_SINGLE = "master"


class KeyDirectory:
    """Master keys as files: one file, or a directory of `<key id>.key`, re-read on an unknown id.

    The newest key by name wraps new data keys, so that rotation adds a file with a later name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: dict[str, bytes] = {}
        self._changed_ns = 0
        self._read()

    @property
    def directory(self) -> Path | None:
        """Return the directory of keys; None where it is one file, which cannot be followed by another."""
        return self._path if self._path.is_dir() else None

    def ids(self) -> list[str]:
        """Return the ids of all keys, the oldest first."""
        self._read()
        return sorted(self._keys)

    def current_id(self) -> str:
        """Return the id of the key that wraps new data keys; one that was added a moment ago counts, without a restart."""
        with contextlib.suppress(OSError):
            if self._path.stat().st_mtime_ns != self._changed_ns:
                self._read()
        return max(self._keys)

    def get(self, key_id: str) -> bytes:
        """Return a key; raises `SetupIncomplete` when no file has it."""
        if key_id not in self._keys:
            self._read()
        if key_id not in self._keys:
            raise SetupIncomplete(f"The master key {key_id} is not in {self._path}: put its file back.")
        return self._keys[key_id]

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            self._changed_ns = self._path.stat().st_mtime_ns
        files = sorted(self._path.glob("*.key")) if self._path.is_dir() else [self._path]
        keys = {f.stem: read_key(f) for f in files if f.exists()}
        if not keys:
            raise SetupIncomplete(
                f"There is no master key at {self._path}: make one with: jags keys new {self._path}"
            )
        self._keys = keys


class SingleKey:
    """One master key, given in the environment."""

    def __init__(self, text: str) -> None:
        self._key = decode_key(text, "JAGS_MASTER_KEY")

    directory = None

    def ids(self) -> list[str]:
        """Return the id of the only key."""
        return [_SINGLE]

    def current_id(self) -> str:
        """Return the id of the only key."""
        return _SINGLE

    def get(self, key_id: str) -> bytes:
        """Return the key; raises `SetupIncomplete` for another id."""
        if key_id != _SINGLE:
            raise SetupIncomplete(
                f"The master key {key_id} is needed: set JAGS_MASTER_KEY_FILE to where it lies."
            )
        return self._key


def decode_key(text: str, where: str) -> bytes:
    """Return the 32 bytes of a base64 text; raises `SetupIncomplete` naming where it stood."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SetupIncomplete(f"{where} must be 32 random bytes in base64 (jags keys new makes one).")
    return key


def read_key(path: Path) -> bytes:
    """Return the key of a file; raises `SetupIncomplete` when it cannot be read or is no key."""
    try:
        return decode_key(path.read_text("ascii"), str(path))
    except (OSError, UnicodeDecodeError):
        raise SetupIncomplete(f"The key file {path} cannot be read.") from None


def new_master_key(path: Path) -> None:
    """Write a new master key, readable by its owner only; never over a file that is there."""
    _write(path, AESGCM.generate_key(bit_length=256))


def write_key(path: Path, key: bytes) -> None:
    """Write a key that is known, as from a copy on paper; never over a file that is there."""
    _write(path, key)


def new_jobs_key(path: Path) -> None:
    """Write a new private key of the scheduler process; never over a file that is there."""
    private, _public = new_pair()
    _write(path, private)


def _write(path: Path, key: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SetupIncomplete(f"{path} is there already and is not written over.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
