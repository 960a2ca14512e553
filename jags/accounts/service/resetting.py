"""Let somebody in again who has lost password or second step: one person calls back, a second one confirms, and the mail goes to them."""

import uuid

from sqlalchemy import select

from jags.accounts import queries
from jags.accounts.model import AccessReset, Account
from jags.accounts.policy import require
from jags.accounts.rules import RESET_LINK, RESET_OPEN, RESET_WAIT, AccountState, Permission, Purpose
from jags.accounts.service.factors import remove_all_factors
from jags.accounts.service.links import revoke_links
from jags.accounts.service.sessions import end_sessions
from jags.accounts.service.telling import tell_of_change
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import LinkWanted, queue_mail


def ask_reset(work: Work, account: Account) -> AccessReset:
    """Note that one has called somebody back on a number that we had before; a second person has to confirm."""
    require(work.actor, Permission.ACCOUNT_RESET)
    if account.state is not AccountState.ACTIVE:
        raise Invalid("This account is not in use. Open it again, or send the invitation again.")
    if str(account.id) == work.actor.ref:
        raise Invalid("You cannot reset your own account. Ask a colleague.")
    for earlier in queries.open_resets(work, account.id):
        earlier.ended_at = work.now
    reset = AccessReset(account_id=account.id, called_by=uuid.UUID(work.actor.ref), called_at=work.now)
    work.session.add(reset)
    work.session.flush()
    work.record("account:reset_asked", account.id, reset=str(reset.id))
    tell_of_change(
        work,
        account,
        "We were asked on the telephone for a new password for you. A second person of ours has to confirm it before anything changes.",
    )
    return reset


def confirm_reset(work: Work, reset_id: uuid.UUID) -> None:
    """Confirm a reset as the second person: what was signed in ends, and the link for a new password goes to the person."""
    require(work.actor, Permission.ACCOUNT_RESET)
    reset = _open(work, reset_id)
    if work.actor.ref in {str(reset.called_by), str(reset.account_id)}:
        raise MoveNotPossible(
            "A second person has to confirm this: not whoever called back, and not whoever it is for."
        )
    reset.confirmed_by, reset.confirmed_at = uuid.UUID(work.actor.ref), work.now
    account = reset.account
    end_sessions(work, account.id)
    revoke_links(work, purpose=Purpose.RESET, subject_id=account.id)
    contact = queries.contact_of(work, account.person)
    queue_mail(
        work,
        kind=MailKind.ACCESS_RENEWED,
        cause_ref=f"reset:{reset.id}",
        recipient_ref=str(account.person_id),
        to=Recipient(contact.name, contact.email),
        params={},
        link=LinkWanted(Purpose.RESET, account.id, RESET_LINK),
    )
    work.record("account:reset_confirmed", account.id, reset=str(reset.id))


def drop_reset(work: Work, reset_id: uuid.UUID) -> None:
    """Drop a reset that nobody has confirmed."""
    require(work.actor, Permission.ACCOUNT_RESET)
    reset = _open(work, reset_id)
    reset.ended_at = work.now
    work.record("account:reset_dropped", reset.account_id, reset=str(reset.id))


def use_reset(work: Work, account: Account) -> None:
    """Begin anew after a reset: no factor and no session of before, and nothing of a case for a day."""
    for reset in work.session.scalars(
        select(AccessReset).where(AccessReset.account_id == account.id, AccessReset.ended_at.is_(None))
    ):
        reset.ended_at = work.now
    remove_all_factors(work, account.id)
    end_sessions(work, account.id)
    account.case_text_from = work.now + RESET_WAIT
    work.record("account:reset_used", account.id)
    tell_of_change(work, account, "A new password was set, and your second step has to be set up again.")


def _open(work: Work, reset_id: uuid.UUID) -> AccessReset:
    reset = work.session.get(AccessReset, reset_id, with_for_update=True)
    if reset is None:
        raise NotFound
    if (
        reset.confirmed_at is not None
        or reset.ended_at is not None
        or work.now - reset.called_at > RESET_OPEN
    ):
        raise MoveNotPossible("This is no longer open. Call the person back again.")
    return reset
