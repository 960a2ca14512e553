"""The feedback form under load, with no answer and with ten thousand stored: a page opened, and an answer committed."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from statistics import median
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from benchmarks.load import ROUNDS, Bare, Rate, load
from benchmarks.store import Store
from benchmarks.table import Line, Row, rate_row, slowest_row
from benchmarks.web_server import WebServer
from jags.extensions import db
from jags.feedback.model import FormVersion, Pot, Round, Ticket
from jags.feedback.queries import TICKET_KEY
from jags.feedback.rules import FormKey, PotState, RoundState
from jags.feedback.rules.forms import PARTICIPANT_ITEMS, ItemKind, items_to_text
from jags.feedback.rules.tickets import mint
from jags.feedback.service.answering import SEALED_BYTES
from jags.kernel.actor import system
from jags.kernel.box import new_pair
from jags.kernel.database import forget_deleted
from jags.kernel.work import Work, unit_of_work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState

GET_GOAL, POST_GOAL = 0.12, 0.06
ANSWERS = 10_000
# As many people as come to a session; each has a ticket, and an answer takes it away.
PEOPLE = 10
# Of the rate with no answer stored, so much is left with ten thousand; what is missing is noise of the machine.
LEAST_KEPT = 0.9
# More tickets than one round of load can use.
OPEN_ROUNDS = 100
_PAGE = "/feedback"
_TYPED = {
    **{item.key: "agree" for item in PARTICIPANT_ITEMS if item.kind is ItemKind.AGREEMENT},
    "comment": "It helped to hear what others see.",
    "may_quote": "yes",
    "step": "send",
}


def fill(app: Flask, *, answers: int = ANSWERS) -> None:
    """Add the form and so many stored answers, sealed and waiting, to a database that has requests."""
    with _work(app) as work:
        form = FormVersion(form=FormKey.PARTICIPANT, number=1, items=items_to_text(PARTICIPANT_ITEMS))
        work.session.add(form)
        for found in _rounds(work, form, number=answers // PEOPLE):
            found.state = RoundState.WAITING
            body = bytes(SEALED_BYTES * PEOPLE)
            work.session.add(Pot(round_id=found.id, body=body, state=PotState.CLOSED))


def measure(bare: Bare, server: WebServer, store: Store) -> list[Line]:
    """Measure the form on one database."""
    kind = store.kind
    sent = bare.beside(partial(_send, server, store))
    ticket = _open_rounds(store.app)[0]
    opened = bare.beside(partial(load, f"{server.url}{_PAGE}/{ticket}"))
    return [
        rate_row(f"feedback form, GET, {ANSWERS:,} answers stored, {kind}", opened, GET_GOAL),
        slowest_row(f"feedback form, GET, {kind}", opened),
        rate_row(f"feedback form, POST, committed, {kind}", sent, POST_GOAL),
        slowest_row(f"feedback form, POST, {kind}", sent),
    ]


def growth(few: tuple[WebServer, Store], many: tuple[WebServer, Store]) -> list[Row]:
    """Measure the form with no answer stored and with ten thousand, in turn: the rate of one against that of the other.

    What each round of load adds to the database without answers is taken out before the next.
    """
    kind = many[1].kind
    tickets = [_open_rounds(store.app, kept=store is many[1])[0] for _, store in (few, many)]
    addresses = [
        f"{server.url}{_PAGE}/{ticket}" for (server, _), ticket in zip((few, many), tickets, strict=True)
    ]
    opened = [[load(address).a_second for address in addresses] for _ in range(ROUNDS)]
    sent = [
        [_send(server, store, kept=store is many[1]).a_second for server, store in (few, many)]
        for _ in range(ROUNDS)
    ]
    return [_growth_row("GET", kind, opened), _growth_row("POST, committed", kind, sent)]


def _growth_row(what: str, kind: str, rates: list[list[float]]) -> Row:
    few, many = (max(column) for column in zip(*rates, strict=True))
    # Each pair was measured one right after the other, so what else the machine did concerns both.
    kept = median(beside / alone for alone, beside in rates)
    return Row(
        f"feedback form, {what}: from 0 to {ANSWERS:,} answers, {kind}",
        f"{few:,.0f} and {many:,.0f} a second",
        f"{kept:.2f} × the rate",
        f"≥ {LEAST_KEPT} × the rate",
        kept >= LEAST_KEPT,
    )


def _send(server: WebServer, store: Store, *, kept: bool = True) -> Rate:
    """Load the form with answers, each with a ticket of its own, and check that the database kept each of them."""
    bodies = [urlencode({"ticket": ticket, **_TYPED}) for ticket in _open_rounds(store.app, kept=kept)]
    before = _stored(store)
    rate = load(server.url + _PAGE, bodies=bodies)
    stored = _stored(store) - before
    if stored < rate.answers:
        raise RuntimeError(f"{rate.answers} answers were thanked for and {stored} were kept.")
    return rate


def _open_rounds(app: Flask, *, kept: bool = True) -> list[str]:
    """Close the rounds that are open and open new ones; return their tickets. Unless `kept`, earlier answers go."""
    with _work(app) as work:
        work.session.execute(delete(Ticket))
        if not kept:
            work.session.execute(delete(Pot))
        work.session.execute(update(Pot).where(Pot.state == PotState.OPEN).values(state=PotState.CLOSED))
        work.session.execute(
            update(Round).where(Round.state == RoundState.OPEN).values(state=RoundState.WAITING)
        )
        form = work.session.scalars(select(FormVersion)).one()
        key, texts = work.vault.system_key(TICKET_KEY), []
        for found in _rounds(work, form, number=OPEN_ROUNDS):
            pot = Pot(round_id=found.id)
            work.session.add(pot)
            work.session.flush()
            minted = [mint(key, pot.id) for _ in range(PEOPLE)]
            work.session.add_all(Ticket(hash=ticket.hash, pot_id=pot.id) for ticket in minted)
            texts += [ticket.text for ticket in minted]
    with app.app_context():
        # As in operation once rounds were opened, so that no load pays for what was done to prepare it.
        forget_deleted(db.engine, "ticket", "pot", "feedback_round", "jags_session")
    return texts


def _stored(store: Store) -> int:
    with store.app.app_context(), Session(db.engine) as session:
        return (session.scalar(select(func.sum(func.length(Pot.body)))) or 0) // SEALED_BYTES


def _rounds(work: Work, form: FormVersion, *, number: int) -> Iterator[Round]:
    """Make rounds of sessions that were held yesterday, one request after the other."""
    held_at = work.now - timedelta(days=1)
    requests = work.session.execute(select(Request.id, Request.key_id).order_by(Request.id)).all()
    for request_id, key_id in islice(cycle(requests), number):
        held = JagsSession(
            request_id=request_id,
            key_id=key_id,
            state=SessionState.HELD,
            starts_at=held_at,
            wall_start=held_at.replace(tzinfo=None),
            minutes=120,
            calendar_uid=str(uuid.uuid4()),
        )
        work.session.add(held)
        work.session.flush()
        found = Round(
            form=FormKey.PARTICIPANT,
            session_id=held.id,
            form_version_id=form.id,
            invited=PEOPLE,
            closes_at=work.now + timedelta(days=10),
            public_key=new_pair()[1],
        )
        work.session.add(found)
        work.session.flush()
        yield found


@contextmanager
def _work(app: Flask) -> Iterator[Work]:
    ports = app.extensions["jags_ports"]
    with (
        app.app_context(),
        Session(db.engine) as session,
        unit_of_work(session, actor=system("benchmark"), ports=ports) as work,
    ):
        yield work
