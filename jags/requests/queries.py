"""Read requests: one, the work queue, the network, and the story of a request, as far as the actor may see them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from jags.accounts.model import Account, Recusal
from jags.accounts.queries import names_of
from jags.accounts.rules import Permission, Purpose, spelling
from jags.facilitators.model import Facilitator
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotFound
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.queries import failed_messages
from jags.notifications.rules import MailKind
from jags.requests.model import InvolvedAgency, NetworkMember, Request, RequestMove
from jags.requests.rules import (
    NEEDS_DECISION,
    RECEIVED,
    CaseDetail,
    MoveNote,
    NetworkContact,
    Part,
    Question,
    RequesterContact,
    State,
    Tie,
    Verb,
    due_on,
    ring_by,
    triage_clock,
    working_days_left,
)
from jags.settings.queries import partnership

PAGE_LENGTH = 50
_UNDELIVERED_MOST = 100
# What the outbox calls a requester, who has no account and is no member of the network.
_REQUESTER = "requester:"
# One request with what nearly every page of it needs, in one query.
_ONE = select(Request).options(joinedload(Request.agency), joinedload(Request.choices))
# The links whose subject is a request.
_OWN = frozenset({Purpose.CONFIRM_REQUEST, Purpose.REQUEST_DRAFT, Purpose.REQUEST_STATUS})


@dataclass(frozen=True)
class Waiting:
    """A line of the work queue."""

    request: Request
    requester: str
    agency: str
    due_on: date | None
    # Working days after today; negative when late, None where no target runs.
    days_left: int | None


@dataclass(frozen=True)
class Undelivered:
    """An e-mail that was given up after all attempts: its kind, and whom it was for; `request` where it is about one."""

    message_id: uuid.UUID
    kind: MailKind
    role: str
    request: Request | None


@dataclass(frozen=True)
class QueuePage:
    """One page of the work queue, numbered from 1."""

    lines: tuple[Waiting, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Step:
    """One step of a request's story; `by` is empty unless somebody with an account did it."""

    verb: Verb
    left: State
    reached: State
    at: datetime
    by: str
    note: MoveNote


@dataclass(frozen=True)
class BeforeContact:
    """What the requester said about being contacted; empty where they said nothing."""

    unsafe: str
    best_time: str


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for requests that an actor may see; what is not yet sent belongs to its writer."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.kind is ActorKind.LINK and actor.purpose in _OWN:
        return Request.id == actor.subject_id
    if actor.can(Permission.REQUEST_READ):
        recused = select(Recusal.request_id).where(Recusal.person_id == actor.person_id)
        return (Request.state != State.DRAFT) & Request.id.not_in(recused)
    return false()


def get_request(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request; raises `NotFound` when there is none, or none that the actor may see."""
    found = work.session.scalars(_ONE.where(Request.id == request_id, visible_to(work.actor)))
    request = found.unique().one_or_none()
    if request is None:
        raise NotFound("There is no such request.")
    return request


def find_by_reference(work: Work, reference: str) -> Request | None:
    """Return the request of a reference or of a number in the old tracker, if the actor may see it.

    Case and outer spaces do not count. Where the old tracker gave one number twice, the request received first is meant.
    """
    wanted = reference.strip().upper()
    return work.session.scalar(
        select(Request)
        .where(or_(Request.reference == wanted, Request.tracker_number == wanted), visible_to(work.actor))
        .order_by(Request.received_at, Request.id)
        .limit(1)
    )


def find_for_requester(work: Work, *, reference: str, email: str) -> Request | None:
    """Return the request of a reference and the e-mail address that it was asked with, for sending a new link."""
    return work.session.scalar(
        select(Request).where(
            Request.reference == reference.strip().upper(),
            Request.requester_email_index == work.vault.blind_index("email", email),
        )
    )


def contact_of(work: Work, request: Request) -> RequesterContact:
    """Open who asks."""
    return work.vault.open(request, "contact", RequesterContact)


def detail_of(work: Work, request: Request) -> CaseDetail:
    """Open what is written about the child and the work."""
    return work.vault.open(request, "detail", CaseDetail)


def before_contact(work: Work, request: Request) -> BeforeContact:
    """Return what is to be read before anybody rings or writes to the requester or the network."""
    return BeforeContact(detail_of(work, request).unsafe_contact, contact_of(work, request).best_time)


def agency_name(request: Request) -> str:
    """Return the name of the requester's agency, known or as typed."""
    return request.agency.name if request.agency else request.agency_typed


def agencies_of(work: Work, request: Request) -> tuple[str, ...]:
    """Return the names of the involved agencies, known or as typed, in the order given."""
    rows = work.session.scalars(
        select(InvolvedAgency)
        .where(InvolvedAgency.request_id == request.id)
        .options(joinedload(InvolvedAgency.agency))
        .order_by(InvolvedAgency.position, InvolvedAgency.id)
    )
    return tuple(i.agency.name if i.agency else i.agency_typed for i in rows)


def typed_agencies(request: Request) -> tuple[str, ...]:
    """Return the names of agencies on a request that are not known, as typed, each once."""
    rows: list[Request | InvolvedAgency | NetworkMember] = [request, *request.involved, *request.network]
    found: dict[str, str] = {}
    for row in rows:
        if row.agency_typed:
            found.setdefault(spelling(row.agency_typed), row.agency_typed)
    return tuple(found.values())


def members(
    work: Work, request: Request, *, tie: Tie = Tie.NETWORK
) -> list[tuple[NetworkMember, NetworkContact]]:
    """Return the people around the child who have not been taken off, with their contacts, in the order given."""
    rows = work.session.scalars(
        select(NetworkMember)
        .where(
            NetworkMember.request_id == request.id,
            NetworkMember.tie == tie,
            NetworkMember.removed_at.is_(None),
        )
        .options(joinedload(NetworkMember.agency))
        .order_by(NetworkMember.position, NetworkMember.id)
    ).all()
    work.vault.prefetch(rows)
    return [(m, work.vault.open(m, "contact", NetworkContact)) for m in rows]


def lead_professional(work: Work, request: Request) -> tuple[NetworkMember, NetworkContact] | None:
    """Return the lead professional, if one was named."""
    found = members(work, request, tie=Tie.LEAD_PROFESSIONAL)
    return found[0] if found else None


def unfinished(work: Work, request: Request) -> tuple[Part, ...]:
    """Return the parts of the form that still lack something we cannot begin without."""
    contact, detail = contact_of(work, request), detail_of(work, request)
    complete = {
        Part.REQUESTER: bool(contact.name and contact.email and agency_name(request)),
        Part.CHILD: bool(detail.pseudonym and request.age_bands),
        Part.REASONS: bool(request.chosen(Question.REASON) and detail.hopes),
        Part.LAST: request.transitional_view is not None,
    }
    return tuple(part for part, done in complete.items() if not done)


def paused_references(work: Work) -> frozenset[str]:
    """Return the requests about which everything is paused, as the outbox refers to them."""
    paused = work.session.scalars(select(Request.id).where(Request.paused_at.is_not(None)))
    return frozenset(map(str, paused))


def undelivered(work: Work, request: Request | None = None) -> list[Undelivered]:
    """Return the e-mails that were given up, of one request or of all that the actor may see; latest first."""
    rows = failed_messages(work, about_ref=str(request.id) if request else "", most=_UNDELIVERED_MOST)
    about = {uuid.UUID(row.about_ref) for row in rows if row.about_ref}
    seen = {
        found.id: found
        for found in work.session.scalars(
            select(Request).where(Request.id.in_(about), visible_to(work.actor))
        )
    }
    people = {uuid.UUID(row.recipient_ref) for row in rows if not row.recipient_ref.startswith(_REQUESTER)}
    facilitators = set(
        work.session.scalars(select(Facilitator.person_id).where(Facilitator.person_id.in_(people)))
    )
    return [
        Undelivered(
            row.id,
            row.kind,
            _role_of(row, facilitators),
            seen[uuid.UUID(row.about_ref)] if row.about_ref else None,
        )
        for row in rows
        if not row.about_ref or uuid.UUID(row.about_ref) in seen
    ]


def _role_of(row: OutboxMessage, facilitators: set[uuid.UUID]) -> str:
    """Return whom a message was for, without their name."""
    if row.recipient_ref.startswith(_REQUESTER):
        return "the requester"
    if not row.about_ref:
        return "somebody with an account"
    if row.kind is MailKind.FEEDBACK_INVITATION:
        return "somebody who was there"
    return "a facilitator" if uuid.UUID(row.recipient_ref) in facilitators else "a participant"


def part_version(request: Request, part: Part) -> int:
    """Return how often a part of a draft was answered."""
    return next((kept.version for kept in request.draft_parts if kept.part is part), 0)


def work_queue(
    work: Work,
    *,
    states: frozenset[State] = NEEDS_DECISION,
    also: Collection[uuid.UUID] = (),
    page: int = 1,
    length: int = PAGE_LENGTH,
) -> QueuePage:
    """Return a page of the requests in some states, and of those named in `also`, received longest ago first.

    Drafts and duplicates that are asked for by state are shown like others. A page beyond the last is the last one.
    """
    wanted = or_(Request.state.in_(sorted(states)), Request.id.in_(also)) & visible_to(work.actor)
    total = work.session.scalar(select(func.count()).select_from(Request).where(wanted)) or 0
    pages = max(1, -(-total // length))
    page = min(max(page, 1), pages)
    rows = work.session.scalars(
        select(Request)
        .where(wanted)
        .options(joinedload(Request.agency))
        .order_by(Request.received_at, Request.id)
        .limit(length)
        .offset((page - 1) * length)
    ).all()
    work.vault.prefetch(rows)
    clocks = _triage_clocks(work, rows)
    return QueuePage(tuple(_waiting(work, r, clocks) for r in rows), total, page, pages)


def count_by_state(work: Work) -> dict[State, int]:
    """Return how many requests that the actor may see stand in each state; none is left out of the keys."""
    rows = work.session.execute(
        select(Request.state, func.count()).where(visible_to(work.actor)).group_by(Request.state)
    )
    counted = {state: number for state, number in rows}  # noqa: C416 - A row is not a pair for dict().
    return {state: counted.get(state, 0) for state in State if state in RECEIVED or state is State.DUPLICATE}


def timeline(work: Work, request: Request) -> tuple[Step, ...]:
    """Return the story of a request, oldest step first, with what was written at each step."""
    moves = work.session.scalars(
        select(RequestMove).where(RequestMove.request_id == request.id).order_by(RequestMove.number)
    ).all()
    names = _names(work, moves)
    return tuple(
        Step(
            m.verb,
            m.left,
            m.reached,
            m.at,
            names.get(m.actor_ref, ""),
            work.vault.open(m, "note", MoveNote),
        )
        for m in moves
    )


def open_question(work: Work, request: Request) -> str:
    """Return the question that the requester has not answered yet; empty when there is none."""
    if request.state is not State.WAITING_FOR_REQUESTER:
        return ""
    asked = work.session.scalar(
        select(RequestMove)
        .where(RequestMove.request_id == request.id, RequestMove.verb == Verb.ASK)
        .order_by(RequestMove.number.desc())
        .limit(1)
    )
    return work.vault.open(asked, "note", MoveNote).reason if asked else ""


def promised_call(work: Work, request: Request) -> date | None:
    """Return the day by which the requester was promised a call when they confirmed; None before that."""
    if request.received_on is None or request.confirmed_at is None:
        return None
    confirmed_on = london_date(request.confirmed_at)
    return ring_by(received_on=request.received_on, confirmed_on=confirmed_on, targets=partnership(work))


def old_drafts(work: Work, *, started_before: datetime) -> Sequence[Request]:
    """Return drafts that were begun before an instant and never sent."""
    return work.session.scalars(
        select(Request)
        .where(Request.state == State.DRAFT, Request.started_at < started_before)
        .order_by(Request.started_at, Request.id)
    ).all()


def _triage_clocks(work: Work, rows: Sequence[Request]) -> dict[uuid.UUID, tuple[date | None, int]]:
    """Return when triage began, and how long we waited since, for the requests that are in triage."""
    wanted = [r.id for r in rows if r.state is State.IN_TRIAGE]
    if not wanted:
        return {}
    moves = work.session.execute(
        select(RequestMove.request_id, RequestMove.verb, RequestMove.at)
        .where(RequestMove.request_id.in_(wanted))
        .order_by(RequestMove.request_id, RequestMove.number)
    )
    story: dict[uuid.UUID, list[tuple[Verb, date]]] = {}
    for request_id, verb, at in moves:
        story.setdefault(request_id, []).append((verb, london_date(at)))
    return {request_id: triage_clock(steps) for request_id, steps in story.items()}


def _waiting(work: Work, request: Request, clocks: Mapping[uuid.UUID, tuple[date | None, int]]) -> Waiting:
    due = None
    if request.received_on is not None:
        began, waited = clocks.get(request.id, (None, 0))
        due = due_on(
            request.state,
            received_on=request.received_on,
            changed_on=began or london_date(request.state_changed_at),
            targets=partnership(work),
            waited=waited,
        )
    return Waiting(
        request,
        contact_of(work, request).name,
        agency_name(request),
        due,
        None if due is None else working_days_left(work.today, due),
    )


def _names(work: Work, moves: Sequence[RequestMove]) -> dict[str, str]:
    ids = set()
    for move in moves:
        try:
            ids.add(uuid.UUID(move.actor_ref))
        except ValueError:
            continue
    if not ids:
        return {}
    accounts = work.session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.id)).all()
    names = names_of(work, {a.person_id for a in accounts})
    return {str(a.id): names.get(a.person_id, "") for a in accounts}
