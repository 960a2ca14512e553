"""Read the rules in force, and what is due under them."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from jags.accounts.model import Account, AccountRole, Link, Person, SignedInSession
from jags.accounts.rules import AccountState, Role
from jags.audit.queries import begins_at, can_be_cut, first_about, times_of_tag
from jags.facilitators.model import Facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.feedback.model import Comment, Pool
from jags.kernel.time import london_date, start_of_day
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailState
from jags.quality.model import PracticeAudit
from jags.requests.model import Request
from jags.requests.rules import State
from jags.requests.rules.states import ENDED_OTHERWISE
from jags.retention.model import RetentionRule
from jags.retention.rules import (
    Due,
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
    ended = times_of_tag(work, "account:suspended") | times_of_tag(work, "account:disabled")
    # Of whom the trail tells nothing any more left before it was cut.
    cut_at = begins_at(work)
    rows = work.session.execute(
        select(Person.id, Account.id, Facilitator.person_id.is_not(None))
        .outerjoin(Facilitator, Facilitator.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.contact_sealed.is_not(None), or_(_has_left_the_pool(), _has_no_access()))
        .order_by(Person.id)
    ).all()
    found = []
    for person_id, account_id, of_pool in rows:
        left_at = since.get(str(person_id), cut_at) if of_pool else ended.get(str(account_id), cut_at)
        if left_at is not None and london_date(left_at) <= limit:
            label = "a former facilitator" if of_pool else "somebody who had an account"
            on_hold = is_person_held(work, person_id)
            found.append(Due(RecordKind.PERSON, london_date(left_at), label, person_id, held=on_hold))
    return sorted(found, key=lambda one: one.since_on)


def _has_left_the_pool() -> ColumnElement[bool]:
    """Return the condition for facilitators who left; whoever has another part here has not."""
    return and_(
        Facilitator.status == FacilitatorStatus.LEFT,
        or_(
            Account.id.is_(None),
            Account.state == AccountState.DISABLED,
            ~Account.roles.any(AccountRole.role.not_in([Role.FACILITATOR, Role.OBSERVER])),
        ),
    )


def _has_no_access() -> ColumnElement[bool]:
    """Return the condition for everybody else whose account was ended, by hand or because it was not used."""
    return and_(
        Facilitator.person_id.is_(None),
        Account.state.in_([AccountState.DISABLED, AccountState.SUSPENDED]),
    )


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


def trail_until(work: Work, before: datetime) -> datetime:
    """Return up to which instant the audit trail may be cut: never past the first event about a request whose texts are kept.

    So whatever is on legal hold, and each independence record, keeps its trail.
    """
    kept = [
        str(one)
        for one in work.session.scalars(
            select(Request.id).where(Request.erased_at.is_(None)).order_by(Request.id)
        )
    ]
    first = first_about(work, kept)
    return before if first is None else min(before, first)


def _trail(work: Work, _rule: Rule, limit: date) -> list[Due]:
    until = trail_until(work, start_of_day(limit + timedelta(days=1)))
    number, first = can_be_cut(work, until)
    return _rows(RecordKind.TRAIL, "events of the audit trail", number, first, until)


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
    RecordKind.TRAIL: _trail,
}
