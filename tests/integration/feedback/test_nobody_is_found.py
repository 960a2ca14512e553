"""What somebody with the whole database in hand can and cannot see of who answered."""

import uuid

from flask import Flask
from sqlalchemy import literal_column, select, text

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import add_held_session, envelope_of, tickets_mailed
from factories.snapshots import snapshot
from jags.adapters.clock import FixedClock
from jags.extensions import db
from jags.feedback.model import Comment, Pot, Round, Ticket
from jags.feedback.rules import spares_for
from jags.feedback.rules.tickets import read
from jags.feedback.service import forget_opened, open_due_rounds
from jags.feedback.service.answering import SEALED_BYTES, envelopes
from jags.notifications.model import OutboxMessage
from servers.stored import copies_of


def test_an_answer_leaves_nothing_but_a_fuller_pot_and_one_ticket_less(work_on: WorkOn) -> None:
    _, tickets = open_round(work_on)
    before = snapshot(work_on)

    answer(work_on, tickets[:5], comment="It helped")

    after = snapshot(work_on)
    assert {name for name in before if before[name] != after[name]} == {"pot", "ticket"}
    assert len(after["ticket"]) == 1 + spares_for(6)
    with work_on(write=False) as work:
        body = work.session.scalars(select(Pot.body)).one()
    assert len(body) == 5 * SEALED_BYTES
    assert envelopes(body) == sorted(envelopes(body))
    assert b"It helped" not in body


def test_tickets_lie_in_the_order_of_their_hashes(work_on: WorkOn) -> None:
    open_round(work_on, people=30)

    with work_on(write=False) as work:
        place = "rowid" if work.session.get_bind().dialect.name == "sqlite" else "ctid"
        hashes = [
            bytes(row[0]) for row in work.session.execute(select(Ticket.hash).order_by(literal_column(place)))
        ]
    # Thirty, and the spare ones among them.
    assert len(hashes) == 40
    assert hashes == sorted(hashes)


def test_messages_do_not_lie_in_the_order_of_the_people_or_their_tickets(work_on: WorkOn) -> None:
    # Of 30! orders, one is that of the network and one that of the hashes; both happen by chance never.
    with work_on() as work:
        session = add_held_session(work, people=30)
        session_id = session.id
        positions = {f"person{m.position}@example.org": m.position for m in session.request.network}
    with work_on() as work:
        open_due_rounds(work)

    with work_on(write=False) as work:
        place = "rowid" if work.session.get_bind().dialect.name == "sqlite" else "ctid"
        rows = work.session.scalars(select(OutboxMessage).order_by(literal_column(place))).all()
        order = [positions[envelope_of(work, row)["email"]] for row in rows]
        minted = tickets_mailed(work, session_id)
    assert sorted(order) == list(range(30))
    assert order != sorted(order)
    assert len(set(minted)) == 30


def test_outbox_does_not_tell_who_was_present(work_on: WorkOn) -> None:
    with work_on() as work:
        members = {str(m.id) for m in add_held_session(work).request.network}
    with work_on() as work:
        open_due_rounds(work)

    with work_on(write=False) as work:
        refs = work.session.scalars(select(OutboxMessage.recipient_ref)).all()
    assert len(set(refs)) == len(members) == 6
    outbox = repr(snapshot(work_on)["outbox_message"])
    assert not any(ref in outbox or uuid.UUID(ref).hex in outbox for ref in members)


def test_opened_answers_are_tallies_and_loose_comments(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on)
    for n, ticket in enumerate(tickets):
        answer(work_on, [ticket], comment=f"Comment {n}")

    close(work_on, clock)

    after = snapshot(work_on)
    assert (after["pot"], after["ticket"]) == ([], [])
    columns = {c.name for c in Comment.__table__.columns}
    assert columns == {
        "id",
        "key_id",
        "pool_id",
        "item",
        "text_sealed",
        "may_quote",
        "state",
        "why",
        "version",
    }
    # One tally for the six equal answers, and no table that grew by a row an answer but the comments.
    assert [row[2:] for row in after["tally"]] == [("safe", "agree", "6")]
    assert len(after["feedback_comment"]) == 6


def on_the_pages(app: Flask) -> bytes:
    """Return everything that the database's own files hold of rounds, tickets, pots and sessions, deleted or not."""
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            return b"".join(copies_of(app.config["JAGS"].database_url))
        connection.execute(text("CHECKPOINT"))
        files = connection.scalars(
            text(
                "SELECT pg_read_binary_file(pg_relation_filepath(c.oid)) FROM pg_class c"
                " WHERE c.relname IN ('ticket', 'pot', 'feedback_round', 'jags_session') OR c.oid IN"
                " (SELECT reltoastrelid FROM pg_class WHERE relname IN ('pot', 'feedback_round', 'jags_session'))"
            )
        )
        return b"".join(map(bytes, files))


def test_no_page_keeps_tickets_and_sealed_answers_once_they_are_opened(
    app: Flask, work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)
    parts = [read(ticket) for ticket in tickets]
    answer(work_on, tickets[:5])
    with work_on(write=False) as work:
        # The middle of a sealed answer: its ends may stand on two pages.
        sealed = [one[512:640] for one in envelopes(work.session.scalars(select(Pot.body)).one())]
        asked = work.session.scalars(select(Round)).one()
        sealed += [one[16:] for one in (asked.private_key_sealed, asked.spares_sealed) if one]
    assert len(sealed) == 7
    assert all(one in on_the_pages(app) for one in sealed)
    close(work_on, clock)
    with app.app_context():
        forget_opened(db.engine)

    left = on_the_pages(app)
    assert [part for part in parts if part and part.hash in left] == []
    assert [one for one in sealed if one in left] == []
