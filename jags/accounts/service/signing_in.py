"""Sign in: the password first, which opens the second step and nothing else."""

from jags.accounts import queries
from jags.accounts.model import Account, Link, SignedInSession
from jags.accounts.rules import AccountState, Factor, Purpose
from jags.accounts.service.guessing import begin_attempt, forget_attempt, password_places
from jags.accounts.service.links import revoke_links
from jags.accounts.service.passwords import check_password, fits, hash_of, is_of_another_cost
from jags.accounts.service.resetting import use_reset
from jags.accounts.service.sessions import Visit, begin_session, end_sessions, known_device, start_session
from jags.accounts.service.telling import tell_of_change
from jags.kernel.errors import LinkNotValid
from jags.kernel.work import Work
from jags.settings.queries import partnership

_OF_THE_SERVICE = (
    "jags",
    "joint",
    "agency",
    "group",
    "supervision",
    "safeguarding",
    "facilitator",
    "coordinator",
)


def sign_in(work: Work, *, email: str, password: str, visit: Visit) -> str | None:
    """Begin a session that opens the second step; return the secret for its cookie, None when the password does not fit.

    Known and unknown addresses take the same time. Attempts that fail count for five minutes: ten for one account from one
    network address, a hundred for that address whatever the account (a whole council may share one); a known browser has ten
    of its own. Attempts beyond that fail and do not count, so nobody is kept out for longer by them. The unit of work begins
    reading, and writes before and after the password is looked at, so that nobody waits for the hash.
    """
    person = queries.find_person_by_email(work, email)
    account = queries.find_account_of(work, person.id) if person else None
    device = known_device(work, account.id, visit.device) if account is not None else None
    places = password_places(work, email=email, address=visit.address, device=device)
    work.begin_writing()
    attempt = begin_attempt(work, places)
    usable = account is not None and account.state is AccountState.ACTIVE
    stored = account.password_hash if account is not None and usable else None
    work.begin_reading()
    if attempt is None or not fits(stored, password) or account is None:
        return None
    work.begin_writing()
    forget_attempt(work, attempt)
    if account.password_hash and is_of_another_cost(account.password_hash):
        account.password_hash = hash_of(password)
    return begin_session(work, account, visit)


def set_password(work: Work, link: Link, password: str) -> Account:
    """Set the first password of an invited account, or a new one after a reset, and spend the link with every copy of it.

    After a reset every factor and session of before is gone, and for a day nothing of a case is shown. Raises `LinkNotValid`
    when the account is not waiting for a password, and `Invalid` for one that will not do.
    """
    work.session.refresh(link, with_for_update=True)
    wanted = {Purpose.INVITATION: AccountState.INVITED, Purpose.RESET: AccountState.ACTIVE}.get(link.purpose)
    if link.used_at is not None or wanted is None:
        raise LinkNotValid
    account = work.session.get_one(Account, link.subject_id)
    if account.state is not wanted:
        raise LinkNotValid
    check_password(password, queries.contact_of(work, account.person), words=_words_of_the_house(work))
    account.password_hash = hash_of(password)
    account.state = AccountState.ACTIVE
    link.used_at = work.now
    # A repeated invitation, or a mail that was sent twice, carries a link of its own.
    revoke_links(work, purpose=link.purpose, subject_id=account.id)
    work.record("account:password_set", account.id)
    if link.purpose is Purpose.RESET:
        use_reset(work, account)
    return account


def is_present_password(work: Work, row: SignedInSession, password: str, *, visit: Visit) -> bool:
    """Tell whether somebody who is signed in knows their password; a guess counts as one at the sign-in does.

    The unit of work begins reading, and writes before and after the password is looked at, so that nobody waits for the hash.
    """
    account = row.account
    stored, email = account.password_hash, queries.contact_of(work, account.person).email
    device = known_device(work, account.id, visit.device)
    places = password_places(work, email=email, address=visit.address, device=device)
    work.begin_writing()
    attempt = begin_attempt(work, places)
    work.begin_reading()
    if attempt is None or not fits(stored, password):
        return False
    work.begin_writing()
    forget_attempt(work, attempt)
    return True


def change_password(work: Work, row: SignedInSession, *, new: str) -> None:
    """Change one's own password, after `is_present_password`; other sessions end. Raises `Invalid` at `password`."""
    # What was looked at before stays, also where the new one will not do.
    work.begin_writing()
    account = row.account
    check_password(new, queries.contact_of(work, account.person), words=_words_of_the_house(work))
    account.password_hash = hash_of(new)
    work.record("account:password_changed", account.id)
    end_sessions(work, account.id, but=row.id)
    tell_of_change(work, account, "Your password was changed.")


def _words_of_the_house(work: Work) -> list[str]:
    """Return what somebody would try first who guesses a password of this service."""
    own = partnership(work)
    return [
        *own.name.split(),
        *own.area.split(),
        *own.business_unit.split(),
        *own.website.split("."),
        *_OF_THE_SERVICE,
    ]


def use_sign_in_link(work: Work, link: Link, visit: Visit | None = None) -> str:
    """Sign in by a one-time link of the demonstration; return the secret for the session's cookie."""
    work.session.refresh(link, with_for_update=True)
    if link.purpose is not Purpose.SIGN_IN or link.used_at is not None:
        raise LinkNotValid
    link.used_at = work.now
    link.revoked_at = work.now
    account = work.session.get_one(Account, link.subject_id)
    work.record("account:sign_in_link_used", account.id)
    return start_session(work, account, factor=Factor.ONE_TIME_LINK, visit=visit)
