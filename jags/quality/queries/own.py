"""Read what a facilitator sees of their own work, and nobody else does."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from jags.feedback.model import Pool, Round, Tally
from jags.feedback.queries import statements
from jags.feedback.rules import FormKey
from jags.feedback.rules.bands import Opinion, band
from jags.feedback.rules.forms import AGREES, Agreement
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.quality.model import DevelopmentEntry
from jags.quality.rules.own import ANSWERS_LEAST, LogEntry, OwnPool, whole_steps
from jags.scheduling.model import SessionFacilitator


@dataclass(frozen=True)
class OwnFeedback:
    """The pooled feedback of somebody's own sessions; no opinions as long as there are too few."""

    sessions: int
    answers: int
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class LogLine:
    """An entry of a development log, opened."""

    id: uuid.UUID
    version: int
    on: date
    text: str


def own_feedback(work: Work) -> OwnFeedback:
    """Return the actor's own pooled feedback: from five sessions, renewed by five more, never from a merged pool."""
    shown = whole_steps(_own_pools(work))
    if not shown:
        return OwnFeedback(0, 0, ())
    ratings = ratings_of(work, [pool.id for pool in shown])
    opinions = (
        opinion(item.key, item.words, ratings.get(item.key, {}))
        for item in statements(work)
        if item.key in ratings
    )
    return OwnFeedback(len(shown), sum(pool.answers for pool in shown), tuple(opinions))


def ratings_of(work: Work, pool_ids: Collection[uuid.UUID]) -> dict[str, dict[Agreement, int]]:
    """Return how many chose each point of the scale, by item, over some pools."""
    found: dict[str, dict[Agreement, int]] = defaultdict(dict)
    for item, option, n in work.session.execute(
        select(Tally.item, Tally.option, func.sum(Tally.n))
        .where(Tally.pool_id.in_(pool_ids), Tally.option.in_(list(Agreement)))
        .group_by(Tally.item, Tally.option)
        .order_by(Tally.item, Tally.option)
    ):
        found[item][Agreement(option)] = int(n)
    return found


def opinion(item: str, words: str, ratings: dict[Agreement, int]) -> Opinion:
    """Return how many agreed, as a band; the band is empty where fewer than five answered."""
    n = sum(number for option, number in ratings.items() if option is not Agreement.NOT_APPLICABLE)
    agreed = sum(number for option, number in ratings.items() if option in AGREES)
    return Opinion(item, words, n, band(agreed, n) if n >= ANSWERS_LEAST else "")


def development_log(work: Work) -> list[LogLine]:
    """Return the actor's own development log, the latest first; by two queries."""
    rows = work.session.scalars(
        select(DevelopmentEntry)
        .where(DevelopmentEntry.person_id == work.actor.person_id)
        .order_by(DevelopmentEntry.on.desc(), DevelopmentEntry.id)
    ).all()
    work.vault.prefetch(rows)
    return [open_entry(work, row) for row in rows]


def get_entry(work: Work, entry_id: uuid.UUID) -> DevelopmentEntry:
    """Return an entry of the actor's own log; raises `NotFound`, for somebody else's too."""
    row = work.session.get(DevelopmentEntry, entry_id)
    if row is None or row.person_id != work.actor.person_id:
        raise NotFound("There is no such entry.")
    return row


def open_entry(work: Work, row: DevelopmentEntry) -> LogLine:
    """Open an entry."""
    return LogLine(row.id, row.version, row.on, work.vault.open(row, "entry", LogEntry).text)


def _own_pools(work: Work) -> list[OwnPool]:
    """Return the pools of one session each that the actor held, in the order of their opening.

    A day's pools have no order among themselves until it is over, so those of today wait.
    """
    alone = select(Round.pool_id).group_by(Round.pool_id).having(func.count() == 1)
    rows = work.session.execute(
        select(Pool.id, Pool.answers)
        .join(Round, Round.pool_id == Pool.id)
        .join(SessionFacilitator, SessionFacilitator.session_id == Round.session_id)
        .where(
            SessionFacilitator.person_id == work.actor.person_id,
            Round.form == FormKey.PARTICIPANT,
            Pool.id.in_(alone),
            Pool.opened_on < work.today,
        )
        .order_by(Pool.opened_on, Pool.id)
    )
    return [OwnPool(pool_id, answers) for pool_id, answers in rows]
