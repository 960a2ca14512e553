"""Verbs on people, agencies and accounts: add, invite, set a password, sign in and out, issue and use links."""

import base64
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import ARGON2_VERSION
from sqlalchemy import delete, func, select

from jags.accounts import queries
from jags.accounts.model import (
    Account,
    AccountRole,
    Affiliation,
    Agency,
    AgencyAlias,
    Link,
    Person,
    SignedInSession,
    SignInFailure,
)
from jags.accounts.policy import require
from jags.accounts.rules import (
    FAILURE_WINDOW,
    FAILURES_ALLOWED,
    FAILURES_ALLOWED_AN_ADDRESS,
    PASSWORD_LEAST,
    PASSWORD_MOST,
    PASSWORD_NAME_LEAST,
    PASSWORD_VARIETY,
    SESSION_TOUCH,
    AccountState,
    AgeRemit,
    Contact,
    Permission,
    Purpose,
    Role,
    Sector,
    spelling,
)
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid, LinkNotValid
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import LinkWanted, queue_mail
from jags.settings.queries import partnership

_HASHER = PasswordHasher()


def _hash_that_nothing_fits(hasher: PasswordHasher) -> str:
    """Return a hash of random bytes, made without the tenth of a second that real hashing takes at every start."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


# Checked when there is no such account, so that the answer takes the same time.
_NOBODY = _hash_that_nothing_fits(_HASHER)


def add_agency(
    work: Work,
    *,
    key: str,
    name: str,
    sector: Sector,
    age_remit: AgeRemit,
    agency_type: str = "",
    employer: str | None = None,
    aliases: Iterable[str] = (),
) -> Agency:
    """Add an agency with its other spellings.

    Raises `Invalid` when a spelling already means another agency.
    """
    require(work.actor, Permission.AGENCY_MANAGE)
    agency = Agency(
        key=key,
        name=name.strip(),
        spelling=spelling(name),
        agency_type=agency_type or name.strip(),
        sector=sector,
        age_remit=age_remit,
        employer=employer,
    )
    taken = queries.find_agency(work, name)
    if taken is not None:
        raise Invalid(f"“{name}” already means {taken.name}.", field="name")
    work.session.add(agency)
    work.session.flush()
    add_aliases(work, agency, aliases)
    work.record("agency:added", agency.id)
    return agency


def add_aliases(work: Work, agency: Agency, aliases: Iterable[str]) -> list[str]:
    """Add other spellings to an agency; return those that were new.

    Raises `Invalid` when a spelling already means another agency.
    """
    require(work.actor, Permission.AGENCY_MANAGE)
    added = []
    for text in aliases:
        taken = queries.find_agency(work, text)
        if taken is not None and taken.id != agency.id:
            raise Invalid(f"“{text}” already means {taken.name}.", field="also_known_as")
        if taken is None and spelling(text):
            agency.aliases.append(AgencyAlias(text=text.strip(), spelling=spelling(text)))
            work.session.flush()
            added.append(text.strip())
    return added


def add_person(
    work: Work, *, contact: Contact, agency: Agency | None = None, team: str = "", job_title: str = ""
) -> Person:
    """Add a person; raises `Invalid` when somebody with this e-mail address is known already."""
    if contact.email and queries.find_person_by_email(work, contact.email):
        raise Invalid("Somebody with this e-mail address is there already.", field="email")
    person = Person(
        key_id=work.vault.new_key(),
        agency_id=agency.id if agency else None,
        team=team,
        job_title=job_title,
        email_index=work.vault.blind_index("email", contact.email) if contact.email else None,
    )
    work.vault.seal(person, "contact", contact)
    work.session.add(person)
    if agency is not None:
        work.session.flush()
        work.session.add(
            Affiliation(
                person_id=person.id, agency_id=agency.id, team=team, valid_from=work.today, valid_to=None
            )
        )
    work.session.flush()
    work.record("person:added", person.id)
    return person


def invite(work: Work, *, email: str, role: Role, name: str = "") -> Account:
    """Invite somebody to an account with a role; the invitation is single-use and expires.

    For an address that has an account already, the role is added; the invitation goes again only while it is unused.
    """
    require(work.actor, Permission.ACCOUNT_MANAGE)
    address = checked_email(email)
    person = queries.find_person_by_email(work, address) or add_person(
        work, contact=Contact(name=name or address, email=address)
    )
    return invite_person(work, person, role=role)


def invite_person(work: Work, person: Person, *, role: Role) -> Account:
    """Give a known person an account with a role and send the invitation while it has not been used."""
    account = queries.find_account_of(work, person.id)
    if account is None:
        account = Account(person_id=person.id, state=AccountState.INVITED, created_at=work.now)
        account.person = person
        work.session.add(account)
    if role not in {held.role for held in account.roles}:
        account.roles.append(AccountRole(role=role))
    work.session.flush()
    invited = account.state is AccountState.INVITED
    work.record("account:invited" if invited else "account:role_given", account.id, role=role)
    if invited:
        contact = queries.contact_of(work, person)
        days = partnership(work).invitation_days
        queue_mail(
            work,
            kind=MailKind.INVITATION,
            cause_ref=f"invitation:{account.id}:{uuid.uuid4()}",
            recipient_ref=str(person.id),
            to=Recipient(contact.name, contact.email),
            params={"role": role.replace("_", " "), "days": str(days)},
            link=LinkWanted(Purpose.INVITATION, account.id, timedelta(days=days)),
        )
    return account


def set_password(work: Work, link: Link, password: str) -> Account:
    """Set the first password of an invited account and spend the invitation, with every other copy of it.

    Raises `LinkNotValid` when the account has a password already or was disabled, and `Invalid` for a password that is
    too short, too long or contains the person's name or address.
    """
    work.session.refresh(link, with_for_update=True)
    if link.purpose is not Purpose.INVITATION or link.used_at is not None:
        raise LinkNotValid
    account = work.session.get_one(Account, link.subject_id)
    if account.state is not AccountState.INVITED:
        raise LinkNotValid
    _check_password(password, queries.contact_of(work, account.person))
    account.password_hash = _HASHER.hash(password)
    account.state = AccountState.ACTIVE
    link.used_at = work.now
    # A repeated invitation, or a mail that was sent twice, carries a link of its own.
    revoke_links(work, purpose=Purpose.INVITATION, subject_id=account.id)
    work.record("account:password_set", account.id)
    return account


def sign_in(work: Work, *, email: str, password: str, address: str) -> str | None:
    """Start a session and return the secret for its cookie; None when address and password do not fit.

    Known and unknown addresses take the same time. Failures count for five minutes: ten for one account from one network
    address, a hundred for that address whatever the account (a whole council may share one). Attempts beyond that fail
    and do not count, so nobody is kept out for longer by them. Begins reading and turns to writing when the password
    has been looked at, so that nobody waits for the hash.
    """
    own = work.vault.blind_index("failure", f"{email.strip().casefold()}|{address}")
    shared = work.vault.blind_index("failure", address)
    person = queries.find_person_by_email(work, email)
    account = queries.find_account_of(work, person.id) if person else None
    usable = (
        account is not None and account.state is AccountState.ACTIVE and account.password_hash is not None
    )
    barred = (
        _failures(work, own) >= FAILURES_ALLOWED or _failures(work, shared) >= FAILURES_ALLOWED_AN_ADDRESS
    )
    if barred:
        return None
    fits = _fits(account.password_hash if usable and account and account.password_hash else _NOBODY, password)
    work.begin_writing()
    if not (usable and fits) or account is None:
        work.session.add_all(
            [SignInFailure(place=own, at=work.now), SignInFailure(place=shared, at=work.now)]
        )
        return None
    if account.password_hash and _HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = _HASHER.hash(password)
    return start_session(work, account)


def start_session(work: Work, account: Account) -> str:
    """Start a session for an account that has proved who it is; return the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    work.session.add(
        SignedInSession(
            account_id=account.id,
            secret_hash=queries.secret_hash(secret),
            started_at=work.now,
            last_seen_at=work.now,
        )
    )
    work.as_actor(queries.actor_of(account))
    work.record("account:signed_in", account.id)
    return secret


def touch_session(work: Work, session_id: uuid.UUID) -> None:
    """Note that a session is in use, at most once a minute."""
    row = work.session.get(SignedInSession, session_id)
    if row is not None and row.ended_at is None and work.now - row.last_seen_at >= SESSION_TOUCH:
        row.last_seen_at = work.now


def sign_out(work: Work, session_id: uuid.UUID) -> None:
    """End a session; a copy of its cookie is dead from now on."""
    row = work.session.get(SignedInSession, session_id)
    if row is not None and row.ended_at is None:
        row.ended_at = work.now
        work.record("account:signed_out", row.account_id)


def issue_link(
    work: Work, *, purpose: Purpose, subject_id: uuid.UUID, expires_at: datetime | None
) -> tuple[Link, str]:
    """Issue a purpose-bound link; return its row and the secret, of which only the hash is stored."""
    secret = secrets.token_urlsafe(24)
    link = Link(
        purpose=purpose,
        subject_id=subject_id,
        secret_hash=queries.secret_hash(secret),
        issued_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(link)
    work.session.flush()
    work.record("link:issued", link.id, purpose=purpose)
    return link, secret


def revoke_links(
    work: Work, *, purpose: Purpose, subject_id: uuid.UUID, issued_after: datetime | None = None
) -> None:
    """Revoke every live link of a purpose to a subject, but for the one that the actor holds where only later ones are meant."""
    live = select(Link).where(
        Link.purpose == purpose, Link.subject_id == subject_id, Link.revoked_at.is_(None)
    )
    if issued_after is not None:
        live = live.where(Link.issued_at > issued_after)
    for link in work.session.scalars(live.order_by(Link.id)):
        if issued_after is not None and work.actor.ref == queries.actor_of_link(link).ref:
            continue
        link.revoked_at = work.now
        work.record("link:revoked", link.id, purpose=purpose)


def use_sign_in_link(work: Work, link: Link) -> str:
    """Sign in by a one-time link of the demonstration; return the secret for the session's cookie."""
    work.session.refresh(link, with_for_update=True)
    if link.purpose is not Purpose.SIGN_IN or link.used_at is not None:
        raise LinkNotValid
    link.used_at = work.now
    link.revoked_at = work.now
    account = work.session.get_one(Account, link.subject_id)
    work.record("account:sign_in_link_used", account.id)
    return start_session(work, account)


def sweep_failures(work: Work) -> int:
    """Delete failed attempts that no longer count; return how many."""
    result = work.session.execute(delete(SignInFailure).where(SignInFailure.at < work.now - FAILURE_WINDOW))
    return int(result.rowcount)  # type: ignore[attr-defined] # A DELETE gives a cursor result.


def _failures(work: Work, place: bytes) -> int:
    return (
        work.session.scalar(
            select(func.count())
            .select_from(SignInFailure)
            .where(SignInFailure.place == place, SignInFailure.at > work.now - FAILURE_WINDOW)
        )
        or 0
    )


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except VerifyMismatchError:
        return False


def _check_password(password: str, contact: Contact) -> None:
    if len(password) < PASSWORD_LEAST:
        raise Invalid(f"Enter a password of at least {PASSWORD_LEAST} characters.", field="password")
    if len(password) > PASSWORD_MOST:
        raise Invalid(f"Enter a password of at most {PASSWORD_MOST} characters.", field="password")
    folded = password.casefold()
    own = [
        part
        for part in (*contact.name.casefold().split(), contact.email.partition("@")[0].casefold())
        if len(part) >= PASSWORD_NAME_LEAST
    ]
    if any(part in folded for part in own) or len(set(folded)) < PASSWORD_VARIETY:
        raise Invalid(
            "Choose a password that does not contain your name and is not a simple pattern. Three random words work well.",
            field="password",
        )
