"""Read what somebody who came by a ticket may do; looking spends nothing."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, select

from jags.feedback.model import FormVersion, Pot, Round, Ticket
from jags.feedback.rules import FormKey, Outcome, RoundState
from jags.feedback.rules.answers import answer_info
from jags.feedback.rules.forms import Item, asked, items_from_text
from jags.feedback.rules.tickets import Slip, TicketText, read
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession

TICKET_KEY = "feedback-ticket"


@dataclass(frozen=True)
class TicketPage:
    """What somebody who came by a ticket is shown; `items` and `closes_on` are there while they may answer."""

    outcome: Outcome
    form: FormKey = FormKey.PARTICIPANT
    items: tuple[Item, ...] = ()
    closes_on: date | None = None
    # To which key an answer is sealed, and what binds it to its round and form.
    public_key: bytes = b""
    info: str = ""
    round_id: uuid.UUID | None = None
    # Lost links were replaced, so there are more tickets about than people.
    replaced: bool = False

    @property
    def asks_sector(self) -> bool:
        """Tell whether somebody may tell their sector: straight after a session, and not again some weeks later."""
        return self.form is FormKey.PARTICIPANT


def ticket_page(work: Work, ticket_text: str) -> TicketPage:
    """Return what to show for a ticket; looking spends nothing."""
    ticket = read(ticket_text)
    if ticket is None:
        return TicketPage(Outcome.INVALID)
    found = work.rows(_BY_TICKET, {"hash": ticket.hash, "now": work.now}).one_or_none()
    if found is None:
        return TicketPage(outcome_without_ticket(work, ticket))
    work.vault.remember(found, name=TICKET_KEY)
    if not ticket.opens(work.vault.system_key(TICKET_KEY), found.pot_id):
        return TicketPage(Outcome.INVALID)
    if found.starts_at > work.now:
        return TicketPage(Outcome.EARLY)
    return TicketPage(
        Outcome.GOOD,
        found.form,
        asked(items_from_text(found.items), transitional=bool(found.transitional_confirmed)),
        # While everything is paused the day in the book may have passed; nothing closes before the end of this one.
        max(last_day(found.closes_at), work.today),
        found.public_key,
        answer_info(found.round_id, found.form_version_id),
        found.round_id,
        bool(found.replaced),
    )


def takes_answers() -> ColumnElement[bool]:
    """Return the condition for rounds that take answers at the moment that is given as the parameter `now`."""
    now = bindparam("now", type_=Round.closes_at.type)
    return (Round.state == RoundState.OPEN) & ((Round.closes_at > now) | stands_still())


def stands_still() -> ColumnElement[bool]:
    """Return the condition for rounds whose clock stands still: their request is paused, or the pause is not given back yet."""
    return exists(
        select(Request.id)
        .join(JagsSession, JagsSession.request_id == Request.id)
        .where(
            JagsSession.id == Round.session_id,
            Request.paused_at.is_not(None) | (Request.paused_seconds > Round.paused_seconds),
        )
        .correlate(Round)
    )


# Columns, put together once, with the key of tickets: every look at the form and every answer asks it.
_BY_TICKET = (
    select(
        *KEY,
        Round.id.label("round_id"),
        Round.form,
        Round.form_version_id,
        Round.public_key,
        Round.closes_at,
        Round.replaced,
        Pot.id.label("pot_id"),
        FormVersion.items,
        JagsSession.starts_at,
        Request.transitional_confirmed,
    )
    .join(Pot, Pot.round_id == Round.id)
    .join(Ticket, Ticket.pot_id == Pot.id)
    .join(FormVersion, FormVersion.id == Round.form_version_id)
    .join(JagsSession, JagsSession.id == Round.session_id)
    .join(Request, Request.id == JagsSession.request_id)
    .join(DataKey, DataKey.name == TICKET_KEY)
    .where(Ticket.hash == bindparam("hash"), takes_answers())
)


def outcome_without_ticket(work: Work, ticket: TicketText | Slip) -> Outcome:
    """Return why a ticket is not there: spent in an open round, its round closed, or never ours.

    The pot of a ticket is not stored anywhere once it is spent, so its tag is tried against all open pots.
    """
    key = work.vault.system_key(TICKET_KEY)
    if not ticket.is_ours(key):
        return Outcome.INVALID
    pots = work.session.scalars(
        select(Pot.id).join(Round, Round.id == Pot.round_id).where(takes_answers()).order_by(Pot.id),
        {"now": work.now},
    )
    return Outcome.SPENT if any(ticket.opens(key, pot_id) for pot_id in pots) else Outcome.CLOSED


def last_day(closes_at: datetime) -> date:
    """Return the London date at whose end a round closes."""
    return london_date(closes_at - timedelta(microseconds=1))
