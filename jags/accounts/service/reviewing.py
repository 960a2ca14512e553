"""Look through who has access: agency by agency every quarter, and ask whoever has not used an account for long."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete

from jags.accounts import queries
from jags.accounts.model import AccessReview, Account, KnownDevice, Link, SignedInSession
from jags.accounts.policy import require
from jags.accounts.rules import (
    DEVICE_KEPT,
    SESSION_LONGEST,
    AccountState,
    Permission,
    Purpose,
    Role,
    unused_allowed,
)
from jags.accounts.service.administering import disable, end_access
from jags.accounts.service.links import read_to_spend, revoke_links
from jags.accounts.service.telling import tell_of_change
from jags.kernel.errors import LinkNotValid, Stale
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import LinkWanted, queue_mail
from jags.settings.queries import partnership


def review_access(
    work: Work, agency_id: uuid.UUID | None, *, keep: frozenset[uuid.UUID], end: frozenset[uuid.UUID]
) -> None:
    """Note that somebody has looked through who of an agency has access, and end the access of some.

    Raises `Stale` when the accounts are not those that the page showed.
    """
    require(work.actor, Permission.ACCOUNT_MANAGE)
    accounts = {account.id: account for account in queries.accounts_to_review(work, agency_id)}
    if keep & end or keep | end != accounts.keys():
        raise Stale
    for account_id in sorted(end):
        disable(work, accounts[account_id])
    review = AccessReview(
        agency_id=agency_id,
        reviewed_by=uuid.UUID(work.actor.ref),
        reviewed_at=work.now,
        kept=len(keep),
        ended=len(end),
    )
    work.session.add(review)
    work.session.flush()
    work.record("access:reviewed", review.id, kept=len(keep), ended=len(end))


def tell_of_due_reviews(work: Work) -> int:
    """Tell administrators, once a week while one is due, whose access wants a look; return how many were told."""
    due = [one for one in queries.reviews(work) if one.due_on <= work.today]
    if not due:
        return 0
    year, week, _day = work.today.isocalendar()
    told = 0
    for account in queries.accounts_with_role(work, Role.ADMINISTRATOR):
        contact = queries.contact_of(work, account.person)
        message = queue_mail(
            work,
            kind=MailKind.ACCESS_REVIEW,
            cause_ref=f"access-review:{year}-{week}",
            recipient_ref=str(account.person_id),
            to=Recipient(contact.name, contact.email),
            params={"lines": "\n".join(f"– {one.name}" for one in due)},
        )
        told += message is not None
    return told


def suspend_unused(work: Work) -> int:
    """Ask whoever has not used an account for long, and suspend it when no answer comes; return how many were dealt with."""
    return sum(_deal_with(work, account) for account in queries.accounts(work))


def answer_still_needed(work: Work, held: Link | queries.LiveLink, *, needed: bool) -> None:
    """Keep an unused account, or suspend it at the wish of its owner; the link is spent."""
    link = read_to_spend(work, held)
    account = work.session.get_one(Account, link.subject_id)
    if link.used_at is not None or account.state is not AccountState.ACTIVE:
        raise LinkNotValid
    link.used_at = work.now
    if needed:
        account.last_used_at, account.asked_at = work.now, None
        # A mail that was sent twice carries a link of its own.
        revoke_links(work, purpose=Purpose.STILL_NEEDED, subject_id=account.id)
        work.record("account:still_needed", account.id)
    else:
        end_access(work, account, state=AccountState.SUSPENDED)


def sweep_sessions(work: Work) -> int:
    """Delete sessions that are over, and browsers that nobody has used for a year; return how many."""
    over = delete(SignedInSession).where(SignedInSession.started_at < work.now - 2 * SESSION_LONGEST)
    unused = delete(KnownDevice).where(KnownDevice.last_used_at < work.now - DEVICE_KEPT)
    # A DELETE gives a cursor result, which counts.
    return sum(getattr(work.session.execute(one), "rowcount", 0) for one in (over, unused))


def _deal_with(work: Work, account: Account) -> bool:
    house = partnership(work)
    allowed = unused_allowed(
        (held.role for held in account.roles),
        facilitators=timedelta(days=house.unused_days_facilitators),
        others=timedelta(days=house.unused_days),
    )
    if account.state is not AccountState.ACTIVE or work.now - _last_used(account) < allowed:
        return False
    answer_in = timedelta(days=house.unused_answer_days)
    if account.asked_at is None:
        account.asked_at = work.now
        contact = queries.contact_of(work, account.person)
        queue_mail(
            work,
            kind=MailKind.STILL_NEEDED,
            cause_ref=f"still-needed:{account.id}:{work.today}",
            recipient_ref=str(account.person_id),
            to=Recipient(contact.name, contact.email),
            params={"days": str(house.unused_answer_days)},
            link=LinkWanted(Purpose.STILL_NEEDED, account.id, answer_in),
        )
        work.record("account:asked_if_needed", account.id)
        return True
    if work.now - account.asked_at < answer_in or _is_last_administrator(work, account):
        return False
    end_access(work, account, state=AccountState.SUSPENDED)
    tell_of_change(
        work,
        account,
        "Your account is suspended, because it has not been used for long. Ring us to open it again.",
    )
    return True


def _last_used(account: Account) -> datetime:
    return account.last_used_at or account.created_at


def _is_last_administrator(work: Work, account: Account) -> bool:
    return {one.id for one in queries.accounts_with_role(work, Role.ADMINISTRATOR)} == {account.id}
