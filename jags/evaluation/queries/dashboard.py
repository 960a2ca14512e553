"""Read what stands on the dashboard, with the same few queries for one request and ten thousand."""

from sqlalchemy import case, func, select

from jags.evaluation.queries.opinions import feedback_of, reader_of
from jags.evaluation.queries.practised import over_time
from jags.evaluation.rules import Funnel, Which, funnel_of
from jags.evaluation.rules.dashboard import Dashboard, Waiting, last_twelve_months, so_far
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import OPEN, RECEIVED, State
from jags.settings.queries import partnership


def dashboard(work: Work) -> Dashboard:
    """Return what the Business Unit sees at a glance; opinions as they are seen outside, of blocks that are closed."""
    this, before = so_far(work.today)
    lately = last_twelve_months(work.today)
    in_this = Request.received_on >= this.from_on
    in_either = in_this | Request.received_on.between(before.from_on, before.to_on)
    counted: dict[bool, list[tuple[State, int]]] = {True: [], False: []}
    which = case((in_this, 1), else_=0)
    for state, new, number in work.session.execute(
        select(Request.state, which, func.count())
        .where(Request.state.in_(sorted(RECEIVED)), Request.received_on <= work.today, in_either)
        .group_by(Request.state, which)
    ):
        counted[bool(new)].append((state, number))
    funnels: dict[bool, Funnel] = {new: funnel_of(states) for new, states in counted.items()}
    waiting = work.session.execute(
        select(Request.state, func.count(), func.min(Request.received_on))
        .where(Request.state.in_(sorted(OPEN)))
        .group_by(Request.state)
    )
    return Dashboard(
        partnership(work).name,
        work.today,
        this,
        before,
        funnels[True],
        funnels[False],
        {state: Waiting(number, oldest) for state, number, oldest in waiting if oldest},
        lately,
        over_time(work, lately, Which()),
        feedback_of(work, lately, transitional=False, reader=reader_of(work, outside=True)),
    )
