"""The feedback form under load, with ten thousand answers stored: a page opened, and an answer committed."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.bare import PATH as BARE_PATH
from benchmarks.load import CONNECTIONS, Rate, in_rounds, load
from benchmarks.store import Store
from benchmarks.table import Row, rate_row, slowest_row
from benchmarks.web_server import WebServer
from jags.extensions import db
from jags.feedback.model import FormVersion, Pot, Round, Ticket
from jags.feedback.queries import TICKET_KEY
from jags.feedback.rules import PARTICIPANT_ITEMS, FormKey, ItemKind, PotState, RoundState, items_to_text
from jags.feedback.rules.tickets import mint
from jags.feedback.service.answering import SEALED_BYTES
from jags.kernel.actor import system
from jags.kernel.box import new_pair
from jags.kernel.work import Work, unit_of_work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState

GET_GOAL, POST_GOAL = 0.12, 0.06
ANSWERS = 10_000
# As many people as come to a session; each has a ticket, and an answer takes it away.
PEOPLE = 10
OPEN_ROUNDS = 600
_PAGE = "/feedback"


@dataclass
class Tickets:
    """Tickets that nobody has used yet."""

    texts: list[str]

    def bodies(self) -> list[str]:
        """Return a filled form for each ticket."""
        answers = {item.key: "agree" for item in PARTICIPANT_ITEMS if item.kind is ItemKind.AGREEMENT}
        answers |= {"comment": "It helped to hear what others see.", "may_quote": "yes", "step": "send"}
        return [urlencode({"ticket": text, **answers}) for text in self.texts]


def fill(app: Flask) -> Tickets:
    """Add the stored answers, and open rounds with tickets, to a database that has requests."""
    ports = app.extensions["jags_ports"]
    with (
        app.app_context(),
        Session(db.engine) as session,
        unit_of_work(session, actor=system("benchmark"), ports=ports) as work,
    ):
        form = FormVersion(form=FormKey.PARTICIPANT, number=1, items=items_to_text(PARTICIPANT_ITEMS))
        session.add(form)
        requests = session.scalars(select(Request.id).order_by(Request.received_at, Request.id)).all()
        rounds = _rounds(work, list(requests), form)
        for _ in range(ANSWERS // PEOPLE):
            waiting = next(rounds)
            waiting.state = RoundState.WAITING
            session.add(Pot(round_id=waiting.id, body=bytes(SEALED_BYTES * PEOPLE), state=PotState.CLOSED))
        key, texts = work.vault.system_key(TICKET_KEY), []
        for _ in range(OPEN_ROUNDS):
            pot = Pot(round_id=next(rounds).id)
            session.add(pot)
            session.flush()
            minted = [mint(key, pot.id) for _ in range(PEOPLE)]
            session.add_all(Ticket(hash=ticket.hash, pot_id=pot.id) for ticket in minted)
            texts += [ticket.text for ticket in minted]
    return Tickets(texts)


def measure(bare: WebServer, server: WebServer, store: Store, tickets: Tickets) -> list[Row]:
    """Measure the form on one database."""
    kind, least = store.kind, partial(load, bare.url + BARE_PATH)
    opened = in_rounds(partial(load, f"{server.url}{_PAGE}/{tickets.texts[-1]}"), bare=least)
    sent = in_rounds(partial(_send, server, store, tickets), bare=least)
    return [
        rate_row(f"feedback form, GET, {ANSWERS:,} answers stored, {kind}", opened, GET_GOAL),
        rate_row(f"feedback form, POST, committed, {kind}", sent, POST_GOAL),
        slowest_row(f"feedback form, POST, {kind}", sent),
    ]


def _send(server: WebServer, store: Store, tickets: Tickets) -> Rate:
    """Load the form with answers, each with a ticket of its own, and check that the database kept each of them."""
    before = _stored(store)
    rate = load(server.url + _PAGE, bodies=tickets.bodies())
    kept = _stored(store) - before
    if kept < rate.answers:
        raise RuntimeError(f"{rate.answers} answers were thanked for and {kept} were kept; add tickets?")
    # What was on its way when the load ended may be kept a moment later.
    del tickets.texts[: rate.answers + 2 * CONNECTIONS]
    return rate


def _stored(store: Store) -> int:
    with store.app.app_context(), Session(db.engine) as session:
        return (session.scalar(select(func.sum(func.length(Pot.body)))) or 0) // SEALED_BYTES


def _rounds(work: Work, requests: list[uuid.UUID], form: FormVersion) -> Iterator[Round]:
    """Make rounds of sessions that were held yesterday, one for each request, as long as there are any."""
    held_at = work.now - timedelta(days=1)
    for request_id in requests:
        held = JagsSession(
            request_id=request_id,
            key_id=work.session.scalars(select(Request.key_id).where(Request.id == request_id)).one(),
            state=SessionState.HELD,
            starts_at=held_at,
            wall_start=held_at.replace(tzinfo=None),
            minutes=120,
            calendar_uid=str(uuid.uuid4()),
        )
        work.session.add(held)
        work.session.flush()
        found = Round(
            session_id=held.id,
            form_version_id=form.id,
            invited=PEOPLE,
            closes_at=work.now + timedelta(days=10),
            public_key=new_pair()[1],
        )
        work.session.add(found)
        work.session.flush()
        yield found
