"""Tell people by e-mail what happened to their account, so that somebody else cannot change it unseen."""

import uuid

from jags.accounts import queries
from jags.accounts.model import Account
from jags.kernel.time import day_in_words, london_date, time_in_words
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail


def tell_of_change(work: Work, account: Account, what: str) -> None:
    """Tell somebody what was changed about their account: a whole sentence without a name."""
    queue_mail(
        work,
        kind=MailKind.ACCOUNT_CHANGED,
        cause_ref=_cause(account),
        recipient_ref=str(account.person_id),
        to=_owner(work, account),
        params={"what": what, "when": _now(work)},
    )


def tell_of_device(work: Work, account: Account, browser: str) -> None:
    """Tell somebody that their account was used in a browser for the first time."""
    queue_mail(
        work,
        kind=MailKind.NEW_DEVICE,
        cause_ref=_cause(account),
        recipient_ref=str(account.person_id),
        to=_owner(work, account),
        params={"browser": browser, "when": _now(work)},
    )


def tell_old_address(work: Work, account: Account, old: Recipient) -> None:
    """Tell the address that was replaced, too."""
    what = "The e-mail address of your account was changed. From now on we write to the new one."
    queue_mail(
        work,
        kind=MailKind.ACCOUNT_CHANGED,
        cause_ref=_cause(account),
        recipient_ref=str(account.person_id),
        to=old,
        params={"what": what, "when": _now(work)},
    )


def _owner(work: Work, account: Account) -> Recipient:
    contact = queries.contact_of(work, account.person)
    return Recipient(contact.name, contact.email)


def _cause(account: Account) -> str:
    return f"account:{account.id}:{uuid.uuid4()}"


def _now(work: Work) -> str:
    return f"{day_in_words(london_date(work.now))}, {time_in_words(work.now)}"
