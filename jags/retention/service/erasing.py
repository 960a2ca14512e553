"""Erase one thing for good: destroy its key, empty what it sealed, and note that it was done.

What is plain stays where figures need it. Erasing twice changes nothing, so a restored copy can be brought up to date.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from jags.accounts.model import Account, Link, Person, SignedInSession
from jags.accounts.rules import AccountState
from jags.allocation.model import Offer, OfferedPair
from jags.audit.service import cut, forget_details
from jags.facilitators.model import CalendarAddress, ThemesToAvoid
from jags.feedback.model import Comment
from jags.kernel.base import Base
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.service import withdraw_mail
from jags.quality.model import AuditedSession, PracticeAudit
from jags.requests.model import NetworkMember, Request
from jags.retention import queries
from jags.retention.model import Erasure
from jags.retention.rules import ErasureNote, RecordKind
from jags.rights.model import Complaint, FacilitatorConcern


def erase(
    work: Work,
    kind: RecordKind,
    subject_id: uuid.UUID | None,
    *,
    until_at: datetime | None = None,
) -> None:
    """Erase a thing, or rows up to an instant, and note it; the caller has seen to approval and legal hold."""
    _ERASE[kind](work, subject_id, until_at)
    work.session.add(Erasure(kind=kind, subject_id=subject_id, until_at=until_at, erased_at=work.now))
    work.session.flush()
    work.record("record:erased", str(subject_id or kind), kind=kind, again=False)


def apply_again(work: Work, notes: Sequence[ErasureNote]) -> int:
    """Erase again what this database does not know to be erased; return how much that was.

    For a copy that was restored from a backup, before anybody opens it. Legal hold does not count: what is noted was gone.
    """
    missing = queries.not_applied(work, notes)
    for note in missing:
        _ERASE[note.kind](work, note.subject_id, note.until_at)
        work.session.add(
            Erasure(
                id=note.id,
                kind=note.kind,
                subject_id=note.subject_id,
                until_at=note.until_at,
                erased_at=note.erased_at,
            )
        )
        work.session.flush()
        work.record("record:erased", str(note.subject_id or note.kind), kind=note.kind, again=True)
    return len(missing)


def _request(work: Work, subject_id: uuid.UUID | None, _until: datetime | None) -> None:
    request = work.session.get(Request, subject_id)
    if request is None or request.erased_at is not None:
        return
    request_id, about = request.id, str(request.id)
    withdraw_mail(work, about_ref=about)
    request.erased_at, request.requester_email_index, request.own_reference_index = work.now, None, None
    work.session.flush()
    session = work.session
    session.execute(
        update(NetworkMember).where(NetworkMember.request_id == request_id).values(email_index=None)
    )
    session.execute(
        update(OutboxMessage).where(OutboxMessage.about_ref == about).values(envelope_sealed=None)
    )
    pairs = select(OfferedPair.id).where(OfferedPair.request_id == request_id)
    offers = session.scalars(select(Offer.id).where(Offer.pair_id.in_(pairs)).order_by(Offer.id)).all()
    subjects = [request_id, *offers, *work.vault.shred(request.key_id)]
    _forget_links(work, subjects)
    forget_details(work, subjects)


def _person(work: Work, subject_id: uuid.UUID | None, _until: datetime | None) -> None:
    person = work.session.get(Person, subject_id)
    if person is None or person.contact_sealed is None:
        return
    person_id, key_id = person.id, person.key_id
    withdraw_mail(work, recipient_ref=str(person_id))
    person.email_index, person.line_manager_email_index = None, None
    person.team, person.job_title = "", ""
    account = work.session.scalar(select(Account).where(Account.person_id == person_id))
    subjects = [person_id]
    if account is not None:
        account.state, account.password_hash = AccountState.DISABLED, None
        subjects.append(account.id)
    work.session.flush()
    if account is not None:
        _forget_ways_in(work, account.id)
    work.session.execute(delete(CalendarAddress).where(CalendarAddress.person_id == person_id))
    avoided = work.session.scalar(select(ThemesToAvoid.key_id).where(ThemesToAvoid.person_id == person_id))
    for one in (key_id, avoided):
        subjects += work.vault.shred(one) if one else []
    _forget_links(work, subjects)
    forget_details(work, subjects)


def _comments(work: Work, subject_id: uuid.UUID | None, _until: datetime | None) -> None:
    ids = work.session.scalars(select(Comment.id).where(Comment.pool_id == subject_id)).all()
    work.session.execute(delete(Comment).where(Comment.pool_id == subject_id))
    forget_details(work, ids)


def _practice_audit(work: Work, subject_id: uuid.UUID | None, _until: datetime | None) -> None:
    audit = work.session.get(PracticeAudit, subject_id)
    if audit is None or audit.purposes_sealed is None:
        return
    keys = [
        audit.key_id,
        *work.session.scalars(
            select(AuditedSession.key_id)
            .where(AuditedSession.audit_id == audit.id)
            .order_by(AuditedSession.position)
        ),
    ]
    subjects = [one for key_id in keys for one in work.vault.shred(key_id)]
    _forget_links(work, subjects)
    forget_details(work, subjects)


def _complaint(work: Work, subject_id: uuid.UUID | None, _until: datetime | None) -> None:
    _shred_row(work, work.session.get(Complaint, subject_id))


def _concern(work: Work, subject_id: uuid.UUID | None, _until: datetime | None) -> None:
    _shred_row(work, work.session.get(FacilitatorConcern, subject_id))


def _shred_row(work: Work, row: Complaint | FacilitatorConcern | None) -> None:
    if row is not None:
        forget_details(work, work.vault.shred(row.key_id))


def _mail(work: Work, _subject: uuid.UUID | None, until: datetime | None) -> None:
    if until is not None:
        work.session.execute(delete(OutboxMessage).where(queries.old_mail(work, until)))


def _access(work: Work, _subject: uuid.UUID | None, until: datetime | None) -> None:
    if until is not None:
        work.session.execute(delete(SignedInSession).where(queries.old_sessions(until)))
        work.session.execute(delete(Link).where(queries.old_links(until)))


def _trail(work: Work, _subject: uuid.UUID | None, until: datetime | None) -> None:
    if until is not None:
        cut(work, until)


def _forget_ways_in(work: Work, account_id: uuid.UUID) -> None:
    """Delete whatever hangs on an account: sessions, factors, roles."""
    for table in reversed(Base.metadata.sorted_tables):
        for column in table.c:
            if any(key.column.table.name == "account" for key in column.foreign_keys):
                work.session.execute(delete(table).where(column == account_id))
    work.session.expire_all()


def _forget_links(work: Work, subjects: Iterable[uuid.UUID]) -> None:
    work.session.execute(delete(Link).where(Link.subject_id.in_(list(subjects))))


_ERASE: dict[RecordKind, Callable[[Work, uuid.UUID | None, datetime | None], None]] = {
    RecordKind.REQUEST: _request,
    RecordKind.PERSON: _person,
    RecordKind.COMMENT: _comments,
    RecordKind.PRACTICE_AUDIT: _practice_audit,
    RecordKind.COMPLAINT: _complaint,
    RecordKind.CONCERN: _concern,
    RecordKind.MAIL: _mail,
    RecordKind.ACCESS: _access,
    RecordKind.TRAIL: _trail,
}
