"""Count who asks for a JAGS and who never does, by agency type and locality, and how those who ask heard of it."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from jags.accounts.model import Agency
from jags.evaluation.queries.selecting import chosen
from jags.evaluation.rules import Count, LocalityAsking, Period, TypeAsking, Which, WhoAsks
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import RECEIVED
from jags.settings.queries import partnership

NOT_IN_LIST = "An answer that is no longer in the list"
_Kind = TypeVar("_Kind", uuid.UUID, str)


class _Organisation(NamedTuple):
    """What is read of an agency."""

    id: uuid.UUID
    name: str
    agency_type: str
    valid_from: date | None
    valid_to: date | None
    successor_id: uuid.UUID | None

    def exists(self, from_on: date, to_on: date) -> bool:
        """Tell whether the agency exists on some day of a span, both ends included."""
        return (self.valid_from is None or self.valid_from <= to_on) and (
            self.valid_to is None or self.valid_to >= from_on
        )


# No request in the period, and none ever.
_NONE: tuple[int, date | None] = (0, None)


def who_asks(work: Work, *, from_on: date, to_on: date, locality: str = "") -> WhoAsks:
    """Return who asked in a period of London dates, both inclusive, and who never has, by four queries.

    Requests are counted by the date received; drafts and duplicates are not received. "Never" is said of agencies that
    exist on the last day of the period (today, where that is to come), and means: no request up to today, neither by the
    agency nor by one whose work it took on. `locality` keeps the requests of one. Agencies are organisations, so small numbers of them are exact.
    Raises `Invalid` for reversed dates.
    """
    period = Period(from_on, to_on)
    received = Request.state.in_(sorted(RECEIVED)) & chosen(Which(locality=locality))
    by_agency, unsettled = _requests_by(work, period, Request.agency_id, received)
    by_locality, nowhere = _requests_by(work, period, Request.locality, received)
    heard_of, not_recorded = _heard_of(work, period, received)
    until = min(to_on, work.today)
    return WhoAsks(
        period=period,
        never_until=until,
        received=unsettled + sum(number for number, _ in by_agency.values()),
        heard_of=heard_of,
        heard_of_not_recorded=not_recorded,
        types=_types(_agencies(work), by_agency, period, until),
        agency_unsettled=unsettled,
        localities=tuple(
            LocalityAsking(name, *by_locality.get(name, _NONE))
            for name in sorted({*partnership(work).localities, *by_locality}, key=str.casefold)
        ),
        locality_not_recorded=nowhere,
    )


def received_by_day(work: Work) -> list[tuple[date, str, int]]:
    """Return how many requests were ever received on each London date from each locality, which is empty where none is recorded."""
    rows = work.session.execute(
        select(Request.received_on, Request.locality, func.count())
        .where(Request.state.in_(sorted(RECEIVED)))
        .group_by(Request.received_on, Request.locality)
        .order_by(Request.received_on, Request.locality)
    )
    return [(on, locality or "", number) for on, locality, number in rows if on]


def _requests_by(
    work: Work,
    period: Period,
    column: InstrumentedAttribute[_Kind | None],
    received: ColumnElement[bool],
) -> tuple[dict[_Kind, tuple[int, date | None]], int]:
    """Return for each value of a column the requests of the period and the date of the last one ever; and those without."""
    in_period = case((Request.received_on.between(period.from_on, period.to_on), 1), else_=0)
    rows = work.session.execute(
        select(column, func.sum(in_period), func.max(Request.received_on)).where(received).group_by(column)
    ).all()
    found = {value: (int(number), last_on) for value, number, last_on in rows if value}
    return found, sum(int(number) for value, number, _ in rows if not value)


def _heard_of(work: Work, period: Period, received: ColumnElement[bool]) -> tuple[tuple[Count, ...], int]:
    """Return how often each answer of the list was given, in the order of the list, and how often none was recorded."""
    words = partnership(work).heard_of
    counted: dict[str, int] = dict.fromkeys(words.values(), 0)
    not_recorded = 0
    rows = work.session.execute(
        select(Request.heard_of, func.count())
        .where(received, Request.received_on.between(period.from_on, period.to_on))
        .group_by(Request.heard_of)
    )
    for code, number in rows:
        if code:
            label = words.get(code, NOT_IN_LIST)
            counted[label] = counted.get(label, 0) + number
        else:
            not_recorded += number
    return tuple(Count(label, number) for label, number in counted.items()), not_recorded


def _agencies(work: Work) -> list[_Organisation]:
    columns = (Agency.id, Agency.name, Agency.agency_type, Agency.valid_from, Agency.valid_to)
    rows = work.session.execute(select(*columns, Agency.successor_id).order_by(Agency.name, Agency.id))
    return [_Organisation(*row) for row in rows]


def _types(
    agencies: list[_Organisation],
    received: dict[uuid.UUID, tuple[int, date | None]],
    period: Period,
    until: date,
) -> tuple[TypeAsking, ...]:
    has_asked = _with_successors(received, {a.id: a.successor_id for a in agencies})
    by_type: dict[str, list[_Organisation]] = defaultdict(list)
    for agency in agencies:
        # One that has ended may still have asked in the period: what is counted is never left out.
        if agency.exists(period.from_on, period.to_on) or received.get(agency.id, _NONE)[0]:
            by_type[agency.agency_type].append(agency)
    return tuple(
        TypeAsking(
            agency_type=name,
            agencies=len(by_type[name]),
            asked=sum(bool(received.get(a.id, _NONE)[0]) for a in by_type[name]),
            requests=sum(received.get(a.id, _NONE)[0] for a in by_type[name]),
            never=tuple(a.name for a in by_type[name] if a.id not in has_asked and a.exists(until, until)),
        )
        for name in sorted(by_type, key=str.casefold)
    )


def _with_successors(
    asked: Iterable[uuid.UUID], successors: dict[uuid.UUID, uuid.UUID | None]
) -> set[uuid.UUID]:
    """Return the agencies that have asked, with all that took on the work of one that did."""
    found: set[uuid.UUID] = set()
    for agency_id in asked:
        following: uuid.UUID | None = agency_id
        while following is not None and following not in found:
            found.add(following)
            following = successors.get(following)
    return found
