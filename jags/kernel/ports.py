"""Ports: what the capabilities need from outside, as protocols; adapters meet them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jags.kernel.work import Event, Work


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

    def get(self, key_id: str) -> bytes:
        """Return a 32-byte key; raises `SetupIncomplete` when it is not there."""
        ...


class Trail(Protocol):
    """The audit trail, as far as a unit of work knows it."""

    def check(self, event: "Event") -> None:
        """Refuse an event whose tag or payload keys are not declared."""
        ...

    def seal(self, work: "Work", events: "Sequence[Event]") -> None:
        """Append the events to the chain, as the last step before the commit."""
        ...


class Links(Protocol):
    """Addresses that a message can carry."""

    def page(self, path: str) -> str:
        """Return the absolute address of a page, from the configured base URL."""
        ...

    def mint(self, work: "Work", *, purpose: str, subject_id: uuid.UUID, expires_at: datetime | None) -> str:
        """Issue a purpose-bound link and return its absolute address; only its hash is stored."""
        ...


@dataclass(frozen=True)
class Ports:
    """The ports of one process."""

    clock: Clock
    masters: MasterKeys
    trail: Trail
    links: Links
    # Only the jobs process has it: the private half of the key to which feedback and its mail are sealed.
    jobs_private_key: bytes | None = None
