"""Look after the end of the audit trail: sign checkpoints, send anchors elsewhere, and account for a backup that was put back."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import select

from jags.accounts.queries import accounts_with_role, contact_of
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.audit.rules import RESTORE_ASKED, Anchor, Stream
from jags.audit.service import anchors, not_held
from jags.kernel.errors import MoveNotPossible
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.retention.policy import NeedsTwoPeople, person_of_records

_SOMEBODY_ELSE = "You said that a backup was put back, so somebody else confirms it."


def mail_anchors(work: Work) -> int:
    """Send administrators, once a week, how far each chain has come, signed; return how many were written to.

    Their mailboxes lie in another house: whoever cuts the end of the trail here does not reach them.
    """
    found = anchors(work)
    if not found:
        return 0
    year, week, _day = work.today.isocalendar()
    told = 0
    for account in accounts_with_role(work, Role.ADMINISTRATOR):
        contact = contact_of(work, account.person)
        message = queue_mail(
            work,
            kind=MailKind.AUDIT_ANCHORS,
            cause_ref=f"audit-anchors:{year}-{week}",
            recipient_ref=str(account.person_id),
            to=Recipient(contact.name, contact.email),
            params={"lines": "\n".join(one.line() for one in found)},
        )
        told += message is not None
    return told


def ask_about_restore(work: Work, noted: Collection[Anchor]) -> int:
    """Say that a backup was put back, so that the trail does not hold what was noted since; return how many anchors that is.

    They are named in the event, and stay findings until somebody else confirms it. Raises `MoveNotPossible` when none is missing.
    """
    person_of_records(work.actor)
    missing = not_held(work, noted)
    if not missing:
        raise MoveNotPossible("The trail holds every anchor that was noted.")
    names = " ".join(one.name for one in missing)
    work.record("audit:restore_asked", "audit_trail", anchors=names, number=len(missing))
    return len(missing)


def confirm_restore(work: Work, asked: int, noted: Collection[Anchor]) -> None:
    """Confirm what somebody else said in event number `asked`: from now on verification does not miss those anchors.

    Raises `NeedsTwoPeople` to whoever said it, and `MoveNotPossible` when it is not the last that was said.
    """
    person_of_records(work.actor)
    event = waiting_restore(work, noted)
    if event is None or event.seq != asked:
        raise MoveNotPossible
    if event.actor_ref == work.actor.ref:
        raise NeedsTwoPeople(_SOMEBODY_ELSE)
    work.record("audit:restore_confirmed", "audit_trail", asked=asked)


def waiting_restore(work: Work, noted: Collection[Anchor]) -> AuditEvent | None:
    """Return the event in which somebody said last that a backup was put back, while anchors that it names are still missing."""
    event = work.session.scalar(
        select(AuditEvent)
        .where(AuditEvent.stream == Stream.ACTS, AuditEvent.tag == RESTORE_ASKED)
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    )
    if event is None:
        return None
    named = set(_named(event))
    return event if any(one.name in named for one in not_held(work, noted)) else None


def _named(event: AuditEvent) -> Sequence[str]:
    names: str = json.loads(event.payload)["anchors"]
    return names.split()
