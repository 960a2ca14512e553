"""Find the requests behind a figure, as far as whoever asks may see them; never behind what people said anonymously."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.allocation.model import OfferedPair
from jags.evaluation.queries.days import instants_of
from jags.evaluation.rules.counting import Period
from jags.evaluation.rules.definitions import CATALOGUE
from jags.evaluation.rules.document import Definition
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, Request, RequestChoice
from jags.requests.queries import visible_to
from jags.requests.rules import (
    NOT_PROCEEDED,
    OPEN,
    PROCEEDED,
    RECEIVED,
    TRANSITIONAL_BANDS,
    UNDECIDED,
    DateMatters,
    Involvement,
    Question,
    State,
    YesNoUnsure,
)
from jags.scheduling.model import JagsSession, SessionRecord
from jags.scheduling.rules import SessionState

PAGE_LENGTH = 50
_HELD_STATES = frozenset({State.HELD, State.CLOSED})
_TURNS_18 = (DateMatters.TURNS_18_IN_1, DateMatters.TURNS_18_IN_3, DateMatters.TURNS_18_IN_6)

Behind = Callable[[Period], ColumnElement[bool]]


@dataclass(frozen=True)
class Records:
    """A page of the requests behind a figure, numbered from 1: `total` of them there are, `seen` may be seen by whoever asks."""

    definition: Definition
    requests: Sequence[Request]
    total: int
    seen: int
    page: int
    pages: int


def _received(period: Period) -> ColumnElement[bool]:
    return Request.state.in_(sorted(RECEIVED)) & Request.received_on.between(period.from_on, period.to_on)


def _held(period: Period) -> ColumnElement[bool]:
    first, before = instants_of(period)
    return Request.state.in_(sorted(RECEIVED)) & exists().where(
        JagsSession.request_id == Request.id,
        JagsSession.state == SessionState.HELD,
        JagsSession.starts_at >= first,
        JagsSession.starts_at < before,
    )


def _chose(question: Question, choices: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(
        RequestChoice.request_id == Request.id,
        RequestChoice.question == question,
        RequestChoice.choice.in_(sorted(choices)),
    )


def _in_states(states: frozenset[State]) -> Behind:
    return lambda period: _received(period) & Request.state.in_(sorted(states))


_TRANSITIONAL_AGE = _chose(Question.AGE_BAND, tuple(TRANSITIONAL_BANDS))
_CONFIRMED = Request.transitional_confirmed.is_(True)
_SUGGESTED = Request.transitional_confirmed.is_(None) & (
    _TRANSITIONAL_AGE | (Request.transitional_view == YesNoUnsure.YES)
)
_NEEDED = exists().where(
    InvolvedAgency.request_id == Request.id, InvolvedAgency.involvement == Involvement.NEEDED
)
_TIMED = exists().where(JagsSession.request_id == Request.id, SessionRecord.session_id == JagsSession.id)
# The key of a definition → the requests that its figure counts.
_BEHIND: Mapping[str, Behind] = {
    "received": _received,
    "proceeded": _in_states(PROCEEDED),
    "held": _in_states(_HELD_STATES),
    "not-proceeded": _in_states(NOT_PROCEEDED),
    "undecided": _in_states(UNDECIDED),
    "first-and-repeat": lambda period: _received(period) & Request.previous_request_id.is_not(None),
    "other-routes": _in_states(frozenset({State.SIGNPOSTED})),
    "waits": _received,
    "by-age-band": lambda period: _received(period) & _TRANSITIONAL_AGE,
    "confirmed": lambda period: _received(period) & _CONFIRMED,
    "not-confirmed-yet": lambda period: _received(period) & _SUGGESTED,
    "requesting": _received,
    "localities": _received,
    "siblings": lambda period: _received(period) & Request.sibling_group.is_(True),
    "age": _received,
    "plan": _received,
    "turning-18": lambda period: _received(period) & _chose(Question.DATE_MATTERS, _TURNS_18),
    "features": lambda period: _received(period) & _CONFIRMED,
    "held-in-period": _held,
    "jags-and-children": _held,
    "taking-part": _held,
    "remit": _held,
    "apologies": _held,
    "open-now": lambda _period: Request.state.in_(sorted(OPEN)),
    "adult-services": lambda period: _held(period) & _NEEDED,
    "pairs": lambda period: _held(period) & exists().where(OfferedPair.request_id == Request.id),
    "hours": lambda period: _held(period) & _TIMED,
}
HAS_RECORDS = frozenset(_BEHIND)


def records_behind(
    work: Work, figure: str, period: Period, *, transitional: bool = False, page: int = 1
) -> Records:
    """Return a page of the requests behind a figure, the latest first, by two queries; a page beyond the last is the last one.

    Raises `NotFound` for a figure without records, such as what people said.
    """
    require(work.actor, Permission.REQUEST_READ)
    definition = next((one for one in CATALOGUE if one.key == figure), None)
    if definition is None or figure not in _BEHIND:
        raise NotFound("There are no records to look at behind this figure.")
    wanted = _BEHIND[figure](period)
    if transitional:
        wanted &= _CONFIRMED
    may_see = visible_to(work.actor)
    total, seen = work.session.execute(
        select(func.count(), func.count(Request.id).filter(may_see)).where(wanted)
    ).one()
    pages = max(1, -(-seen // PAGE_LENGTH))
    page = min(max(1, page), pages)
    rows = work.session.scalars(
        select(Request)
        .where(wanted, may_see)
        .order_by(Request.received_on.desc(), Request.id)
        .limit(PAGE_LENGTH)
        .offset((page - 1) * PAGE_LENGTH)
    ).all()
    return Records(definition, rows, total, seen, page, pages)
