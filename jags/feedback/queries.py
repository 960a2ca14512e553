"""Read rounds and tallies; nothing here can tell who answered or what one person said."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Row, bindparam, exists, func, select, true

from jags.allocation.queries import sessions_left
from jags.feedback.model import FacilitatorReflection, FormVersion, Pool, Pot, Round, Tally, Ticket
from jags.feedback.rules import (
    PARTICIPANT_ITEMS,
    Agreement,
    FormKey,
    Item,
    ItemKind,
    Outcome,
    Reflection,
    RoundState,
    asked,
    items_from_text,
    kinds,
)
from jags.feedback.rules.answers import answer_info
from jags.feedback.rules.tickets import TicketText, read
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession, SessionRecord

TICKET_KEY = "feedback-ticket"
# A pool with its id, kind, answers, people asked, sessions, and the beginning of its last session.
_OpenedPool = Row[uuid.UUID, str, int, int, int, datetime]


@dataclass(frozen=True)
class TicketPage:
    """What somebody who came by a ticket is shown; `items` and `closes_on` are there while they may answer."""

    outcome: Outcome
    items: tuple[Item, ...] = ()
    closes_on: date | None = None
    # To which key an answer is sealed, and what binds it to its round and form.
    public_key: bytes = b""
    info: str = ""


@dataclass(frozen=True)
class RoundStatus:
    """How the feedback of a session stands: numbers and days, never who."""

    state: RoundState
    invited: int
    # People who were present and have no address of their own, so that no link could go.
    not_reached: int
    # The last day on which answers are taken.
    closes_on: date


@dataclass(frozen=True)
class AtAGlance:
    """Sessions that the pool can still give this quarter; people asked for feedback, and answers, in opened rounds."""

    sessions_left: int
    asked: int
    answers: int


@dataclass(frozen=True)
class Pooled:
    """Opened answers of whole pools: item → option → how many."""

    answers: int
    invited: int
    sessions: int
    ratings: Mapping[str, Mapping[Agreement, int]]


def ticket_page(work: Work, ticket_text: str) -> TicketPage:
    """Return what to show for a ticket; looking spends nothing."""
    ticket = read(ticket_text)
    if ticket is None:
        return TicketPage(Outcome.INVALID)
    found = work.session.execute(_BY_TICKET, {"hash": ticket.hash, "now": work.now}).one_or_none()
    if found is None:
        return TicketPage(outcome_without_ticket(work, ticket))
    if not ticket.opens(work.vault.system_key(TICKET_KEY), found.pot_id):
        return TicketPage(Outcome.INVALID)
    return TicketPage(
        Outcome.GOOD,
        asked(items_from_text(found.items), transitional=bool(found.transitional_confirmed)),
        # While everything is paused the day in the book may have passed; nothing closes before the end of this one.
        max(last_day(found.closes_at), work.today),
        found.public_key,
        answer_info(found.id, found.form_version_id),
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


# Columns, put together once: every look at the form and every answer asks it.
_BY_TICKET = (
    select(
        Round.id,
        Round.form_version_id,
        Round.public_key,
        Round.closes_at,
        Pot.id.label("pot_id"),
        FormVersion.items,
        Request.transitional_confirmed,
    )
    .join(Pot, Pot.round_id == Round.id)
    .join(Ticket, Ticket.pot_id == Pot.id)
    .join(FormVersion, FormVersion.id == Round.form_version_id)
    .join(JagsSession, JagsSession.id == Round.session_id)
    .join(Request, Request.id == JagsSession.request_id)
    .where(Ticket.hash == bindparam("hash"), takes_answers())
)


def not_yet_prolonged(work: Work) -> frozenset[str]:
    """Return the requests whose pause was lifted while a round's closing moment has not moved yet, as the outbox refers to them.

    Their invitations would still say the day that was planned before the pause.
    """
    owed = work.session.scalars(
        select(JagsSession.request_id)
        .join(Round, Round.session_id == JagsSession.id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(Round.state == RoundState.OPEN, Request.paused_seconds > Round.paused_seconds)
    )
    return frozenset(map(str, owed))


def outcome_without_ticket(work: Work, ticket: TicketText) -> Outcome:
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


def round_status(work: Work, request: Request) -> RoundStatus | None:
    """Return how the feedback of the request's latest held session stands; None before a round was opened."""
    found = work.session.execute(
        select(Round, SessionRecord.people_present)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .outerjoin(SessionRecord, SessionRecord.session_id == JagsSession.id)
        .where(JagsSession.request_id == request.id, Round.form == FormKey.PARTICIPANT)
        .order_by(JagsSession.starts_at.desc(), Round.id)
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    feedback_round, present = found
    return RoundStatus(
        feedback_round.state,
        feedback_round.invited,
        max(0, (present or 0) - feedback_round.invited),
        last_day(feedback_round.closes_at),
    )


def waiting_rounds(work: Work) -> list[tuple[Round, int]]:
    """Return the rounds whose answers stay sealed, closed longest ago first, with the bytes in their pots."""
    held = (
        select(Pot.round_id, func.sum(func.length(Pot.body)).label("held")).group_by(Pot.round_id).subquery()
    )
    rows = work.session.execute(
        select(Round, func.coalesce(held.c.held, 0))
        .outerjoin(held, held.c.round_id == Round.id)
        .where(Round.state == RoundState.WAITING)
        .order_by(Round.closes_at, Round.id)
    )
    return [(found, int(size)) for found, size in rows]


def pooled(
    work: Work, *, held_from: datetime, held_before: datetime, transitional: bool, outside: int = 0
) -> Pooled:
    """Return the opened feedback of sessions held in a half-open span, summed over whole pools.

    A pool of several small rounds belongs to the span of its last session, whole or not at all, so that no two spans
    differ by fewer answers than a pool holds. `transitional` keeps pools of confirmed sessions only. For readers
    `outside`, pools are joined to blocks of at least so many answers, which count whole or not at all in the same way.
    """
    rows = work.session.execute(
        select(
            Pool.id,
            Pool.kind,
            Pool.answers,
            func.sum(Round.invited).label("invited"),
            func.count().label("sessions"),
            func.max(JagsSession.starts_at).label("last"),
        )
        .join(Round, Round.pool_id == Pool.id)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(
            Pool.kind.in_(kinds(FormKey.PARTICIPANT, only_transitional=transitional)),
            # A day's pools have no order among themselves until it is over; blocks must not change after they were shown.
            Pool.opened_on < work.today if outside else true(),
        )
        .group_by(Pool.id, Pool.kind, Pool.answers, Pool.opened_on)
        .order_by(Pool.opened_on, Pool.id)
    ).all()
    shown = [
        pool
        for block in _blocks(rows, outside)
        if held_from <= max(pool.last for pool in block) < held_before
        for pool in block
    ]
    ratings: dict[str, dict[Agreement, int]] = defaultdict(dict)
    for item, option, n in work.session.execute(
        select(Tally.item, Tally.option, func.sum(Tally.n))
        .where(Tally.pool_id.in_([pool.id for pool in shown]))
        .group_by(Tally.item, Tally.option)
        .order_by(Tally.item, Tally.option)
    ):
        ratings[item][Agreement(option)] = int(n)
    return Pooled(
        sum(pool.answers for pool in shown),
        sum(int(pool.invited) for pool in shown),
        sum(pool.sessions for pool in shown),
        ratings,
    )


def _blocks(pools: Iterable[_OpenedPool], least: int) -> Iterator[tuple[_OpenedPool, ...]]:
    """Join pools, in the order of their opening, to blocks of at least so many answers; the last pools may wait.

    Pools of confirmed transitional safeguarding make blocks of their own, so that selecting them differs by whole blocks.
    """
    confirmed = kinds(FormKey.PARTICIPANT, only_transitional=True)
    waiting: dict[bool, list[_OpenedPool]] = {True: [], False: []}
    for pool in pools:
        block = waiting[pool.kind in confirmed]
        block.append(pool)
        if sum(one.answers for one in block) >= least:
            yield tuple(block)
            block.clear()


def at_a_glance(work: Work) -> AtAGlance:
    """Return with one query what the pool can still give, and how many answered of those asked in the last year's opened rounds."""
    lately = (Pool.opened_on >= work.today - timedelta(days=365)) & Pool.kind.in_(
        kinds(FormKey.PARTICIPANT, only_transitional=False)
    )
    answers = select(func.coalesce(func.sum(Pool.answers), 0)).where(lately)
    asked = (
        select(func.coalesce(func.sum(Round.invited), 0)).join(Pool, Pool.id == Round.pool_id).where(lately)
    )
    row = work.session.execute(
        select(sessions_left(work), asked.scalar_subquery(), answers.scalar_subquery())
    ).one()
    return AtAGlance(*map(int, row))


def rounds_not_opened(
    work: Work, *, held_from: datetime, held_before: datetime, transitional: bool
) -> dict[RoundState, int]:
    """Return how many rounds of sessions held in a half-open span are open, or wait sealed for others."""
    wanted = (
        select(Round.state, func.count())
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(
            Round.form == FormKey.PARTICIPANT,
            Round.state != RoundState.OPENED,
            JagsSession.starts_at >= held_from,
            JagsSession.starts_at < held_before,
        )
        .group_by(Round.state)
    )
    if transitional:
        wanted = wanted.join(Request, Request.id == JagsSession.request_id).where(
            Request.transitional_confirmed.is_(True)
        )
    return {state: number for state, number in work.session.execute(wanted)}  # noqa: C416 - A row is not a pair for dict().


def statements(work: Work) -> tuple[Item, ...]:
    """Return the statements of the participants' form in force, in their order."""
    found = find_form_version(work, FormKey.PARTICIPANT)
    items = items_from_text(found.items) if found else PARTICIPANT_ITEMS
    return tuple(item for item in items if item.kind is ItemKind.AGREEMENT)


def find_form_version(work: Work, form: FormKey) -> FormVersion | None:
    """Return the version of a form that is in force."""
    return work.session.scalar(
        select(FormVersion).where(FormVersion.form == form).order_by(FormVersion.number.desc()).limit(1)
    )


def find_reflection(
    work: Work, *, session_id: uuid.UUID, person_id: uuid.UUID
) -> FacilitatorReflection | None:
    """Return the row of a person's reflection on a session."""
    return work.session.scalar(
        select(FacilitatorReflection).where(
            FacilitatorReflection.session_id == session_id, FacilitatorReflection.person_id == person_id
        )
    )


def open_reflection(work: Work, row: FacilitatorReflection | None) -> Reflection:
    """Open what was written; empty before anything was."""
    return work.vault.open(row, "reflection", Reflection) if row else Reflection()


def last_day(closes_at: datetime) -> date:
    """Return the London date at whose end a round closes."""
    return london_date(closes_at - timedelta(microseconds=1))
