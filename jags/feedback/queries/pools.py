"""Read opened feedback: whole pools, and blocks of them for readers outside the Business Unit."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, func, select, true

from jags.allocation.queries import sessions_left
from jags.feedback.model import Comment, Pool, Round, Tally
from jags.feedback.rules import CommentState, FormKey, kinds
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession

# A pool with its id, block, answers, people asked, sessions, and the beginnings of its first and its last session.
_OpenedPool = Row[uuid.UUID, uuid.UUID | None, int, int, int, datetime, datetime]


@dataclass(frozen=True)
class AtAGlance:
    """Sessions that the pool can still give this quarter; people asked for feedback, and answers, in opened rounds."""

    sessions_left: int
    asked: int
    answers: int
    # Comments that wait for their reviewer.
    comments: int


@dataclass(frozen=True)
class Pooled:
    """Opened answers of whole pools: item → option → how many."""

    answers: int
    invited: int
    sessions: int
    ratings: Mapping[str, Mapping[str, int]]
    # Answers of what began with a session before the span, and of what began in it and counts later: part of them belongs elsewhere.
    moved_in: int
    moved_out: int


def pooled(
    work: Work,
    *,
    held_from: datetime,
    held_before: datetime,
    transitional: bool,
    outside: bool = False,
    form: FormKey = FormKey.PARTICIPANT,
) -> Pooled:
    """Return the opened feedback of sessions held in a half-open span, summed over whole pools.

    A pool of several small rounds belongs to the span of its last session, whole or not at all, so that no two spans
    differ by fewer answers than a pool holds. `transitional` keeps pools of confirmed sessions only. For readers
    `outside`, the blocks to which pools belong for good count whole or not at all in the same way; a pool that belongs to
    none yet waits.
    """
    blocks = _blocks(work, form, transitional=transitional, outside=outside)
    counted = [(block, first) for block, first, last in blocks if held_from <= last < held_before]
    shown = [pool for block, _ in counted for pool in block]
    ratings: dict[str, dict[str, int]] = defaultdict(dict)
    tallies = (
        select(Tally.item, Tally.option, func.sum(Tally.n))
        .where(Tally.pool_id.in_([pool.id for pool in shown]))
        .group_by(Tally.item, Tally.option)
        .order_by(Tally.item, Tally.option)
    )
    # Without a pool there is nothing to ask for.
    for item, option, n in work.session.execute(tallies) if shown else ():
        ratings[item][option] = int(n)
    return Pooled(
        sum(pool.answers for pool in shown),
        sum(int(pool.invited) for pool in shown),
        sum(pool.sessions for pool in shown),
        ratings,
        moved_in=_answers(block for block, first in counted if first < held_from),
        moved_out=_answers(
            block for block, first, last in blocks if held_from <= first < held_before <= last
        ),
    )


def pools_outside(
    work: Work, *, held_from: datetime, held_before: datetime, transitional: bool, form: FormKey
) -> frozenset[uuid.UUID]:
    """Return the pools whose answers readers outside see of a half-open span, as `pooled` counts them."""
    return frozenset(
        pool.id
        for block, _, last in _blocks(work, form, transitional=transitional, outside=True)
        if held_from <= last < held_before
        for pool in block
    )


def _blocks(
    work: Work, form: FormKey, *, transitional: bool, outside: bool
) -> list[tuple[Sequence[_OpenedPool], datetime, datetime]]:
    """Return what is counted together, with the beginnings of its first and its last session."""
    rows = work.session.execute(
        select(
            Pool.id,
            Pool.block_id,
            Pool.answers,
            func.sum(Round.invited).label("invited"),
            func.count().label("sessions"),
            func.min(JagsSession.starts_at).label("first"),
            func.max(JagsSession.starts_at).label("last"),
        )
        .join(Round, Round.pool_id == Pool.id)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(
            Pool.kind.in_(kinds(form, only_transitional=transitional)),
            Pool.block_id.is_not(None) if outside else true(),
        )
        .group_by(Pool.id, Pool.block_id, Pool.answers, Pool.opened_on)
        .order_by(Pool.opened_on, Pool.id)
    ).all()
    return [
        (block, min(pool.first for pool in block), max(pool.last for pool in block))
        for block in _counted_together(rows, outside=outside)
    ]


def _answers(blocks: Iterable[Sequence[_OpenedPool]]) -> int:
    return sum(pool.answers for block in blocks for pool in block)


def _counted_together(pools: Iterable[_OpenedPool], *, outside: bool) -> Iterable[Sequence[_OpenedPool]]:
    """Return the pools of each block, or each pool by itself."""
    found: dict[uuid.UUID | None, list[_OpenedPool]] = defaultdict(list)
    for pool in pools:
        found[pool.block_id if outside else pool.id].append(pool)
    return found.values()


def at_a_glance(work: Work) -> AtAGlance:
    """Return with one query what the pool can still give, and how many answered of those asked in the last year's opened rounds."""
    lately = (Pool.opened_on >= work.today - timedelta(days=365)) & Pool.kind.in_(
        kinds(FormKey.PARTICIPANT, only_transitional=False)
    )
    answers = select(func.coalesce(func.sum(Pool.answers), 0)).where(lately)
    asked = (
        select(func.coalesce(func.sum(Round.invited), 0)).join(Pool, Pool.id == Round.pool_id).where(lately)
    )
    waiting = select(func.count()).select_from(Comment).where(Comment.state == CommentState.WAITING)
    row = work.session.execute(
        select(
            sessions_left(work), asked.scalar_subquery(), answers.scalar_subquery(), waiting.scalar_subquery()
        )
    ).one()
    return AtAGlance(*map(int, row))
