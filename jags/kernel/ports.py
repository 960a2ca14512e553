"""Ports that need no unit of work: the clock and the master keys; adapters meet them."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class MasterKeys(Protocol):
    """Master keys that live outside the database."""

    def current_id(self) -> str:
        """Return the id of the key that wraps new data keys."""
        ...

    def ids(self) -> list[str]:
        """Return the ids of all keys, the oldest first."""
        ...

    def get(self, key_id: str) -> bytes:
        """Return a 32-byte key; raises `SetupIncomplete` when it is not there."""
        ...
