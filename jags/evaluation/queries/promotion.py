"""Read the promotion log: a page of it, all of it, and what was done by each channel."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from jags.evaluation.model import Promotion
from jags.evaluation.rules import ChannelTotal
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.settings.queries import partnership

PAGE_LENGTH = 50
NOT_IN_LIST = "A channel that is no longer in the list"


@dataclass(frozen=True)
class LogEntry:
    """An entry of the log with the words of its channel."""

    promotion: Promotion
    channel: str


@dataclass(frozen=True)
class LogPage:
    """One page of the log, numbered from 1."""

    lines: tuple[LogEntry, ...]
    total: int
    page: int
    pages: int


def get_promotion(work: Work, promotion_id: uuid.UUID) -> Promotion:
    """Return an entry of the log; raises `NotFound`."""
    found = work.session.get(Promotion, promotion_id)
    if found is None:
        raise NotFound("There is no such entry in the promotion log.")
    return found


def promotion_page(work: Work, *, page: int = 1, length: int = PAGE_LENGTH) -> LogPage:
    """Return a page of the log, the newest first. A page beyond the last is the last one."""
    total = work.session.scalar(select(func.count()).select_from(Promotion)) or 0
    pages = max(1, -(-total // length))
    page = min(max(1, page), pages)
    lines = _entries(work, _newest_first().limit(length).offset((page - 1) * length))
    return LogPage(tuple(lines), total, page, pages)


def promotion_log(work: Work) -> list[LogEntry]:
    """Return the whole log, the newest first."""
    return _entries(work, _newest_first())


def channel_totals(work: Work) -> tuple[ChannelTotal, ...]:
    """Return what was done by each channel that was used, by the words of the channel."""
    words = partnership(work).promotion_channels
    totals: dict[str, ChannelTotal] = {}
    rows = work.session.execute(
        select(
            Promotion.channel, func.count(), func.count(Promotion.reach), func.sum(Promotion.reach)
        ).group_by(Promotion.channel)
    )
    for code, entries, counted, reach in rows:
        label = words.get(code, NOT_IN_LIST)
        known = totals.get(label, ChannelTotal(label, 0, None, 0))
        both = None if known.reach is None and reach is None else (known.reach or 0) + int(reach or 0)
        totals[label] = ChannelTotal(
            label, known.entries + entries, both, known.not_counted + entries - counted
        )
    return tuple(totals[label] for label in sorted(totals, key=str.casefold))


def _newest_first() -> Select[Promotion]:
    return select(Promotion).order_by(Promotion.on.desc(), Promotion.entered_at.desc(), Promotion.id)


def _entries(work: Work, wanted: Select[Promotion]) -> list[LogEntry]:
    words = partnership(work).promotion_channels
    found: Sequence[Promotion] = work.session.scalars(wanted).all()
    return [LogEntry(promotion, words.get(promotion.channel, NOT_IN_LIST)) for promotion in found]
