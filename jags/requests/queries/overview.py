"""Count what stands where, and how many requests came in each month, for the first page of the Business Unit."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, select

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries.one import visible_to
from jags.requests.queries.queue import is_late, nobodys
from jags.requests.rules import NEEDS_DECISION, OPEN, RECEIVED, State

_MONTHS = 12
_YEAR_AND_MONTH = 7


@dataclass(frozen=True)
class Overview:
    """How many requests that the actor may see stand where. `months` are (year, month) of London dates received, oldest first."""

    by_state: Mapping[State, int]
    # With those where somebody wants to talk first.
    need_decision: int
    late: int
    nobodys: int
    months: tuple[tuple[tuple[int, int], int], ...]


def overview(work: Work, *, also: Select[tuple[uuid.UUID]]) -> Overview:
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
            number(Request.state.in_(sorted(NEEDS_DECISION)) | Request.id.in_(also)).label("decide"),
            number(is_late(work)).label("late"),
            number(open_ & nobodys()).label("nobodys"),
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
        months=tuple((one, by_month[f"{one[0]}-{one[1]:02}"]) for one in _last_months(work)),
    )


def _last_months(work: Work) -> list[tuple[int, int]]:
    """Return the last twelve months with the present one, oldest first."""
    last = work.today.year * 12 + work.today.month - 1
    return [(n // 12, n % 12 + 1) for n in range(last - _MONTHS + 1, last + 1)]
