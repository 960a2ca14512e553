"""Somebody with copies of the whole database tries to join answers to people, and must do no better than by chance.

Copies are taken while the window is open, after each answer, once the answers were opened, and once comments were released.
Each guess (see factories.attacking) stays within 3.1 standard deviations of chance, also the one that was best in half of the
sessions, tried on the other half. The same attacker must find every leak that is planted, or it would prove nothing. See
docs/adr/0005-anonymous-feedback.md.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from conftest import SOAK, WorkOn
from factories.attacking import DEVIATIONS, Attacker, Guess, Order, Owner
from factories.feedback_rounds import answer, close
from factories.held_sessions import add_held_session, envelope_of
from factories.sessions import COORDINATOR
from jags.adapters.clock import FixedClock
from jags.extensions import db
from jags.feedback.model import Comment, Pot, Round, Ticket
from jags.feedback.queries import TICKET_KEY
from jags.feedback.queries import rounds as standing
from jags.feedback.rules import CommentText
from jags.feedback.rules.tickets import mint, read
from jags.feedback.service import (
    answering,
    ask_for_another_link,
    closing,
    open_due_rounds,
    release_comment,
    replace_lost_links,
    replacing,
)
from jags.feedback.service import rounds as beginning
from jags.feedback.service.answering import envelopes
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import NetworkMember
from jags.scheduling.model import JagsSession

# Half of them are for learning.
SESSIONS = 400 if SOAK else 40
SESSIONS_WITH_A_LEAK = 10
PEOPLE = 6
# How many of a session lose their link; a round of six has two spare ones.
LOST = 2


class World:
    """Sessions whose people all answer, in an order of their own, with somebody who takes a copy after each answer."""

    def __init__(self, app: Flask, work_on: WorkOn, clock: FixedClock, *, sessions: int) -> None:
        self.app, self.work_on, self.clock, self.sessions = app, work_on, clock, sessions
        self.attacker = Attacker(app)
        self.lost = LOST
        self.held: list[uuid.UUID] = []
        self.members: list[list[uuid.UUID]] = []
        self.arrivals = [Random(n).sample(range(PEOPLE), PEOPLE) for n in range(sessions)]  # noqa: S311 - Repeatable, no secret.
        # What a planted leak does: with each answer, and when all is opened.
        self.on_answer: Callable[[int, int], None] = lambda _session, _person: None
        self.when_opened: Callable[[], None] = lambda: None

    def run(self) -> list[Guess]:
        """Hold the sessions, let everybody answer, open the answers, release the comments; return the attacker's guesses."""
        rounds = self._open()
        for n in range(self.sessions):
            self._lose(n)
        people, tickets = self._owners(rounds)
        hashes = {_hash(ticket): owner for owner, ticket in tickets.items()}
        self.attacker.look("ticket", hashes)
        self._answer(rounds, tickets)
        self.attacker.recognise(people)
        close(self.work_on, self.clock)
        self.when_opened()
        self.attacker.look("comment", self.comments())
        self._release()
        self.attacker.look("comment, released", self.comments())
        return self.attacker.guesses(self.sessions)

    def comments(self) -> dict[str, Owner]:
        """Return whose the opened comments are: the truth, as written into them."""
        with self.work_on(write=False) as work:
            return {
                row.id.hex: _owner(work.vault.open(row, "text", CommentText).text)
                for row in work.session.scalars(select(Comment))
            }

    def _open(self) -> list[uuid.UUID]:
        for _ in range(self.sessions):
            with self.work_on() as work:
                self.held.append(add_held_session(work, people=PEOPLE).id)
        with self.work_on() as work:
            open_due_rounds(work)
        rounds = []
        with self.work_on(write=False) as work:
            for session_id in self.held:
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

    def _lose(self, n: int) -> None:
        """Let some of a session lose their link, one after the other, and be sent another."""
        session_id, members = self.held[n], self.members[n]
        for person in Random(f"lost {n}").sample(range(PEOPLE), self.lost):  # noqa: S311 - Repeatable, no secret.
            with self.work_on(COORDINATOR) as work:
                ask_for_another_link(work, session_id, member_id=members[person])
            with self.work_on() as work:
                replace_lost_links(work)

    def _release(self) -> None:
        with self.work_on(write=False) as work:
            waiting = work.session.execute(select(Comment.id, Comment.version).order_by(Comment.id)).all()
            texts = {
                row.id: work.vault.open(row, "text", CommentText).text
                for row in work.session.scalars(select(Comment))
            }
        for comment_id, version in waiting:
            with self.work_on(COORDINATOR) as work:
                release_comment(work, comment_id, text=texts[comment_id], version=version)

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
                    # Who was sent another link uses that one.
                    if row.kind is MailKind.FEEDBACK_LINK_AGAIN or owner not in tickets:
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
        self.attacker.watched = dict(enumerate(self.arrivals))
        self.attacker.sees("as they went", self.attacker.watched)
        self.attacker.sees("sealed: by place in the pot", sealed)

    def _waiting(self, round_id: uuid.UUID) -> list[bytes]:
        with self.work_on(write=False) as work:
            bodies = work.session.scalars(select(Pot.body).where(Pot.round_id == round_id).order_by(Pot.id))
            return [one for body in bodies for one in envelopes(body)]


@pytest.fixture
def world(app: Flask, work_on: WorkOn, clock: FixedClock) -> World:
    return World(app, work_on, clock, sessions=SESSIONS_WITH_A_LEAK)


def test_with_copies_of_everything_nobody_is_found(
    app: Flask, work_on: WorkOn, clock: FixedClock, record_property: Callable[[str, object], None]
) -> None:
    guesses = World(app, work_on, clock, sessions=SESSIONS).run()

    best = best_learned(guesses)
    # Kept with the results of a run (`pytest --junitxml`).
    record_property("guesses", len(guesses))
    record_property("sessions", f"{best.sessions} and {best.sessions}")
    record_property("best_learned", f"{best.words}: {best.learned}, then {best.tried}")
    record_property("most_and_fewest", f"{max(g.tried for g in guesses)} and {min(g.tried for g in guesses)}")
    assert best.deviations[1] <= DEVIATIONS
    assert [guess for guess in guesses if guess.leaks] == []


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


def tickets_minted_late(world: World) -> Iterator[None]:
    """Mint another ticket for whoever has lost theirs, when they have."""
    found_spares = replacing.open_spares

    def mint_now(work: Any, found: Round) -> tuple[list[uuid.UUID], list[str]]:
        pot_id = work.session.scalars(select(Pot.id).where(Pot.round_id == found.id)).one()
        late = mint(work.vault.system_key(TICKET_KEY), pot_id)
        work.session.add(Ticket(hash=late.hash, pot_id=pot_id))
        work.session.flush()
        return found_spares(work, found)[0], [late.text]

    world.lost = PEOPLE - 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replacing, "open_spares", mint_now)
        patch.setattr(standing, "spares_for", lambda number: number)
        yield


@pytest.mark.parametrize(
    "plant",
    [
        number_of_its_own,
        time_of_the_answer,
        order_of_arrival,
        rows_of_a_limiter,
        messages_in_the_order_of_tickets,
        tickets_minted_late,
    ],
)
def test_a_leak_that_is_planted_is_found(world: World, plant: Callable[[World], Iterator[None]]) -> None:
    with contextmanager(plant)(world):
        guesses = world.run()
    assert best_learned(guesses).deviations[1] > DEVIATIONS
    assert any(guess.leaks for guess in guesses)


def best_learned(guesses: list[Guess]) -> Guess:
    return max(guesses, key=lambda guess: guess.learned)


def _owner(comment: str) -> Owner:
    n, person = map(int, comment.split())
    return n, person


def _hash(ticket: str) -> str:
    parts = read(ticket)
    assert parts
    return parts.hash.hex()
