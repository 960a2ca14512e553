"""Find the requests behind a figure, as far as whoever asks may see them; never behind what people said anonymously."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.allocation.model import OfferedPair
from jags.evaluation.queries.pairs import AGREED
from jags.evaluation.queries.periods import check_aside
from jags.evaluation.queries.selecting import chosen, received_in, requests_held_in
from jags.evaluation.rules.counting import ALL, By, Period, Which
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


@dataclass(frozen=True)
class _Asked:
    """Of which requests figures are told; `by` where all of them are of requests received, or all of those held."""

    period: Period
    which: Which
    by: By | None

    @property
    def received(self) -> ColumnElement[bool]:
        """Return the requests that figures of requests count."""
        return received_in(self.period, self.which) if self.by is not By.HELD else self.held

    @property
    def held(self) -> ColumnElement[bool]:
        """Return the requests that figures of sessions count."""
        if self.by is By.RECEIVED:
            return self.received & exists().where(
                JagsSession.request_id == Request.id, JagsSession.state == SessionState.HELD
            )
        return requests_held_in(self.period, self.which)


Behind = Callable[[_Asked], ColumnElement[bool]]


@dataclass(frozen=True)
class Records:
    """A page of the requests behind a figure, numbered from 1: `total` of them whoever asks may see."""

    definition: Definition
    requests: Sequence[Request]
    total: int
    page: int
    pages: int


def _chose(question: Question, choices: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(
        RequestChoice.request_id == Request.id,
        RequestChoice.question == question,
        RequestChoice.choice.in_(sorted(choices)),
    )


def _in_states(states: frozenset[State]) -> Behind:
    return lambda asked: asked.received & Request.state.in_(sorted(states))


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
    "received": lambda asked: asked.received,
    "proceeded": _in_states(PROCEEDED),
    "held": _in_states(_HELD_STATES),
    "not-proceeded": _in_states(NOT_PROCEEDED),
    "undecided": _in_states(UNDECIDED),
    "first-and-repeat": lambda asked: asked.received & Request.previous_request_id.is_not(None),
    "other-routes": _in_states(frozenset({State.SIGNPOSTED})),
    "waits": lambda asked: asked.received,
    "by-age-band": lambda asked: asked.received & _TRANSITIONAL_AGE,
    "confirmed": lambda asked: asked.received & _CONFIRMED,
    "not-confirmed-yet": lambda asked: asked.received & _SUGGESTED,
    "requesting": lambda asked: asked.received,
    "localities": lambda asked: asked.received,
    "siblings": lambda asked: asked.received & Request.sibling_group.is_(True),
    "age": lambda asked: asked.received,
    "plan": lambda asked: asked.received,
    "turning-18": lambda asked: asked.received & _chose(Question.DATE_MATTERS, _TURNS_18),
    "features": lambda asked: asked.received & _CONFIRMED,
    "held-in-period": lambda asked: asked.held,
    "jags-and-children": lambda asked: asked.held,
    "taking-part": lambda asked: asked.held,
    "remit": lambda asked: asked.held,
    "invited": lambda asked: asked.held,
    "apologies": lambda asked: asked.held,
    "open-now": lambda asked: chosen(asked.which) & Request.state.in_(sorted(OPEN)),
    "adult-services": lambda asked: asked.held & _NEEDED,
    # Reports tell of pairs for those that were held.
    "pairs": lambda asked: (
        (asked.held if asked.by is None else asked.received)
        & exists().where(OfferedPair.request_id == Request.id, AGREED)
    ),
    "hours": lambda asked: asked.held & _TIMED,
}
HAS_RECORDS = frozenset(_BEHIND)


def records_behind(
    work: Work, figure: str, period: Period, which: Which = ALL, *, by: By | None = None, page: int = 1
) -> Records:
    """Return a page of the requests behind a figure, the latest first, by two queries; a page beyond the last is the last one.

    Figures of requests count those received in the period, figures of sessions those held in it, as reports do; with `by`, both
    count the ones or the others. Raises `NotFound` for a figure without records, such as what people said,
    and `Invalid` as `figures` does.
    """
    require(work.actor, Permission.REQUEST_READ)
    definition = next((one for one in CATALOGUE if one.key == figure), None)
    if definition is None or figure not in _BEHIND:
        raise NotFound("There are no records to look at behind this figure.")
    wanted = _BEHIND[figure](_Asked(period, which, by))
    check_aside(work, period)
    # What somebody stands aside from is not counted either: that there is one more would tell of it.
    wanted &= visible_to(work.actor)
    total = work.session.scalar(select(func.count()).select_from(Request).where(wanted)) or 0
    pages = max(1, -(-total // PAGE_LENGTH))
    page = min(max(1, page), pages)
    rows = work.session.scalars(
        select(Request)
        .where(wanted)
        .order_by(Request.received_on.desc(), Request.id)
        .limit(PAGE_LENGTH)
        .offset((page - 1) * PAGE_LENGTH)
    ).all()
    return Records(definition, rows, total, page, pages)
