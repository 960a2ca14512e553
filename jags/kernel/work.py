"""The unit of work: one actor, one instant, one transaction, with the audit trail sealed last; and the ports it needs."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, Protocol

from sqlalchemy import CursorResult, Executable, Update, bindparam, inspect, update
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.exc import StaleDataError

from jags.kernel.actor import Actor
from jags.kernel.base import Versioned
from jags.kernel.database import WRITE
from jags.kernel.errors import Stale
from jags.kernel.ports import Clock, MasterKeys
from jags.kernel.sealing import Vault
from jags.kernel.time import london_date


@dataclass(frozen=True)
class Event:
    """One change of state, for the audit trail.

    `payload` holds opaque references, enums and numbers only; what a person typed goes to `reason`, which is kept in
    the erasable detail.
    """

    tag: str
    subject_ref: str
    payload: dict[str, str | int | bool | None] = field(default_factory=dict)
    reason: str = ""


class Trail(Protocol):
    """The audit trail, as far as a unit of work knows it."""

    def check(self, event: Event) -> None:
        """Refuse an event whose tag or payload keys are not declared."""
        ...

    def seal(self, work: "Work", events: Sequence[Event]) -> None:
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


class Work:
    """What a service is given: the session, the actor, the instant and the vault."""

    def __init__(self, session: Session, *, actor: Actor, ports: Ports) -> None:
        self.session = session
        self.actor = actor
        self.ports = ports
        self.now: datetime = ports.clock.now()
        self.vault = Vault(session, ports.masters)
        # Values read once in this unit of work, by the name of the query that read them.
        self.memo: dict[str, Any] = {}
        self._events: list[Event] = []
        self._abandoned = False
        self._recorded = False

    @cached_property
    def today(self) -> date:
        """Return today's date in London."""
        return london_date(self.now)

    def record(
        self, tag: str, subject: uuid.UUID | str, *, reason: str = "", **payload: str | int | bool | None
    ) -> None:
        """Record one audit event; it is sealed into the chain at the commit.

        Raises `ValueError` when the tag or a payload key is not declared (jags.audit.rules).
        """
        event = Event(tag, str(subject), payload, reason)
        self.ports.trail.check(event)
        self._events.append(event)
        self._recorded = True

    def as_actor(self, actor: Actor) -> None:
        """Go on as another actor: a person who has just proved who they are."""
        self.actor = actor

    def rows(self, query: Executable, parameters: Mapping[str, Any]) -> CursorResult[Any]:
        """Run a query of columns by the connection: the session would look for entities in each row, where nearly every page asks."""
        self.session.flush()
        return self.session.connection().execute(query, parameters)

    def write_alone(self, entity: Versioned) -> None:
        """Write what changed of one entity now, by a single statement that counts its version; it is read again when asked.

        The flush of the session first asks every relation of the entity what else is to be written, which takes four times as
        long. Where a relation did change, or there is anything beside the entity, this leaves it all to that flush.
        Raises `Stale` when the row changed meanwhile.
        """
        session = self.session
        if session.new or session.deleted or list(session.dirty) != [entity]:
            return
        state = inspect(entity)
        touched = sorted(set(state.mapper.attrs.keys()) - state.unmodified)
        changed = tuple(name for name in touched if state.attrs[name].history.has_changes())
        if not changed or any(name not in state.mapper.columns for name in changed):
            return
        values = {f"new_{name}": getattr(entity, name) for name in changed}
        known = {
            "own_id": state.identity[0],
            "own_version": entity.version,
            "new_version": entity.version + 1,
        }
        done = session.connection().execute(_of_columns(state.mapper, changed), {**values, **known})
        if done.rowcount != 1:
            raise Stale
        session.expire(entity)

    def begin_writing(self) -> None:
        """Turn a unit of work that has only read so far into one that writes."""
        self.session.commit()
        self.session.connection(execution_options={WRITE: True})

    def let_go(self) -> None:
        """End the reading so far: what follows takes long and asks the database nothing, so that nobody waits for it."""
        self.session.commit()

    def begin_reading(self) -> None:
        """Commit what was written so far, and go on reading: what follows takes long."""
        self.seal()
        self.session.commit()
        self.session.connection(execution_options={WRITE: False})

    @property
    def left_a_trace(self) -> bool:
        """Tell whether an event of this work stands in the trail, or will at the commit."""
        return self._recorded and not self._abandoned

    def abandon(self) -> None:
        """Roll back at the end instead of committing: a page tells what to correct."""
        self._abandoned = True

    def finish(self) -> None:
        """Seal and commit, or roll back when the work was abandoned."""
        if self._abandoned:
            self.session.rollback()
            return
        self.seal()
        self.session.commit()

    def seal(self) -> None:
        """Flush the changes, then append the recorded events to the chain."""
        self.session.flush()
        if self._events:
            self.ports.trail.seal(self, tuple(self._events))
            self._events.clear()


# As many as there are pages that change columns of one entity, by far.
@lru_cache(maxsize=256)
def _of_columns(mapper: Mapper[Any], names: tuple[str, ...]) -> Update:
    """Return the statement that writes columns of one row of an entity, if it still has the version that was read."""
    kind, columns = mapper.class_, mapper.columns
    own = (columns["id"] == bindparam("own_id")) & (columns["version"] == bindparam("own_version"))
    values: dict[Any, Any] = {columns[name]: bindparam(f"new_{name}") for name in (*names, "version")}
    return update(kind.__table__).where(own).values(values)


@contextmanager
def unit_of_work(session: Session, *, actor: Actor, ports: Ports, write: bool = True) -> Iterator[Work]:
    """Run one transaction: commit when the block ends, roll back when it raises.

    `write=False` reads: its transaction begins with its first query, and writing in it may fail as locked on SQLite.
    A row that changed under a writer raises `Stale`.
    """
    if write:
        session.connection(execution_options={WRITE: True})
    work = Work(session, actor=actor, ports=ports)
    try:
        yield work
        work.finish()
    except StaleDataError as error:
        session.rollback()
        raise Stale from error
    except BaseException:
        session.rollback()
        raise
