"""Read the work queue, narrowed and a page at a time, with the working days left against local targets."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, CompoundSelect, and_, false, func, literal, or_, select
from sqlalchemy.orm import joinedload

from jags.accounts.model import Account, AccountRole, Agency, AgencyAlias
from jags.accounts.queries import contact_of as contact_of_person
from jags.accounts.rules import AccountState, Role, Sector, spelling
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.time import days, london_date, start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request, RequestChoice
from jags.requests.queries.network import agency_name
from jags.requests.queries.one import contact_of, detail_of, visible_to
from jags.requests.queries.team import acting_for, team
from jags.requests.rules import (
    NEEDS_DECISION,
    TRANSITIONAL_BANDS,
    Features,
    Filters,
    Owned,
    Priority,
    Question,
    State,
    Whose,
    YesNoUnsure,
    closed_while,
    due_on,
    latest_start,
    school_holidays,
    whose_move,
    working_days_left,
)
from jags.settings.queries import partnership

PAGE_LENGTH = 50


@dataclass(frozen=True)
class Waiting:
    """A line of a list of requests."""

    request: Request
    requester: str
    agency: str
    owner: str
    # Why it is sooner; empty where it is routine.
    why_sooner: str
    whose: Whose
    wants_talk: bool
    due_on: date | None
    # Working days after today; negative when late, None where no target runs.
    days_left: int | None


@dataclass(frozen=True)
class QueuePage:
    """One page of the work queue, numbered from 1."""

    lines: tuple[Waiting, ...]
    total: int
    page: int
    pages: int


def work_queue(
    work: Work,
    filters: Filters = Filters(),  # noqa: B008 - It is frozen, and narrows nothing.
    *,
    also: CompoundSelect[uuid.UUID] | None = None,
    page: int = 1,
    length: int = PAGE_LENGTH,
) -> QueuePage:
    """Return a page of the requests that filters leave, received longest ago first, by a constant number of queries.

    `also` selects the requests with which somebody wants to talk first: what needs a decision now includes them. Drafts
    are shown to nobody; duplicates that are asked for by state are shown like others. A page beyond the last is the last.
    """
    wanted = _wanted(work, filters, also) & visible_to(work.actor)
    total = work.session.scalar(select(func.count()).select_from(Request).where(wanted)) or 0
    pages = max(1, -(-total // length))
    page = min(max(page, 1), pages)
    return QueuePage(
        lines_where(work, wanted, also=also, length=length, offset=(page - 1) * length), total, page, pages
    )


def lines_needing_decision(
    work: Work, *, also: CompoundSelect[uuid.UUID], length: int
) -> tuple[Waiting, ...]:
    """Return the first requests of the work queue as lines, without counting the others."""
    wanted = _wanted(work, Filters(), also) & visible_to(work.actor)
    return lines_where(work, wanted, also=also, length=length)


def lines_where(
    work: Work,
    wanted: ColumnElement[bool],
    *,
    also: CompoundSelect[uuid.UUID] | None = None,
    length: int = PAGE_LENGTH,
    offset: int = 0,
) -> tuple[Waiting, ...]:
    """Return requests of a condition as lines, received longest ago first; the condition holds `visible_to`."""
    in_order = (Request.received_at, Request.id)
    shown = select(Request.id).where(wanted).order_by(*in_order).limit(length).offset(offset).subquery()
    rows = work.session.execute(
        select(Request, (literal(False) if also is None else Request.id.in_(also)).label("talk"), *KEY)
        .join(shown, shown.c.id == Request.id)
        .join(DataKey, DataKey.id == Request.key_id)
        .options(joinedload(Request.agency), joinedload(Request.owner))
        .order_by(*in_order)
    ).all()
    for row in rows:
        work.vault.remember(row)
    # The team comes with its keys; an owner who has left it is read beside.
    team(work)
    work.vault.prefetch({row.Request.owner for row in rows if row.Request.owner})
    return tuple(_waiting(work, row.Request, wants_talk=bool(row.talk)) for row in rows)


def local_target(work: Work, request: Request) -> tuple[date | None, int | None]:
    """Return the day by which we aim to have dealt with a request as it stands, and the working days left until then.

    While everything about it is paused no target runs.
    """
    if request.received_on is None or request.paused:
        return None, None
    targets = partnership(work)
    school = asked_by_school(request)
    due = due_on(
        request.state,
        received_on=request.received_counts_from or request.received_on,
        changed_on=request.counts_from or london_date(request.state_changed_at),
        targets=targets,
        school=school,
    )
    if due is None:
        return None, None
    return due, working_days_left(
        work.today, due, closed_while(request.state, targets=targets, school=school)
    )


def asked_by_school(request: Request) -> bool:
    """Tell whether an agency of the sector education asked, as far as known."""
    return request.agency is not None and request.agency.sector is Sector.EDUCATION


def nobodys() -> ColumnElement[bool]:
    """Return the condition for requests that nobody looks after: without an owner, or with one who has no account any more."""
    can = (
        select(Account.person_id)
        .join(AccountRole)
        .where(
            Account.state == AccountState.ACTIVE,
            AccountRole.role.in_([Role.COORDINATOR, Role.ADMINISTRATOR]),
        )
    )
    return Request.owner_id.is_(None) | Request.owner_id.not_in(can)


def needs_decision(also: CompoundSelect[uuid.UUID] | None = None) -> ColumnElement[bool]:
    """Return the condition for requests that need a decision now; `also` selects those with which somebody wants to talk first.

    A pause stops everything, so nobody is asked to decide on a request that is paused.
    """
    waits: ColumnElement[bool] = Request.state.in_(sorted(NEEDS_DECISION))
    if also is not None:
        waits |= Request.id.in_(also)
    return waits & ~is_paused()


def is_paused() -> ColumnElement[bool]:
    """Return the condition for requests about which everything is paused."""
    return Request.paused_at.is_not(None)


def is_late(work: Work) -> ColumnElement[bool]:
    """Return the condition for requests whose local target has passed, as `local_target` tells it of one; none is paused."""
    targets = partnership(work)
    decided = latest_start(work.today, targets.triage_days)
    agreed = latest_start(work.today, targets.facilitators_days)
    held = latest_start(work.today, targets.held_days)
    held_with_school = latest_start(work.today, targets.held_days, school_holidays(targets))
    schools = select(Agency.id).where(Agency.sector == Sector.EDUCATION)
    no_school = Request.agency_id.is_(None) | Request.agency_id.not_in(schools)
    received_on = func.coalesce(Request.received_counts_from, Request.received_on)
    return ~is_paused() & or_(
        (Request.state == State.UNCONFIRMED)
        & (received_on <= latest_start(work.today, targets.acknowledge_days)),
        (Request.state == State.IN_TRIAGE) & _counts_by(decided),
        Request.state.in_([State.ACCEPTED, State.OFFERED]) & _counts_by(agreed),
        (Request.state == State.FACILITATORS_AGREED)
        & ((received_on <= held_with_school) | (no_school & (received_on <= held))),
    )


def _counts_by(last: date) -> ColumnElement[bool]:
    """Return the condition for requests whose present state's target counts from a day or an earlier one."""
    return (Request.counts_from <= last) | (
        Request.counts_from.is_(None) & (Request.state_changed_at < start_of_day(last + days(1)))
    )


def _wanted(work: Work, filters: Filters, also: CompoundSelect[uuid.UUID] | None) -> ColumnElement[bool]:
    stands: ColumnElement[bool] = Request.state.in_(sorted(filters.states))
    if filters.states == NEEDS_DECISION and not filters.paused:
        stands = needs_decision(also)
    narrowed: list[ColumnElement[bool]] = [stands]
    if filters.owner is not None:
        narrowed.append(_owned(work, filters.owner))
    if filters.priority is not None:
        narrowed.append(Request.priority == filters.priority)
    if filters.locality:
        narrowed.append(Request.locality == filters.locality)
    if filters.agency:
        narrowed.append(_of_agency(filters.agency))
    if filters.transitional is not None:
        narrowed.append(_transitional(filters.transitional))
    if filters.paused:
        narrowed.append(is_paused())
    if filters.late:
        narrowed.append(is_late(work))
    return and_(*narrowed)


def _owned(work: Work, owner: uuid.UUID | Owned) -> ColumnElement[bool]:
    match owner:
        case Owned.NOBODYS:
            return nobodys()
        case Owned.MINE:
            me = work.actor.person_id
            return Request.owner_id.in_(sorted({me, *acting_for(work, me)})) if me else false()
        case _:
            return Request.owner_id == owner


def _of_agency(text: str) -> ColumnElement[bool]:
    """Return the condition for requests of an agency by its name or another spelling, known or still as typed."""
    wanted = spelling(text)
    aliases = select(AgencyAlias.agency_id).where(AgencyAlias.spelling == wanted)
    known = select(Agency.id).where((Agency.spelling == wanted) | Agency.id.in_(aliases))
    return Request.agency_id.in_(known) | (func.lower(Request.agency_typed) == wanted)


def _transitional(features: Features) -> ColumnElement[bool]:
    if features is Features.CONFIRMED:
        return Request.transitional_confirmed.is_(True)
    suggested = select(RequestChoice.request_id).where(
        RequestChoice.question == Question.AGE_BAND, RequestChoice.choice.in_(sorted(TRANSITIONAL_BANDS))
    )
    return Request.transitional_confirmed.is_(None) & (
        (Request.transitional_view == YesNoUnsure.YES) | Request.id.in_(suggested)
    )


def _waiting(work: Work, request: Request, *, wants_talk: bool) -> Waiting:
    due, left = local_target(work, request)
    sooner = request.priority is Priority.SOONER
    return Waiting(
        request,
        requester=contact_of(work, request).name,
        agency=agency_name(request),
        owner=contact_of_person(work, request.owner).name if request.owner else "",
        why_sooner=detail_of(work, request).priority_reason if sooner else "",
        whose=_whose(request, wants_talk=wants_talk),
        wants_talk=wants_talk,
        due_on=due,
        days_left=left,
    )


def _whose(request: Request, *, wants_talk: bool) -> Whose:
    if request.paused:
        return Whose.NOBODY
    return Whose.OURS if wants_talk else whose_move(request.state)
