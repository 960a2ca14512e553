"""Select the requests that figures are told of."""

from sqlalchemy import ColumnElement, select, true

from jags.evaluation.queries.days import instants_of
from jags.evaluation.rules.counting import Period, Which
from jags.requests.model import Request
from jags.requests.rules import RECEIVED
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState


def chosen(which: Which) -> ColumnElement[bool]:
    """Return what selects requests by their cohort and their locality."""
    wanted: ColumnElement[bool] = true()
    if which.transitional:
        wanted &= Request.transitional_confirmed.is_(True)
    if which.locality:
        wanted &= Request.locality == which.locality
    return wanted


def received_in(period: Period, which: Which) -> ColumnElement[bool]:
    """Return what selects requests by the London date on which they were received."""
    return _received() & Request.received_on.between(period.from_on, period.to_on) & chosen(which)


def held_in(period: Period, which: Which) -> ColumnElement[bool]:
    """Return what selects sessions held in a period, joined to their requests."""
    return _received() & _takes_place_in(period) & chosen(which)


def requests_held_in(period: Period, which: Which) -> ColumnElement[bool]:
    """Return what selects requests, by themselves, of which a session was held in a period."""
    held = Request.id.in_(select(JagsSession.request_id).where(_takes_place_in(period)))
    return _received() & held & chosen(which)


def _received() -> ColumnElement[bool]:
    return Request.state.in_(sorted(RECEIVED))


def _takes_place_in(period: Period) -> ColumnElement[bool]:
    first, before = instants_of(period)
    return (
        (JagsSession.state == SessionState.HELD)
        & (JagsSession.starts_at >= first)
        & (JagsSession.starts_at < before)
    )
