"""Somebody with copies of the whole database tries to join answers to people, and must do no better than by chance.

The attacker knows whose each row about a person is, and puts the people of a session in the order of every table by every
column and by place in the file; likewise tickets, sealed answers and opened comments. One order laid beside another is a
guess who is who. The guess that was best in half of the sessions is tried on the other half: of people and answers matched
at random one a session is right, with a variance of one. The same attacker must find every leak that is planted, or it
would prove nothing. See docs/adr/0005-anonymous-feedback.md.
"""

import math
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from conftest import SOAK, WorkOn
from factories.feedback_rounds import answer, close
from factories.held_sessions import add_held_session, envelope_of
from jags.adapters.clock import FixedClock
from jags.extensions import db
from jags.feedback.model import Comment, Pot, Round
from jags.feedback.rules import CommentText
from jags.feedback.rules.tickets import read
from jags.feedback.service import answering, closing, open_due_rounds
from jags.feedback.service import rounds as beginning
from jags.feedback.service.answering import envelopes
from jags.notifications.model import OutboxMessage
from jags.requests.model import NetworkMember
from jags.scheduling.model import JagsSession

# Half of them are for learning.
SESSIONS = 400 if SOAK else 40
SESSIONS_WITH_A_LEAK = 10
PEOPLE = 6
# Matched at random, fewer than one try in a thousand is this many standard deviations too good.
DEVIATIONS = 3.1
# Whose something is: the session's number, and the person's place in its network.
Owner = tuple[int, int]
# Session → its people, in some order.
Order = dict[int, list[int]]


class Attacker:
    """Collects orders of people and of what people left, and guesses."""

    def __init__(self) -> None:
        self.people: dict[str, Order] = {}
        self.left: dict[str, Order] = {}
        # Who sent when, seen from outside; it is held against opened comments only: what stays before is in the ADR.
        self.watched: Order = {}

    def hits(self, sessions: int) -> tuple[int, int]:
        """Return how often the guess that was best in the even sessions is right in the odd ones, and how many these are."""
        guesses = [(who, what) for who in self.people.values() for what in self.left.values()]
        guesses += [(self.watched, what) for name, what in self.left.items() if name.startswith("comment")]
        tried = range(1, sessions, 2)
        best = max(guesses, key=lambda guess: _right(*guess, range(0, sessions, 2)))
        return _right(*best, tried), len(tried)

    def look(self, app: Flask, kind: str, owners: dict[str, Owner], into: dict[str, Order]) -> None:
        """Add the orders of what is recognised by these values (hexadecimal), wherever the database has it."""
        with app.app_context(), db.engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                rows = _rows(connection, table)
                mine = [
                    (owners[key], row) for row in rows for key in map(_key, row.values()) if key in owners
                ]
                for column in mine[0][1] if mine else ():
                    values = {row[column] for _, row in mine}
                    if len(values) > 1:
                        ordered = sorted(mine, key=lambda one: _sortable(one[1][column]))
                        into[f"{kind}: {table} by {column}"] = _by_session(owner for owner, _ in ordered)
        url = app.config["JAGS"].database_url
        if url.startswith("sqlite"):
            raw = Path(url.removeprefix("sqlite:///")).read_bytes()
            for trace, find in (("first", raw.find), ("last", raw.rfind)):
                places = {key: max(find(bytes.fromhex(key)), find(key.encode())) for key in owners}
                into[f"{kind}: {trace} trace in the file"] = _by_session(
                    owners[key] for key in sorted(places, key=lambda key: places[key])
                )


class World:
    """Sessions whose people all answer, in an order of their own, with somebody who takes a copy after each answer."""

    def __init__(self, app: Flask, work_on: WorkOn, clock: FixedClock, *, sessions: int) -> None:
        self.app, self.work_on, self.clock, self.sessions = app, work_on, clock, sessions
        self.attacker = Attacker()
        self.members: list[list[uuid.UUID]] = []
        self.arrivals = [Random(n).sample(range(PEOPLE), PEOPLE) for n in range(sessions)]  # noqa: S311 - Repeatable, no secret.
        # What a planted leak does: with each answer, and when all is opened.
        self.on_answer: Callable[[int, int], None] = lambda _session, _person: None
        self.when_opened: Callable[[], None] = lambda: None

    def run(self) -> tuple[int, int]:
        """Hold the sessions, let everybody answer, open the answers; return the attacker's hits, and of how many sessions."""
        rounds = self._open()
        people, tickets = self._owners(rounds)
        hashes = {_hash(ticket): owner for owner, ticket in tickets.items()}
        self.attacker.look(self.app, "ticket", hashes, self.attacker.left)
        self._answer(rounds, tickets)
        self.attacker.look(self.app, "person", people, self.attacker.people)
        close(self.work_on, self.clock)
        self.when_opened()
        self.attacker.look(self.app, "comment", self.comments(), self.attacker.left)
        return self.attacker.hits(self.sessions)

    def comments(self) -> dict[str, Owner]:
        """Return whose the opened comments are: the truth, as written into them."""
        with self.work_on(write=False) as work:
            return {
                row.id.hex: _owner(work.vault.open(row, "text", CommentText).text)
                for row in work.session.scalars(select(Comment))
            }

    def _open(self) -> list[uuid.UUID]:
        sessions = []
        for _ in range(self.sessions):
            with self.work_on() as work:
                sessions.append(add_held_session(work, people=PEOPLE).id)
        with self.work_on() as work:
            open_due_rounds(work)
        rounds = []
        with self.work_on(write=False) as work:
            for session_id in sessions:
                rounds.append(
                    work.session.scalars(select(Round.id).where(Round.session_id == session_id)).one()
                )
                network = (
                    select(NetworkMember.id)
                    .join(JagsSession, JagsSession.request_id == NetworkMember.request_id)
                    .where(JagsSession.id == session_id)
                    .order_by(NetworkMember.position)
                )
                self.members.append(list(work.session.scalars(network)))
        return rounds

    def _owners(self, rounds: list[uuid.UUID]) -> tuple[dict[str, Owner], dict[Owner, str]]:
        """Return whose each row about a person is, as the attacker knows, and everybody's ticket, as only they know."""
        people = {
            one.hex: (n, place) for n, them in enumerate(self.members) for place, one in enumerate(them)
        }
        tickets = {}
        with self.work_on(write=False) as work:
            for n, round_id in enumerate(rounds):
                mails = select(OutboxMessage).where(OutboxMessage.cause_ref == f"round:{round_id}")
                for row in work.session.scalars(mails):
                    mail = envelope_of(work, row)
                    owner = n, int(mail["email"].removeprefix("person").partition("@")[0])
                    people[row.id.hex] = owner
                    tickets[owner] = mail["link"].rpartition("/")[2]
        return people, tickets

    def _answer(self, rounds: list[uuid.UUID], tickets: dict[Owner, str]) -> None:
        sealed: Order = {}
        for n, round_id in enumerate(rounds):
            whose: dict[bytes, int] = {}
            for person in self.arrivals[n]:
                answer(self.work_on, [tickets[n, person]], comment=f"{n} {person}")
                self.on_answer(n, person)
                whose |= {one: person for one in self._waiting(round_id) if one not in whose}
            sealed[n] = [whose[one] for one in self._waiting(round_id)]
        # In copies one answer apart the attacker sees which ticket went, and which sealed answer came.
        self.attacker.left["as they went"] = self.attacker.watched = dict(enumerate(self.arrivals))
        self.attacker.left["sealed: by place in the pot"] = sealed

    def _waiting(self, round_id: uuid.UUID) -> list[bytes]:
        with self.work_on(write=False) as work:
            bodies = work.session.scalars(select(Pot.body).where(Pot.round_id == round_id).order_by(Pot.id))
            return [one for body in bodies for one in envelopes(body)]


@pytest.fixture
def world(app: Flask, work_on: WorkOn, clock: FixedClock) -> World:
    return World(app, work_on, clock, sessions=SESSIONS_WITH_A_LEAK)


def test_with_copies_of_everything_nobody_is_found(app: Flask, work_on: WorkOn, clock: FixedClock) -> None:
    hits, sessions = World(app, work_on, clock, sessions=SESSIONS).run()
    assert hits <= most_by_chance(sessions)


def number_of_its_own(world: World) -> Iterator[None]:
    """Give each comment the number of its answer, as a growing key would."""
    yield from column_of_comments(world, "INTEGER", lambda place: place)


def time_of_the_answer(world: World) -> Iterator[None]:
    """Give each comment the time of its answer."""
    yield from column_of_comments(world, "TEXT", lambda place: f"2026-11-24 10:{place:02}:00")


def column_of_comments(world: World, kind: str, value: Callable[[int], object]) -> Iterator[None]:
    def add() -> None:
        with world.app.app_context(), db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE feedback_comment ADD COLUMN planted {kind}"))
        with world.work_on() as work:
            for key, (n, person) in world.comments().items():
                place = value(world.arrivals[n].index(person))
                statement = text("UPDATE feedback_comment SET planted = :place WHERE id = :id")
                sqlite = world.app.config["JAGS"].database_url.startswith("sqlite")
                work.session.execute(statement, {"place": place, "id": key if sqlite else uuid.UUID(key)})

    world.when_opened = add
    yield
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE feedback_comment DROP COLUMN planted"))


def order_of_arrival(_world: World) -> Iterator[None]:
    """Leave answers in their pot, and comments in their table, as they came."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answering, "sorted", list, raising=False)
        patch.setattr(closing.secrets.SystemRandom, "shuffle", lambda _self, _texts: None)
        yield


def rows_of_a_limiter(world: World) -> Iterator[None]:
    """Keep a row about whoever has sent an answer, so that nobody sends too many."""
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE planted (who VARCHAR(36))"))

    def note(n: int, person: int) -> None:
        with world.work_on() as work:
            who = {"who": str(world.members[n][person])}
            work.session.execute(text("INSERT INTO planted VALUES (:who)"), who)

    world.on_answer = note
    yield
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE planted"))


def messages_in_the_order_of_tickets(_world: World) -> Iterator[None]:
    """Hand the tickets out as they lie in their table."""
    mint = beginning._mint_tickets

    def mint_in_order(*given: Any) -> list[str]:
        return sorted(mint(*given), key=_hash)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beginning, "_mint_tickets", mint_in_order)
        yield


@pytest.mark.parametrize(
    "plant",
    [
        number_of_its_own,
        time_of_the_answer,
        order_of_arrival,
        rows_of_a_limiter,
        messages_in_the_order_of_tickets,
    ],
)
def test_a_leak_that_is_planted_is_found(world: World, plant: Callable[[World], Iterator[None]]) -> None:
    with contextmanager(plant)(world):
        hits, sessions = world.run()
    assert hits > most_by_chance(sessions)


def most_by_chance(sessions: int) -> float:
    return sessions + DEVIATIONS * math.sqrt(sessions)


def _right(who: Order, what: Order, sessions: range) -> int:
    return sum(
        one == other for n in sessions for one, other in zip(who.get(n, []), what.get(n, []), strict=False)
    )


def _rows(connection: Any, table: str) -> list[dict[str, Any]]:
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
    return found


def _owner(comment: str) -> Owner:
    n, person = map(int, comment.split())
    return n, person


def _hash(ticket: str) -> str:
    parts = read(ticket)
    assert parts
    return parts.hash.hex()
