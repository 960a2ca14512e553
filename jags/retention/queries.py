"""Read the rules in force, what is due under them, lists, and the record of what was erased."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from jags.accounts.model import Account, AccountRole, Link, Person, SignedInSession
from jags.accounts.queries import names_of, recusals_of
from jags.accounts.rules import AccountState, Role
from jags.audit.queries import times_of_tag
from jags.facilitators.model import Facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.feedback.model import Comment, Pool
from jags.kernel.errors import NotFound
from jags.kernel.time import london_date, start_of_day
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailState
from jags.quality.model import PracticeAudit
from jags.requests.model import Request
from jags.requests.rules import State, reference_from
from jags.requests.rules.states import ENDED_OTHERWISE
from jags.retention.model import Erasure, RetentionItem, RetentionList, RetentionRule
from jags.retention.rules import (
    OPEN_LISTS,
    Due,
    ErasureNote,
    ListState,
    RecordKind,
    Rule,
    Trigger,
    default_rule,
    months_before,
)
from jags.rights.model import Complaint, FacilitatorConcern
from jags.rights.queries import complained_requests, is_person_held

ENDED = ENDED_OTHERWISE | {State.CLOSED}
# What has left, or never will.
DELIVERED = (MailState.SENT, MailState.FAILED, MailState.CAME_BACK, MailState.WITHDRAWN)
_LISTS_SHOWN = 20


def rule_of(work: Work, kind: RecordKind) -> Rule:
    """Return the rule in force for a kind of record."""
    row = work.session.get(RetentionRule, kind)
    if row is None:
        return default_rule(kind)
    return Rule(kind, row.trigger, row.months, row.action, row.owner, row.version)


def rules(work: Work) -> list[Rule]:
    """Return the rules in force for every kind, in the order in which people look for them."""
    work.session.scalars(select(RetentionRule).order_by(RetentionRule.kind)).all()
    return [rule_of(work, kind) for kind in RecordKind]


def due(work: Work) -> list[tuple[Rule, Due]]:
    """Return everything whose period is over today, with its rule: by kind, then oldest first."""
    return [(rule, one) for rule in rules(work) for one in due_under(work, rule)]


def due_under(work: Work, rule: Rule) -> list[Due]:
    """Return what is due under one rule, oldest first."""
    return _DUE[rule.kind](work, rule, months_before(work.today, rule.months))


def is_held(work: Work, kind: RecordKind, subject_id: uuid.UUID | None) -> bool:
    """Tell whether nothing of a thing may be erased now: legal hold, which every pause sets, or an open complaint or concern."""
    if subject_id is None:
        return False
    if kind is RecordKind.REQUEST:
        return work.session.scalar(select(Request.id).where(Request.id == subject_id, held())) is not None
    return kind is RecordKind.PERSON and is_person_held(work, subject_id)


def held() -> ColumnElement[bool]:
    """Return the condition for requests of which nothing may be erased."""
    return or_(
        Request.legal_hold_at.is_not(None),
        Request.paused_at.is_not(None),
        Request.id.in_(complained_requests()),
    )


def find_request(work: Work, reference: str) -> Request | None:
    """Return the request of a reference for who looks after records: they see the reference and no case text.

    Whoever stands aside from a request does not find it.
    """
    wanted = reference.strip().upper()
    written = reference_from(wanted, year=work.today.year) or wanted
    return work.session.scalar(
        select(Request)
        .where(
            Request.reference == written,
            Request.state != State.DRAFT,
            Request.id.not_in(recusals_of(work.actor.person_id)),
        )
        .order_by(Request.received_at, Request.id)
        .limit(1)
    )


def open_list(work: Work) -> RetentionList | None:
    """Return the list that somebody is at, if there is one; there is one at most."""
    return work.session.scalar(select(RetentionList).where(RetentionList.state.in_(OPEN_LISTS)))


def get_list(work: Work, list_id: uuid.UUID) -> RetentionList:
    """Return a list with its entries; raises `NotFound`."""
    found = work.session.scalar(
        select(RetentionList).where(RetentionList.id == list_id).options(selectinload(RetentionList.items))
    )
    if found is None:
        raise NotFound("There is no such list.")
    return found


@dataclass(frozen=True)
class ListLine:
    """A list as the page of all lists shows it."""

    id: uuid.UUID
    state: ListState
    made_at: datetime
    early: bool
    entries: int


def lists(work: Work) -> Sequence[ListLine]:
    """Return the last lists, the newest first."""
    counted = select(func.count()).where(RetentionItem.list_id == RetentionList.id).scalar_subquery()
    rows = work.session.execute(
        select(RetentionList.id, RetentionList.state, RetentionList.made_at, RetentionList.early, counted)
        .order_by(RetentionList.made_at.desc(), RetentionList.id)
        .limit(_LISTS_SHOWN)
    )
    return [ListLine(*row) for row in rows]


def who_of(work: Work, found: RetentionList) -> tuple[str, str]:
    """Return the names of who put a list forward and who approved it, as far as anybody did."""
    ids = [one for one in (found.asked_by, found.approved_by) if one]
    names = names_of(work, ids)
    return tuple(names.get(one, "") if one else "" for one in (found.asked_by, found.approved_by))  # type: ignore[return-value] # Two in, two out.


def stands_aside_from(work: Work, found: RetentionList) -> bool:
    """Tell whether the actor is involved in something on a list, and so is not the one to decide on it."""
    own = set(work.session.scalars(recusals_of(work.actor.person_id)))
    return any(item.kind is RecordKind.REQUEST and item.subject_id in own for item in found.items)


def erasures(work: Work, *, known: Collection[uuid.UUID] = ()) -> list[ErasureNote]:
    """Return what was erased, oldest first, but for the notes that are known."""
    rows = work.session.scalars(select(Erasure).order_by(Erasure.erased_at, Erasure.id))
    return [
        ErasureNote(row.id, row.kind, row.erased_at, row.subject_id, row.until_at)
        for row in rows
        if row.id not in known
    ]


def count_erasures(work: Work) -> int:
    """Return how many erasures the database remembers."""
    return work.session.scalar(select(func.count()).select_from(Erasure)) or 0


def not_applied(work: Work, notes: Collection[ErasureNote]) -> list[ErasureNote]:
    """Return the notes of which this database knows nothing: it is older than they are."""
    here = set(work.session.scalars(select(Erasure.id)))
    return [note for note in notes if note.id not in here]


def _requests(work: Work, rule: Rule, limit: date) -> list[Due]:
    ended = rule.trigger is Trigger.ENDED
    before = (
        Request.state_changed_at < start_of_day(limit + timedelta(days=1))
        if ended
        else Request.received_on <= limit
    )
    rows = work.session.execute(
        select(
            Request.id,
            Request.reference,
            Request.legacy_number,
            Request.state_changed_at,
            Request.received_on,
            held(),
        )
        .where(Request.state.in_(ENDED), Request.erased_at.is_(None), before)
        .order_by(Request.state_changed_at, Request.id)
    )
    return [
        Due(
            RecordKind.REQUEST,
            london_date(changed) if ended or received is None else received,
            reference or f"imported {number or 'request'}",
            subject_id=request_id,
            held=on_hold,
        )
        for request_id, reference, number, changed, received, on_hold in rows
    ]


def _people(work: Work, _rule: Rule, limit: date) -> list[Due]:
    # When somebody left stands in the audit trail alone; whoever was imported as having left, since they came in.
    left = f'"status":"{FacilitatorStatus.LEFT}"'
    since = times_of_tag(work, "facilitator:added")
    since |= times_of_tag(work, "facilitator:changed", with_payload=left)
    rows = work.session.scalars(
        select(Facilitator.person_id)
        .join(Person, Person.id == Facilitator.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            Facilitator.status == FacilitatorStatus.LEFT,
            Person.contact_sealed.is_not(None),
            or_(
                Account.id.is_(None),
                Account.state == AccountState.DISABLED,
                # Whoever has another part here has not left.
                ~Account.roles.any(AccountRole.role.not_in([Role.FACILITATOR, Role.OBSERVER])),
            ),
        )
        .order_by(Facilitator.person_id)
    )
    found = [
        Due(
            RecordKind.PERSON,
            london_date(since[str(person_id)]),
            "a former facilitator",
            person_id,
            held=is_person_held(work, person_id),
        )
        for person_id in rows
        if str(person_id) in since
    ]
    return sorted((one for one in found if one.since_on <= limit), key=lambda one: one.since_on)


def _comments(work: Work, _rule: Rule, limit: date) -> list[Due]:
    rows = work.session.execute(
        select(Pool.id, Pool.opened_on, func.count(Comment.id))
        .join(Comment, Comment.pool_id == Pool.id)
        .where(Pool.opened_on <= limit)
        .group_by(Pool.id, Pool.opened_on)
        .order_by(Pool.opened_on, Pool.id)
    )
    return [
        Due(RecordKind.COMMENT, on, "comments opened together", pool_id, number=number)
        for pool_id, on, number in rows
    ]


def _practice_audits(work: Work, _rule: Rule, limit: date) -> list[Due]:
    rows = work.session.execute(
        select(PracticeAudit.id, PracticeAudit.closed_on)
        .where(PracticeAudit.closed_on <= limit, PracticeAudit.purposes_sealed.is_not(None))
        .order_by(PracticeAudit.closed_on, PracticeAudit.id)
    )
    return [
        Due(RecordKind.PRACTICE_AUDIT, on, "an audit", audit_id) for audit_id, on in rows if on is not None
    ]


def _complaints(work: Work, _rule: Rule, limit: date) -> list[Due]:
    return _closed(work, RecordKind.COMPLAINT, Complaint, "a complaint", limit)


def _concerns(work: Work, _rule: Rule, limit: date) -> list[Due]:
    return _closed(work, RecordKind.CONCERN, FacilitatorConcern, "a concern", limit)


def _closed(
    work: Work, kind: RecordKind, model: type[Complaint | FacilitatorConcern], label: str, limit: date
) -> list[Due]:
    rows = work.session.execute(
        select(model.id, model.closed_on)
        .where(model.closed_on <= limit, model.text_sealed.is_not(None))
        .order_by(model.closed_on, model.id)
    )
    return [Due(kind, on, label, one) for one, on in rows if on is not None]


def old_mail(work: Work, before: datetime) -> ColumnElement[bool]:
    """Return the condition for messages that left, or never will, and are about nothing on hold."""
    on_hold = [str(one) for one in work.session.scalars(select(Request.id).where(held()))]
    return and_(
        OutboxMessage.state.in_(DELIVERED),
        OutboxMessage.queued_at < before,
        OutboxMessage.about_ref.not_in(on_hold),
    )


def old_sessions(before: datetime) -> ColumnElement[bool]:
    """Return the condition for sessions in which nobody has been seen since an instant."""
    return SignedInSession.last_seen_at < before


def old_links(before: datetime) -> ColumnElement[bool]:
    """Return the condition for links that have not worked since an instant."""
    return or_(Link.expires_at < before, Link.revoked_at < before)


def _mail(work: Work, _rule: Rule, limit: date) -> list[Due]:
    until = start_of_day(limit + timedelta(days=1))
    number, first = work.session.execute(
        select(func.count(), func.min(OutboxMessage.queued_at)).where(old_mail(work, until))
    ).one()
    return _rows(RecordKind.MAIL, "messages", number, first, until)


def _access(work: Work, _rule: Rule, limit: date) -> list[Due]:
    until = start_of_day(limit + timedelta(days=1))
    sessions, first = work.session.execute(
        select(func.count(), func.min(SignedInSession.started_at)).where(old_sessions(until))
    ).one()
    links, issued = work.session.execute(
        select(func.count(), func.min(Link.issued_at)).where(old_links(until))
    ).one()
    found: list[datetime | None] = [first, issued]
    began = min((one for one in found if one is not None), default=None)
    return _rows(RecordKind.ACCESS, "sign-ins and links", sessions + links, began, until)


def _rows(kind: RecordKind, what: str, number: int, first: datetime | None, until: datetime) -> list[Due]:
    if not number or first is None:
        return []
    return [Due(kind, london_date(first), what, until_at=until, number=number)]


_DUE: dict[RecordKind, Callable[[Work, Rule, date], list[Due]]] = {
    RecordKind.REQUEST: _requests,
    RecordKind.PERSON: _people,
    RecordKind.COMMENT: _comments,
    RecordKind.PRACTICE_AUDIT: _practice_audits,
    RecordKind.COMPLAINT: _complaints,
    RecordKind.CONCERN: _concerns,
    RecordKind.MAIL: _mail,
    RecordKind.ACCESS: _access,
}
