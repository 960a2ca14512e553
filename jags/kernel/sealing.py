"""Sealed values: documents encrypted under a data key, bound to their table, column and row.

A data key belongs to one owner (a request, a person) or to the system (`name`). It is wrapped by a master key that lives
outside the database. Associated data = table, column, row id, key id, so a ciphertext moved elsewhere does not open.
See docs/adr/0003-sealed-values.md.
"""

import dataclasses
import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from jags.kernel.base import Base, Identified, Sealable
from jags.kernel.database import forget_deleted
from jags.kernel.errors import DomainError, MoveNotPossible
from jags.kernel.ids import new_id
from jags.kernel.ports import MasterKeys

_FORMAT = b"\x01"
# What stands in place of a wrapped data key that was destroyed.
DESTROYED = b""
_NONCE = 12

Document = TypeVar("Document")


class SealBroken(DomainError):
    """A sealed value does not open: it was moved, changed, or its key is not the right one."""


class Erased(MoveNotPossible):
    """What was written here was erased, and nothing can be added to it."""


class DataKey(Identified, Base):
    """A data key, wrapped by a master key; destroying the row makes what it sealed unreadable."""

    __tablename__ = "data_key"

    name: Mapped[str | None] = mapped_column(unique=True)
    master_key_id: Mapped[str]
    wrapped: Mapped[bytes]


# Columns, not entities: keys are never changed, and every page of a request reads some. A query that reads what a key
# sealed brings them along (`Vault.remember`).
KEY = (DataKey.id, DataKey.master_key_id, DataKey.wrapped)
_WRAPPED = select(*KEY)


class Vault:
    """Seals and opens documents: frozen dataclasses whose fields all have defaults."""

    def __init__(self, session: Session, masters: MasterKeys) -> None:
        self._session = session
        self._masters = masters
        self._open_keys: dict[uuid.UUID, bytes] = {}
        self._system_keys: dict[str, uuid.UUID] = {}
        # What was opened last under each binding, beside the sealed value that it was opened from.
        self._opened: dict[bytes, tuple[bytes, Any]] = {}
        # The requests of which text about the case was opened: whoever shows it records that somebody has read it.
        self.case_texts: set[uuid.UUID] = set()

    def new_key(self, *, name: str | None = None) -> uuid.UUID:
        """Make and store a data key; return its id."""
        key = AESGCM.generate_key(bit_length=256)
        key_id, master_id = new_id(), self._masters.current_id()
        wrapped = _encrypt(self._masters.get(master_id), key, _key_binding(key_id, master_id))
        # A row of its own statement: it is there before anything that names it, and half-made entities stay unflushed.
        with self._session.no_autoflush:
            self._session.execute(
                insert(DataKey).values(id=key_id, name=name, master_key_id=master_id, wrapped=wrapped)
            )
        self._open_keys[key_id] = key
        return key_id

    def seal(self, entity: Sealable, document_name: str, document: Any) -> None:
        """Seal a document into the column `<document_name>_sealed` of an entity that has its id and key_id."""
        column = f"{document_name}_sealed"
        plain = json.dumps(dataclasses.asdict(document), ensure_ascii=False, separators=(",", ":")).encode()
        setattr(entity, column, _encrypt(self._key(entity.key_id), plain, _binding(entity, column)))

    def open(self, entity: Sealable, document_name: str, kind: type[Document]) -> Document:
        """Open the document of a column; an empty column gives `kind()`.

        Fields that the dataclass no longer has are dropped, new ones take their default.
        Raises `SealBroken` when the value was moved or changed.
        """
        column = f"{document_name}_sealed"
        sealed: bytes | None = getattr(entity, column)
        if sealed is None:
            return kind()
        if getattr(kind, "is_case_text", False):
            # A row beside a request tells of the request.
            self.case_texts.add(getattr(entity, "request_id", entity.id))
        binding = _binding(entity, column)
        before, document = self._opened.get(binding, (None, None))
        if before == sealed and isinstance(document, kind):
            return document
        values = json.loads(_decrypt(self._key(entity.key_id), sealed, binding))
        known = _fields(kind)  # type: ignore[arg-type] # A class can be a key.
        document = kind(
            **{k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known}
        )
        self._opened[binding] = (sealed, document)
        return document

    def shred(self, key_id: uuid.UUID) -> list[uuid.UUID]:
        """Destroy a data key and empty every sealed column under it; return the ids of the rows that had any.

        The row of the key stays, empty, because rows name it: what is plain of them is kept. Nothing opens or seals under it
        any more, here or in a copy that has only this row.
        """
        rows: list[uuid.UUID] = []
        for table in Base.metadata.sorted_tables:
            if "key_id" not in table.c:
                continue
            own = table.c.key_id == key_id
            rows.extend(self._session.scalars(select(table.c.id).where(own).order_by(table.c.id)))
            emptied = {column: None for column in table.c if column.name.endswith("_sealed")}
            if emptied:
                self._session.execute(update(table).where(own).values(emptied))
        self._session.execute(update(DataKey).where(DataKey.id == key_id).values(wrapped=DESTROYED))
        self._open_keys.pop(key_id, None)
        self._opened.clear()
        self._session.expire_all()
        return rows

    def wrap_again(self, key_id: uuid.UUID) -> None:
        """Wrap a data key under the newest master key; what it sealed stays as it is."""
        key, newest = self._key(key_id), self._masters.current_id()
        wrapped = _encrypt(self._masters.get(newest), key, _key_binding(key_id, newest))
        # Not over a key that was destroyed meanwhile.
        self._session.execute(
            update(DataKey)
            .where(DataKey.id == key_id, DataKey.wrapped != DESTROYED)
            .values(master_key_id=newest, wrapped=wrapped)
        )

    def forget_system_keys(self) -> None:
        """Read the system's keys again when they are needed next."""
        self._system_keys.clear()

    def prefetch(self, entities: Iterable[Sealable]) -> None:
        """Load the keys of many entities with one query, so that a list of fifty does not make fifty."""
        wanted = {e.key_id for e in entities} - self._open_keys.keys()
        if wanted:
            for row in self._session.execute(_WRAPPED.where(DataKey.id.in_(wanted)).order_by(DataKey.id)):
                self._open_keys[row.id] = self._unwrap(row)

    def remember(self, key: Row[*tuple[Any, ...]], *, name: str = "") -> None:
        """Keep a data key whose columns another query brought along with the columns `KEY`; a system key with its name."""
        self._open_keys[key.id] = self._unwrap(key)
        if name:
            self._system_keys[name] = key.id

    def seal_bytes(self, name: str, binding: str, plain: bytes) -> bytes:
        """Seal bytes under a named system key."""
        return _encrypt(self.system_key(name), plain, binding.encode())

    def open_bytes(self, name: str, binding: str, sealed: bytes) -> bytes:
        """Open bytes that were sealed under a named system key."""
        return _decrypt(self.system_key(name), sealed, binding.encode())

    def system_key(self, name: str) -> bytes:
        """Return the named system key (32 bytes), made at first use."""
        return self._key(self.system_key_id(name))

    def system_key_id(self, name: str) -> uuid.UUID:
        """Return the id of a named system key, for rows that belong to no request and no person."""
        if name not in self._system_keys:
            with self._session.no_autoflush:
                found = self._session.execute(_WRAPPED.where(DataKey.name == name)).one_or_none()
            if found is not None:
                self._open_keys[found.id] = self._unwrap(found)
            self._system_keys[name] = found.id if found is not None else self.new_key(name=name)
        return self._system_keys[name]

    def blind_index(self, kind: str, value: str) -> bytes:
        """Return the keyed index of a value for exact look-up (case and outer spaces do not count)."""
        text = f"{kind}\x00{value.strip().casefold()}"
        return hmac.new(self.system_key("blind-index"), text.encode(), hashlib.sha256).digest()

    def _key(self, key_id: uuid.UUID) -> bytes:
        if key_id not in self._open_keys:
            with self._session.no_autoflush:
                row = self._session.execute(_WRAPPED.where(DataKey.id == key_id)).one_or_none()
            if row is None:
                raise SealBroken
            self._open_keys[key_id] = self._unwrap(row)
        if self._open_keys[key_id] == DESTROYED:
            raise Erased
        return self._open_keys[key_id]

    def _unwrap(self, row: Row[uuid.UUID, str, bytes]) -> bytes:
        if row.wrapped == DESTROYED:
            return DESTROYED
        return _decrypt(
            self._masters.get(row.master_key_id), row.wrapped, _key_binding(row.id, row.master_key_id)
        )


def forget_keys(engine: Engine) -> None:
    """Leave no trace on the pages of the database, or in its log, of data keys that were destroyed or wrapped anew.

    Outside any transaction. Raises `OperationalError` or `TimeoutError` when somebody else keeps it in use: do it again later.
    """
    forget_deleted(engine, DataKey.__tablename__)


@cache
def _fields(kind: type[Any]) -> frozenset[str]:
    """Return the names of the fields of a document."""
    return frozenset(one.name for one in dataclasses.fields(kind))


def _binding(entity: Sealable, column: str) -> bytes:
    table = entity.__tablename__  # type: ignore[attr-defined] # Every mapped entity has one.
    return f"{table}|{column}|{entity.id}|{entity.key_id}".encode()


def _key_binding(key_id: uuid.UUID, master_id: str) -> bytes:
    return f"data_key|wrapped|{key_id}|{master_id}".encode()


def _encrypt(key: bytes, plain: bytes, binding: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, binding)


def _decrypt(key: bytes, sealed: bytes, binding: bytes) -> bytes:
    if sealed[:1] != _FORMAT:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], binding)
    except (InvalidTag, ValueError) as error:  # A cut value has no room for its nonce.
        raise SealBroken from error
