"""Take one anonymous answer: the ticket goes, a sealed envelope comes, and nothing else is written.

No audit event, session, limiter or log line on success: who has answered is recorded nowhere
(docs/adr/0005-anonymous-feedback.md).
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, func, select, update

from jags.feedback.model import Pot, Round, Ticket
from jags.feedback.queries import TicketPage, outcome_without_ticket, takes_answers, ticket_page, worries
from jags.feedback.rules import ENVELOPE_BYTES, Outcome, PotState
from jags.feedback.rules.answers import pack, read_answers
from jags.feedback.rules.tickets import read
from jags.kernel.box import OVERHEAD, seal_to
from jags.kernel.work import Work

# What one answer takes in a pot, in bytes.
SEALED_BYTES = ENVELOPE_BYTES + OVERHEAD

# What is sent along once the writer was asked about a worry.
WORRY_FIELD, WORRY_SAID = "worry", "asked"

# The three statements of an answer, put together once, of tables: the session would look for rows of it that they concern.
_TICKETS, _POTS = (Ticket.metadata.tables[one.__tablename__] for one in (Ticket, Pot))
_SPEND = (
    delete(_TICKETS)
    .where(
        _TICKETS.c.hash == bindparam("hash"),
        _TICKETS.c.pot_id.in_(
            select(Pot.id).join(Round, Round.id == Pot.round_id).where(takes_answers()).scalar_subquery()
        ),
    )
    .returning(_TICKETS.c.pot_id)
)
_LOCK = (
    select(Pot.body).where(Pot.id == bindparam("pot_id"), Pot.state == PotState.OPEN).with_for_update(of=Pot)
)
# Closing takes the round first, then tickets, then pots; so does this.
_HOLD_ROUND = select(Round.invited).where(Round.id == bindparam("round_id")).with_for_update(of=Round)
_HELD = select(func.sum(func.length(Pot.body))).where(Pot.round_id == bindparam("round_id"))
_PUT = update(_POTS).where(_POTS.c.id == bindparam("own_id")).values(body=bindparam("whole"))


def accept_answer(work: Work, ticket_text: str, sent: Mapping[str, str]) -> Outcome:
    """Take the answers that were sent with a ticket; `GOOD` means taken.

    `WORRY` means that words of them may be a worry about somebody: their writer is asked first, and sends again with
    `WORRY_FIELD` to say that they were.

    `FULL` means that as many answers have come as people were asked, which can only be where a lost link was replaced.

    Raises `Invalid` when no statement is answered or an answer does not fit; nothing is spent then. A ticket that was
    spent while its round is open gives `SPENT`, so that a repeated send can be thanked like the first.
    """
    ticket, page = read(ticket_text), ticket_page(work, ticket_text)
    if ticket is None or page.outcome is not Outcome.GOOD:
        return page.outcome
    answers = read_answers(page.items, sent, today=work.today, with_sector=page.asks_sector)
    envelope = pack(answers)
    if answers.texts and sent.get(WORRY_FIELD) != WORRY_SAID and worries(work, answers.texts.values()):
        return Outcome.WORRY
    if page.replaced and not _has_room(work, page):
        # The same ticket may have been sent twice at once; then its answer is among those that are there.
        spent = ticket_page(work, ticket_text).outcome
        return Outcome.FULL if spent is Outcome.GOOD else spent
    pot_id = work.rows(_SPEND, {"hash": ticket.hash, "now": work.now}).scalar()
    if pot_id is None:
        # The same ticket was sent twice at once, or its round closed in this moment.
        return outcome_without_ticket(work, ticket)
    waiting = work.rows(_LOCK, {"pot_id": pot_id}).scalar_one()
    sealed = seal_to(page.public_key, page.info, envelope)
    whole = b"".join(sorted([*envelopes(waiting), sealed]))
    work.rows(_PUT, {"own_id": pot_id, "whole": whole})
    return Outcome.GOOD


def _has_room(work: Work, page: TicketPage) -> bool:
    """Tell whether fewer have answered than were asked, with the round held until the answer is there."""
    invited = work.session.execute(_HOLD_ROUND, {"round_id": page.round_id}).scalar_one()
    held = work.session.scalar(_HELD, {"round_id": page.round_id}) or 0
    return bool(held // SEALED_BYTES < invited)


def envelopes(body: bytes) -> list[bytes]:
    """Return the sealed answers of a pot."""
    return [body[start : start + SEALED_BYTES] for start in range(0, len(body), SEALED_BYTES)]
