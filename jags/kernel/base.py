"""The ORM base: column types, naming of constraints, and the mixins that every table shares."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import DateTime, Enum, ForeignKey, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from jags.kernel.errors import Stale
from jags.kernel.ids import new_id


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite would give back naive times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive time cannot be stored"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class WallDateTime(TypeDecorator[datetime]):
    """A naive wall time, kept beside its zone and its instant."""

    impl = DateTime(timezone=False)
    cache_ok = True


def enum_type(kind: type[StrEnum]) -> Enum:
    """Return the column type of a StrEnum: its values as text, checked in Python."""
    return Enum(kind, native_enum=False, length=64, values_callable=lambda e: [m.value for m in e])


class Base(DeclarativeBase):
    """The one declarative base."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        bytes: LargeBinary(),
        uuid.UUID: Uuid(as_uuid=True),
        datetime: UtcDateTime(),
    }


class Identified:
    """A row with a random UUID made in Python."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)

    def __init__(self, **values: Any) -> None:
        # The id is needed before the flush: sealed values are bound to it.
        values.setdefault("id", new_id())
        super().__init__(**values)


class Sealable(Identified):
    """A row with sealed documents, under the data key that it names."""

    @declared_attr
    def key_id(cls) -> Mapped[uuid.UUID]:  # noqa: N805 - SQLAlchemy calls it with the class.
        """Name the data key of this row's sealed values."""
        return mapped_column(ForeignKey("data_key.id"))


class Versioned:
    """A row that two people may edit: the form carries the version that was shown."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy's own hook.
        """Let the database refuse a write over a version that has moved on."""
        return {"version_id_col": cls.__dict__.get("version", cls.version)}

    def expect(self, version: int) -> None:
        """Raise `Stale` when the form was shown an older version."""
        if version != self.version:
            raise Stale
