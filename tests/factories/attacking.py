"""Somebody with copies of the whole database who tries to join what was left to people (docs/adr/0005-anonymous-feedback.md).

The attacker knows whose each row about a person is, and puts the people of a session in the order of every table by every
column and by place in the files; likewise tickets, sealed answers and comments, each from the front and from the end. One
order laid beside another is a guess who is who.
"""

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Connection, inspect, text

from jags.extensions import db
from servers.stored import copies_of

# Matched at random, fewer than one try in a thousand is this many standard deviations too good.
DEVIATIONS = 3.1
# Whose something is: the session's number, and the person's place in its network.
Owner = tuple[int, int]
# Session → its people, in some order.
Order = dict[int, list[int]]


@dataclass(frozen=True)
class Guess:
    """Two orders laid beside each other, and how often they agreed, in the sessions for learning and in the others.

    Of people and what they left, matched at random, one a session is right, with a variance of one.
    """

    words: str
    learned: int
    tried: int
    sessions: int

    @property
    def deviations(self) -> tuple[float, float]:
        """Return by how many standard deviations both counts differ from chance."""
        one, other = (
            (hits - self.sessions) / math.sqrt(self.sessions) for hits in (self.learned, self.tried)
        )
        return one, other

    @property
    def leaks(self) -> bool:
        """Tell whether the count was beyond chance, to one side, in both halves: among so many guesses one half may be."""
        return min(self.deviations) > DEVIATIONS or max(self.deviations) < -DEVIATIONS


class Attacker:
    """Collects orders of people and of what people left, and guesses."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.people: dict[str, Order] = {}
        self.left: dict[str, Order] = {}
        # Who sent when, seen from outside; it is held against comments only: what stays before is in the ADR.
        self.watched: Order = {}

    def guesses(self, sessions: int) -> list[Guess]:
        """Return every guess; the even sessions are for learning."""
        pairs = [(*who, *what) for who in self.people.items() for what in self.left.items()]
        comments = [one for one in self.left.items() if one[0].startswith("comment")]
        pairs += [("as they went", self.watched, *what) for what in comments]
        learn, tried = range(0, sessions, 2), range(1, sessions, 2)
        return [
            Guess(f"{who} = {what}", _right(one, other, learn), _right(one, other, tried), len(tried))
            for who, one, what, other in pairs
        ]

    def sees(self, kind: str, order: Order) -> None:
        """Add an order of what was left, from the front and from the end."""
        _keep(self.left, kind, order)
        _keep(self.left, f"{kind}, from the end", {n: them[::-1] for n, them in order.items()})

    def look(self, kind: str, owners: dict[str, Owner]) -> None:
        """Add the orders of what people left that is recognised by these values (hexadecimal)."""
        for words, order in self._orders(kind, owners):
            self.sees(words, _by_session(order))

    def recognise(self, owners: dict[str, Owner]) -> None:
        """Add the orders of people, by the first and by the last row about each."""
        for words, order in self._orders("person", owners):
            _keep(self.people, f"{words}, first", _by_session(order))
            last = {n: them[::-1] for n, them in _by_session(reversed(order)).items()}
            _keep(self.people, f"{words}, last", last)

    def _orders(self, kind: str, owners: dict[str, Owner]) -> Iterable[tuple[str, list[Owner]]]:
        """Give an order of rows by every column of every table that has any of these values, and by their places in the files."""
        with self.app.app_context(), db.engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                rows = _rows(connection, table)
                mine = [
                    (owners[key], row) for row in rows for key in map(_key, row.values()) if key in owners
                ]
                for column in mine[0][1] if mine else ():
                    if len({row[column] for _, row in mine}) > 1:
                        ordered = sorted(mine, key=lambda one: _sortable(one[1][column]))
                        yield f"{kind}: {table} by {column}", [owner for owner, _ in ordered]
        pages = self._pages()
        # As the database writes them: as bytes, or as figures and letters.
        raw = any(bytes.fromhex(key) in pages for key in owners)
        written = {key: bytes.fromhex(key) if raw else key.encode() for key in owners}
        for trace, find in (("first", pages.find), ("last", pages.rfind)):
            places = {key: find(one) for key, one in written.items()}
            yield (
                f"{kind}: {trace} trace in the files",
                [owners[key] for key in sorted(places, key=lambda key: (places[key], key))],
            )

    def _pages(self) -> bytes:
        """Return the database's own files, with what was deleted and what is beside the rows."""
        with (
            self.app.app_context(),
            db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            if connection.dialect.name == "sqlite":
                return b"".join(copies_of(self.app.config["JAGS"].database_url))
            connection.execute(text("CHECKPOINT"))
            files = connection.scalars(
                text(
                    "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE relkind IN ('r', 'i', 't')"
                    " AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace) ORDER BY relname"
                )
            )
            return b"".join(map(bytes, files))


def _keep(orders: dict[str, Order], words: str, order: Order) -> None:
    """Add an order that no other of the same kind has too."""
    kind = words.partition(":")[0]
    if order not in [other for known, other in orders.items() if known.partition(":")[0] == kind]:
        orders[words] = order


def _right(who: Order, what: Order, sessions: range) -> int:
    return sum(
        one == other for n in sessions for one, other in zip(who.get(n, []), what.get(n, []), strict=False)
    )


def _rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table as they lie there, with what the system itself keeps of them."""
    kept = "rowid AS place" if connection.dialect.name == "sqlite" else "t.xmin::text::bigint AS written"
    found = connection.exec_driver_sql(f'SELECT {kept}, t.* FROM "{table}" t').mappings()  # noqa: S608 - Its own names.
    return [{"read": place, **row} for place, row in enumerate(found)]


def _key(value: object) -> str:
    if isinstance(value, uuid.UUID):
        return value.hex
    return value.hex() if isinstance(value, bytes) else str(value).replace("-", "")


def _sortable(value: object) -> tuple[str, Any]:
    return (type(value).__name__, value if isinstance(value, int | float | str | bytes) else str(value))


def _by_session(owners: Iterable[Owner]) -> Order:
    found: Order = defaultdict(list)
    for n, person in owners:
        if person not in found[n]:
            found[n].append(person)
    return dict(found)
