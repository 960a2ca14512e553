"""Count the figures of a period in the database, with the same number of queries for one request and ten thousand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
)

from jags.accounts.model import Agency
from jags.evaluation.queries.days import days_between, london_day
from jags.evaluation.queries.opinions import Reader, feedback_told, later_told, reader_of
from jags.evaluation.queries.pairs import pairs_of
from jags.evaluation.queries.periods import check_aside
from jags.evaluation.queries.selecting import chosen, received_in, requests_held_in
from jags.evaluation.queries.warm import kept
from jags.evaluation.rules import (
    By,
    Cohorts,
    Count,
    Figures,
    Funnel,
    Period,
    Stage,
    TakingPart,
    Wait,
    Which,
    funnel_of,
    median,
)
from jags.kernel.work import Work
from jags.requests.model import Request, RequestChoice, RequestMove
from jags.requests.rules import TRANSITIONAL_BANDS, Question, Source, State, Verb, YesNoUnsure
from jags.scheduling.model import AgencyAttendance, JagsSession
from jags.scheduling.rules import Attendance, SessionState
from jags.settings.queries import partnership


def figures(
    work: Work,
    *,
    from_on: date,
    to_on: date,
    by: By = By.RECEIVED,
    transitional: bool = False,
    locality: str = "",
    outside: bool = False,
) -> Figures:
    """Return the internal figures of a period of London dates, both inclusive.

    `by` selects requests received in the period, or requests whose session was held in it. `transitional` keeps those
    that the Business Unit confirmed, `locality` those of one; both cohorts are told of all requests of the period, in that
    locality. Feedback belongs to no locality, so that none is told of one; otherwise it is that of
    sessions held in the period, whichever way requests are selected; commands and whoever may read inside see it from
    five answers, others from ten, in whole blocks of at least ten; `outside` gives whoever reads it what others see.
    Figures that were counted before are given again while nothing has changed (`warm`). Raises `Invalid` for reversed dates, and
    where somebody stands aside from a request and the period is not a listed one.
    """
    period = Period(from_on, to_on)
    check_aside(work, period)
    reader = reader_of(work, outside=outside)
    which = Which(transitional, locality)
    return kept(work, (period, by, which, reader), lambda: _figures(work, period, by, which, reader=reader))


def _figures(work: Work, period: Period, by: By, which: Which, *, reader: Reader) -> Figures:
    select_in = received_in if by is By.RECEIVED else requests_held_in
    in_period = select_in(period, replace(which, transitional=False))
    selected = in_period & chosen(which)
    counted = _counted(work, in_period)
    kept = [row for row in counted if row.confirmed or not which.transitional]
    requesting, unsettled = _requesting(work, selected)
    return Figures(
        period=period,
        by=by,
        transitional=which.transitional,
        funnel=_funnel(kept),
        not_proceeded_by=_not_proceeded_by(work, kept),
        waits=_waits(work, selected),
        requesting=requesting,
        requesting_unsettled=unsettled,
        pairs=pairs_of(work, selected),
        taking_part=_taking_part(work, selected),
        feedback=feedback_told(work, period, which, reader),
        later=later_told(work, period, which, reader),
        cohorts=_cohorts(counted),
        locality=which.locality,
    )


def _counted(work: Work, in_period: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return the requests of the period, counted by all that funnels and cohorts tell apart."""
    in_age_band = exists(
        select(RequestChoice.choice).where(
            RequestChoice.request_id == Request.id,
            RequestChoice.question == Question.AGE_BAND,
            RequestChoice.choice.in_(sorted(TRANSITIONAL_BANDS)),
        )
    )
    requests = (
        select(
            Request.state.label("state"),
            Request.route.label("route"),
            Request.transitional_confirmed.label("confirmed"),
            Request.transitional_view.label("view"),
            in_age_band.label("in_age_band"),
        )
        .where(in_period)
        .subquery()
    )
    c = requests.c
    return work.session.execute(
        select(c.state, c.route, c.confirmed, c.view, c.in_age_band, func.count().label("number")).group_by(
            c.state, c.route, c.confirmed, c.view, c.in_age_band
        )
    ).all()


def _funnel(rows: Iterable[Row[Any]]) -> Funnel:
    return funnel_of((row.state, row.number) for row in rows)


def _cohorts(rows: Sequence[Row[Any]]) -> Cohorts:
    undecided = [r for r in rows if r.confirmed is None and (r.in_age_band or r.view is YesNoUnsure.YES)]
    return Cohorts(
        age_band=_funnel(r for r in rows if r.in_age_band),
        confirmed=_funnel(r for r in rows if r.confirmed),
        overlap=_funnel(r for r in rows if r.in_age_band and r.confirmed),
        unconfirmed=sum(r.number for r in undecided),
    )


def _not_proceeded_by(work: Work, rows: Sequence[Row[Any]]) -> tuple[Count, ...]:
    routes = partnership(work).routes
    counted: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.state is State.SIGNPOSTED:
            counted[routes.get(row.route or "", "Another route, not recorded which")] += row.number
        elif row.state is State.WITHDRAWN:
            counted["Withdrawn"] += row.number
        elif row.state is State.CANCELLED:
            counted["Cancelled"] += row.number
    return _by_number(counted.items())


def _waits(work: Work, selected: ColumnElement[bool]) -> tuple[Wait, ...]:
    """Return the median of each stage. An import knows when a request came and was held, not what lay between."""

    def first(*verbs: Verb) -> ColumnElement[Any]:
        return func.min(case((RequestMove.verb.in_(verbs), RequestMove.at)))

    # One flat join over indexed columns: nothing to guess for a planner that has no statistics yet.
    steps = (
        select(
            Request.received_on.label("received"),
            first(Verb.ACCEPT, Verb.SIGNPOST).label("decided"),
            first(Verb.ACCEPT).label("accepted"),
            first(Verb.AGREE_FACILITATORS).label("agreed"),
            func.min(JagsSession.starts_at).label("held"),
        )
        .outerjoin(
            RequestMove,
            and_(
                RequestMove.request_id == Request.id,
                RequestMove.verb.in_((Verb.ACCEPT, Verb.SIGNPOST, Verb.AGREE_FACILITATORS)),
                Request.source != Source.IMPORT,
            ),
        )
        .outerjoin(
            JagsSession,
            and_(JagsSession.request_id == Request.id, JagsSession.state == SessionState.HELD),
        )
        .where(selected)
        .group_by(Request.id)
        .cte("steps")
    )
    received, *instants = steps.c
    decided, accepted, agreed, held = (london_day(instant) for instant in instants)
    spans: dict[Stage, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
        Stage.DECIDED: (received, decided),
        Stage.FACILITATORS_AGREED: (accepted, agreed),
        Stage.HELD_AFTER_AGREED: (agreed, held),
        Stage.HELD_AFTER_RECEIVED: (received, held),
    }
    histograms: dict[Stage, dict[int, int]] = {stage: {} for stage in Stage}
    for stage, days, number in work.session.execute(
        union_all(*(_histogram(stage, first_on, last_on) for stage, (first_on, last_on) in spans.items()))
    ):
        histograms[Stage(stage)][days] = number
    return tuple(Wait(stage, sum(h.values()), median(h)) for stage, h in histograms.items())


def _histogram(stage: Stage, first: ColumnElement[Any], last: ColumnElement[Any]) -> Select[str, int, int]:
    days = days_between(first, last).label("days")
    return (
        select(literal(stage.value).label("stage"), days, func.count())
        .where(first.is_not(None), last.is_not(None))
        .group_by(days)
    )


def _requesting(work: Work, selected: ColumnElement[bool]) -> tuple[tuple[Count, ...], int]:
    rows = work.session.execute(
        select(Agency.name, func.count())
        .select_from(Request)
        .outerjoin(Agency, Agency.id == Request.agency_id)
        .where(selected)
        .group_by(Agency.name)
    ).all()
    return _by_number((name, number) for name, number in rows if name), sum(n for name, n in rows if not name)


def _taking_part(work: Work, selected: ColumnElement[bool]) -> TakingPart:
    session = JagsSession
    # An agency that was only invited, as far as is known, does not tell who took part.
    named = exists(
        select(AgencyAttendance.id).where(
            AgencyAttendance.session_id == session.id, AgencyAttendance.attendance == Attendance.PRESENT
        )
    )
    held = (
        select(
            session.id.label("id"),
            # Where the agencies are named, their number adds nothing.
            case((named, None), else_=session.imported_agencies).label("counted"),
            session.imported_forms.label("forms"),
            case((named, 1), else_=0).label("named"),
        )
        .join(Request, Request.id == session.request_id)
        .where(selected, session.state == SessionState.HELD)
        .subquery()
    )
    c = held.c
    sessions, with_names, with_count, least, most, forms = work.session.execute(
        select(
            func.count(),
            func.sum(c.named),
            func.count(c.counted),
            func.min(c.counted),
            func.max(c.counted),
            func.sum(c.forms),
        ).select_from(held)
    ).one()
    rows = work.session.execute(
        select(Agency.name, func.count(func.distinct(AgencyAttendance.session_id)), func.count())
        .select_from(AgencyAttendance)
        .join(held, c.id == AgencyAttendance.session_id)
        .outerjoin(Agency, Agency.id == AgencyAttendance.agency_id)
        .where(AgencyAttendance.attendance == Attendance.PRESENT)
        .group_by(Agency.name)
    ).all()
    return TakingPart(
        sessions=sessions,
        sessions_named=int(with_names or 0),
        agencies=_by_number((name, number) for name, number, _ in rows if name),
        unsettled=sum(entries for name, _, entries in rows if not name),
        sessions_counted=with_count,
        counted_least=least,
        counted_most=most,
        earlier_forms=None if forms is None else int(forms),
    )


def _by_number(counted: Iterable[tuple[str, int]]) -> tuple[Count, ...]:
    """Return counts, largest first, then by name."""
    return tuple(
        Count(label, number) for label, number in sorted(counted, key=lambda pair: (-pair[1], pair[0]))
    )
