"""Count what stands where, and how many requests came in each month, for the first page of the Business Unit."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Text, case, cast, func, select

from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request, RequestMove
from jags.requests.queries.one import visible_to
from jags.requests.queries.queue import is_late, is_paused, needs_decision, nobodys
from jags.requests.rules import OPEN, RECEIVED, Source, State, Verb, working_days_left

_MONTHS = 12
_YEAR_AND_MONTH = 7


@dataclass(frozen=True)
class Wait:
    """How many requests waited for something, and the working days within which half of them had it; None without any."""

    number: int
    half_within: int | None


@dataclass(frozen=True)
class Overview:
    """How many requests that the actor may see stand where. `months` are (year, month) of London dates received, oldest first."""

    by_state: Mapping[State, int]
    # With those where somebody wants to talk first.
    need_decision: int
    late: int
    nobodys: int
    # In whatever state: a pause keeps a request out of what needs a decision and of what is late.
    paused: int
    months: tuple[tuple[tuple[int, int], int], ...]


def overview(work: Work, *, also: CompoundSelect[uuid.UUID]) -> Overview:
    """Return the counts with one query; `also` selects the requests with which somebody wants to talk first."""
    month = func.substr(cast(Request.received_on, Text), 1, _YEAR_AND_MONTH)

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    open_ = Request.state.in_(sorted(OPEN))
    rows = work.session.execute(
        select(
            Request.state,
            month.label("month"),
            func.count().label("all"),
            number(needs_decision(also)).label("decide"),
            number(is_late(work)).label("late"),
            number(open_ & nobodys()).label("nobodys"),
            number(is_paused()).label("paused"),
        )
        .where(visible_to(work.actor))
        .group_by(Request.state, month)
    ).all()
    by_state: Counter[State] = Counter()
    by_month: Counter[str] = Counter()
    for row in rows:
        by_state[row.state] += row.all
        if row.state in RECEIVED:
            by_month[row.month] += row.all
    return Overview(
        {state: by_state[state] for state in State if state in RECEIVED or state is State.DUPLICATE},
        need_decision=sum(row.decide for row in rows),
        late=sum(row.late for row in rows),
        nobodys=sum(row.nobodys for row in rows),
        paused=sum(row.paused for row in rows),
        months=tuple((one, by_month[f"{one[0]}-{one[1]:02}"]) for one in _last_months(work)),
    )


def waits(work: Work) -> tuple[Wait, Wait]:
    """Return how long requests received in the last year waited for a decision, and accepted ones for two facilitators.

    Half of them waited no longer. An import knows when a request came, not what lay between, and is left out.
    """

    def first(*verbs: Verb) -> ColumnElement[datetime]:
        return func.min(case((RequestMove.verb.in_(verbs), RequestMove.at)))

    rows: Sequence[Any] = work.session.execute(
        select(
            Request.received_on,
            first(Verb.ACCEPT, Verb.SIGNPOST),
            first(Verb.ACCEPT),
            first(Verb.AGREE_FACILITATORS),
        )
        .join(Request.moves)
        .where(
            visible_to(work.actor),
            Request.received_on >= work.today - timedelta(days=365),
            Request.source != Source.IMPORT,
            RequestMove.verb.in_([Verb.ACCEPT, Verb.SIGNPOST, Verb.AGREE_FACILITATORS]),
        )
        .group_by(Request.id, Request.received_on)
    ).all()
    decided = [working_days_left(on, london_date(at)) for on, at, _, _ in rows if at]
    agreed = [
        working_days_left(london_date(accepted), london_date(at))
        for *_, accepted, at in rows
        if accepted and at
    ]
    return _wait(decided), _wait(agreed)


def _wait(spans: list[int]) -> Wait:
    return Wait(len(spans), median_low(spans) if spans else None)


def _last_months(work: Work) -> list[tuple[int, int]]:
    """Return the last twelve months with the present one, oldest first."""
    last = work.today.year * 12 + work.today.month - 1
    return [(n // 12, n % 12 + 1) for n in range(last - _MONTHS + 1, last + 1)]
